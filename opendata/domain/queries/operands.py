"""Reading what a filter compares with, as the field's type."""

import json

from opendata.domain.contracts import Field
from opendata.domain.errors import Text
from opendata.domain.queries.comparing import LISTS, NULLS, TEXT_OPS, Op
from opendata.domain.values import NotAValue, Value, read_value

MAX_LIST = 1_000


def operands(field: Field, op: Op, text: str) -> tuple[Op, tuple[Value, ...]]:
    """Return the operator that is meant, and its values.

    Raises:
        NotAValue: the text is none of what the operator compares this field with.
    """
    if op in NULLS:
        return _null_operand(op, text), ()
    if op in TEXT_OPS:
        return op, (text,)
    if op is Op.BETWEEN:
        parts = _split(text)
        if len(parts) != 2:
            raise NotAValue(Text("以逗号分隔的两个值", "two values with a comma between them"))
        return op, tuple(read_value(field, each) for each in parts)
    if op in LISTS:
        parts = _split(text)
        if len(parts) > MAX_LIST:
            raise NotAValue(Text(f"至多 {MAX_LIST} 个值", f"at most {MAX_LIST} values"))
        return op, tuple(read_value(field, each) for each in parts)
    return op, (read_value(field, text),)


def _null_operand(op: Op, text: str) -> Op:
    if text in ("", "1", "true"):
        return op
    if text in ("0", "false"):
        return Op.NOTNULL if op is Op.ISNULL else Op.ISNULL
    raise NotAValue(Text("1 或 0", "1 or 0"))


def _split(text: str) -> list[str]:
    """Split at commas; a JSON array of strings serves values that contain one."""
    if text.startswith("["):
        try:
            parts = json.loads(text)
        except (ValueError, RecursionError):  # a few kilobytes of [ are deep enough
            parts = None
        if not isinstance(parts, list) or not all(_is_text(each) for each in parts):
            raise NotAValue(Text("字符串的 JSON 数组", "a JSON array of strings"))
        return parts
    return text.split(",")


def _is_text(value: object) -> bool:
    r"""Whether a value out of JSON is a text that can be stored: "\ud800" alone is none."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    return not any("\ud800" <= each <= "\udfff" for each in value)
