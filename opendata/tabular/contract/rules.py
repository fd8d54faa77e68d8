"""Checklist and cautions of a contract: every rule known, complete, and about known columns."""

import ast
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from frictionless import Check, Checklist, FrictionlessException

from opendata.domain.contracts import Field
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.cells import DecimalsCheck, ExpectedCheck, MarkedCheck, UsccCheck
from opendata.tabular.checks.dependent import NotAfterCheck
from opendata.tabular.checks.keys import KeyUniqueAcrossCheck
from opendata.tabular.checks.plugin import CHECKS
from opendata.tabular.contract.faults import CAUTIONS, CHECKLIST, SCHEMA, Faults
from opendata.tabular.contract.uses import (
    hidden_columns,
    misused,
    unenforced_categories,
    unique_keys,
)

_ORDERED = ("integer", "number", "date", "year")


def read_rules(
    file: str, descriptor: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults
) -> list[Check]:
    """Check one list of rules and return its checks."""
    for key in sorted(set(descriptor) - {"checks", "name", "title", "description"}):
        faults.add(file, key, "不接受此项", "not accepted here")
    entries = descriptor["checks"]
    if not _all_known(file, entries, faults):
        return []
    try:
        checks = Checklist.from_descriptor(json.loads(json.dumps(dict(descriptor)))).checks
    except FrictionlessException as problem:
        for error in problem.reasons or [problem.error]:
            faults.add(file, "checks", f"Frictionless 不接受：{error.note}", error.note)
        return []
    for number, (check, entry) in enumerate(zip(checks, entries, strict=True), start=1):
        _check_rule(file, _place(number, entry), (check, entry), fields, faults)
    return checks


def check_rule_names(checks: list[Check], faults: Faults) -> None:
    """A rule's name is what a caution's answer refers to: none may stand for two rules."""
    names = [check.name for check in checks if check.name]
    for name in sorted({each for each in names if names.count(each) > 1}):
        faults.add(CHECKLIST, name, "规则编号重复", "two rules have this name")


def check_decimals(checks: list[Check], fields: Mapping[str, Field], faults: Faults) -> None:
    """Every number's decimal places are enforced, and are those it declares."""
    declared = {each.name: each.decimal_places for each in fields.values() if each.type == "number"}
    enforced: dict[str, int] = {}
    for check in checks:
        if isinstance(check, DecimalsCheck):
            enforced |= check.places
    for name in sorted({*declared, *enforced}):
        if declared.get(name) != enforced.get(name):
            faults.add(
                CHECKLIST,
                name,
                f"decimals 规则的位数（{enforced.get(name)}）与 {SCHEMA} 的 decimalPlaces"
                f"（{declared.get(name)}）不一致",
                f"the decimals rule says {enforced.get(name)}, decimalPlaces in {SCHEMA} says "
                f"{declared.get(name)}",
            )


def check_unique_keys(checks: list[Check], declared: Any, faults: Faults) -> None:
    """Every unique key of the Table Schema is enforced: Frictionless ignores it."""
    enforced = sorted(unique_keys(checks))
    if enforced != sorted(declared):
        faults.add(
            CHECKLIST,
            "uniqueKeys",
            f"unique-keys 规则与 {SCHEMA} 的 uniqueKeys 不一致",
            f"the unique-keys rules are not the uniqueKeys of {SCHEMA}",
        )


def check_categories(checks: list[Check], fields: Mapping[str, Field], faults: Faults) -> None:
    """A column's categories are enforced: by its ``enum``, or by a rule."""
    for name in unenforced_categories(checks, fields):
        faults.add(
            CHECKLIST,
            name,
            "categories 须由 constraints.enum 或 categories 规则执行，取值相同",
            "its categories need an enum or a categories rule of the same values",
        )


def check_hidden(checks: list[Check], personal: Iterable[str], faults: Faults) -> None:
    """Rules over several rows name no column that publication drops or treats."""
    for check in checks:
        hidden = hidden_columns(check, personal) if isinstance(check, RuleCheck) else []
        if hidden:
            faults.add(
                CHECKLIST,
                str(check.name or check.type),
                f"跨行规则不能使用不公开或公布前已处理的字段 {'、'.join(hidden)}",
                "a rule over several rows may not use what is dropped or treated: "
                f"{', '.join(hidden)}",
            )


def _all_known(file: str, entries: list[Mapping[str, Any]], faults: Faults) -> bool:
    unknown = [
        (_place(number, entry), entry.get("type"))
        for number, entry in enumerate(entries, start=1)
        if entry.get("type") not in CHECKS or entry["type"] == KeyUniqueAcrossCheck.type
    ]
    for place, kind in unknown:
        faults.add(file, place, f"未知的规则类型 {kind}", f"unknown type {kind!r}")
    return not unknown


