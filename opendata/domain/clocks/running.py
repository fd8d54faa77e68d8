"""The walk through a request's events, in the order of their days."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from opendata.domain.clocks import reasons
from opendata.domain.clocks.model import Clock, Event, Happening, Status
from opendata.domain.clocks.spans import End, Span, end_of, joined
from opendata.domain.deadlines import (
    DeadlineRule,
    Due,
    LocalRule,
    NoSuchRule,
    due,
    is_late,
    late_by,
    rule_on,
    strictest,
)
from opendata.domain.errors import Text
from opendata.domain.working_days import Calendar

_ENDS = frozenset({Happening.ANSWERED, Happening.CLOSED})


def request_clock(
    events: Sequence[Event], today: date, calendar: Calendar, local: Sequence[LocalRule] = ()
) -> Clock:
    """Return where a request stands at the end of ``today``; what happened later is not seen.

    Args:
        events: What happened, the receipt among it; those of one day in the order they happened.
        today: Local calendar date (Asia/Shanghai).
        calendar: The days worked where the agency is.
        local: Rules that hold for the agency and shorten terms.

    Raises:
        ValueError: the request was not received by then.
        NoSuchRule: it was received before there was a right to ask.
    """
    seen = [each for each in sorted(events, key=lambda each: each.on) if each.on <= today]
    receipt = next((each for each in seen if each.kind is Happening.RECEIVED), None)
    if receipt is None:
        message = "A clock begins with the receipt of the request."
        raise ValueError(message)
    walk = _Walk(receipt.on, calendar, local)
    for each in seen[seen.index(receipt) + 1 :]:
        if each.kind in _ENDS:
            return walk.finished(each.on)
        walk.take(each)
    return walk.standing(today)


class _Walk:
    """What is known of a clock up to one of its events."""

    def __init__(self, received: date, calendar: Calendar, local: Sequence[LocalRule]) -> None:
        self.calendar, self.local = calendar, local
        self.why: list[Text] = []
        self.was_asked = False
        self._start(received)

    def _start(self, day: date) -> None:
        """Begin the term, from nothing: the rule is the one in force on that day."""
        self.started, self.rule = day, rule_on("REQ", day)
        count, chosen = strictest(self.rule, day, self.local)
        self.count, self.chosen = count or 0, chosen
        self.why.append(reasons.started(self.rule, day, self.count, chosen))
        self.extended = 0
        # By the kind of hearing, when it began and ended, and how many have not answered yet.
        self.hearings: dict[str, tuple[date, date | None]] = {}
        self.silent: dict[str, int] = {}
        self.suspensions: list[Span] = []
        self.waiting: Event | None = None

    def take(self, event: Event) -> None:
        """Let one event change the clock, unless the term ended before it could be known."""
        known_on = event.known_on or event.on
        if self.waiting is None and is_late(self._due(event.on), known_on):
            if event.kind in _BEGINNINGS:
                self.why.append(reasons.too_late(event))
            return
        changes = _CHANGES.get(event.kind)
        if changes is not None:
            changes(self, event)

    def ask_correction(self, event: Event) -> None:
        if self.was_asked:
            self.why.append(reasons.asked_twice(event.on))
            return
        self.was_asked, self.waiting = True, event
        asked = self._rule("REQ-CORR", self.started)
        term = asked and due(asked, self.started, self.calendar, self.local)
        if term and is_late(term, event.on):
            self.why.append(reasons.asked_late(event.on, term))

    def notice_fee(self, event: Event) -> None:
        if self._rule("FEE-NOTICE", event.on) is None:
            self.why.append(reasons.no_fee(event.on))
        else:
            self.waiting = event

    def restart(self, event: Event) -> None:
        waited = _RESTARTS[event.kind]
        if self.waiting is None or self.waiting.kind is not waited:
            self.why.append(reasons.not_awaited(event))
            return
        self.why.append(reasons.restarted(event))
        self._start(event.on)

    def hear(self, event: Event) -> None:
        """Stop the clock, once for each kind; who is asked while that lasts is heard in it."""
        if event.heard not in self.hearings:
            self.hearings[event.heard] = (event.on, None)
            self.silent[event.heard] = 1
        elif self._is_heard(event):
            self.silent[event.heard] += 1
        else:
            self.why.append(reasons.heard_again(event.on))

    def heard(self, event: Event) -> None:
        # Of a hearing that nobody answered in time, or that is over, an opinion changes nothing.
        if not self._is_heard(event):
            return
        self.silent[event.heard] -= 1
        if self.silent[event.heard] == 0:
            self.hearings[event.heard] = (self.hearings[event.heard][0], event.on)

    def _is_heard(self, event: Event) -> bool:
        """Whether a hearing of the event's kind goes on, and the opinion is not overdue."""
        began, ended = self.hearings.get(event.heard, (event.on, event.on))
        cap = self._opinion_due(began)
        return ended is None and (cap is None or event.on <= cap)

    def suspend(self, event: Event) -> None:
        if not self._is_suspended():
            self.suspensions.append(Span(event.on, None))

    def resume(self, event: Event) -> None:
        if self._is_suspended():
            self.suspensions[-1] = Span(self.suspensions[-1].after, event.on)

    def extend(self, event: Event) -> None:
        rule = rule_on("REQ-EXT", self.started)
        most, _ = strictest(rule, self.started, self.local)
        left = (most or 0) - self.extended
        wanted = left if event.days is None else event.days
        self.extended += min(wanted, left)
        self.why.append(reasons.extended(event.on, wanted, left))

    def finished(self, day: date) -> Clock:
        """Return the clock of a request that was answered or closed."""
        end = self._due(day, is_over=True)
        late = 0 if self.waiting else late_by(end, day, self.calendar)
        told = None if self.waiting else end.day
        return self._clock(day, Status.FINISHED, told, remaining=None, late=late)

    def standing(self, today: date) -> Clock:
        """Return the clock of a request that is open."""
        if self.waiting:
            self.why.append(reasons.awaited(self.waiting, self._payment_due(), today))
            return self._clock(today, Status.WAITING, None, remaining=None, late=None)
        end = self._end(today)
        if end.stopped is not None:
            used = self.calendar.worked(self.started, end.stopped.after)
            left = None if used is None else end.count - used
            return self._clock(today, Status.STOPPED, None, remaining=left, late=None)
        if end.day is None:
            self.why.append(reasons.not_announced(self.calendar.last.year + 1, end.earliest))
            return self._clock(today, Status.INDETERMINATE, None, remaining=None, late=None)
        late = late_by(self._due(today), today, self.calendar)
        left = -late if late else self.calendar.worked(today, end.day)
        return self._clock(today, Status.RUNNING, end.day, remaining=left, late=None)

    def _clock(
        self, at: date, status: Status, day: date | None, *, remaining: int | None, late: int | None
    ) -> Clock:
        spans = self._spans(at, is_over=status is Status.FINISHED)
        why = [*self.why, *map(reasons.not_counted, spans)]
        why += [reasons.overstayed(began, cap) for began, cap in self._overstayed(at)]
        return Clock(
            self.rule,
            self.started,
            day,
            status,
            remaining,
            late,
            tuple(each.days for each in spans),
            tuple(why),
        )

    def _due(self, at: date, *, is_over: bool = False) -> Due:
        """Return by when the answer is due as it looks on a day."""
        end = self._end(at, is_over=is_over)
        return Due(self.rule, end.day, end.day, end.count, self.chosen, self.started, end.earliest)

    def _end(self, at: date, *, is_over: bool = False) -> End:
        spans = self._spans(at, is_over=is_over)
        return end_of(self.started, self.count + self.extended, spans, self.calendar)

    def _spans(self, at: date, *, is_over: bool) -> tuple[Span, ...]:
        """Return what is not counted, as it looks on a day; when all is over nothing goes on."""
        open_end = at if is_over else None
        spans = []
        for began, ended, cap in self._heard():
            until = ended or open_end
            if cap and (until or at) > cap:
                until = cap
            spans.append(Span(began, until))
        spans += [Span(each.after, each.until or open_end) for each in self.suspensions]
        return joined(spans)

    def _heard(self) -> list[tuple[date, date | None, date | None]]:
        """Return when hearings began and ended, and by when an opinion was to be given."""
        spans = self.hearings.values()
        return [(began, ended, self._opinion_due(began)) for began, ended in spans]

    def _overstayed(self, at: date) -> list[tuple[date, date]]:
        return [(began, cap) for began, ended, cap in self._heard() if cap and (ended or at) > cap]

    def _opinion_due(self, began: date) -> date | None:
        rule = self._rule("REQ-3P", began)
        return due(rule, began, self.calendar, self.local).day if rule else None

    def _payment_due(self) -> Due | None:
        """Return by when a fee is to be paid, while that is awaited."""
        if self.waiting is None or self.waiting.kind is not Happening.FEE_NOTICED:
            return None
        day = self.waiting.on
        return due(rule_on("FEE-PAY", day), day, self.calendar, self.local)

    def _is_suspended(self) -> bool:
        return bool(self.suspensions) and self.suspensions[-1].until is None

    def _rule(self, name: str, day: date) -> DeadlineRule | None:
        """Return the rule of a name that is in force on a day, if there was one yet."""
        try:
            return rule_on(name, day)
        except NoSuchRule:
            return None


_BEGINNINGS = frozenset(
    {
        *(Happening.CORRECTION_ASKED, Happening.FEE_NOTICED, Happening.EXTENDED),
        *(Happening.HEARING_BEGAN, Happening.SUSPENDED),
    }
)
# What ends the waiting for the applicant, and what had begun it.
_RESTARTS = {
    Happening.CORRECTED: Happening.CORRECTION_ASKED,
    Happening.FEE_PAID: Happening.FEE_NOTICED,
}
_CHANGES: Mapping[Happening, Callable[[_Walk, Event], None]] = {
    Happening.CORRECTION_ASKED: _Walk.ask_correction,
    Happening.CORRECTED: _Walk.restart,
    Happening.HEARING_BEGAN: _Walk.hear,
    Happening.HEARING_ENDED: _Walk.heard,
    Happening.EXTENDED: _Walk.extend,
    Happening.SUSPENDED: _Walk.suspend,
    Happening.RESUMED: _Walk.resume,
    Happening.FEE_NOTICED: _Walk.notice_fee,
    Happening.FEE_PAID: _Walk.restart,
}
