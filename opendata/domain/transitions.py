"""The review as one table: from which place a submission comes to which, and by what.

A *place* is a state together with whose word it waits for. What is not in the table does not
happen: a word that has no row is refused, and a fact that has none changes nothing. The rules in
``approvals`` and the diagram in the documentation both come from here.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from opendata.domain.errors import Text
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

    @property
    def releases(self) -> bool:
        """Whether it says that something is to be public."""
        return self in (Verdict.DISCLOSE, Verdict.DISCLOSE_IN_PART)


_VERDICT_LABELS = {
    Verdict.DISCLOSE: Text("公开", "disclose"),
    Verdict.DISCLOSE_IN_PART: Text("区分处理", "disclose in part"),
    Verdict.WITHHOLD: Text("不予公开", "withhold"),
    Verdict.REFER: Text("需报审", "refer to the supervisor"),
    Verdict.RETURN: Text("退回", "return"),
}


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


class Place(StrEnum):
    """Where a submission stands: its state, and why whose word is awaited."""

    RECEIVED = "received"
    INVALID = "invalid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    STOPPED = "stopped_waits_for_supervisor"
    REVIEW = "in_review_waits_for_reviewer"
    REFERRED = "referred_waits_for_supervisor"
    CONTESTED = "contested_waits_for_supervisor"
    APPROVAL = "in_review_waits_for_approver"
    RETURNED = "returned"
    WITHHELD = "withheld"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"

    @property
    def state(self) -> State:
        """What is told of it."""
        return _WAITING[self][0] if self in _WAITING else State(self.value)

    @property
    def due(self) -> Role | None:
        """Whose word is awaited, ``None`` where nobody's is."""
        return _WAITING[self][1] if self in _WAITING else None


_WAITING = {
    Place.STOPPED: (State.REFERRED, Role.SUPERVISOR),
    Place.REVIEW: (State.IN_REVIEW, Role.REVIEWER),
    Place.REFERRED: (State.REFERRED, Role.SUPERVISOR),
    Place.CONTESTED: (State.REFERRED, Role.SUPERVISOR),
    Place.APPROVAL: (State.IN_REVIEW, Role.APPROVER),
}


# Where the agencies that are named give their answers.
UNDER_REVIEW = frozenset({Place.REVIEW, Place.REFERRED, Place.CONTESTED, Place.APPROVAL})


class Event(StrEnum):
    """What happens to a submission besides a deciding word, as the diagram says it."""

    VALID = "valid"
    MARKED = "valid, with a classification marking"
    INVALID = "invalid"
    BROKEN = "processing fails"
    CLEARED = "a supervisor clears the marking"
    OBJECTED = "a named agency objects"
    AGREED = "that agency consents after all"
    OVERTAKEN = "another release appears, or one is taken down"
    CANCELLED = "the author cancels"
    RELEASED = "published"
    STALE = "no longer valid when published"
    WITHDRAWN = "the release is withdrawn"


class Word(NamedTuple):
    """A deciding word: in which role it is said, and what it says."""

    role: Role
    verdict: Verdict

    def __str__(self) -> str:
        """Return the word as the diagram has it."""
        return f"{self.role}: {self.verdict}"


_REVIEWER, _APPROVER, _SUPERVISOR = Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR

