"""From a rule and the day its term runs from to the day it ends, and how late something was."""

from collections.abc import Sequence
from datetime import date, timedelta

from opendata.domain.deadlines.model import DeadlineRule, Due, LocalRule, Unit
from opendata.domain.terms import add_months
from opendata.domain.working_days import (
    Calendar,
    next_working_day,
    not_before,
    nth_working_day,
    working_days_late,
)

# Whoever writes 9999 means that a day is not known; no term that ends behind it can be counted.
_LAST_YEAR = 9900


def due(
    rule: DeadlineRule,
    trigger: date,
    calendar: Calendar,
    local: Sequence[LocalRule] = (),
    *,
    roll_dates: bool = False,
) -> Due:
    """Return by when something is due whose term runs from ``trigger``, which is day zero.

    Args:
        rule: The rule in force on that day; see ``rule_on``.
        trigger: Local calendar date (Asia/Shanghai).
        calendar: The days worked where it is due.
        local: Rules that hold there; the shortest term that one of them gives counts, unless
            the law's is shorter.
        roll_dates: Whether a day of the year that the law names, and that is a day off, is
            taken for the next working day. The law does not say so.
    """
    count, chosen = strictest(rule, trigger, local)
    if trigger.year > _LAST_YEAR:
        return Due(rule, None, None, count, chosen, trigger, trigger)
    if rule.day is not None:
        day = date(trigger.year + rule.years_after, *rule.day)
        rolled = next_working_day(day, calendar) if roll_dates else day
        return Due(rule, day, rolled, None, None, trigger, rolled or day)
    if count is None:
        return Due(rule, None, None, None, None, trigger)
    if rule.unit is Unit.WORKING:
        found = nth_working_day(trigger, count, calendar)
        earliest = not_before(trigger, count, calendar)
        return Due(rule, found, found, count, chosen, trigger, earliest)
    if rule.unit is Unit.MONTHS:
        day = add_months(trigger, count)
        return Due(rule, day, day, count, chosen, trigger, day)
    day = trigger + timedelta(days=count)
    rolled = next_working_day(day, calendar)
    return Due(rule, day, rolled, count, chosen, trigger, rolled or day)


def late_by(due: Due, done_on: date, calendar: Calendar) -> int | None:
    """Return by how many working days something was late; 0 if it was on time.

    ``None`` where that cannot be told, because a year is not announced or there is no term; see
    ``is_late`` for whether it was late at all.
    """
    if is_late(due, done_on) is False:
        return 0
    return None if due.rolled is None else working_days_late(due.rolled, done_on, calendar)


def is_late(due: Due, done_on: date) -> bool | None:
    """Return whether something that was done on a day was late; ``None`` if nobody can tell.

    What was done while nobody could be late yet was on time, whatever is announced later.
    """
    if due.earliest is not None and done_on <= due.earliest:
        return False
    return None if due.rolled is None else done_on > due.rolled


def strictest(
    rule: DeadlineRule, trigger: date, local: Sequence[LocalRule]
) -> tuple[int | None, LocalRule | None]:
    """Return the count that holds for a term, and the local rule that gave it, if one did."""
    if rule.count is None:
        return None, None
    of_it = [
        each
        for each in local
        if each.speaks_of(rule) and each.is_in_force(trigger) and each.count < rule.count
    ]
    chosen = min(of_it, key=lambda each: each.count, default=None)
    return (chosen.count if chosen else rule.count), chosen
