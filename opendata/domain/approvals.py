"""Where a submission stands: pure rules over the facts recorded about it.

Two persons, neither of them the author, sign before anything is released (《政府信息公开条例》
第十七条 requires the review; the separation of duties is the platform's promise).
A *round* is the set of decisions taken while one release was the newest and none of the
dataset's releases was newly suspended: when another release appears, or one is suspended, the
decisions before no longer count and the same persons may act again; but what was returned or
withheld stays so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from opendata.domain.cautions import Cautions
from opendata.domain.errors import Conflict, Forbidden, Text, Unprocessable
from opendata.domain.people import Role


class Verdict(StrEnum):
    """One person's word on one submission."""

    DISCLOSE = "disclose"
    DISCLOSE_IN_PART = "disclose_in_part"
    WITHHOLD = "withhold"
    REFER = "refer"
    RETURN = "return"

    @property
    def label(self) -> Text:
        """The word's official form and its translation."""
        return _VERDICT_LABELS[self]


_VERDICT_LABELS = {
    Verdict.DISCLOSE: Text("公开", "disclose"),
    Verdict.DISCLOSE_IN_PART: Text("区分处理", "disclose in part"),
    Verdict.WITHHOLD: Text("不予公开", "withhold"),
    Verdict.REFER: Text("需报审", "refer to the supervisor"),
    Verdict.RETURN: Text("退回", "return"),
}
_TO_RELEASE = frozenset({Verdict.DISCLOSE, Verdict.DISCLOSE_IN_PART})


class State(StrEnum):
    """What became of a submission; always computed, never stored."""

    RECEIVED = "received"
    INVALID = "invalid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    IN_REVIEW = "in_review"
    REFERRED = "referred"
    RETURNED = "returned"
    WITHHELD = "withheld"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Text:
        """The state's name in both languages."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    State.RECEIVED: Text("已收到，等待校验", "received, waiting for validation"),
    State.INVALID: Text("校验未通过", "invalid"),
    State.FAILED: Text("处理失败", "failed"),
    State.CANCELLED: Text("已取消", "cancelled"),
    State.IN_REVIEW: Text("审查中", "in review"),
    State.REFERRED: Text("已报审", "referred"),
    State.RETURNED: Text("已退回", "returned"),
    State.WITHHELD: Text("不予公开", "withheld"),
    State.APPROVED: Text("已批准，等待发布", "approved, waiting for publication"),
    State.PUBLISHED: Text("已发布", "published"),
    State.WITHDRAWN: Text("已撤回", "withdrawn"),
}


_ENDS = frozenset({State.RETURNED, State.WITHHELD})


@dataclass(frozen=True, slots=True)
class Withheld:
    """What ``disclose_in_part`` keeps back: whole columns by name, whole rows by number.

    Rows are numbered as in the report: the header is row 1, the first record row 2.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is kept back."""
        return bool(self.columns or self.rows)


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's word, given against the release that was current then (0: none yet).

    ``suspended`` is how many of the dataset's releases were suspended at the time.
    """

    person_id: UUID
    person: str
    role: Role
    verdict: Verdict
    basis: str
    reason: str
    base_release: int
    at: datetime
    withheld: Withheld = field(default_factory=Withheld)
    suspended: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """The facts about one submission from which its state follows."""

    validity: State | None = None
    decisions: Sequence[Decision] = ()
    base_release: int = 0
    suspended: int = 0
    failed: bool = False
    cancelled: bool = False
    released: bool = False
    withdrawn: bool = False
    cautions: Cautions = field(default_factory=Cautions)


class OwnSubmission(Forbidden):
    """A person may not decide on what they sent in."""

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


def current_round(
    decisions: Sequence[Decision], base_release: int, suspended: int = 0
) -> tuple[Decision, ...]:
    """Return the decisions that count: those given in the state the dataset is in, in order."""
    state = (base_release, suspended)
    return tuple(each for each in decisions if (each.base_release, each.suspended) == state)


def outcome(given: Sequence[Decision]) -> State:
    """Say where a round stands: a return ends it, else the approver's word is the outcome."""
    if any(each.verdict is Verdict.RETURN for each in given):
        return State.RETURNED
    approval = _word_of(given, Role.APPROVER)
    if approval is not None:
        return State.APPROVED if approval.verdict in _TO_RELEASE else State.WITHHELD
    ruling = _word_of(given, Role.SUPERVISOR)
    if ruling is not None:
        return State.IN_REVIEW if ruling.verdict in _TO_RELEASE else State.WITHHELD
    opinion = _word_of(given, Role.REVIEWER)
    if opinion is not None and opinion.verdict is Verdict.REFER:
        return State.REFERRED
    return State.IN_REVIEW


