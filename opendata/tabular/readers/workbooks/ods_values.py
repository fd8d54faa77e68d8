"""What a cell of an OpenDocument spreadsheet holds.

Source: OpenDocument 1.3 part 3, 19.385 (``office:value-type``) and the attributes beside it.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum

from opendata.tabular.readers.workbooks.model import Value

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
LIBRE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)|Err:\d+")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_DAY = timedelta(days=1)


class Odd(Enum):
    """What a cell may hold instead of a value."""

    ERROR = "error"
    UNCALCULATED = "uncalculated"


def value(attributes: Mapping[str, str], text: str) -> Value | Odd:
    """Return what a cell with these attributes and this text holds.

    Raises:
        ValueError: its value is not of its type.
    """
    kind = attributes.get(f"{OFFICE}value-type", "")
    formula = f"{TABLE}formula" in attributes
    if attributes.get(f"{LIBRE}value-type") == "error" or (formula and _ERROR.fullmatch(text)):
        return Odd.ERROR
    if formula and not kind and not text:
        return Odd.UNCALCULATED
    if kind in ("float", "percentage", "currency"):
        return float(attributes[f"{OFFICE}value"])
    if kind == "boolean":
        return _boolean(attributes[f"{OFFICE}boolean-value"])
    if kind == "date":
        return _moment(attributes[f"{OFFICE}date-value"])
    if kind == "time":
        return _length(attributes[f"{OFFICE}time-value"])
    return attributes.get(f"{OFFICE}string-value", text)


def _boolean(said: str) -> bool:
    if said not in ("true", "false"):
        raise ValueError(said)
    return said == "true"


def _moment(said: str) -> date | datetime:
    """Return a day, or a day with a time that is not its beginning."""
    moment = datetime.fromisoformat(said)
    return moment.date() if "T" not in said or moment.time() == time() else moment


def _length(said: str) -> time | timedelta:
    """Return a time of day; where it is a day or more, a length of time."""
    found = _DURATION.fullmatch(said)
    if not found:
        raise ValueError(said)
    days, hours, minutes, seconds = (float(each or 0) for each in found.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return length if length >= _DAY else (datetime.min + length).time()  # noqa: DTZ901 - only its time.
