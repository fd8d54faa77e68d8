"""Whose word may come next: pure rules over where a submission stands.

Two persons, neither of them the author, sign before anything is released (《政府信息公开条例》
第十七条 requires the review; the separation of duties is the platform's promise). Which word leads
where is the table in ``transitions``; where a submission stands is computed in ``courses``; here a
word is held against both.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from opendata.domain.bases import check_basis
from opendata.domain.collective import check_collective
from opendata.domain.coordination import ConsentNotAwaited, Stance, check_awaited
from opendata.domain.courses import (
    Course,
    Decision,
    Withheld,
    current_round,
    due_role,
    embargo_of,
    is_cancellable,
    outcome,
    place_of,
    state_of,
    withheld_of,
    word_of,
)
from opendata.domain.errors import Conflict, Fault, Forbidden, Text, Unprocessable
from opendata.domain.people import Role
from opendata.domain.privacy import Flag, Where
from opendata.domain.transitions import UNDER_REVIEW, Place, State, Verdict, verdicts_of

# Whoever wants longer than a year has mistyped the year.
MOST_EMBARGO = timedelta(days=366)

__all__ = [
    "Course",
    "Decision",
    "State",
    "Verdict",
    "Withheld",
    "current_round",
    "due_role",
    "embargo_of",
    "is_cancellable",
    "outcome",
    "place_of",
    "state_of",
    "withheld_of",
]


class OwnSubmission(Forbidden):
    """A person may not decide on what they sent in, or said in the annual report sent in."""

    code = "own-submission"


class AlreadyDecided(Forbidden):
    """A person decides once in a round, whatever keys they hold."""

    code = "already-decided"


class NotDue(Conflict):
    """This decision is not due in the submission's state."""

    code = "not-due"


class ReasonRequired(Unprocessable):
    """A word other than a plain 公开, or a departure from the reviewer's, gives its reason."""

    code = "reason-required"


class WithheldMismatch(Unprocessable):
    """What is withheld and the verdict do not fit each other."""

    code = "withheld-mismatch"


class InvalidEmbargo(Unprocessable):
    """Only an approver who releases says from when on it is public, and only ahead of time."""

    code = "invalid-embargo"


def check_may_act(person_id: UUID, author_id: UUID, course: Course) -> None:
    """Raise unless a person has no other part in this round of the submission of ``author_id``.

    Raises:
        OwnSubmission: the person sent it in, or it has figures or words of theirs.
        AlreadyDecided: the person has spoken in this round, for whatever agency.
    """
    if person_id == author_id:
        raise OwnSubmission(
            "报送人不得审查或批准自己报送的数据。", "A person may not decide on what they sent in."
        )
    if person_id in course.report_authors:
        raise OwnSubmission(
            "所报年度报告中有本人申报的数字或者撰写的文字的，不得审查或批准这份报送。",
            "Whose figures or words the annual report sent in has decides nothing on it.",
        )
    given = current_round(course.decisions, *course.round)
    if person_id in {each.person_id for each in given} | course.coordination.spoken:
        raise AlreadyDecided(
            "同一人在同一轮审查中只能发表一次意见。",
            "A person decides once in a review round, whatever keys they hold.",
        )


def check_may_decide(word: Decision, author_id: UUID, course: Course) -> None:
    """Raise unless ``word`` may be recorded next on the submission of ``author_id``.

    Raises:
        OwnSubmission, AlreadyDecided: see ``check_may_act``.
        NotDue: another role's word is due, or none, or the role has no such word now.
        ReasonRequired: the verdict, or its difference from the reviewer's, needs a reason.
        WithheldMismatch: columns or rows are named without ``disclose_in_part``, or the reverse;
            or what the supervisor's ruling withholds would be released.
        InvalidBasis, InvalidEmbargo, InvalidCollective: see there.
        ConsentsAwaited: see ``Coordination``.
        CautionsUnanswered, OwnAnswer: an approval would publish them, see ``Cautions``.
    """
    check_may_act(word.person_id, author_id, course)
    if word.role is not Role.SUPERVISOR:
        _check_did_not_clear(word.person_id, course)
    _check_due(word, place_of(course))
    given = current_round(course.decisions, *course.round)
    if course.flagged and word.verdict.releases and not word.reason.strip():
        raise ReasonRequired(
            "扫描发现疑似个人信息，公开须说明理由。",
            "The scan found signs of personal data: whoever releases it says why.",
        )
    ruling = word_of(given, Role.SUPERVISOR)
    _check_word(word, word_of(given, Role.REVIEWER), ruling)
    check_basis(word.verdict, word.basis_code, word.basis)
    _check_terms(word)
    if word.role is Role.APPROVER and word.verdict.releases:
        _check_ruling_kept(word.withheld, ruling.withheld if ruling else Withheld())
        course.coordination.check_approvable(ruling.at if ruling else None)
        course.cautions.check_approvable_by(word.person_id)


def check_identifiers_withheld(
    word: Decision, flags: Iterable[Flag], published: Collection[str]
) -> None:
    """Raise unless ``word`` releases no number of an identity document; a reason does not help.

    Flags name the first rows only: where there are more, as many must be withheld as were counted,
    and publication looks at what is left.

    Raises:
        WithheldMismatch: such a number is in the notes, or in a column of ``published`` of which
            neither the column nor all the rows are withheld.
    """
    if not word.verdict.releases:
        return
    left = [
        each
        for each in flags
        if each.is_barred and not _is_withheld(each, word.withheld, published)
    ]
    if left:
        faults = tuple(Fault("/withheld", each.message, "identifier-left") for each in left)
        raise WithheldMismatch(
            "证件号码不得公开，写明理由也不行：请对这些行“区分处理”，或退回。",
            "Numbers of identity documents are not published, whatever the reason: withhold their "
            "rows, or return the submission.",
            faults,
        )


