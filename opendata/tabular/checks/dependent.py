"""Rules in which one column decides over another."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
from frictionless import Error
from frictionless.table import Row

from opendata.tabular.checks import conditions
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.errors import (
    DateOrderError,
    EmptyWhenError,
    ErrorTypes,
    RequiredWhenError,
)

_CONDITIONAL: dict[str, Any] = {
    "required": ["fieldNames", "when"],
    "properties": {
        "fieldNames": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "when": conditions.PROFILE,
    },
}


@attrs.define(kw_only=True, repr=False)
class RequiredWhenCheck(RuleCheck):
    """The named columns have values whenever the condition holds."""

    type = "required-when"
    Errors: ClassVar[ErrorTypes] = [RequiredWhenError]

    field_names: list[str]
    when: Mapping[str, Any]

    metadata_profile_patch: ClassVar[dict[str, Any]] = _CONDITIONAL

    def named_fields(self) -> tuple[str, ...]:
        """Return the columns and the condition's."""
        return (*self.field_names, self.when["fieldName"])

    def needed_fields(self) -> tuple[str, ...]:
        """Return the condition's column."""
        return (self.when["fieldName"],)

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Report empty cells; one that could not be read is reported as a type error."""
        condition = conditions.Condition.of(self.when)
        if not condition.holds(row):
            return
        for name in self.field_names:
            if self.is_blank(row, name):
                note = f"a value is required when {condition.text}"
                yield self.cell_error(RequiredWhenError, row, name, note, condition.text)


@attrs.define(kw_only=True, repr=False)
class EmptyWhenCheck(RuleCheck):
    """The named columns are empty whenever the condition holds."""

    type = "empty-when"
    Errors: ClassVar[ErrorTypes] = [EmptyWhenError]

    field_names: list[str]
    when: Mapping[str, Any]

    metadata_profile_patch: ClassVar[dict[str, Any]] = _CONDITIONAL

    def named_fields(self) -> tuple[str, ...]:
        """Return the columns and the condition's."""
        return (*self.field_names, self.when["fieldName"])

    def needed_fields(self) -> tuple[str, ...]:
        """Return the condition's column."""
        return (self.when["fieldName"],)

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Report cells that hold anything."""
        condition = conditions.Condition.of(self.when)
        if not condition.holds(row):
            return
        for name in self.field_names:
            if not self.is_blank(row, name):
                note = f"the cell must be empty when {condition.text}"
                yield self.cell_error(EmptyWhenError, row, name, note, condition.text)


@attrs.define(kw_only=True, repr=False)
class NotAfterCheck(RuleCheck):
    """One value is not after another, when both are there."""

    type = "not-after"
    Errors: ClassVar[ErrorTypes] = [DateOrderError]

    field_name: str
    other: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "other"],
        "properties": {"fieldName": {"type": "string"}, "other": {"type": "string"}},
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return both columns."""
        return (self.field_name, self.other)

    def needed_fields(self) -> tuple[str, ...]:
        """Return both columns."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Compare the two; the contract's loader saw that they are of one ordered type."""
        first, second = row[self.field_name], row[self.other]
        if first is not None and second is not None and first > second:
            note = f'must not be after "{self.other}" ({second})'
            yield self.cell_error(DateOrderError, row, self.field_name, note, self.other)
