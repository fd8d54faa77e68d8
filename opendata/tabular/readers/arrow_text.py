"""Arrow columns as text: each value as Frictionless reads it in the contract's field."""

import math
from collections.abc import Callable, Iterable
from datetime import datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import types

from opendata.domain.contracts import Field
from opendata.domain.errors import Text

# Returns the text of each value of a column, ``None`` where it has no value.
Writer = Callable[[Any], list[str | None]]


class NoText(ValueError):
    """A value that has no exact text: at which position (from 0), and why."""

    def __init__(self, at: int, why: Text) -> None:
        """Remember both."""
        super().__init__(why.en)
        self.at = at
        self.why = why


def writer_of(kind: pa.DataType, field: Field | None) -> Writer | Text:
    """Return what writes a column as text, or why its values have no one text.

    ``field`` is the contract's column, if it knows one.
    """
    if isinstance(kind, pa.DictionaryType):
        inner = writer_of(kind.value_type, field)
        if isinstance(inner, Text):
            return inner
        return _dictionary if inner is _as_they_are else partial(_decoded, inner)
    if types.is_floating(kind):
        return _floats_for(kind, field)
    if isinstance(kind, pa.TimestampType):
        return _timestamps_for(kind, field)
    plain = next((write for fits, write in _PLAIN if fits(kind)), None)
    return plain or Text(
        f"类型 {kind} 不能作为单元格的文字；请转换为文本、数字、日期或布尔类型后保存",
        f"values of type {kind} are no text of a cell; save text, numbers, dates or booleans",
    )


def _floats_for(kind: pa.DataType, field: Field | None) -> Writer | Text:
    if field is not None and field.type == "string":
        return Text(
            "文本字段保存成了浮点数，前导零和末尾的数字可能已经丢失；请按文本保存",
            "a text column is stored as floating-point numbers, which may have lost leading zeros "
            "and last digits; store it as text",
        )
    return _doubles if types.is_float64(kind) else _floats


def _timestamps_for(kind: Any, field: Field | None) -> Writer | Text:
    is_date = field is not None and field.type == "date"
    if is_date and kind.tz:
        return Text(
            "日期字段保存成了带时区的时刻，属于哪一天取决于时区；请按日期保存",
            "a date column is stored as instants, whose day depends on the time zone; store dates",
        )
    return partial(_timestamps, is_date)


def _as_they_are(array: Any) -> list[str | None]:
    found: list[str | None] = array.to_pylist()
    return found


def _through(write: Callable[[Any], str], array: Any) -> list[str | None]:
    return [None if each is None else write(each) for each in array.to_pylist()]


def _dictionary(array: Any) -> list[str | None]:
    """Look the texts up: decoded, one long text in a million rows would be a million texts."""
    texts = array.dictionary.to_pylist()
    return [None if at is None else texts[at] for at in array.indices.to_pylist()]


def _decoded(inner: Writer, array: Any) -> list[str | None]:
    return inner(array.dictionary_decode())


def _doubles(array: Any) -> list[str | None]:
    return _checked(array.to_pylist(), _double)


def _floats(array: Any) -> list[str | None]:
    """Write narrow numbers by their own shortest digits: 0.1 is not 0.10000000149011612."""
    narrow = array.type.to_pandas_dtype()
    return _checked(array.to_pylist(), lambda value: _positional(narrow(value)))


def _checked(values: Iterable[Any], write: Callable[[Any], str]) -> list[str | None]:
    found: list[str | None] = []
    for at, each in enumerate(values):
        if each is not None and not math.isfinite(each):
            raise NoText(
                at, Text("此处是 NaN 或无穷大，不是数。", "There is a NaN or an infinity here.")
            )
        found.append(None if each is None else write(each))
    return found


def _double(value: float) -> str:
    text = repr(value)
    return _positional(value) if "e" in text else text.removesuffix(".0")


def _positional(value: Any) -> str:
    return np.format_float_positional(value, trim="-")


def _decimal(value: Decimal) -> str:
    """Write an exact number without the zeros that only its column's scale puts there."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _timestamps(is_date: bool, array: Any) -> list[str | None]:
    """Write moments to the microsecond; midnights of a date column are its dates."""
    if array.type.unit == "ns":
        for at, nanoseconds in enumerate(array.cast(pa.int64()).to_pylist()):
            if nanoseconds is not None and nanoseconds % 1000:
                why = Text("此处的时刻精确到纳秒。", "The moment here is exact to the nanosecond.")
                raise NoText(at, why)
    values = array.cast(pa.timestamp("us", array.type.tz)).to_pylist()
    return [None if each is None else _moment(each, is_date=is_date) for each in values]


def _moment(value: datetime, *, is_date: bool) -> str:
    if is_date and value.time() == time():
        return value.date().isoformat()
    return value.isoformat()


_PLAIN: tuple[tuple[Callable[[pa.DataType], bool], Writer], ...] = (
    (types.is_string, _as_they_are),
    (types.is_large_string, _as_they_are),
    (types.is_string_view, _as_they_are),
    (types.is_null, _as_they_are),
    (types.is_integer, partial(_through, str)),
    (types.is_decimal, partial(_through, _decimal)),
    (types.is_boolean, partial(_through, lambda value: "true" if value else "false")),
    (types.is_date, partial(_through, lambda value: value.isoformat())),
)