TABLE: Mapping[tuple[Place, Event | Word], Place] = {
    (Place.RECEIVED, Event.VALID): Place.REVIEW,
    (Place.RECEIVED, Event.MARKED): Place.STOPPED,
    (Place.RECEIVED, Event.INVALID): Place.INVALID,
    (Place.RECEIVED, Event.BROKEN): Place.FAILED,
    (Place.RECEIVED, Event.CANCELLED): Place.CANCELLED,
    (Place.STOPPED, Event.CLEARED): Place.REVIEW,
    (Place.STOPPED, Word(_SUPERVISOR, Verdict.WITHHOLD)): Place.WITHHELD,
    (Place.STOPPED, Word(_SUPERVISOR, Verdict.RETURN)): Place.RETURNED,
    (Place.STOPPED, Event.CANCELLED): Place.CANCELLED,
    (Place.REVIEW, Word(_REVIEWER, Verdict.DISCLOSE)): Place.APPROVAL,
    (Place.REVIEW, Word(_REVIEWER, Verdict.DISCLOSE_IN_PART)): Place.APPROVAL,
    (Place.REVIEW, Word(_REVIEWER, Verdict.WITHHOLD)): Place.APPROVAL,
    (Place.REVIEW, Word(_REVIEWER, Verdict.REFER)): Place.REFERRED,
    (Place.REVIEW, Word(_REVIEWER, Verdict.RETURN)): Place.RETURNED,
    (Place.REVIEW, Event.CANCELLED): Place.CANCELLED,
    (Place.REFERRED, Word(_SUPERVISOR, Verdict.DISCLOSE)): Place.APPROVAL,
    (Place.REFERRED, Word(_SUPERVISOR, Verdict.DISCLOSE_IN_PART)): Place.APPROVAL,
    (Place.REFERRED, Word(_SUPERVISOR, Verdict.WITHHOLD)): Place.WITHHELD,
    (Place.REFERRED, Word(_SUPERVISOR, Verdict.RETURN)): Place.RETURNED,
    (Place.REFERRED, Event.OVERTAKEN): Place.REVIEW,
    (Place.REFERRED, Event.CANCELLED): Place.CANCELLED,
    (Place.APPROVAL, Event.OBJECTED): Place.CONTESTED,
    (Place.CONTESTED, Event.AGREED): Place.APPROVAL,
    (Place.CONTESTED, Word(_SUPERVISOR, Verdict.DISCLOSE)): Place.APPROVAL,
    (Place.CONTESTED, Word(_SUPERVISOR, Verdict.DISCLOSE_IN_PART)): Place.APPROVAL,
    (Place.CONTESTED, Word(_SUPERVISOR, Verdict.WITHHOLD)): Place.WITHHELD,
    (Place.CONTESTED, Word(_SUPERVISOR, Verdict.RETURN)): Place.RETURNED,
    (Place.CONTESTED, Event.OVERTAKEN): Place.REVIEW,
    (Place.CONTESTED, Event.CANCELLED): Place.CANCELLED,
    (Place.APPROVAL, Word(_APPROVER, Verdict.DISCLOSE)): Place.APPROVED,
    (Place.APPROVAL, Word(_APPROVER, Verdict.DISCLOSE_IN_PART)): Place.APPROVED,
    (Place.APPROVAL, Word(_APPROVER, Verdict.WITHHOLD)): Place.WITHHELD,
    (Place.APPROVAL, Word(_APPROVER, Verdict.RETURN)): Place.RETURNED,
    (Place.APPROVAL, Event.OVERTAKEN): Place.REVIEW,
    (Place.APPROVAL, Event.CANCELLED): Place.CANCELLED,
    (Place.APPROVED, Event.OVERTAKEN): Place.REVIEW,
    (Place.APPROVED, Event.CANCELLED): Place.CANCELLED,
    (Place.APPROVED, Event.STALE): Place.FAILED,
    (Place.APPROVED, Event.RELEASED): Place.PUBLISHED,
    (Place.PUBLISHED, Event.WITHDRAWN): Place.WITHDRAWN,
}


def after(place: Place, events: Iterable[Event | Word]) -> Place:
    """Return where a submission is after ``events``; those that have no row there change nothing.

    >>> after(Place.RECEIVED, [Event.VALID, Word(Role.REVIEWER, Verdict.REFER)])
    <Place.REFERRED: 'referred_waits_for_supervisor'>
    """
    for event in events:
        place = TABLE.get((place, event), place)
    return place


def verdicts_of(place: Place, role: Role) -> tuple[Verdict, ...]:
    """Return what a holder of ``role`` may say at ``place``, in the order of the verdicts."""
    return tuple(each for each in Verdict if (place, Word(role, each)) in TABLE)
