"""Timeliness: whether what is published was published in time, record by record.

Late data is published and marked late; it is never refused for being late. What counts is the day
on which the platform first published a record, whatever release carries it today.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from opendata.domain.deadlines import (
    DeadlineRule,
    Due,
    NoSuchRule,
    is_late,
    late_by,
    rule_on,
)
from opendata.domain.working_days import Calendar


class Status(StrEnum):
    """Whether records were in time: late as soon as one is, on time where all of them are."""

    ON_TIME = "on_time"
    LATE = "late"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True)
class Batch:
    """So many records that one rule is for, whose terms run from one day, first shown on another.

    ``rule`` is a rule's or a family's name; ``trigger`` is ``None`` where the records do not tell.
    """

    rule: str
    trigger: date | None
    published_on: date
    count: int


@dataclass(frozen=True, slots=True)
class Punctuality:
    """How many records were in time; ``late_by`` is by how many working days one was late most.

    ``due`` is the day that all of them were due on, ``None`` where there is no such day; ``rule``
    is ``None`` of all rules together, and where a collection has none for such records.
    """

    rule: DeadlineRule | None
    due: date | None = None
    on_time: int = 0
    late: int = 0
    indeterminate: int = 0
    late_by: int | None = None

    @property
    def total(self) -> int:
        """How many records there are."""
        return self.on_time + self.late + self.indeterminate

    @property
    def status(self) -> Status:
        """What is to be said of them all."""
        if self.late:
            return Status.LATE
        return Status.ON_TIME if self.on_time and not self.indeterminate else Status.INDETERMINATE

    def plus(self, other: "Punctuality") -> "Punctuality":
        """Return both together; there is one day left only if it is the same."""
        delays = [each for each in (self.late_by, other.late_by) if each is not None]
        return replace(
            self,
            due=self.due if self.due == other.due else None,
            on_time=self.on_time + other.on_time,
            late=self.late + other.late,
            indeterminate=self.indeterminate + other.indeterminate,
            late_by=max(delays, default=None),
        )


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Whether a release's records were in time, altogether and by rule."""

    published_on: date
    whole: Punctuality
    rules: tuple[Punctuality, ...]


def timeliness(
    batches: Iterable[Batch],
    published_on: date,
    due_on: Callable[[str, date], Due],
    calendar: Calendar,
) -> Timeliness:
    """Say of a release that was published on a day whether its records were in time.

    Args:
        batches: All of its records.
        published_on: The release's own day.
        due_on: By when something is due by a rule, from a day.
        calendar: The days worked where it was due.
    """
    found: dict[str | None, Punctuality] = {}
    for batch in batches:
        one = _punctuality(batch, due_on, calendar)
        name = one.rule.id if one.rule else None
        found[name] = found[name].plus(one) if name in found else one
    told = tuple(found.values())
    whole = Punctuality(None)
    if told:
        whole = replace(told[0], rule=None)
        for each in told[1:]:
            whole = whole.plus(each)
    return Timeliness(published_on, whole, told)


def _punctuality(
    batch: Batch, due_on: Callable[[str, date], Due], calendar: Calendar
) -> Punctuality:
    """Say of some records that have everything in common whether they were in time."""
    try:
        rule = rule_on(batch.rule, batch.trigger or batch.published_on)
    except NoSuchRule:
        return Punctuality(None, indeterminate=batch.count)
    if batch.trigger is None:
        return Punctuality(rule, indeterminate=batch.count)
    due = due_on(batch.rule, batch.trigger)
    late = is_late(due, batch.published_on)
    if late is None:
        return Punctuality(rule, due.rolled, indeterminate=batch.count)
    if not late:
        return Punctuality(rule, due.rolled, on_time=batch.count, late_by=0)
    delay = late_by(due, batch.published_on, calendar)
    return Punctuality(rule, due.rolled, late=batch.count, late_by=delay)
