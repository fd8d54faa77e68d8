"""Cells become text, column by column, by the type that the contract gives the column."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from opendata.domain.contracts import Field
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.model import Facts, Place, Shown, Value

# A double holds every number of 15 significant digits, and spreadsheets show no more.
_DIGITS = 15
_EXACT = 10**_DIGITS
_WHOLE = 2**53
# What arithmetic leaves behind (0.1 + 0.2) is zeros up to the last digits shown. Two of them are
# asked for, so that a number that really has 16 digits is not shortened.
_ARTEFACT_DIGITS = _DIGITS - 2
# Excel counts a 29 February 1900 that never was: earlier serial numbers mean two days.
_FIRST_CERTAIN = date(1900, 3, 1)
_NUMBERS = frozenset({"number", "integer", "year"})
_DATES = frozenset({"date", "datetime", "time"})
_MOMENTS = frozenset({date, datetime, time, timedelta})


@dataclass(slots=True)
class Trouble:
    """Cells that cannot be read as what their columns are, and what was done with others."""

    errors: list[Place] = field(default_factory=list)
    damaged: list[Place] = field(default_factory=list)
    serials: list[Place] = field(default_factory=list)
    dates: list[Place] = field(default_factory=list)
    percents: list[Place] = field(default_factory=list)
    disguised: list[Place] = field(default_factory=list)
    shortened: bool = False
    hundredfold: bool = False

    def check(self) -> None:
        """Refuse the worst kind of trouble there is.

        Raises:
            Unreadable: it names the cells.
        """
        for cells, refusal in (
            (self.errors, faults.error_values),
            (self.damaged, faults.damaged_identifiers),
            (self.dates, faults.dates_in_text),
            (self.serials, faults.serial_dates),
            (self.percents, faults.percent_cells),
            (self.disguised, faults.disguised_numbers),
        ):
            if cells:
                raise refusal(cells)


class Column:
    """Turns the cells of one column into text."""

    def __init__(self, at: int, meant: Field | None, facts: Facts, trouble: Trouble) -> None:
        """Read column ``at`` of a sheet, which is ``meant`` in the contract if it knows it."""
        self._at = at
        self._kind = meant.type if meant else ""
        self._is_text = bool(meant) and self._kind not in _NUMBERS | _DATES | {"boolean"}
        self._percents = facts.shown.get((Shown.PERCENT, at), set())
        self._disguised = facts.shown.get((Shown.SCALED, at), set())
        if self._is_text:
            # What is before a number makes no other number, but another code.
            self._disguised = self._disguised | facts.shown.get((Shown.PADDED, at), set())
        self._is_percent = meant is not None and meant.unit in ("%", "％")
        self._trouble = trouble
        self._text: Mapping[type, Callable[[Any], str]] = {
            float: self._number,
            bool: (lambda value: str(value).lower()) if self._kind == "boolean" else _boolean,
            date: (lambda value: f"{value}T00:00:00") if self._kind == "datetime" else str,
            datetime: datetime.isoformat,
            time: time.isoformat,
            timedelta: duration_text,
        }

    def texts(self, values: Sequence[Value], top: int, *, counts_days: bool) -> Sequence[str]:
        """Return the cells from row ``top`` down as text, and remember which cannot be."""
        kinds = set(map(type, values))
        if kinds == {str}:
            return values  # type: ignore[return-value]  # The line above says so.
        # Days and amounts come again and again: each is looked at once.
        distinct = [each for each in set(values) if type(each) is not str]
        texts = self._converted(values, distinct, len(kinds - {str}) == 1)
        if float in kinds:
            self._check_numbers(values, top, [each for each in distinct if type(each) is float])
            self._check_disguised(values, top)
            self._show_percents(values, top, texts)
        if kinds & _MOMENTS:
            self._check_moments(values, top, counts_days and any(map(_is_uncertain, distinct)))
        return texts

    def _converted(
        self, values: Sequence[Value], distinct: Sequence[Value], alike: bool
    ) -> list[str]:
        text = self._text
        if alike:
            known = {each: text[type(each)](each) for each in distinct}
            return [each if type(each) is str else known[each] for each in values]
        # Not by value here: 1 is True.
        return [each if type(each) is str else text[type(each)](each) for each in values]

    def _number(self, value: float) -> str:
        if value.is_integer() and -_EXACT < value < _EXACT:
            return str(int(value))
        text = repr(value)
        if len(text) <= _DIGITS and "e" not in text:
            return text
        if not math.isfinite(value):
            return text
        careful = number_text(value)
        self._trouble.shortened |= float(careful) != value
        return careful

    def _check_numbers(self, values: Sequence[Value], top: int, numbers: Sequence[float]) -> None:
        trouble = self._trouble
        if self._kind in _DATES:
            trouble.serials += self._places(values, top, _is_number)
        if not all(map(math.isfinite, numbers)):
            trouble.errors += self._places(values, top, _is_endless)
        elif self._kind and (max(numbers) >= _EXACT or min(numbers) <= -_EXACT):
            lost = _is_long if self._is_text else _is_rounded
            trouble.damaged += self._places(values, top, lost)

    def _check_disguised(self, values: Sequence[Value], top: int) -> None:
        if self._disguised and self._kind:
            numbers = self._places(values, top, _is_number)
            self._trouble.disguised += (each for each in numbers if each.row in self._disguised)

    def _show_percents(self, values: Sequence[Value], top: int, texts: list[str]) -> None:
        """State percentages in per cent where that is the unit, and nowhere else."""
        if not self._percents or not self._kind:
            return
        shown = [
            each for each in self._places(values, top, _is_number) if each.row in self._percents
        ]
        if not self._is_percent:
            self._trouble.percents += shown
            return
        for at in (each.row - top for each in shown):
            texts[at] = format((Decimal(texts[at]) * 100).normalize(), "f")
        self._trouble.hundredfold |= bool(shown)

    def _check_moments(self, values: Sequence[Value], top: int, uncertain: bool) -> None:
        if self._is_text:
            self._trouble.dates += self._places(values, top, _is_moment)
        elif uncertain:
            self._trouble.serials += self._places(values, top, _is_uncertain)

    def _places(
        self, values: Sequence[Value], top: int, fits: Callable[[Value], bool]
    ) -> list[Place]:
        return [Place(top + at, self._at) for at, each in enumerate(values) if fits(each)]


def number_text(value: float) -> str:
    """Return a finite number's digits: the shortest that read back, without an exponent.

    What arithmetic left behind the digits that spreadsheets show is left out.

    >>> number_text(0.1 + 0.2), number_text(1 / 3), number_text(1e-7), number_text(5.0)
    ('0.3', '0.3333333333333333', '0.0000001', '5')
    """
    if value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    shown = f"{value:.{_DIGITS}g}"
    if len(Decimal(shown).normalize().as_tuple().digits) > _ARTEFACT_DIGITS:
        shown = repr(value)
    return format(Decimal(shown), "f")


def duration_text(value: timedelta) -> str:
    """Return a length of time as ISO 8601 has it.

    >>> duration_text(timedelta(days=1, hours=12, minutes=5))
    'PT36H5M0S'
    """
    minutes, seconds = divmod(value.total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"PT{hours}H{minutes}M{number_text(seconds)}S"


def plain(value: Value) -> str:
    """Return a cell of no column, such as one of a title, as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _boolean(value)
    if isinstance(value, float):
        return number_text(value) if math.isfinite(value) else str(value)
    return str(value)


def _boolean(value: bool) -> str:
    return str(value).upper()


def _is_number(value: Value) -> bool:
    return type(value) is float


def _is_endless(value: Value) -> bool:
    """Whether it is infinite, or no number at all (NaN)."""
    return isinstance(value, float) and not math.isfinite(value)


def _is_long(value: Value) -> bool:
    return isinstance(value, float) and abs(value) >= _EXACT


def _is_rounded(value: Value) -> bool:
    """Whether a whole number has more digits than a double keeps."""
    if not isinstance(value, float) or abs(value) < _WHOLE:
        return False
    shown = float(f"{value:.{_DIGITS}g}")
    return shown != value


def _is_moment(value: Value) -> bool:
    return type(value) in _MOMENTS


def _is_uncertain(value: Value) -> bool:
    """Whether a number of days means two days."""
    if not isinstance(value, date):
        return False
    return (value.date() if isinstance(value, datetime) else value) < _FIRST_CERTAIN
