"""The query parameters of a collection: its filters, typed by the contract, and its controls."""

from typing import Any

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.domain.queries import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    MAX_LIST,
    SYSTEM_FIELDS,
    Op,
    operators,
)
from opendata.domain.queries.model import (
    DEFAULT_FACET_SIZE,
    MAX_FACET_SIZE,
    MAX_FACETS,
    system_fields,
)
from opendata.web import grouping
from opendata.web.shapes import TYPES, Doc, field_description

# What a list has, and neither an export nor totals.
PAGING = ("limit", "cursor", "count", "facet", "facet_size")
STATE = ("as_of", "release", "digest")
CHOICE = ("fields", "sort", "q")

_OPS = {
    Op.EXACT: Text("等于", "equals"),
    Op.NOT: Text("不等于", "differs from"),
    Op.CONTAINS: Text("包含", "contains"),
    Op.NOTCONTAINS: Text("不包含", "does not contain"),
    Op.STARTSWITH: Text("开头为", "starts with"),
    Op.ENDSWITH: Text("结尾为", "ends with"),
    Op.GT: Text("大于", "is greater than"),
    Op.GTE: Text("不小于", "is at least"),
    Op.LT: Text("小于", "is less than"),
    Op.LTE: Text("不大于", "is at most"),
    Op.BETWEEN: Text("介于两值之间（含）", "is between two values, both included"),
    Op.IN: Text("为其中之一（逗号分隔）", "is one of, separated by commas"),
    Op.NOTIN: Text("不为其中任何一个（逗号分隔）", "is none of, separated by commas"),
    Op.ISNULL: Text("为空（1 是，0 否）", "is empty (1) or not (0)"),
    Op.NOTNULL: Text("不为空（1 是，0 否）", "is not empty (1) or is (0)"),
}
_TEXT_OPS = (Op.CONTAINS, Op.NOTCONTAINS, Op.STARTSWITH, Op.ENDSWITH)
# One component, or generated clients would have a type for each of hundreds of parameters.
FLAG = {"$ref": "#/components/schemas/Flag"}
# A text that a comma divides from another one, and that does not look like JSON.
_APART = r"^([^,\[][^,]*)?$"
# What the parser takes: what a column of integers holds.
_BOUNDS = {"minimum": -(2**63), "maximum": 2**63 - 1}
_SYSTEM_EXAMPLES = {
    "_id": "ghkdktnk7icntca5gwdo5655ltmd3zxoglztnfv5gej3ohouptja",
    "_dataset": "budgets-2018",
    "_release": "1",
    "_row": "1",
}


def _flag(description: str) -> Doc:
    return {
        "description": description,
        "schema": FLAG,
    }


_SHARED: dict[str, Doc] = {
    "limit": {
        "description": "每页至多几条 How many records a page has at most",
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        },
        "example": 10,
    },
    "cursor": {
        "description": "下一页的位置：取自上一页的 links.next，条件须相同 "
        "Where to go on: from links.next of the page before, for the same query",
        "schema": {"type": "string"},
    },
    "count": {
        "description": "是否给出总数 meta.total Whether to say how many match",
        "schema": {"type": "string", "enum": ["none", "exact"], "default": "none"},
        "example": "exact",
    },
    "as_of": {
        "description": "查询某一时点的数据：快照编号、日期（2026-01-31，该日终了）或带时区的时刻 "
        "The state at a snapshot's id, at the end of a date, or at an instant with its zone",
        "schema": {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
                {"type": "string", "pattern": "^[0-9]{9,19}$"},
            ]
        },
    },
    "release": {
        "description": "只查一个发布版本：数据集@版本号；不能与 as_of 同用 "
        "One release alone, as dataset@number; not together with as_of",
        "schema": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*@[1-9][0-9]{0,8}$"},
    },
    "digest": {
        "description": "被引用的状态的 SHA-256，取自 links.cite；meta.same 说明现在是否仍是如此 "
        "SHA-256 of the state that was cited, from links.cite: meta.same says if it is still so",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "facet_size": {
        "description": "每个 facet 至多几个值 How many values a facet has at most",
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_FACET_SIZE,
            "default": DEFAULT_FACET_SIZE,
        },
        "example": 5,
    },
    "use_labels": _flag("1：CSV 用中文列名 Chinese column titles in the CSV"),
    "with_bom": _flag("1：CSV 带字节顺序标记，便于 Excel 打开 A byte order mark, for Excel"),
    "delimiter": {
        "description": "CSV 的分隔符 What separates the cells of a CSV",
        "schema": {
            "type": "string",
            "enum": ["comma", "semicolon", "tab", "|", ",", ";"],
            "default": "comma",
        },
    },
}


def shared() -> dict[str, Doc]:
    """Return the parameters that all collections share, by the name of their component."""
    controls = {name: {"name": name, **told} for name, told in _SHARED.items()}
    filters = {f"record.{each['name']}": each for each in _of_fields(SYSTEM_FIELDS)}
    return controls | grouping.shared() | filters


