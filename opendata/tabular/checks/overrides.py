"""Two classes of Frictionless's own, corrected where they would fail us; verdicts stay theirs."""

from decimal import Decimal
from typing import Any, ClassVar

import attrs
from frictionless import checks, fields

from opendata.tabular.checks.base import RULE_NAME


@attrs.define(kw_only=True, repr=False)
class RowConstraint(checks.row_constraint):
    """The built-in ``row-constraint``, which may be named as the domain names its rules."""

    type = "row-constraint"

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["formula"],
        "properties": {"name": RULE_NAME, "formula": {"type": "string"}},
    }


@attrs.define(kw_only=True, repr=False)
class NumberField(fields.NumberField):
    """The built-in ``number``, which a signalling NaN does not bring down.

    ``Decimal("sNaN")`` raises as soon as a bound is compared with it (Frictionless 5.21): one
    cell would end the whole validation with a stack trace. Here it is what it is, no number.
    """

    type = "number"

    def create_value_reader(self) -> Any:
        """Wrap the built-in reader."""
        read: Any = super().create_value_reader()  # type: ignore[no-untyped-call] # upstream's.

        def value_reader(cell: Any) -> Any:
            value = read(cell)
            return None if isinstance(value, Decimal) and value.is_snan() else value

        return value_reader
