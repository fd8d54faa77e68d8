"""What may follow what: an event that may not comes with the reason why."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from opendata.domain.deadlines import NoSuchRule, rule_on
from opendata.domain.errors import Conflict, Fault, NotFound, Text, Unprocessable
from opendata.domain.requests.course import Course
from opendata.domain.requests.events import Event
from opendata.domain.requests.kinds import Kind, Ruling
from opendata.domain.requests.outcomes import Outcome
from opendata.domain.requests.proceedings import PROCEEDINGS


class NoSuchRequest(NotFound):
    """Nothing was asked for under this id or tracking code."""

    code = "no-such-request"


class InvalidApplication(Unprocessable):
    """A request cannot be filed so: nobody asks, or for nothing, or of no agency."""

    code = "invalid-application"


class NumberTaken(Conflict):
    """The agency has a request of this number already."""

    code = "number-taken"


class InvalidRequestEvent(Unprocessable):
    """An event lacks what its kind needs, has what it may not, or its day cannot be."""

    code = "invalid-request-event"


class RequestNotInTurn(Conflict):
    """The event may not follow where the request stands."""

    code = "request-not-in-turn"


def check_may_follow(event: Event, course: Course) -> None:
    """Check that an event may follow where a request stands.

    Raises:
        RequestNotInTurn: it may not.
        InvalidRequestEvent: its day is before what it follows.
    """
    refused = not_in_turn(event, course)
    if refused is not None:
        raise RequestNotInTurn(*refused)
    early = too_early(event, course)
    if early is not None:
        raise InvalidRequestEvent(*early, (Fault("/on", early, "invalid-value"),))


def may_follow(course: Course) -> tuple[Kind, ...]:
    """Return the kinds of events of which at least some may come next."""
    return tuple(kind for kind in Kind if _RULES[kind](course) is None)


def not_in_turn(event: Event, course: Course) -> Text | None:
    """Return why an event may not follow where a request stands, if it may not."""
    refused = _RULES[event.kind](course)
    if refused is not None:
        return refused
    particular = _PARTICULARS.get(event.kind)
    return None if particular is None else particular(event, course)


def too_early(event: Event, course: Course) -> Text | None:
    """Return after what an event cannot be on its day, if it cannot."""
    if event.kind is Kind.ANNULLED:
        return None
    if event.kind in PROCEEDINGS:
        days = [each.on for each in course.events if each.kind in (event.kind, Kind.RECEIVED)]
    else:
        days = [each.on for each in course.events if each.kind not in PROCEEDINGS]
    if course.filed_on is not None:
        days.append(course.filed_on)
    last = max(days, default=None)
    if last is None or event.on >= last:
        return None
    return Text(
        f"日期不能早于此前所记的 {last}。", f"The day is not before {last}, which was recorded."
    )


Rule = Callable[[Course], Text | None]
_DONE = Text("申请已办结，不能再记录这一事项。", "The request has come to its end.")
_NOT_RECEIVED = Text("请先记录收到申请的日期。", "Record first on which day it was received.")
_ONCE = Text("这一事项只能有一次，已经记录。", "This happens once, and is recorded already.")


def _all(*rules: Rule) -> Rule:
    def first(course: Course) -> Text | None:
        return next((said for rule in rules if (said := rule(course)) is not None), None)

    return first


def _unless(holds: Callable[[Course], object], otherwise: Text) -> Rule:
    def rule(course: Course) -> Text | None:
        return None if holds(course) else otherwise

    return rule


def _heard(asked: Kind) -> Rule:
    return _unless(
        lambda course: asked in course.hearings,
        Text("没有正在征求的意见。", "Nobody is being heard."),
    )


_open = _unless(lambda course: course.ended_on is None, _DONE)
_received = _unless(lambda course: course.received_on is not None, _NOT_RECEIVED)
_worked_on = _all(
    _open,
    _received,
    _unless(
        lambda course: not course.suspended,
        Text(
            "申请已中止，请先记录恢复。", "The request is suspended; record first that it goes on."
        ),
    ),
)
_complete = _all(
    _worked_on,
    _unless(
        lambda course: not course.awaits_correction,
        Text("申请人尚未补正。", "The applicant has not corrected the request yet."),
    ),
)
_RULES: Mapping[Kind, Rule] = {
    Kind.RECEIVED: _all(_open, _unless(lambda course: course.received_on is None, _ONCE)),
    Kind.CORRECTION_ASKED: _all(
        _worked_on,
        _unless(
            lambda course: course.correction_asked is None,
            Text(
                "补正只能一次性告知，已经告知过。",
                "A correction is asked for once, for everything; it was.",
            ),
        ),
    ),
    Kind.CORRECTED: _all(
        _open,
        _unless(
            lambda course: course.awaits_correction,
            Text("没有待补正的内容。", "No correction is awaited."),
        ),
    ),
    Kind.THIRD_PARTY_ASKED: _complete,
    Kind.THIRD_PARTY_ANSWERED: _all(_open, _heard(Kind.THIRD_PARTY_ASKED)),
    Kind.JOINT_ASKED: _complete,
    Kind.JOINT_ANSWERED: _all(_open, _heard(Kind.JOINT_ASKED)),
    Kind.EXTENDED: _all(_worked_on, _unless(lambda course: course.extended is None, _ONCE)),
    Kind.FEE_NOTICED: _all(_complete, _unless(lambda course: course.fee_noticed is None, _ONCE)),
    Kind.FEE_PAID: _all(
        _open,
        _unless(
            lambda course: course.awaits_payment,
            Text("没有待缴的费用。", "No payment is awaited."),
        ),
    ),
    Kind.SUSPENDED: _worked_on,
    Kind.RESUMED: _all(
        _open,
        _unless(
            lambda course: course.suspended, Text("申请没有中止。", "The request is not suspended.")
        ),
    ),
    Kind.ANSWERED: _worked_on,
    Kind.DELIVERED: _all(
        _unless(
            lambda course: course.answered is not None,
            Text("尚未答复，不能送达。", "It is not answered yet."),
        ),
        _unless(lambda course: course.delivered_on is None, _ONCE),
    ),
    Kind.WITHDRAWN: _open,
    Kind.REVIEW: lambda course: None,
    Kind.LITIGATION: lambda course: None,
    Kind.ANNULLED: _all(
        _unless(
            lambda course: course.events, Text("没有可撤销的记录。", "There is nothing to annul.")
        ),
        _unless(
            lambda course: not course.events[-1].by_applicant,
            Text(
                "最后一条是申请人自己提交的，不能撤销。",
                "The last event is the applicant's own, which nobody takes back.",
            ),
        ),
    ),
}


def _answer_fits(event: Event, course: Course) -> Text | None:
    """An outcome that says what the applicant left undone needs that to be so."""
    outcome = Outcome(event.details["outcome"])
    if outcome is Outcome.OTHER_NOT_CORRECTED and not _is_overdue(event, course):
        return Text(
            "须已告知补正、期限已过且申请人未补正，才能不再处理。",
            "A correction was asked for, its time is over and it did not come: else it is handled.",
        )
    if outcome is Outcome.UNABLE_STILL_UNCLEAR and course.corrected_on is None:
        return Text(
            "“补正后仍不明确”须先有补正。", "It is still unclear only after it was corrected."
        )
    if outcome is Outcome.OTHER_FEE_UNPAID and not _is_unpaid(event, course):
        return Text(
            "须已发收费通知、缴费期限（30日）已过且申请人未缴费，才能不再处理。",
            "A fee was noticed, its term of 30 days is over and it is not paid: else the request "
            "is handled.",
        )
    return None


def _is_overdue(event: Event, course: Course) -> bool:
    asked = course.correction_asked
    if asked is None or not course.awaits_correction:
        return False
    # Nobody keeps a term that was over before they could know of it.
    until = asked.details.get("until")
    last = asked.known_on if until is None else date.fromisoformat(until)
    return event.on > max(asked.known_on, last)


def _is_unpaid(event: Event, course: Course) -> bool:
    noticed = course.fee_noticed
    if noticed is None or not course.awaits_payment:
        return False
    try:
        term = rule_on("FEE-PAY", noticed.known_on).count or 0
    except NoSuchRule:
        # That early the law gave no such term.
        term = 0
    return event.on > noticed.known_on + timedelta(days=term)


def _withdrawal_fits(event: Event, course: Course) -> Text | None:
    if course.filed_on is None or event.by_applicant:
        return None
    return Text(
        "在线提交的申请只能由申请人凭查询码撤回。",
        "A request that was filed here is withdrawn by its applicant alone, with the code.",
    )


def _payment_fits(event: Event, course: Course) -> Text | None:
    noticed = course.fee_noticed
    if noticed is None or event.has_words:
        return None
    due = noticed.details["amount"]
    if Decimal(event.details["amount"]) == Decimal(due):
        return None
    return Text(
        f"通知的数额为 {due} 元；实缴不同的，请写明原因。",
        f"{due} yuan were noticed; say in words why another amount was paid.",
    )


def _proceeding_fits(event: Event, course: Course) -> Text | None:
    if event.details["outcome"] == Ruling.PENDING and course.pending(event.kind) is not None:
        return Text(f"已有尚未审结的{event.kind.label.zh}。", f"A {event.kind} is pending already.")
    return None


def _annulment_fits(event: Event, course: Course) -> Text | None:
    last = course.events[-1]
    if event.details["number"] != last.number:
        return Text(
            f"只能撤销最后一条有效记录，即第 {last.number} 条。",
            f"Only the last event that counts can be annulled, which is number {last.number}.",
        )
    # A slip is seen on the same day; later on, an annulled receipt would hide how late it is.
    if course.filed_on is None or last.kind is not Kind.RECEIVED or event.known_on <= last.known_on:
        return None
    return Text(
        f"在线提交的申请，“收到”只能在录入当日（{last.known_on}）撤销。",
        "The receipt of a request that was filed here is annulled on the day on which it was "
        f"recorded, {last.known_on}, and on no later one.",
    )


_PARTICULARS: Mapping[Kind, Callable[[Event, Course], Text | None]] = {
    Kind.ANSWERED: _answer_fits,
    Kind.FEE_PAID: _payment_fits,
    Kind.WITHDRAWN: _withdrawal_fits,
    Kind.REVIEW: _proceeding_fits,
    Kind.LITIGATION: _proceeding_fits,
    Kind.ANNULLED: _annulment_fits,
}
