"""勾稽关系: sums of named items that must be equal within a group."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.domain.headings import bare_heading
from opendata.domain.rounding import Relation
from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.identity import Sums, doubtful_sums
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.figures import FigureCheck
from opendata.tabular.checks.table import Member, Statement
from opendata.tabular.checks.table_errors import IdentityBrokenError

Item = str | list[str]
# Longer sums are told by their first items and their last.
_MOST_NAMED = 8
_ITEMS: dict[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "minItems": 1, "items": {"type": "string"}},
        ]
    },
}


@attrs.define(kw_only=True, repr=False)
class IdentityCheck(FigureCheck):
    """The sum of some items is (or does not exceed) the sum of others.

    ``itemField`` says which item a row is; ``parts`` are added up and compared with the sum of
    ``stated``, times ``factor`` where one is given. An item is a value of ``itemField``, or a list
    of values that mean the same; with ``headings`` the values are names of a table's lines and
    their numbering does not count, nor does the year in ``yearField``. An item that no row has,
    or that two rows have, leaves a group unjudged; where ``absent`` is ``zero``, an item that no
    row has is nothing, as long as each side has one and no item of ``needed`` is missing.
    """

    type = "identity"
    Errors: ClassVar[ErrorTypes] = [IdentityBrokenError]

    item_field: str
    parts: list[Item]
    stated: list[Item]
    relation: Relation = "="
    absent: str = "unjudged"
    needed: list[str] = attrs.field(factory=list)
    headings: bool = False
    factor: str = "1"
    year_field: str | None = None

    _slots: Mapping[str, int] | None = attrs.field(default=None, init=False, eq=False)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["itemField", "parts", "stated"],
        "properties": {
            "itemField": {"type": "string"},
            "parts": _ITEMS,
            "stated": _ITEMS,
            "relation": {"enum": ["=", "<="]},
            "absent": {"enum": ["unjudged", "zero"]},
            "needed": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            "headings": {"type": "boolean"},
            "factor": {"type": "string", "pattern": "^[0-9]+([.][0-9]+)?$"},
            "yearField": {"type": "string"},
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the item's column, those of the figures, and the year's."""
        year = (self.year_field,) if self.year_field else ()
        return (self.item_field, *self.value_fields, *year)

    @property
    def slots(self) -> Mapping[str, int]:
        """Every value that means an item, and which item it means: parts first, then stated."""
        if self._slots is None:
            items = [*self.parts, *self.stated]
            self._slots = {
                bare_heading(value) if self.headings else value: number
                for number, item in enumerate(items)
                for value in ([item] if isinstance(item, str) else item)
            }
        return self._slots

    def slot(self, item: Any, year: int | None = None) -> int | None:
        """Return which item a cell means, if any."""
        if not isinstance(item, str):
            return None
        return self.slots.get(bare_heading(item, year) if self.headings else item)

    def concerns(self, member: Member) -> bool:
        """Say whether the row is one of the items."""
        return self._slot_of(member) is not None

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Compare the two sums in each column of figures."""
        rows: dict[int, Member] = {}
        for member in members:
            slot = self._slot_of(member)
            if slot is None or slot in rows:
                return
            rows[slot] = member
        border = len(self.parts)
        wanted = border + len(self.stated)
        if any(self.slot(each) not in rows for each in self.needed):
            return
        parts = [rows[slot] for slot in range(border) if slot in rows]
        stated = [rows[slot] for slot in range(border, wanted) if slot in rows]
        if not parts or not stated or (self.absent == "unjudged" and len(rows) < wanted):
            return
        for field in self.value_fields:
            found = self.weigh(parts, stated, field, self.relation, Decimal(self.factor))
            if found is not None:
                said = Statement.of(found, self.relation_text, group, field)
                yield from self.figures_error(IdentityBrokenError, (parts, stated), said)

    @property
    def relation_text(self) -> str:
        """The relation in items: ``1 + 2 = 3.7 + 4``."""
        sides = (_side_text(side) for side in (self.parts, self.stated))
        factor = "" if self.factor == "1" else f" × {self.factor}"
        return f" {self.relation} ".join(sides) + factor

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Add up all groups at once."""
        if self.factor != "1" or self.year_field is not None:
            return None
        wanted = len(self.parts) + len(self.stated)
        sums = Sums(
            item_field=self.item_field,
            value_fields=self.value_fields,
            slot=self.slot,
            border=len(self.parts),
            wanted=wanted,
            alone=True,
            all_needed=self.absent == "unjudged",
            bounded=self.relation == "<=",
        )
        return doubtful_sums(frame, columns, self.grouping(), sums)

    def _slot_of(self, member: Member) -> int | None:
        year = member.values[self.year_field] if self.year_field else None
        return self.slot(member.values[self.item_field], year)


def _side_text(side: list[Item]) -> str:
    names = [each if isinstance(each, str) else each[0] for each in side]
    if len(names) > _MOST_NAMED:
        names = [*names[:2], "…", names[-1]]
    return " + ".join(names)
