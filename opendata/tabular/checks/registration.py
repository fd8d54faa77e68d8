"""Rules that compare a row with the registration of its dataset: its agency and its period."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

import attrs
from frictionless import Error
from frictionless.table import Row

from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.errors import AgencyMismatchError, ErrorTypes, PeriodMismatchError

_ROLLING = "rolling"
_ONE_FIELD: dict[str, Any] = {
    "required": ["fieldName"],
    "properties": {"fieldName": {"type": "string"}},
}


@attrs.define(kw_only=True, repr=False)
class AgencyCheck(RuleCheck):
    """A row names the dataset's agency, or a publisher it is registered to transcribe."""

    type = "agency"
    Errors: ClassVar[ErrorTypes] = [AgencyMismatchError]

    field_name: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = _ONE_FIELD

    def named_fields(self) -> tuple[str, ...]:
        """Return the publisher's column."""
        return (self.field_name,)

    @property
    def lacks_context(self) -> bool:
        """Outside the platform nobody knows the agency."""
        return self.context is None

    def needed_fields(self) -> tuple[str, ...]:
        """Return the publisher's column."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Compare the publisher's name, character by character."""
        value = row[self.field_name]
        if self.context is None or value is None or value in self.context.publishers:
            return
        expected = "、".join(sorted(self.context.publishers))
        note = f'the dataset is registered for "{expected}"'
        yield self.cell_error(AgencyMismatchError, row, self.field_name, note, expected)


@attrs.define(kw_only=True, repr=False)
class PeriodCheck(RuleCheck):
    """A row belongs to the dataset's period; a date is compared by its year or month."""

    type = "period"
    Errors: ClassVar[ErrorTypes] = [PeriodMismatchError]

    field_name: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = _ONE_FIELD

    def named_fields(self) -> tuple[str, ...]:
        """Return the column that holds the period."""
        return (self.field_name,)

    @property
    def lacks_context(self) -> bool:
        """Outside the platform nobody knows the period."""
        return self.context is None or self.context.period is None

    def needed_fields(self) -> tuple[str, ...]:
        """Return the column that holds the period."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Compare the row's period with the dataset's; a rolling dataset has none."""
        value = row[self.field_name]
        period = self.context.period if self.context else None
        if value is None or period is None or period == _ROLLING:
            return
        if _period_text(value, len(period)) != period:
            note = f'the period of the dataset is "{period}"'
            yield self.cell_error(PeriodMismatchError, row, self.field_name, note, period)


def _period_text(value: Any, length: int) -> str:
    """Write a typed value as a period of ``length`` characters (``2020``, ``2020-06``)."""
    if isinstance(value, date):
        return value.isoformat()[:length]
    return f"{value:04d}" if isinstance(value, int) else str(value)
