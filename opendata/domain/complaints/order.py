"""What may follow: the order of the procedure, and that no one person does all of it.

Who found the facts does not decide, nor order what the decision leads to, and who did either does
not review; persons are compared, not keys. Nobody is held answerable for what they were not heard
on, and nothing is carried out that was not told in writing.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from uuid import UUID

from opendata.domain.complaints.measures import Target
from opendata.domain.complaints.procedure import (
    AFTER_NOTICE,
    TABLE,
    Kind,
    Place,
    Result,
    Token,
    kinds_at,
)
from opendata.domain.complaints.refusals import (
    HearingNeeded,
    NoticeNeeded,
    NotInTurn,
    check_settled,
    check_step,
)
from opendata.domain.complaints.standing import Status, targets_of
from opendata.domain.complaints.steps import PARTIES, Party, Step
from opendata.domain.complaints.views import BY_BODY
from opendata.domain.errors import Fault, Text
from opendata.domain.takedowns import SecondPersonNeeded

_PARTY_OF = {Target.BODY: Party.BODY, Target.PERSON: Party.PERSON}
# What needs a decision that was told.
_AFTER_NOTICE = frozenset(
    {Kind.REVIEW_ASKED, Kind.REVIEWED, Kind.RECTIFICATION_ORDERED, Kind.TRANSFERRED, Kind.CLOSED}
)

# An order sets the term that a decision carries: it is decided, not found.
_NOT_BY_INVESTIGATORS = frozenset(
    {Kind.DECIDED, Kind.DISMISSED, Kind.REVIEWED, Kind.RECTIFICATION_ORDERED}
)


def day_faults(status: Status, on: date, received_on: date, today: date) -> Iterator[Fault]:
    """Yield what is wrong with the day of a step: not ahead, and not before the last one."""
    if on > today:
        text = Text(f"{on} 尚未到来。", f"{on} is still to come.")
        yield Fault("/on", text, "unfit-value")
    earliest = max(received_on, status.last_on or received_on)
    if on < earliest:
        text = Text(f"不能早于 {earliest}。", f"Not before {earliest}, the step before it.")
        yield Fault("/on", text, "unfit-value")


def check_may_follow(status: Status, step: Step, person: UUID, *, is_named: bool) -> None:
    """Check that a step may follow where a complaint stands, by this person.

    Raises:
        HearingNeeded, NoticeNeeded, NotSettled: something has to come first.
        NotInTurn: it does not belong there.
        SecondPersonNeeded: this person found, decided or reported what it is about.
    """
    if (status.place, step.token) not in TABLE:
        _refuse(status, step.kind)
    check = _CHECKS.get(step.kind)
    if check is not None:
        check(status, step)
    _check_person(status, step.kind, person)
    if step.kind is Kind.CLOSED:
        check_settled(_unsettled(status, is_named=is_named))


def check_may_tell(status: Status) -> None:
    """Raise ``NotInTurn`` once nothing more can be told by the reporter; not why that is so."""
    if (status.place, Token(Kind.SUPPLEMENTED)) not in TABLE:
        raise NotInTurn("此件不再接受补充。", "Nothing more can be told about this case.")


def check_by_body(status: Status, step: Step, today: date) -> None:
    """Check that the body may record a step now; what it was not told yet is not told here.

    Raises:
        NotInTurn: it may not; the stage of the case is none of the body's business.
        InvalidStep: it is of another day than today, or asks for somebody else.
    """
    if step.kind not in kinds_of_body(status):
        raise NotInTurn(
            f"现在不能记录“{step.kind.label.zh}”。", f"{step.kind} may not be recorded now."
        )
    check_step(_faults_of_body(step, today))


def _faults_of_body(step: Step, today: date) -> Iterator[Fault]:
    if step.on != today:
        text = Text("只能记录今天的事项。", "Only what is done today is recorded.")
        yield Fault("/on", text, "unfit-value")
    if step.party is Party.PERSON:
        text = Text(
            "个人申请复核的，由主管部门记录。", "A supervisor records what a person asks for."
        )
        yield Fault("/party", text, "unfit-value")


def kinds_now(status: Status) -> tuple[Kind, ...]:
    """Return what may be recorded by those who handle a case, or by the body, where it stands."""
    parties = PARTIES[Kind.REVIEW_ASKED]
    reviewable = status.decision is not None and any(map(status.may_ask_for_review, parties))
    barred = {
        Kind.REPORTER_NAMED: True,
        Kind.SUPPLEMENTED: True,
        Kind.ANSWERED: status.asked is None,
        Kind.REVIEW_ASKED: not reviewable or status.under_review,
        Kind.REVIEWED: not status.under_review,
        Kind.HEARD: status.place in AFTER_NOTICE and not status.under_review,
        Kind.RECTIFICATION_ORDERED: not status.must_rectify,
    }
    return tuple(each for each in kinds_at(status.place) if not barred.get(each))


def kinds_of_body(status: Status) -> tuple[Kind, ...]:
    """Return what the body may record itself; no review of what it was not told of."""
    reviewable = status.is_told_to_body and status.may_ask_for_review(Party.BODY)
    return tuple(
        each
        for each in kinds_now(status)
        if each in BY_BODY and (each is not Kind.REVIEW_ASKED or reviewable)
    )


def _refuse(status: Status, kind: Kind) -> None:
    if kind is Kind.DECIDED and status.place is Place.FOUND:
        raise HearingNeeded(
            "作出处理决定之前，须听取有关责任人的陈述和申辩。",
            "Who is to be held answerable is heard before it is decided.",
        )
    if kind in _AFTER_NOTICE and status.place is Place.DECIDED:
        raise _notice_needed()
    possible = kinds_now(status)
    zh = "、".join(each.label.zh for each in possible) or "无"
    raise NotInTurn(
        f"此件{status.place.label.zh}，不能记录“{kind.label.zh}”；现在可以记录：{zh}。",
        f"The case is {status.place.label.en}: {kind} may not follow; what may: "
        f"{', '.join(possible) or 'nothing'}.",
    )


def _notice_needed() -> NoticeNeeded:
    return NoticeNeeded(
        "处理决定须先书面告知被追究责任的单位或者个人。",
        "The decision is first told in writing to the body or person it is about.",
    )


def _check_answered(status: Status, _step: Step) -> None:
    if status.asked is None:
        raise NotInTurn("没有待说明的事项。", "Nothing waits for an explanation.")


def _check_heard(status: Status, step: Step) -> None:
    missing = {_PARTY_OF[each] for each in targets_of(step)} - status.heard
    if missing:
        who = "单位" if Party.BODY in missing else "个人"
        raise HearingNeeded(
            f"拟对{who}作出处理，须先听取其陈述和申辩。",
            f"A measure against the {min(missing)} needs their statement and defence first.",
        )


def _check_hearing(status: Status, _step: Step) -> None:
    if status.place in AFTER_NOTICE and not status.under_review:
        raise NotInTurn(
            "决定已作出；复核期间可以再听取陈述和申辩。",
            "It is decided; while it is reviewed, somebody may be heard again.",
        )


def _check_notified(status: Status, step: Step) -> None:
    if status.place is Place.DECIDED and step.party is Party.REPORTER:
        raise _notice_needed()


def _check_asked_for_review(status: Status, step: Step) -> None:
    if status.under_review or status.decision is None:
        raise NotInTurn(
            "没有可申请复核的决定，或复核正在进行。",
            "No decision stands that could be reviewed, or a review is under way.",
        )
    if step.party is Party.BODY and not status.is_told_to_body:
        raise _notice_needed()
    if step.party is not None and not status.may_ask_for_review(step.party):
        raise NotInTurn(
            "该方申请的复核已经办结，不再就同一案件复核。",
            "What this party asked for was reviewed; it is not reviewed for them again.",
        )


def _check_reviewed(status: Status, step: Step) -> None:
    if not status.under_review:
        raise NotInTurn("没有人申请复核。", "Nobody asked for a review.")
    if step.result is Result.CHANGED:
        _check_heard(status, step)


def _check_order(status: Status, _step: Step) -> None:
    if not status.must_rectify:
        raise NotInTurn(
            "处理决定没有责令单位改正或者整改。",
            "The decision orders the body to put nothing right.",
        )
    if not status.is_told_to_body:
        raise _notice_needed()


_CHECKS: Mapping[Kind, Callable[[Status, Step], None]] = {
    Kind.ANSWERED: _check_answered,
    Kind.HEARD: _check_hearing,
    Kind.DECIDED: _check_heard,
    Kind.NOTIFIED: _check_notified,
    Kind.REVIEW_ASKED: _check_asked_for_review,
    Kind.REVIEWED: _check_reviewed,
    Kind.RECTIFICATION_ORDERED: _check_order,
}


def _check_person(status: Status, kind: Kind, person: UUID) -> None:
    reported = status.rectified
    if kind is Kind.RECTIFICATION_CHECKED and reported and reported.by == person:
        raise SecondPersonNeeded(
            "记录整改报告的人不得核查这一整改。",
            "Whoever recorded what the body reported does not check it.",
        )
    barred: frozenset[UUID] = frozenset()
    if kind in _NOT_BY_INVESTIGATORS:
        barred = status.investigators
    if kind is Kind.REVIEWED:
        barred |= status.deciders
    if person in barred:
        raise SecondPersonNeeded(
            f"“{kind.label.zh}”须由未参与调查认定的另一人作出；复核还须由未参与决定的人作出。",
            f"{kind} is for a person who did not investigate; a review, for one who did not "
            "decide either, whatever keys they hold.",
        )


def _unsettled(status: Status, *, is_named: bool) -> Iterator[Fault]:
    """Yield what is left to be done before a case may be closed."""
    if status.under_review:
        yield _left("复核尚未结束。", "A review is under way.")
    if is_named and Party.REPORTER not in status.told:
        yield _left("尚未向署名举报人反馈处理结果。", "The named reporter was not answered.")
    for each in sorted({_PARTY_OF[each] for each in status.targets} - status.told):
        who = "单位" if each is Party.BODY else "个人"
        yield _left(f"尚未书面告知{who}。", f"The {each} was not told in writing.")
    if status.must_rectify and status.place is not Place.SETTLED:
        yield _left("整改尚未核查通过。", "The rectification was not accepted.")
    if any(each.is_referred for each in status.measures) and not status.handed_to:
        yield _left("尚未移送有权机关。", "It was not handed to the authority that has the power.")


def _left(zh: str, en: str) -> Fault:
    return Fault("/kind", Text(zh, en), "left-to-do")
