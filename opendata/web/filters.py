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
from opendata.web.shapes import TYPES, Doc, field_description

PAGING = ("limit", "cursor", "count")

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
FLAGS = ["1", "0", "true", "false"]
# What the parser takes: what a column of integers holds.
_BOUNDS = {"minimum": -(2**63), "maximum": 2**63 - 1}
_SYSTEM_EXAMPLES = {"_dataset": "budgets-2018", "_release": "1", "_row": "1"}


def _flag(description: str) -> Doc:
    return {
        "description": description,
        "schema": {"type": "string", "enum": FLAGS, "default": "0"},
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
    return controls | {f"record.{each['name']}": each for each in _of_fields(SYSTEM_FIELDS)}


def own(contract: Contract) -> dict[str, Doc]:
    """Return the parameters that only this (published) contract has, by component."""
    found = [*_own_controls(contract), *_of_fields(contract.fields)]
    return {f"{contract.collection}.{each['name']}": each for each in found}


def references(contract: Contract, controls: tuple[str, ...]) -> list[str]:
    """Name the components that a query of this contract may use, ``controls`` first."""
    return [*controls, *own(contract), *(name for name in shared() if name.startswith("record."))]


def _of_fields(fields: tuple[Field, ...]) -> list[Doc]:
    """Filters for equality first: they are what a reader looks for."""
    found = [_filter(each, op) for each in fields for op in operators(each)]
    return sorted(found, key=lambda each: "__" in each["name"].strip("_"))


def _own_controls(contract: Contract) -> list[Doc]:
    names = [each.name for each in (*SYSTEM_FIELDS, *contract.fields)]
    both = [*names, *(f"-{name}" for name in names)]
    found = [
        {
            "name": "fields",
            "description": "所要的字段，逗号分隔 The fields wanted, separated by commas",
            **_list({"type": "string", "enum": names}, names[4:6], most=MAX_LIST),
        },
        {
            "name": "sort",
            "description": "排序的字段，逗号分隔，前加 - 为降序；空值在后 "
            "What to sort by, separated by commas, - for descending; nulls come last",
            **_list({"type": "string", "enum": both}, [contract.default_sort[0]]),
        },
    ]
    if contract.searchable:
        searched = "、".join(contract.searchable)
        said = f"在 {searched} 中检索的文字 Text to look for in {', '.join(contract.searchable)}"
        found.append({"name": "q", "description": said, "schema": {"type": "string"}})
    return found


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
    if field.type == "number":
        value["multipleOf"] = float(f"1e-{field.decimal_places or 0}")
    if op in (Op.ISNULL, Op.NOTNULL):
        return {"schema": {"type": "string", "enum": FLAGS}, "example": "1"}
    if field.categories and op not in _TEXT_OPS:
        value["enum"] = [each.value for each in field.categories]
    shown = [_typed(value["type"], example)] if example else []
    if op is Op.BETWEEN:
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
