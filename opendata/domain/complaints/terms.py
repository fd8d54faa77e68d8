"""By when something is to be put right, or a reporter answered, and how late it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from opendata.domain.complaints.standing import Status
from opendata.domain.complaints.steps import Step
from opendata.domain.deadlines import RULES, DeadlineRule, Due, LocalRule, Unit, due, late_by
from opendata.domain.errors import Fault, Text
from opendata.domain.working_days import Calendar

# The rules under which something is put right; another term is set by the decision itself.
_FAMILY = "RECT"
_BY_DECISION = DeadlineRule(
    "RECT",
    ("RECT",),
    Text("责令限期整改", "what a decision orders to be put right"),
    Text("收到书面告知之日", "the notice was received"),
    "《政府信息公开条例》第四十七条",
    Unit.DATE,
    said=Text("决定指定的期限", "by the day that the decision sets"),
)

# The rule says 及时 and gives no number of days: none is made up, and it is owed from that day on.
_TO_REPORTER = DeadlineRule(
    "REPLY",
    ("REPLY",),
    Text("向署名举报人反馈处理结果", "telling a reporter who gave a name what came of it"),
    Text("调查处理结束之日", "the case was decided or dismissed"),
    "《陕西省住房和城乡建设厅政府信息公开责任追究制度（试行）》第八条第（四）项",
    Unit.DATE,
    said=Text("调查处理结束后及时反馈", "promptly, once the case is decided or dismissed"),
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reporter who gave a name is owed once it is decided or dismissed: an answer.

    ``late_by`` is in working days, up to the answer or up to today; ``None`` cannot be told.
    """

    due: Due
    given_on: date | None
    late_by: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether a working day has gone by without it."""
        return self.given_on is None and self.late_by != 0


@dataclass(frozen=True, slots=True)
class Rectification:
    """What is to be put right: by when, when it was reported done, and whether that was accepted.

    ``late_by`` is in working days, up to the report or up to today; 0 is in time, ``None`` cannot
    be told.
    """

    due: Due
    done_on: date | None
    accepted: bool
    late_by: int | None

    @property
    def is_overdue(self) -> bool:
        """Whether it is late and still not done."""
        return self.done_on is None and bool(self.late_by)


def rule_faults(step: Step) -> Iterator[Fault]:
    """Yield what is wrong with the rule that an order names."""
    known = [each for each in RULES if each.split("-")[0] == _FAMILY]
    if step.rule is not None and step.rule not in known:
        text = Text(
            f"整改期限的规则只有：{'、'.join(known)}；其他期限请写 due_on。",
            f"The rules for rectification are {', '.join(known)}; else say due_on.",
        )
        yield Fault("/rule", text, "unfit-value")


def due_of(status: Status, calendar: Calendar, local: Sequence[LocalRule] = ()) -> Due | None:
    """Return by when what was ordered is to be put right; ``None`` without an order.

    A further order may bring the day forward, never put it off: what is overdue stays overdue.
    """
    told = status.notice_on
    if told is None or not status.orders:
        return None
    return reduce(_earlier, (_due_of(each.step, told, calendar, local) for each in status.orders))


def _due_of(step: Step, told: date, calendar: Calendar, local: Sequence[LocalRule]) -> Due:
    if step.rule is not None:
        return due(RULES[step.rule], told, calendar, local)
    day = step.due_on
    return Due(_BY_DECISION, day, day, None, None, told, day)


def _earlier(first: Due, further: Due) -> Due:
    if first.day is None or further.day is None:
        return first
    return further if further.day < first.day else first


def rectification(
    status: Status, today: date, calendar: Calendar, local: Sequence[LocalRule] = ()
) -> Rectification | None:
    """Return how what was ordered to be put right stands on a day; ``None`` without an order."""
    wanted = due_of(status, calendar, local)
    if wanted is None:
        return None
    done = None if status.rectified is None else status.rectified.step.on
    accepted = done is not None and status.place.is_after_rectification
    return Rectification(wanted, done, accepted, late_by(wanted, done or today, calendar))


def reply(status: Status, today: date, calendar: Calendar, *, is_named: bool) -> Reply | None:
    """Return how the answer to a reporter stands on a day.

    ``None`` while nothing is decided, and where nobody gave a name: such a reporter is answered by
    the tracking code, and is owed nothing by the rule.
    """
    day = status.ended_on
    if not is_named or day is None:
        return None
    wanted, given = Due(_TO_REPORTER, day, day, None, None, day, day), status.reporter_told_on
    return Reply(wanted, given, late_by(wanted, given or today, calendar))
