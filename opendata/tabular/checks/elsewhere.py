"""Rules that compare a figure with what is published elsewhere; they need the platform."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from frictionless import Error

from opendata.domain.rounding import Verdict, compare, figure
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.groups import GroupCheck, group_text
from opendata.tabular.checks.table import Member, Statement
from opendata.tabular.checks.table_errors import BoundElsewhereError

_ONE = {"type": "string"}


@attrs.define(kw_only=True, repr=False)
class ElsewhereCheck(GroupCheck):
    """A rule that asks what is published."""

    @property
    def lacks_context(self) -> bool:
        """Outside the platform nothing else is known."""
        return self.context is None or self.context.releases is None


@attrs.define(kw_only=True, repr=False)
class SubordinateCheck(ElsewhereCheck):
    """What a region states does not exceed what a region above it has published.

    Rows are compared where they agree in ``groupBy``; ``regionField`` holds codes of GB/T 2260.
    """

    type = "subordinate"
    Errors: ClassVar[ErrorTypes] = [BoundElsewhereError]

    region_field: str
    value_field: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["regionField", "valueField"],
        "properties": {"regionField": _ONE, "valueField": _ONE},
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the region's column and the figure's."""
        return (self.region_field, self.value_field)

    def conclude(self) -> Iterable[Error]:
        """Ask for the regions above once, then compare group by group."""
        above = self._above()
        for key, members in self._groups.items():
            for member in members:
                yield from self._judge(key, member, above)

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Yield nothing: ``conclude`` judges."""
        yield from ()

    def _judge(
        self, key: tuple[Any, ...], member: Member, above: Mapping[tuple[Any, ...], Decimal]
    ) -> Iterator[Error]:
        stated = figure(member.values[self.value_field])
        for region in regions_above(member.values[self.region_field]):
            most = above.get((region, *key))
            if stated is None or most is None:
                continue
            said = compare([stated], [most], "<=", counts=True)
            if said.verdict is Verdict.VIOLATED:
                relation = f"{member.values[self.region_field]} <= {region}"
                words = Statement.of(said, relation, group_text(key), self.value_field)
                yield self.table_error(BoundElsewhereError, [member], words, member)

    def _above(self) -> Mapping[tuple[Any, ...], Decimal]:
        releases = self.context.releases if self.context else None
        members = [each for group in self._groups.values() for each in group]
        codes = {
            region for each in members for region in regions_above(each.values[self.region_field])
        }
        if releases is None or not codes:
            return {}
        values: dict[str, list[Any]] = {self.region_field: sorted(codes)}
        for place, name in enumerate(self.group_by):
            values[name] = sorted({key[place] for key in self._groups if key[place] is not None})
        found: dict[tuple[Any, ...], Decimal] = {}
        for record in releases.matching(self.named_fields(), values) or ():
            value = figure(record[self.value_field])
            if value is not None and self.selects(record):
                key = tuple(record[name] for name in (self.region_field, *self.group_by))
                found[key] = max(value, found.get(key, value))
        return found


def regions_above(code: Any) -> tuple[str, ...]:
    """Return the codes of the prefecture and the province that a region lies in.

    >>> regions_above("440402"), regions_above("440400"), regions_above("440000")
    (('440400', '440000'), ('440000',), ())
    """
    if not isinstance(code, str) or len(code) != 6:
        return ()
    return (
        tuple(above for above in (f"{code[:4]}00", f"{code[:2]}0000") if above != code)
        if not code.endswith("0000")
        else ()
    )