def _is_withheld(flag: Flag, withheld: Withheld, published: Collection[str]) -> bool:
    if flag.where is not Where.CELL:
        return False
    if flag.field not in published or flag.field in withheld.columns:
        return True
    return set(flag.rows) <= set(withheld.rows) and len(set(withheld.rows)) >= flag.count


def check_may_answer(
    person_id: UUID, author_id: UUID, course: Course, agency: str, stance: Stance
) -> None:
    """Raise unless a person may answer for an agency that was asked about a submission.

    Raises:
        ConsentNotAwaited: the agency was not asked, has answered, or the review is over.
        OwnSubmission, AlreadyDecided: see ``check_may_act``; who objected may consent later.
    """
    asked = course.coordination.of(agency)
    if asked is None or place_of(course) not in UNDER_REVIEW:
        label = state_of(course).label
        raise ConsentNotAwaited(
            f"此报送的状态为“{label.zh}”，现不等待“{agency}”的答复。",
            f"The submission is {label.en}; no answer of {agency} is awaited now.",
        )
    _check_did_not_clear(person_id, course)
    if asked.answer is None or asked.answer.person_id != person_id:
        check_may_act(person_id, author_id, course)
    check_awaited(asked, stance)


def _check_did_not_clear(person_id: UUID, course: Course) -> None:
    if course.cleared_by == person_id:
        raise AlreadyDecided(
            "放行国家秘密标志的人不得再审查、批准这份报送，也不得代其他机关答复。",
            "Whoever cleared its classification marking neither reviews nor approves it, nor "
            "answers for another agency.",
        )


def _check_due(word: Decision, place: Place) -> None:
    if place.due is not word.role:
        awaited = Text("无", "nobody") if place.due is None else place.due.label
        raise NotDue(
            f"此报送的状态为“{place.state.label.zh}”，现等待的意见来自：{awaited.zh}。",
            f"The submission is {place.state.label.en}; the word awaited now is from: "
            f"{awaited.en}.",
        )
    possible = verdicts_of(place, word.role)
    if word.verdict not in possible:
        zh = "、".join(each.label.zh for each in possible)
        raise NotDue(
            f"{word.role.label.zh}此时不能提出“{word.verdict.label.zh}”的意见，可以提出：{zh}。",
            f"The {word.role.label.en} cannot say {word.verdict} now; it is one of "
            f"{', '.join(possible)}.",
        )


def _check_word(word: Decision, *opinions: Decision | None) -> None:
    if word.verdict is not Verdict.DISCLOSE and not word.reason.strip():
        raise ReasonRequired(
            f"作出“{word.verdict.label.zh}”的意见须说明理由。",
            f"The verdict {word.verdict} needs a reason.",
        )
    said = (word.verdict, word.withheld)
    departs = any(each and (each.verdict, each.withheld) != said for each in opinions)
    if departs and not word.reason.strip():
        raise ReasonRequired(
            "与审查人或主管部门的意见不一致时须说明理由。",
            "A word that departs from the reviewer's or the supervisor's says why.",
        )
    if bool(word.withheld) is not (word.verdict is Verdict.DISCLOSE_IN_PART):
        raise WithheldMismatch(
            "“区分处理”须列明不公开的列或行；其他意见不得列出。",
            "disclose_in_part names the withheld columns or rows; no other verdict may.",
        )


def _check_ruling_kept(withheld: Withheld, ruled: Withheld) -> None:
    """Raise unless an approval withholds all that the supervisor's ruling does, or more."""
    columns = [each for each in ruled.columns if each not in withheld.columns]
    rows = sorted(set(ruled.rows) - set(withheld.rows))
    faults = []
    if columns:
        named = ", ".join(columns)
        said = Text(f"主管部门裁定不公开的列：{named}。", f"Withheld by the ruling: {named}.")
        faults.append(Fault("/withheld/columns", said, "withheld-by-ruling"))
    if rows:
        said = Text(
            f"主管部门裁定不公开的行，尚有 {len(rows)} 行未列，首行为第 {rows[0]} 行。",
            f"{len(rows)} more rows are withheld by the ruling; the first is row {rows[0]}.",
        )
        faults.append(Fault("/withheld/rows", said, "withheld-by-ruling"))
    if faults:
        raise WithheldMismatch(
            "主管部门裁定不公开的，批准人不得公开。",
            "What the supervisor ruled to be withheld, an approver does not release.",
            tuple(faults),
        )


def _check_terms(word: Decision) -> None:
    """Raise unless what only an approver says is said by one, and may be said now."""
    if word.collective is not None:
        check_collective(word.collective, word.role, word.person)
    if word.publish_at is None:
        return
    if word.role is not Role.APPROVER or not word.verdict.releases:
        said = Text(
            "只有批准人在批准公开时可以指定公开时间。",
            "Only an approver who releases says from when on it is public.",
        )
    elif not word.at < word.publish_at <= word.at + MOST_EMBARGO:
        said = Text(
            f"公开时间须在将来，至多 {MOST_EMBARGO.days} 天之后。",
            f"The time of publication lies ahead, by at most {MOST_EMBARGO.days} days.",
        )
    else:
        return
    raise InvalidEmbargo(*said, (Fault("/publish_at", said, "embargo-not-allowed"),))
