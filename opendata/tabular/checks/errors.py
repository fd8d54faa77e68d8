"""The errors our checks report: Frictionless errors with the rule and what was expected.

Attribute names are Frictionless's where it exports them (``rule`` becomes ``rule`` in JSON).
"""

from typing import Any, ClassVar

import attrs
from frictionless import errors

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


@attrs.define(kw_only=True, repr=False)
class RuleRowError(errors.RowError):
    """One row breaks one of our rules."""

    type = "rule-row-error"
    title = "Rule broken by a row"
    description = "A row breaks a rule of the contract."
    template = 'Row "{rowNumber}": {note}'

    rule: str | None = None
    basis: str | None = None
    expected: str | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = _EXTRA


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


class KeyElsewhereError(RuleRowError):
    """Another dataset of the collection holds a record with this key."""

    type = "key-elsewhere"
    title = "Key in another dataset"
    description = "Primary keys are unique across the datasets of a collection."


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
    KeyElsewhereError,
)