def _place(number: int, entry: Mapping[str, Any]) -> str:
    return str(entry.get("name") or f"checks/{number}")


def _check_rule(
    file: str,
    place: str,
    rule: tuple[Check, Mapping[str, Any]],
    fields: Mapping[str, Field],
    faults: Faults,
) -> None:
    check, entry = rule
    unknown = sorted(set(entry) - set(type(check).metadata_ensure_profile()["properties"]))
    if unknown and unknown != ["basis"]:
        faults.add(
            file,
            place,
            f"不认识的属性 {'、'.join(unknown)}",
            f"unknown properties: {', '.join(unknown)}",
        )
    if not isinstance(check, RuleCheck):
        _check_formula(file, place, str(entry["formula"]), fields, faults)
        return
    missing = [name for name in check.named_fields() if name not in fields]
    if missing:
        faults.add(
            file, place, f"没有字段 {'、'.join(missing)}", f"no such field: {', '.join(missing)}"
        )
        return
    for zh, en in _misuses(check, entry, fields):
        faults.add(file, place, zh, en)
    if isinstance(check, ExpectedCheck) and file != CAUTIONS:
        faults.add(
            file,
            place,
            f"expected 只能写在 {CAUTIONS}；必填请用 constraints.required",
            f"expected belongs into {CAUTIONS}; use constraints.required here",
        )


def _misuses(
    check: RuleCheck, entry: Mapping[str, Any], fields: Mapping[str, Field]
) -> list[tuple[str, str]]:
    """Return what would make the rule silently true or false for every row."""
    found: list[tuple[str, str]] = []
    if isinstance(check, UsccCheck | MarkedCheck) and fields[check.field_name].type != "string":
        found.append((f"{check.field_name} 应为文字字段", f"{check.field_name} must be a string"))
    if isinstance(check, MarkedCheck):
        try:
            re.compile(check.pattern)
        except re.error as error:
            found.append((f"正则表达式有误：{error}", f"the pattern is broken: {error}"))
    if isinstance(check, NotAfterCheck):
        kinds = {fields[check.field_name].type, fields[check.other].type}
        if len(kinds) != 1 or not kinds <= set(_ORDERED):
            found.append(("两个字段的类型不能比较", "the two columns cannot be compared"))
    found += misused(check, fields)
    for condition in _conditions(entry):
        found += _condition_misuses(condition, fields[condition["fieldName"]])
    return found


def _conditions(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return every condition of a rule."""
    single = [entry[key] for key in ("when", "unless") if entry.get(key)]
    limits = [each for limit in entry.get("limits", ()) for each in limit["where"]]
    return [*single, *entry.get("where", ()), *limits]


def _condition_misuses(when: Mapping[str, Any], field: Field) -> list[tuple[str, str]]:
    if "contains" in when:
        if field.type == "string":
            return []
        return [
            (f"contains 只用于文字字段 {field.name}", f"{field.name} is no string: no contains")
        ]
    values = when["equals"] if isinstance(when["equals"], list) else [when["equals"]]
    kinds: dict[str, tuple[type, ...]] = {
        "integer": (int,),
        "year": (int,),
        "number": (int, float),
        "boolean": (bool,),
    }
    expected = kinds.get(field.type, (str,))
    codes = field.constraints.get("enum")
    return [
        (f"{field.name} 不会有值 {value!r}", f"{field.name} never has the value {value!r}")
        for value in values
        if not isinstance(value, expected)
        or (isinstance(value, bool) and field.type != "boolean")
        or (codes is not None and value not in codes)
    ]


def _check_formula(
    file: str, place: str, formula: str, fields: Mapping[str, Field], faults: Faults
) -> None:
    """A formula fails on an empty cell and on a float beside a decimal: neither may happen."""
    try:
        tree = ast.parse(formula.strip(), mode="eval")
    except SyntaxError as error:
        faults.add(file, place, f"公式有误：{error.msg}", f"the formula is broken: {error.msg}")
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            faults.add(file, place, "公式中不能调用函数", "a formula may not call functions")
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            faults.add(
                file,
                place,
                f"公式中的小数 {node.value} 不精确，请改用整数",
                f"{node.value} is not exact in a formula; use integers",
            )
        elif isinstance(node, ast.Name) and not _is_required(node.id, fields):
            faults.add(
                file,
                place,
                f"公式提到的 {node.id} 不是必填字段（空单元格会使公式不成立）",
                f"{node.id} in the formula is no required field (an empty cell fails a formula)",
            )


def _is_required(name: str, fields: Mapping[str, Field]) -> bool:
    return name in fields and fields[name].required
