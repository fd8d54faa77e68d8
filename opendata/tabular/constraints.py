"""Type and constraint errors in words: what the contract asks for in the column at hand."""

import re
from collections.abc import Mapping
from typing import Any

from opendata.domain.errors import Text

_CONSTRAINT = re.compile(r'constraint "([A-Za-z]+)" is')
_MOST_CODES = 30
_TYPES = {
    "integer": Text("整数，如 12", "an integer, like 12"),
    "number": Text("十进制数，如 434.72", "a decimal number, like 434.72"),
    "boolean": Text("true 或 false", "true or false"),
    "date": Text("日期，格式如 2026-01-31", "a date like 2026-01-31"),
    "datetime": Text("时刻，格式如 2026-01-31T08:00:00Z", "an instant like 2026-01-31T08:00:00Z"),
    "year": Text("四位年份，如 2026", "a year like 2026"),
    "string": Text("文字", "text"),
}
_FORMATS = {
    "uri": Text("网址", "a URI"),
    "email": Text("电子邮箱地址", "an e-mail address"),
    "uuid": Text("UUID", "a UUID"),
}
_SIMPLE = {
    "required": Text("不能为空。", "a value is required."),
    "unique": Text("值“{value}”重复。", '"{value}" occurs twice.'),
    "minimum": Text("值“{value}”小于下限 {limit}。", '"{value}" is below the minimum {limit}.'),
    "maximum": Text("值“{value}”大于上限 {limit}。", '"{value}" is above the maximum {limit}.'),
    "exclusiveMinimum": Text(
        "值“{value}”应大于 {limit}。", '"{value}" must be greater than {limit}.'
    ),
    "exclusiveMaximum": Text("值“{value}”应小于 {limit}。", '"{value}" must be less than {limit}.'),
    "minLength": Text(
        "值“{value}”少于 {limit} 个字符。", '"{value}" has fewer than {limit} characters.'
    ),
    "maxLength": Text(
        "值“{value}”超过 {limit} 个字符。", '"{value}" has more than {limit} characters.'
    ),
    "pattern": Text(
        "值“{value}”不符合规定格式 {limit}，正确示例：{example}。",
        '"{value}" does not have the form {limit}; one that does: {example}.',
    ),
}
_OTHER = Text("值“{value}”不符合约束。", '"{value}" breaks a constraint.')


def type_text(column: Mapping[str, Any]) -> Text:
    """Say what a cell of this column must be."""
    kind = str(column.get("type", "string"))
    expected = _FORMATS.get(str(column.get("format"))) or _TYPES.get(kind) or Text(kind, kind)
    return Text(f"值“{{value}}”不是{expected.zh}。", f'"{{value}}" is not {expected.en}.')


def constraint_text(note: str, column: Mapping[str, Any]) -> Text:
    """Say which constraint a cell of this column breaks, from Frictionless's note."""
    match = _CONSTRAINT.search(note)
    name = match[1] if match else ""
    limit = (column.get("constraints") or {}).get(name)
    if name == "enum":
        return _enum_text(limit or [], column)
    text = _SIMPLE.get(name, _OTHER)
    example = str(column.get("example", ""))
    return Text(
        *(each.replace("{limit}", str(limit)).replace("{example}", example) for each in text)
    )


def _enum_text(codes: list[Any], column: Mapping[str, Any]) -> Text:
    """List the codes with their labels, as far as a reader can take in."""
    labels = {str(each["value"]): each["label"] for each in column.get("categories") or []}
    shown = [str(code) for code in codes[:_MOST_CODES]]
    zh = "、".join(
        f"{code}（{labels[code]}）" if labels.get(code, code) != code else code for code in shown
    )
    en = ", ".join(shown)
    more = "……" if len(codes) > len(shown) else ""
    return Text(
        f"值“{{value}}”不在代码表中，可用：{zh}{more}。",
        f'"{{value}}" is no code of the list: {en}{more and ", …"}.',
    )
