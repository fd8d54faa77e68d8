"""The Table Schema of a contract: what each column may declare so that it is enforced exactly."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from frictionless import FrictionlessException, Schema

from opendata.domain.contracts import Category, Field
from opendata.domain.errors import Text
from opendata.tabular.contract.faults import SCHEMA, Faults
from opendata.tabular.contract.names import name_fault, ungrouped_alternation
from opendata.tabular.contract.numbers import check_bounds, check_quantity

_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
# What Frictionless 5.21 enforces, less what could not be typed or compared exactly.
CONSTRAINTS: Mapping[str, frozenset[str]] = {
    "string": frozenset({"required", "unique", "minLength", "maxLength", "pattern", "enum"}),
    "integer": frozenset({"required", "unique", "enum"}) | _BOUNDS,
    "number": frozenset({"required"}) | _BOUNDS,
    "boolean": frozenset({"required"}),
    "date": frozenset({"required", "unique"}) | _BOUNDS,
    "datetime": frozenset({"required"}),
    "year": frozenset({"required", "unique", "enum"}) | _BOUNDS,
}
_STRING_FORMATS = frozenset({"default", "uri", "email", "uuid"})
FIELD_KEYS = frozenset(
    [
        "name",
        "type",
        "format",
        "title",
        "titleEn",
        "description",
        "descriptionEn",
        "example",
        "constraints",
        "categories",
        "unit",
        "unitField",
        "measure",
        "decimalPlaces",
        "aliases",
    ]
)
SCHEMA_KEYS = frozenset(
    [
        "$schema",
        "name",
        "title",
        "titleEn",
        "description",
        "descriptionEn",
        "fields",
        "primaryKey",
        "uniqueKeys",
        "missingValues",
        "fieldsMatch",
    ]
)


def read_columns(descriptor: Mapping[str, Any], faults: Faults) -> tuple[Field, ...]:
    """Check the Table Schema and return its columns in order."""
    _check_schema(descriptor, faults)
    raw = descriptor["fields"]
    for each in raw:
        _check_field(each, faults)
    _check_labels(raw, faults)
    if faults.found:
        return ()
    _check_with_frictionless(descriptor, faults)
    if faults.found:
        return ()
    return tuple(_field(each) for each in raw)


def _check_schema(descriptor: Mapping[str, Any], faults: Faults) -> None:
    if not descriptor["fields"]:
        faults.add(SCHEMA, "fields", "没有声明任何字段", "no field is declared")
    for key in sorted(set(descriptor) - SCHEMA_KEYS):
        faults.add(
            SCHEMA,
            key,
            "Frictionless 会忽略此项，不能保证执行，故不接受",
            "Frictionless ignores this, so it could not be enforced",
        )
    if descriptor.get("missingValues", [""]) != [""]:
        faults.add(SCHEMA, "missingValues", '只能是 [""]', 'must be [""]')
    if descriptor.get("fieldsMatch", "exact") != "exact":
        faults.add(SCHEMA, "fieldsMatch", "只能是 exact", 'must be "exact"')


def _check_field(raw: Mapping[str, Any], faults: Faults) -> None:
    name = raw["name"]
    if problem := name_fault(name):
        faults.add(SCHEMA, name, *problem)
    for key in sorted(set(raw) - FIELD_KEYS):
        faults.add(SCHEMA, name, f"不认识的属性 {key}", f'unknown property "{key}"')
    for key in ("title", "titleEn", "description", "descriptionEn"):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            faults.add(SCHEMA, name, f"缺少 {key}", f'"{key}" is missing')
    if not _check_type(name, raw, faults):
        return
    _check_constraints(name, raw, faults)
    _check_categories(name, raw, faults)
    _check_aliases(name, raw, faults)
    check_bounds(name, raw, faults)
    check_quantity(name, raw, faults)


def _check_type(name: str, raw: Mapping[str, Any], faults: Faults) -> bool:
    kind = raw["type"]
    if kind not in CONSTRAINTS:
        faults.add(
            SCHEMA,
            name,
            f"类型 {kind} 不支持；可用：{'、'.join(CONSTRAINTS)}",
            f"type {kind!r} is not supported; use one of {', '.join(CONSTRAINTS)}",
        )
        return False
    allowed = _STRING_FORMATS if kind == "string" else {"default"}
    if raw.get("format", "default") not in allowed:
        faults.add(
            SCHEMA,
            name,
            f"格式 {raw['format']} 不支持",
            f"format {raw['format']!r} is not supported",
        )
    return True


def _check_constraints(name: str, raw: Mapping[str, Any], faults: Faults) -> None:
    constraints = raw.get("constraints", {})
    for key in sorted(set(constraints) - CONSTRAINTS[raw["type"]]):
        faults.add(
            SCHEMA,
            name,
            f"类型 {raw['type']} 的约束 {key} 无法准确执行",
            f'the constraint "{key}" cannot be enforced exactly on type {raw["type"]}',
        )
    if "pattern" in constraints:
        _check_pattern(name, constraints["pattern"], faults)


def _check_pattern(name: str, pattern: str, faults: Faults) -> None:
    try:
        re.compile(f"^{pattern}$")
    except re.error as error:
        faults.add(SCHEMA, name, f"正则表达式有误：{error}", f"the pattern is broken: {error}")
        return
    if ungrouped_alternation(pattern):
        faults.add(
            SCHEMA,
            name,
            "正则表达式中的“|”须放在括号内，否则 Frictionless 的 ^…$ 会改变其含义",
            "a | in the pattern must be inside a group: Frictionless wraps it in ^…$ as it is",
        )
    if re.search(r"\\[dDwWsS]", pattern):
        faults.add(
            SCHEMA,
            name,
            r"请用 [0-9] 等明确的字符集代替 \d、\w、\s：在 Python 中它们匹配 Unicode 字符",
            r"write [0-9] and the like instead of \d, \w, \s, which are Unicode in Python",
        )


def _check_categories(name: str, raw: Mapping[str, Any], faults: Faults) -> None:
    if "categories" not in raw:
        return
    categories = raw["categories"]
    sound = isinstance(categories, list) and all(
        isinstance(each, dict)
        and set(each) == {"value", "label"}
        and all(isinstance(part, str) and part for part in each.values())
        for each in categories
    )
    if not sound or raw["type"] != "string":
        faults.add(
            SCHEMA,
            name,
            'categories 应为字符串字段的 [{"value", "label"}, …]',
            'categories must be [{"value", "label"}, …] of a string field',
        )
        return
    values = [each["value"] for each in categories]
    codes = raw.get("constraints", {}).get("enum")
    if codes is not None and sorted(values) != sorted(map(str, codes)):
        faults.add(
            SCHEMA,
            name,
            "categories 的代码与 constraints.enum 不一致（Frictionless 只执行后者）",
            "categories and constraints.enum differ; Frictionless enforces only the latter",
        )
    names = [*values, *(each["label"] for each in categories if each["label"] != each["value"])]
    if len(set(names)) != len(names):
        faults.add(SCHEMA, name, "代码或名称重复", "a code or a label occurs twice")


def _check_aliases(name: str, raw: Mapping[str, Any], faults: Faults) -> None:
    if not all(isinstance(each, str) and each.strip() for each in raw.get("aliases", [])):
        faults.add(
            SCHEMA,
            name,
            "aliases 应为列名的列表，不得为空文字",
            '"aliases" must be a list of titles, none of them empty',
        )


def _check_labels(raw: Sequence[Mapping[str, Any]], faults: Faults) -> None:
    """Names, titles and aliases are what a header cell may say: none may mean two columns."""
    seen: dict[str, str] = {}
    for each in raw:
        titles = [each.get("name", ""), each.get("title", ""), *each.get("aliases", [])]
        for label in {str(title).strip() for title in titles}:
            if seen.setdefault(label, str(each.get("name"))) != each.get("name"):
                faults.add(
                    SCHEMA,
                    str(each.get("name")),
                    f"“{label}”同时是字段 {seen[label]} 的名称、标题或别名",
                    f'"{label}" is also a name, title or alias of {seen[label]}',
                )


def _check_with_frictionless(descriptor: Mapping[str, Any], faults: Faults) -> None:
    """Let Frictionless judge the schema, and each example and code by its own field."""
    try:
        schema = Schema.from_descriptor(dict(descriptor))
    except FrictionlessException as problem:
        for error in problem.reasons or [problem.error]:
            faults.add(SCHEMA, "", f"Frictionless 不接受：{error.note}", error.note)
        return
    for field in schema.fields:
        raw = next(each for each in descriptor["fields"] if each["name"] == field.name)
        for value in [raw.get("example"), *field.constraints.get("enum", [])]:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            if value is None or field.read_cell(text)[1]:
                faults.add(
                    SCHEMA,
                    field.name,
                    f"示例或代码“{value}”不符合字段自身的约束（example 必填）",
                    f'the example or code "{value}" breaks the field\'s own constraints '
                    "(an example is required)",
                )


def _field(raw: Mapping[str, Any]) -> Field:
    example = raw["example"]
    return Field(
        name=raw["name"],
        type=raw["type"],
        title=Text(raw["title"].strip(), raw["titleEn"].strip()),
        description=Text(raw["description"], raw["descriptionEn"]),
        example=str(example).lower() if isinstance(example, bool) else str(example),
        constraints=raw.get("constraints", {}),
        categories=tuple(
            Category(each["value"], each["label"]) for each in raw.get("categories", [])
        ),
        unit=raw.get("unit"),
        unit_field=raw.get("unitField"),
        measure=raw.get("measure"),
        decimal_places=raw.get("decimalPlaces"),
        aliases=tuple(each.strip() for each in raw.get("aliases", [])),
    )
