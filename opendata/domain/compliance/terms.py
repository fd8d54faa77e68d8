"""Terms: by when what was triggered on a day is due, worked out once for all that share it."""

from collections.abc import Callable
from datetime import date

from opendata.domain.deadlines import RULES, Due, NoSuchRule, is_late, late_by
from opendata.domain.working_days import Calendar

# 《政府信息公开条例》第二十六条: twenty working days, where nothing else is laid down.
GENERAL_RULE = "PRO"

Calendars = Callable[[str | None], Calendar]
# What is due by a rule of a trigger date, for an agency in a region; it raises ``NoSuchRule``.
Dues = Callable[[str, date, str, str | None], Due]


# The rules whose terms run from when information is made, which for a period is its end; the
# others run from something that happens on a day of its own.
_FROM_THE_END = frozenset({"PRO", "PRO-GY", "AR-DEPT", "AR-GOV", "AR-GY"})


def runs_from_the_end(rule: str) -> bool:
    """Whether a period's term by a rule, or a family of them, runs from the period's last day.

    >>> runs_from_the_end("PRO-2019"), runs_from_the_end("BUD-DEPT")
    (True, False)
    """
    known = RULES.get(rule)
    families = (rule,) if known is None else known.families
    return not _FROM_THE_END.isdisjoint(families)


class Term:
    """A trigger and what is due of it; ``due`` is ``None`` where no rule was in force then."""

    __slots__ = ("_calendar", "_late", "due", "trigger")

    def __init__(self, trigger: date, found: Due | None, calendar: Calendar) -> None:
        """Keep what was found."""
        self.trigger = trigger
        self.due = found
        self._calendar = calendar
        self._late: dict[date, int | None] = {}

    @property
    def rule(self) -> str:
        """The id of the rule, empty where there is none."""
        return "" if self.due is None else self.due.rule.id

    @property
    def day(self) -> date | None:
        """The day it is due, ``None`` where nobody can tell yet."""
        return None if self.due is None else self.due.day

    @property
    def rolled(self) -> date | None:
        """The day by which lateness is judged, ``None`` where nobody can tell yet."""
        return None if self.due is None else self.due.rolled

    def is_late(self, on: date) -> bool | None:
        """Return whether what is done on a day is late; ``None`` where nobody can tell yet."""
        if on <= self.trigger:
            return False
        return None if self.due is None else is_late(self.due, on)

    def late_by(self, on: date) -> int | None:
        """Return by how many working days ``on`` is late; ``None`` where nobody can tell yet."""
        if on not in self._late:
            late = None if self.due is None else late_by(self.due, on, self._calendar)
            self._late[on] = late
        return self._late[on]


class Terms:
    """Terms by rule, trigger, agency and region; equal ones are one and the same."""

    def __init__(self, calendar_of: Calendars, due_of: Dues) -> None:
        """Count by these calendars, and by the rules that ``due_of`` knows."""
        self._calendar_of = calendar_of
        self._due_of = due_of
        self._known: dict[tuple[str | None, date, str, str | None], Term] = {}

    def term(self, rule: str | None, trigger: date, agency: str, region: str | None) -> Term:
        """Return the term of a trigger; by the general rule where none is named or in force."""
        key = (rule, trigger, agency, region)
        found = self._known.get(key)
        if found is None:
            names = dict.fromkeys((rule or GENERAL_RULE, GENERAL_RULE))
            dues = (self._due(each, trigger, agency, region) for each in names)
            due = next((each for each in dues if each is not None), None)
            found = self._known[key] = Term(trigger, due, self._calendar_of(region))
        return found

    def _due(self, rule: str, trigger: date, agency: str, region: str | None) -> Due | None:
        """Return what is due; ``None`` where no such rule was in force then."""
        try:
            return self._due_of(rule, trigger, agency, region)
        except NoSuchRule:
            return None
