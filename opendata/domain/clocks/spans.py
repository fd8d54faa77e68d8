"""Spans of days that a term does not count, and where the term ends because of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from opendata.domain.working_days import Calendar, not_before

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days that are not counted: those behind ``after``, until ``until``; ``None`` goes on."""

    after: date
    until: date | None

    @property
    def days(self) -> tuple[date, date | None]:
        """The first and the last day that is not counted."""
        return self.after + _DAY, self.until


@dataclass(frozen=True, slots=True)
class End:
    """Where a term ends: ``day``, not before ``earliest``, or nobody knows as it is ``stopped``.

    ``count`` are the working days it takes from its beginning, those not counted included.
    """

    day: date | None
    earliest: date
    count: int
    stopped: Span | None = None


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans as few as can be: in order, apart from each other, none of them empty."""
    found: list[Span] = []
    for each in sorted(spans, key=lambda span: (span.after, span.until or date.max)):
        if each.until is not None and each.until <= each.after:
            continue
        last = found[-1] if found else None
        if last is None or (last.until is not None and last.until < each.after):
            found.append(each)
        elif last.until is not None and (each.until is None or each.until > last.until):
            found[-1] = Span(last.after, each.until)
    return tuple(found)


def end_of(start: date, count: int, spans: Sequence[Span], calendar: Calendar) -> End:
    """Return where a term of ``count`` working days ends that begins behind ``start``.

    ``spans`` are joined, and none begins before ``start``.
    """
    for span in spans:
        day = calendar.nth(start, count)
        if day is not None and day <= span.after:
            break
        if span.until is None:
            return End(None, span.after, count, span)
        skipped = calendar.worked(span.after, span.until)
        if skipped is None:
            # Which of these days are worked is not known: it ends at least as many days later.
            return End(None, not_before(start, count, calendar) or start, count)
        count += skipped
    day = calendar.nth(start, count)
    return End(day, not_before(start, count, calendar) or start, count)
