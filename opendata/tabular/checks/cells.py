"""Rules over one cell at a time: exact numbers, credit codes, markings, expected values."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from frictionless import Error
from frictionless.table import Row
from stdnum.cn import uscc

from opendata.tabular.checks import conditions
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.errors import (
    DecimalPlacesError,
    ErrorTypes,
    NotFiniteError,
    NotMarkedError,
    UsccInvalidError,
    ValueExpectedError,
)


@attrs.define(kw_only=True, repr=False)
class DecimalsCheck(RuleCheck):
    """Numbers are finite and have at most so many decimal places.

    Table Schema accepts ``NaN``, ``INF`` and any number of digits; a published number is exact.
    Zeros at the end do not count: 434.720 has two places.
    """

    type = "decimals"
    Errors: ClassVar[ErrorTypes] = [NotFiniteError, DecimalPlacesError]

    places: Mapping[str, int] = attrs.field(factory=dict)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["places"],
        "properties": {
            "places": {
                "type": "object",
                "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 38},
            }
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return no column: each is judged on its own, whether the others are there or not."""
        return ()

    def looked_at(self) -> tuple[str, ...]:
        """Return the columns of the numbers, as many as there are."""
        return tuple(self.places)

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Look at each number in the order of ``places``."""
        for name, most in self.places.items():
            value = row.get(name)
            if not isinstance(value, Decimal):
                continue
            if not value.is_finite():
                yield self.cell_error(NotFiniteError, row, name, "the number is not finite", "")
            elif decimal_places(value) > most:
                note = f"at most {most} decimal places"
                yield self.cell_error(DecimalPlacesError, row, name, note, str(most))


def decimal_places(value: Decimal) -> int:
    """Return how many decimal places a finite number needs.

    >>> decimal_places(Decimal("434.720")), decimal_places(Decimal("1E+3"))
    (2, 0)
    """
    _, digits, exponent = value.as_tuple()
    places = -int(exponent)
    while places > 0 and digits and digits[-1] == 0:
        digits = digits[:-1]
        places -= 1
    return max(places, 0) if any(digits) else 0


@attrs.define(kw_only=True, repr=False)
class UsccCheck(RuleCheck):
    """A unified social credit code is one by GB 32100-2015, written canonically."""

    type = "uscc"
    Errors: ClassVar[ErrorTypes] = [UsccInvalidError]

    field_name: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName"],
        "properties": {"fieldName": {"type": "string"}},
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the code's column."""
        return (self.field_name,)

    def needed_fields(self) -> tuple[str, ...]:
        """Return the code's column."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Check form and check character; eighteen zeros, a common stand-in, pass both."""
        value = row[self.field_name]
        if value is None:
            return
        try:
            # stdnum cleans what it is given: the stored text must be what it would have made.
            sound = uscc.validate(value) == value and set(value) != {"0"}
        except ValueError:
            # Its own refusal is one; a line break among the digits makes it stumble over another.
            sound = False
        if not sound:
            note = "no unified social credit code by GB 32100-2015"
            yield self.cell_error(UsccInvalidError, row, self.field_name, note, "GB 32100-2015")


@attrs.define(kw_only=True, repr=False)
class MarkedCheck(RuleCheck):
    """A value carries a marking: ``pattern`` is found in it, whenever the condition holds."""

    type = "marked"
    Errors: ClassVar[ErrorTypes] = [NotMarkedError]

    field_name: str
    pattern: str
    when: Mapping[str, Any] | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "pattern"],
        "properties": {
            "fieldName": {"type": "string"},
            "pattern": {"type": "string", "minLength": 1},
            "when": conditions.PROFILE,
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the marked column and the condition's."""
        return (self.field_name, *((self.when["fieldName"],) if self.when else ()))

    def needed_fields(self) -> tuple[str, ...]:
        """Return the marked column and the condition's."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Search the pattern in the value."""
        value = row[self.field_name]
        if value is None or (self.when and not conditions.Condition.of(self.when).holds(row)):
            return
        if re.search(self.pattern, str(value)) is None:
            note = f'the value does not carry "{self.pattern}"'
            yield self.cell_error(NotMarkedError, row, self.field_name, note, self.pattern)


@attrs.define(kw_only=True, repr=False)
class ExpectedCheck(RuleCheck):
    """A value ought to be present: a caution, never an error."""

    type = "expected"
    Errors: ClassVar[ErrorTypes] = [ValueExpectedError]

    field_name: str
    when: Mapping[str, Any] | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName"],
        "properties": {"fieldName": {"type": "string"}, "when": conditions.PROFILE},
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the column and the condition's."""
        return (self.field_name, *((self.when["fieldName"],) if self.when else ()))

    def needed_fields(self) -> tuple[str, ...]:
        """Return the condition's column."""
        return (self.when["fieldName"],) if self.when else ()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Report an empty cell; one that could not be read is reported as a type error."""
        if self.when and not conditions.Condition.of(self.when).holds(row):
            return
        if self.is_blank(row, self.field_name):
            yield self.cell_error(
                ValueExpectedError, row, self.field_name, "a value is expected", ""
            )