def own(contract: Contract) -> dict[str, Doc]:
    """Return the parameters that only this (published) contract has, by component."""
    filters = {each["name"]: each for each in _of_fields(contract.fields)}
    found = _own_controls(contract) | _of_totals(contract) | filters
    return {f"{contract.collection}.{name}": each for name, each in found.items()}


def references(contract: Contract, controls: tuple[str, ...]) -> list[str]:
    """Name the components that a query of this contract may use, ``controls`` first."""
    name = contract.collection
    special = {*_own_controls(contract), *_of_totals(contract)}
    first = [f"{name}.{each}" if each in special else each for each in controls]
    if not contract.searchable:
        first.remove("q")
    filters = [*(each["name"] for each in _of_fields(contract.fields))]
    own_filters = [f"{name}.{each}" for each in filters]
    of_records = shared() if contract.has_records else ()
    return [*first, *own_filters, *(each for each in of_records if each.startswith("record."))]


def parameter(field: Field) -> Doc:
    """Return what a query has one value of, whatever it does with it."""
    return {
        "name": field.name,
        "description": f"{field.title.zh} {field.title.en}。{field_description(field)}",
        **_operand(field, Op.EXACT, field.example),
    }


def _of_totals(contract: Contract) -> dict[str, Doc]:
    return grouping.own(contract) if contract.has_records else {}


def _of_fields(fields: tuple[Field, ...]) -> list[Doc]:
    """Filters for equality first: they are what a reader looks for."""
    found = [_filter(each, op) for each in fields for op in operators(each)]
    return sorted(found, key=lambda each: "__" in each["name"].strip("_"))


def _own_controls(contract: Contract) -> dict[str, Doc]:
    own_names = [each.name for each in contract.fields]
    names = [*(each.name for each in system_fields(contract)), *own_names]
    both = [*names, *(f"-{name}" for name in names)]
    found = [
        {
            "name": "fields",
            "description": "所要的字段，逗号分隔 The fields wanted, separated by commas",
            **_list({"type": "string", "enum": names}, own_names[:2], most=MAX_LIST),
        },
        {
            "name": "sort",
            "description": "排序的字段，逗号分隔，前加 - 为降序；空值在后 "
            "What to sort by, separated by commas, - for descending; nulls come last",
            **_list({"type": "string", "enum": both}, [contract.default_sort[0]]),
        },
        {
            "name": "facet",
            "description": "统计这些字段各值的条数，逗号分隔，见 meta.facets "
            "Fields whose values are counted, separated by commas; see meta.facets",
            **_list({"type": "string", "enum": names}, [contract.publisher_field], most=MAX_FACETS),
        },
    ]
    if contract.searchable:
        searched = "、".join(contract.searchable)
        said = f"在 {searched} 中检索的文字 Text to look for in {', '.join(contract.searchable)}"
        found.append({"name": "q", "description": said, "schema": {"type": "string"}})
    return {each["name"]: each for each in found}


def _filter(field: Field, op: Op) -> Doc:
    name = field.name if op is Op.EXACT else f"{field.name}__{op.value}"
    zh, en = _OPS[op]
    said = f"{field.title.zh} {zh} · {field.title.en} {en}"
    if op is Op.EXACT:
        said += f"。{field_description(field)}"
    example = field.example or _SYSTEM_EXAMPLES.get(field.name, "")
    return {"name": name, "description": said, **_operand(field, op, example)}


def _operand(field: Field, op: Op, example: str) -> Doc:
    """Return schema and example of what a filter compares with."""
    value: Doc = dict(TYPES[field.type])
    if field.type in ("integer", "year"):
        value = {"type": "integer", "format": "int64", **_BOUNDS}
    if op in (Op.ISNULL, Op.NOTNULL):
        return {"schema": FLAG, "example": "1"}
    if field.categories and op not in _TEXT_OPS:
        value["enum"] = [each.value for each in field.categories]
    shown = [_typed(value["type"], example)] if example else []
    if op in (Op.BETWEEN, Op.IN, Op.NOTIN) and value["type"] == "string":
        # An example with a comma in it would be read as two.
        shown = [each.partition(",")[0] for each in shown]
    if op is Op.BETWEEN:
        if value == TYPES["string"]:
            value["pattern"] = _APART
        return _list(value, shown * 2, least=2, most=2)
    if op in (Op.IN, Op.NOTIN):
        return _list(value, shown, least=1, most=MAX_LIST)
    return {"schema": value} | ({"example": shown[0]} if shown else {})


def _list(items: Doc, example: list[Any], *, least: int = 1, most: int | None = None) -> Doc:
    """Document values with commas between them, as OpenAPI writes ``style: form``."""
    schema: Doc = {"type": "array", "items": items, "minItems": least}
    if most is not None:
        schema["maxItems"] = most
    else:
        schema["uniqueItems"] = True
    told: Doc = {"style": "form", "explode": False, "schema": schema}
    return told | ({"example": example} if example else {})


def _typed(kind: str, example: str) -> Any:
    if kind == "integer":
        return int(example)
    if kind == "number":
        return float(example)
    if kind == "boolean":
        return example in ("true", "1", "是")
    return example
