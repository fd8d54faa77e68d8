"""Printed shares: part by total, rounded half up to the digits that are printed."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.domain.rounding import figure, rounded_share
from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.cells import mapped
from opendata.tabular.certify.tables.grouped import Grouped, grouped
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.groups import GroupCheck
from opendata.tabular.checks.table import Member, Statement, plain
from opendata.tabular.checks.table_errors import ShareWrongError

_ONE = {"type": "string"}


@attrs.define(kw_only=True, repr=False)
class ShareCheck(GroupCheck):
    """A printed share is part by total.

    ``shares`` name three items each (values of ``itemField``): the ``share``, its ``part`` and
    the ``total``. ``per`` is what a share is of: 100 for per cent. A share is judged where each
    of the three has one row, and all are readable.
    """

    type = "share"
    Errors: ClassVar[ErrorTypes] = [ShareWrongError]

    item_field: str
    value_field: str
    shares: list[Mapping[str, str]]
    per: int = 100

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["itemField", "valueField", "shares"],
        "properties": {
            "itemField": _ONE,
            "valueField": _ONE,
            "per": {"type": "integer", "minimum": 1},
            "shares": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["share", "part", "total"],
                    "properties": {"share": _ONE, "part": _ONE, "total": _ONE},
                    "additionalProperties": False,
                },
            },
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the item's column and the figure's."""
        return (self.item_field, self.value_field)

    @property
    def items(self) -> frozenset[str]:
        """Every item that is a share, a part or a total."""
        return frozenset(item for each in self.shares for item in each.values())

    def concerns(self, member: Member) -> bool:
        """Say whether the row is one of the items."""
        return member.values[self.item_field] in self.items

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Work out each share."""
        rows: dict[str, list[Member]] = {}
        for member in members:
            rows.setdefault(member.values[self.item_field], []).append(member)
        for each in self.shares:
            named = [rows.get(each[key], []) for key in ("share", "part", "total")]
            if all(len(found) == 1 for found in named):
                trio = [found[0] for found in named]
                yield from self._judge(group, trio, f"{each['part']} ÷ {each['total']}")

    def _judge(self, group: str, trio: list[Member], relation: str) -> Iterator[Error]:
        figures = [figure(each.values[self.value_field]) for each in trio]
        share, part, total = figures
        if share is None or part is None or total is None or total <= 0:
            return
        expected = rounded_share(part, total, share, Decimal(self.per))
        if share != expected:
            said = Statement(
                relation=relation,
                expected=plain(expected),
                found=plain(share),
                difference=plain(share - expected),
                comparison="violated",
                group=group,
                field=self.value_field,
            )
            yield self.table_error(ShareWrongError, trio, said, trio[0])

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Doubt every group that prints a share: few rows do."""
        shares = frozenset(each["share"] for each in self.shares)
        column = columns[self.item_field]
        found = mapped(frame[self.item_field], column, self._kind(shares), pl.Int64)
        if found is None:
            return None
        within = grouped(frame.with_columns(found.alias("kind")), self.grouping(), columns)
        if within is None:
            return None
        rows = within.rows.filter(pl.col("kind").is_not_null())
        printed = rows.filter(pl.col("kind") == 1)
        return Grouped(rows, within.keys, within.height).marked(printed)

    def _kind(self, shares: frozenset[str]) -> Any:
        items = self.items

        def kind(value: Any) -> int | None:
            if value in shares:
                return 1
            return 0 if value in items else None

        return kind
