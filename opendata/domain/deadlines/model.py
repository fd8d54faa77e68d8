"""What a deadline is: a rule of law, a local rule that tightens it, and the day that follows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opendata.domain.errors import Text, Unprocessable


class NoSuchRule(Unprocessable):
    """No deadline rule has this name, or none of that name was in force on the day."""

    code = "no-such-rule"
    title = Text("没有这条时限规则", "There is no such deadline rule")


class Unit(StrEnum):
    """What a term is counted in; a date is a day of a year, which nothing is counted to."""

    WORKING = "wd"
    CALENDAR = "cd"
    DATE = "date"
    MONTHS = "m"


class Severity(StrEnum):
    """What a term that was missed means for the data: what is late is published all the same."""

    WARNING = "warning"
    ERROR = "error"


_COUNTED = {
    Unit.WORKING: Text("个工作日", "working day"),
    Unit.CALENDAR: Text("日", "day"),
    Unit.MONTHS: Text("个月", "month"),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """One rule: what is due, from which day on, how long, and on what legal basis.

    ``families`` are the names under which the rule of the day is asked for: ``REQ`` is
    ``REQ-2008`` or ``REQ-2019``. ``count`` is ``None`` where the law gives no number of its own;
    ``said`` are the words of the term then. ``day`` is a month and a day, ``years_after`` the
    year that the trigger is in. ``extension`` is by how much the term may be prolonged at most,
    ``uncounted`` by how much others may take at most that is not counted, both in ``unit``.
    ``since`` and ``until`` are the trigger days it is in force for. ``is_local`` says that it
    binds where it was made and nowhere else; ``is_others`` that the term is somebody else's time,
    or the public's, which no agency may shorten.
    """

    id: str
    families: tuple[str, ...]
    title: Text
    trigger: Text
    basis: str
    unit: Unit
    count: int | None = None
    day: tuple[int, int] | None = None
    years_after: int = 1
    since: date | None = None
    until: date | None = None
    extension: int | None = None
    uncounted: int | None = None
    said: Text | None = None
    severity: Severity = Severity.WARNING
    is_local: bool = False
    is_others: bool = False

    @property
    def family(self) -> str:
        """The first name under which the rule of the day is asked for."""
        return self.families[0]

    @property
    def term(self) -> Text:
        """By when it is due, in words."""
        return self.told(self.count)

    def told(self, count: int | None) -> Text:
        """Return the words of the term, with another count where a local rule gives one."""
        if self.day is not None:
            month, day = self.day
            zh, en = ("次年", " of the year after") if self.years_after else ("当年", "")
            return Text(f"{zh} {month} 月 {day} 日前", f"by {day} {_MONTHS[month - 1]}{en}")
        if count is None:
            return self.said or Text(f"自{self.trigger.zh}起", f"from when {self.trigger.en}")
        unit = _COUNTED[self.unit]
        many = "" if count == 1 else "s"
        return Text(
            f"{self.trigger.zh}起 {count} {unit.zh}内",
            f"{count} {unit.en}{many} after {self.trigger.en}",
        )

    def is_in_force(self, trigger: date) -> bool:
        """Whether terms that begin on a day follow this rule."""
        began = self.since is None or self.since <= trigger
        return began and (self.until is None or trigger <= self.until)


@dataclass(frozen=True, slots=True)
class LocalRule:
    """A shorter term that an agency or a region set itself; ``rule`` is an id or a family.

    ``region`` is the beginning of the codes of the regions it holds in; ``None``, like no
    ``agency``: in all.
    """

    rule: str
    count: int
    agency: str | None
    region: str | None
    basis: str
    since: date | None = None
    until: date | None = None

    def speaks_of(self, rule: DeadlineRule) -> bool:
        """Whether it is about a rule, whenever that is."""
        return self.rule == rule.id or self.rule in rule.families

    def is_in_force(self, trigger: date) -> bool:
        """Whether terms that begin on a day follow it."""
        began = self.since is None or self.since <= trigger
        return began and (self.until is None or trigger <= self.until)

    def holds_for(self, agency: str | None, region: str | None) -> bool:
        """Whether it binds an agency in a region."""
        if self.agency is not None and self.agency != agency:
            return False
        return self.region is None or (region is not None and region.startswith(self.region))


@dataclass(frozen=True, slots=True)
class Due:
    """By when something is due, or why that cannot be told.

    ``day`` is ``None`` where it reaches into a year whose holidays are not announced, or where
    the rule has no number of its own. ``rolled`` is the day that lateness is judged by: calendar
    days that end on a day off end with the next working day. ``earliest`` is the day until which
    nobody is late, whatever is announced. ``count`` is the number that holds, ``local`` the
    stricter rule that gave it.
    """

    rule: DeadlineRule
    day: date | None
    rolled: date | None
    count: int | None
    local: LocalRule | None
    trigger: date
    earliest: date | None = None

    @property
    def is_indeterminate(self) -> bool:
        """Whether there is a term, and nobody can tell yet when it ends."""
        has_term = self.count is not None or self.rule.day is not None
        return has_term and self.rolled is None

    @property
    def term(self) -> Text:
        """The term that holds, in words."""
        return self.rule.told(self.count)
