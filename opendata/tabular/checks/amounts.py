"""An amount in words is the amount in its own column."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error
from frictionless.table import Row

from opendata.domain.rounding import figure, total
from opendata.domain.stated_amounts import fines_stated
from opendata.tabular.certify.doubts import other_fine
from opendata.tabular.certify.model import Column
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.errors import ErrorTypes, StatedAmountError
from opendata.tabular.checks.table import plain


@attrs.define(kw_only=True, repr=False)
class StatedAmountCheck(RuleCheck):
    """The fine that a text names is the one in ``amountField``, which is in ``scale`` 元.

    A text may name several; the column holds one of them, or their sum. Where the text names
    none, or the column holds none, nothing is judged.
    """

    type = "stated-amount"
    Errors: ClassVar[ErrorTypes] = [StatedAmountError]

    field_name: str
    amount_field: str
    scale: int = 1

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "amountField"],
        "properties": {
            "fieldName": {"type": "string"},
            "amountField": {"type": "string"},
            "scale": {"type": "integer", "minimum": 1},
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the text's column and the amount's."""
        return (self.field_name, self.amount_field)

    def needed_fields(self) -> tuple[str, ...]:
        """Return the text's column and the amount's."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Read the text."""
        text, amount = row[self.field_name], figure(row[self.amount_field])
        if text is None or amount is None:
            return
        stated = fines_stated(text)
        expected = amount * self.scale
        if stated and expected not in stated and expected != total(stated):
            found = " / ".join(plain(each.normalize()) for each in stated)
            said = plain(expected.normalize())
            note = f"the text says {found}, the column {said}"
            yield StatedAmountError(
                note=note, expected=said, found=found, **self.placed(row, self.field_name)
            )

    def doubt(self, columns: Mapping[str, Column]) -> pl.Expr | None:
        """Read the plain texts."""
        return other_fine(columns[self.field_name], columns[self.amount_field], self.scale)