def state_of(course: Course) -> State:
    """Compute the state of a submission from the facts about it."""
    if course.released:
        return State.WITHDRAWN if course.withdrawn else State.PUBLISHED
    if course.cancelled:
        return State.CANCELLED
    if course.failed:
        return State.FAILED
    if course.validity is None:
        return State.RECEIVED
    if course.validity is not State.IN_REVIEW:
        return course.validity
    return _outcome_of_rounds(course)


def due_role(course: Course) -> Role | None:
    """Say whose word is awaited next, or ``None`` when nobody's is."""
    state = state_of(course)
    if state is State.REFERRED:
        return Role.SUPERVISOR
    if state is not State.IN_REVIEW:
        return None
    given = current_round(course.decisions, course.base_release, course.suspended)
    return Role.APPROVER if _word_of(given, Role.REVIEWER) is not None else Role.REVIEWER


def check_may_decide(word: Decision, author_id: UUID, course: Course) -> None:
    """Raise unless ``word`` may be recorded next on the submission of ``author_id``.

    Raises:
        OwnSubmission: the person sent the submission in.
        AlreadyDecided: the person has spoken in this round.
        NotDue: another role's word is due, or none.
        ReasonRequired: the verdict, or its difference from the reviewer's, needs a reason.
        WithheldMismatch: columns or rows are named without ``disclose_in_part``, or the reverse.
        CautionsUnanswered, OwnAnswer: an approval would publish them, see ``Cautions``.
    """
    if word.person_id == author_id:
        raise OwnSubmission(
            "报送人不得审查或批准自己报送的数据。", "A person may not decide on what they sent in."
        )
    given = current_round(course.decisions, course.base_release, course.suspended)
    if any(each.person_id == word.person_id for each in given):
        raise AlreadyDecided(
            "同一人在同一轮审查中只能发表一次意见。",
            "A person decides once in a review round, whatever keys they hold.",
        )
    due = due_role(course)
    if due is not word.role:
        state = state_of(course)
        awaited = Text("无", "nobody") if due is None else due.label
        raise NotDue(
            f"此报送的状态为“{state.label.zh}”，现等待的意见来自：{awaited.zh}。",
            f"The submission is {state.label.en}; the word awaited now is from: {awaited.en}.",
        )
    _check_word(word, _word_of(given, Role.REVIEWER))
    if word.role is Role.APPROVER and word.verdict in _TO_RELEASE:
        course.cautions.check_approvable_by(word.person_id)


def withheld_of(given: Sequence[Decision]) -> Withheld:
    """Return what the approver's word keeps back (nothing after a plain ``disclose``)."""
    approval = _word_of(given, Role.APPROVER)
    return Withheld() if approval is None else approval.withheld


def _outcome_of_rounds(course: Course) -> State:
    """Say where the review stands: what an earlier round ended, a new one does not reopen."""
    for state in {(each.base_release, each.suspended) for each in course.decisions}:
        found = outcome(current_round(course.decisions, *state))
        if found in _ENDS:
            return found
    return outcome(current_round(course.decisions, course.base_release, course.suspended))


def _check_word(word: Decision, opinion: Decision | None) -> None:
    if word.verdict is Verdict.REFER and word.role is not Role.REVIEWER:
        raise NotDue(
            "“需报审”是审查人的意见，批准人或主管部门须作出决定。",
            "Only the reviewer may refer; an approver or a supervisor decides.",
        )
    if word.verdict is not Verdict.DISCLOSE and not word.reason.strip():
        raise ReasonRequired(
            f"作出“{word.verdict.label.zh}”的意见须说明理由。",
            f"The verdict {word.verdict} needs a reason.",
        )
    departs = opinion is not None and (opinion.verdict, opinion.withheld) != (
        word.verdict,
        word.withheld,
    )
    if departs and not word.reason.strip():
        raise ReasonRequired(
            "与审查人意见不一致时须说明理由。", "A word that departs from the reviewer's says why."
        )
    if bool(word.withheld) is not (word.verdict is Verdict.DISCLOSE_IN_PART):
        raise WithheldMismatch(
            "“区分处理”须列明不公开的列或行；其他意见不得列出。",
            "disclose_in_part names the withheld columns or rows; no other verdict may.",
        )


def _word_of(given: Sequence[Decision], role: Role) -> Decision | None:
    return next((each for each in given if each.role is role), None)
