"""上年结转: a period begins with what the previous period of the same series ended with."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from frictionless import Error

from opendata.domain.headings import bare_heading
from opendata.domain.rounding import as_fine_as, compare, figure
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.figures import FigureCheck
from opendata.tabular.checks.groups import group_text
from opendata.tabular.checks.table import RELEASED, Member, Statement
from opendata.tabular.checks.table_errors import ContinuityBrokenError

_NAMES: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_ITEM: dict[str, Any] = {"type": "array", "minItems": 1, "items": {"type": "string"}}


@attrs.define(kw_only=True, repr=False)
class ContinuityCheck(FigureCheck):
    """What a series has ``now`` is what it had ``before``, plus what was added, less what went.

    A series is what rows of different periods agree on: ``groupBy``, which begins with the
    publisher. ``periodField`` is a year. ``now``, ``before``, ``added`` and ``removed`` are values
    of ``itemField`` (``now`` and ``before`` may list several that mean the same; ``headings`` as
    in ``identity``). The previous period is looked up among what is published; where there is
    none, nothing is judged. ``reasonField`` is a column that may explain a break: with
    ``reasoned`` the rule looks at rows that have a reason, without it at those that have none.
    """

    type = "continuity"
    Errors: ClassVar[ErrorTypes] = [ContinuityBrokenError]

    period_field: str
    item_field: str
    now: list[str]
    before: list[str]
    added: list[str] = attrs.field(factory=list)
    removed: list[str] = attrs.field(factory=list)
    headings: bool = False
    reason_field: str | None = None
    reasoned: bool = False

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["periodField", "itemField", "now", "before"],
        "properties": {
            "periodField": {"type": "string"},
            "itemField": {"type": "string"},
            "now": _ITEM,
            "before": _ITEM,
            "added": _NAMES,
            "removed": _NAMES,
            "headings": {"type": "boolean"},
            "reasonField": {"type": "string"},
            "reasoned": {"type": "boolean"},
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the period's column, the item's, the figures' and the reason's."""
        reason = (self.reason_field,) if self.reason_field else ()
        return (self.period_field, self.item_field, *self.value_fields, *reason)

    @property
    def lacks_context(self) -> bool:
        """Outside the platform no other period is known."""
        return self.context is None or self.context.releases is None

    def concerns(self, member: Member) -> bool:
        """Say whether the row is one of this period's items."""
        item = member.values[self.item_field]
        wanted = {self._read(each) for each in (*self.now, *self.added, *self.removed)}
        return self._read(item) in wanted and member.values[self.period_field] is not None

    def conclude(self) -> Iterable[Error]:
        """Ask for the previous periods once, then judge series by series."""
        series: dict[tuple[Any, ...], list[Member]] = {}
        for key, members in self._groups.items():
            for member in members:
                series.setdefault((*key, member.values[self.period_field]), []).append(member)
        known = self._previous(series)
        for whole, members in series.items():
            before = known.get((*whole[:-1], previous(whole[-1])), [])
            if len(before) == 1:
                yield from self._judge(group_text(whole), members, before[0])

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Yield nothing: a group spans periods, and ``conclude`` takes them apart."""
        yield from ()

    def _previous(
        self, series: Mapping[tuple[Any, ...], Sequence[Member]]
    ) -> Mapping[tuple[Any, ...], list[Mapping[str, Any]]]:
        """Return what was ``before``, by series and period."""
        releases = self.context.releases if self.context else None
        if releases is None or not series:
            return {}
        values = {
            self.period_field: sorted({previous(whole[-1]) for whole in series}),
            self.group_by[0]: sorted({whole[0] for whole in series if whole[0] is not None}),
        }
        wanted = {self._read(each) for each in self.before}
        found: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
        for record in releases.matching(self.named_fields(), values) or ():
            if self._read(record[self.item_field]) in wanted and self.selects(record):
                key = tuple(record[name] for name in (*self.group_by, self.period_field))
                found.setdefault(key, []).append(record)
        return found

    def _judge(
        self, group: str, members: list[Member], before: Mapping[str, Any]
    ) -> Iterator[Error]:
        items: dict[str, list[Member]] = {}
        for member in members:
            items.setdefault(self._read(member.values[self.item_field]), []).append(member)
        now = [row for each in self.now for row in items.get(self._read(each), [])]
        added = [row for each in self.added for row in items.get(self._read(each), [])]
        removed = [row for each in self.removed for row in items.get(self._read(each), [])]
        complete = len(added) == len(self.added) and len(removed) == len(self.removed)
        if len(now) != 1 or not complete or not self._is_asked_about(now[0]):
            return
        for field in self.value_fields:
            stated = self._figures([*now, *removed], field)
            parts = self._figures([Member(RELEASED, before), *added], field)
            if not stated or not parts:
                continue
            # What is published has lost the idle zeros that said how fine it was.
            parts[0] = as_fine_as(parts[0], stated[0])
            found = compare(parts, stated, counts=self.counts)
            if found.verdict.value == self.report:
                said = Statement.of(found, self._relation, group, field)
                rows = [*now, *added, *removed]
                yield self.table_error(ContinuityBrokenError, rows, said, now[0])

    def _figures(self, members: Sequence[Member], field: str) -> list[Decimal]:
        """Return a figure of each row, none at all where one is missing."""
        figures = [figure(each.values[field]) for each in members]
        known = [each for each in figures if each is not None]
        return known if len(known) == len(figures) else []

    @property
    def _relation(self) -> str:
        left = " + ".join([f"{self.before[0]} (−1)", *self.added])
        return f"{left} = {' + '.join([self.now[0], *self.removed])}"

    def _is_asked_about(self, member: Member) -> bool:
        if self.reason_field is None:
            return True
        return (member.values[self.reason_field] is not None) == self.reasoned

    def _read(self, item: Any) -> str:
        return bare_heading(str(item)) if self.headings else str(item)


def previous(period: Any) -> Any:
    """Return the period before a year, or before a month (a date, or ``2020-06``).

    >>> previous(2020), previous("2020-01"), previous(date(2020, 3, 1))
    (2019, '2019-12', datetime.date(2020, 2, 1))
    """
    if isinstance(period, int):
        return period - 1
    if isinstance(period, date):
        months = period.year * 12 + period.month - 2
        return date(months // 12, months % 12 + 1, 1)
    months = int(period[:4]) * 12 + int(period[5:7]) - 2
    return f"{months // 12:04d}-{months % 12 + 1:02d}"
