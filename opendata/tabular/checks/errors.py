"""The errors our checks report: Frictionless errors with the rule and what was expected.

Attribute names are Frictionless's where it exports them (``rule`` becomes ``rule`` in JSON).
"""

from typing import Any, ClassVar

import attrs
from frictionless import errors

from opendata.tabular.checks.described import descriptor_of, message_of
from opendata.tabular.checks.table_errors import TABLE_ERRORS

# Within a check's class body the name ``type`` is Frictionless's.
ErrorTypes = list[type[errors.Error]]

_EXTRA: dict[str, Any] = {
    "properties": {
        "rule": {"type": "string"},
        "basis": {"type": "string"},
        "expected": {"type": "string"},
    },
}


@attrs.define(kw_only=True, repr=False)
class RuleCellError(errors.CellError):
    """One cell breaks one of our rules."""

    type = "rule-cell-error"
    title = "Rule broken by a cell"
    description = "A cell breaks a rule of the contract."
    template = 'Row "{rowNumber}", field "{fieldName}": {note}'

    rule: str | None = None
    basis: str | None = None
    expected: str | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = _EXTRA

    def __attrs_post_init__(self) -> None:
        """Render the message; a table may have hundreds of thousands of these."""
        self.message = message_of(self)

    def to_descriptor(self, *, validate: bool = False, upgrade: bool = False) -> dict[str, Any]:
        """Export it; there is nothing in it to validate or to upgrade."""
        if validate or upgrade:
            return super().to_descriptor(validate=validate, upgrade=upgrade)
        return descriptor_of(self)


class AgencyMismatchError(RuleCellError):
    """A row names a publisher that the dataset is not registered for."""

    type = "agency-mismatch"
    title = "Other publisher"
    description = "A row may name only the dataset's agency or a publisher it transcribes."


class PeriodMismatchError(RuleCellError):
    """A row belongs to another period."""

    type = "period-mismatch"
    title = "Other period"
    description = "A row must belong to the period of its dataset."


class NotFiniteError(RuleCellError):
    """A number is NaN or infinite."""

    type = "not-finite"
    title = "No finite number"
    description = "A number must be finite."


class DecimalPlacesError(RuleCellError):
    """A number has more decimal places than are stored exactly."""

    type = "decimal-places"
    title = "Too many decimal places"
    description = "A number may have only so many decimal places."


class UsccInvalidError(RuleCellError):
    """A unified social credit code breaks GB 32100-2015."""

    type = "uscc-invalid"
    title = "Invalid unified social credit code"
    description = "A unified social credit code must be one by GB 32100-2015."


class RequiredWhenError(RuleCellError):
    """A value is missing where another column demands it."""

    type = "required-when"
    title = "Value missing"
    description = "A value is required when another column says so."


class EmptyWhenError(RuleCellError):
    """A value is given where another column rules it out."""

    type = "empty-when"
    title = "Value out of place"
    description = "A cell must be empty when another column says so."


class DateOrderError(RuleCellError):
    """One value is later than another that must follow it."""

    type = "date-order"
    title = "Wrong order"
    description = "One value must not be after another."


class NotMarkedError(RuleCellError):
    """A value lacks the marking it must carry."""

    type = "not-marked"
    title = "Marking missing"
    description = "A value must carry a marking, as a masked name does."


class ValueExpectedError(RuleCellError):
    """A value ought to be given and is not."""

    type = "value-expected"
    title = "Value expected"
    description = "A value ought to be given here."


@attrs.define(kw_only=True, repr=False)
class SumBrokenError(RuleCellError):
    """A stated total is not the sum of its parts in the same row."""

    type = "sum-broken"
    title = "Not the sum of its parts"
    description = "A total must be the sum of its parts."

    found: str | None = None
    difference: str | None = None
    comparison: str | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "properties": {
            "found": {"type": "string"},
            "difference": {"type": "string"},
            "comparison": {"type": "string"},
        },
    }


class RegionInvalidError(RuleCellError):
    """A region code did not exist at the time."""

    type = "region-invalid"
    title = "Unknown region code"
    description = "A region code must be one of GB/T 2260 in the year in question."


class CategoryUnknownError(RuleCellError):
    """A value is none of the declared categories."""

    type = "category-unknown"
    title = "Unknown code"
    description = "A value must be one of the declared categories."


class ProjectCodeError(RuleCellError):
    """A project code breaks the form in force when it was given."""

    type = "project-code"
    title = "Project code out of form"
    description = "A project code must have the form in force when it was given."


@attrs.define(kw_only=True, repr=False)
class StatedAmountError(RuleCellError):
    """An amount in words is not the amount in its own column."""

    type = "stated-amount"
    title = "Amount in the text differs"
    description = "An amount in the text must be the amount in its own column."

    found: str | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "properties": {"found": {"type": "string"}},
    }


class AtMostError(RuleCellError):
    """A figure is over the most it may be in such a row."""

    type = "at-most"
    title = "Over the limit"
    description = "A figure may not be over its limit where a condition holds."


class TermOrderError(RuleCellError):
    """A term begins after it ends."""

    type = "term-order"
    title = "Terms in the wrong order"
    description = "One term must not be after another."


class WindowError(RuleCellError):
    """A date lies outside the window that the rule in force allows."""

    type = "window"
    title = "Outside the prescribed window"
    description = "A date must lie within the window that the rule in force prescribes."


ERRORS: tuple[type[errors.Error], ...] = (
    AgencyMismatchError,
    PeriodMismatchError,
    NotFiniteError,
    DecimalPlacesError,
    UsccInvalidError,
    RequiredWhenError,
    EmptyWhenError,
    DateOrderError,
    NotMarkedError,
    ValueExpectedError,
    SumBrokenError,
    RegionInvalidError,
    CategoryUnknownError,
    ProjectCodeError,
    StatedAmountError,
    AtMostError,
    TermOrderError,
    WindowError,
    *TABLE_ERRORS,
)
