"""Where a submission stands: the facts recorded about it, read as events of the review's table.

A *round* is the set of decisions taken while one release was the newest and none of the
dataset's releases was taken down or put back: when another release appears, or one is taken
down or put back, the decisions before no longer count and the same persons may act again; but
what was returned or withheld stays so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from opendata.domain.cautions import Cautions
from opendata.domain.collective import CollectiveDecision
from opendata.domain.coordination import Coordination
from opendata.domain.people import Role
from opendata.domain.transitions import TABLE, Event, Place, State, Verdict, Word, after


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

    ``suspended`` is how often releases of the dataset had been taken down or put back by then.
    Nothing of what an approver releases is published before ``publish_at``.
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
    basis_code: str | None = None
    publish_at: datetime | None = None
    collective: CollectiveDecision | None = None

    @property
    def word(self) -> Word:
        """The word alone, as the table knows it."""
        return Word(self.role, self.verdict)

    @property
    def round(self) -> tuple[int, int]:
        """What tells its round from the others of the submission."""
        return self.base_release, self.suspended


@dataclass(frozen=True, slots=True)
class Course:
    """The facts about one submission from which its state follows.

    ``stopped`` says that a classification marking was found and nobody has cleared it;
    ``cleared_by`` is who did. ``flagged``: the scan found what makes every release need a reason.
    ``report_authors`` are those whose figures and words an annual report was sent in with; they
    are looked up for whoever is about to speak, as the state does not follow from them.
    """

    validity: State | None = None
    decisions: Sequence[Decision] = ()
    base_release: int = 0
    suspended: int = 0
    failed: bool = False
    cancelled: bool = False
    released: bool = False
    withdrawn: bool = False
    stopped: bool = False
    cleared_by: UUID | None = None
    flagged: bool = False
    report_authors: frozenset[UUID] = frozenset()
    cautions: Cautions = field(default_factory=Cautions)
    coordination: Coordination = field(default_factory=Coordination)

    @property
    def round(self) -> tuple[int, int]:
        """The round that counts now."""
        return self.base_release, self.suspended

    @property
    def is_stopped(self) -> bool:
        """Whether it waits for a supervisor's word on a classification marking."""
        return place_of(self) is Place.STOPPED


def current_round(
    decisions: Sequence[Decision], base_release: int, suspended: int = 0
) -> tuple[Decision, ...]:
    """Return the decisions that count: those given in the state the dataset is in, in order."""
    return tuple(each for each in decisions if each.round == (base_release, suspended))


def word_of(given: Sequence[Decision], role: Role) -> Decision | None:
    """Return what a holder of ``role`` said in a round, ``None`` where nobody has."""
    return next((each for each in given if each.role is role), None)


def outcome(given: Sequence[Decision]) -> State:
    """Say where one round stands, seen by itself."""
    return after(Place.REVIEW, _words(given)).state


def place_of(course: Course) -> Place:
    """Compute where a submission stands from the facts about it."""
    return after(Place.RECEIVED, _events(course))


def state_of(course: Course) -> State:
    """Compute the state of a submission from the facts about it."""
    return place_of(course).state


def due_role(course: Course) -> Role | None:
    """Say whose word is awaited next, or ``None`` when nobody's is."""
    return place_of(course).due


def is_cancellable(course: Course) -> bool:
    """Whether its author may still take the submission back."""
    return (place_of(course), Event.CANCELLED) in TABLE


def withheld_of(given: Sequence[Decision]) -> Withheld:
    """Return what the approver's word keeps back (nothing after a plain ``disclose``)."""
    approval = word_of(given, Role.APPROVER)
    return Withheld() if approval is None else approval.withheld


def embargo_of(given: Sequence[Decision]) -> datetime | None:
    """Return before when nothing of it is published, ``None`` where that was not said."""
    approval = word_of(given, Role.APPROVER)
    return None if approval is None else approval.publish_at


def _events(course: Course) -> Iterator[Event | Word]:
    """Read the facts as events of the table, in an order in which they can have happened.

    What ended the submission did so in the last round that has words, whatever became of the
    dataset since.
    """
    if course.cancelled and not course.released:
        yield Event.CANCELLED
        return
    if course.validity is State.IN_REVIEW:
        yield Event.MARKED if course.stopped else Event.VALID
        yield from _rounds(course)
    elif course.validity is not None:
        yield Event.BROKEN if course.validity is State.FAILED else Event.INVALID
    if course.failed:
        yield Event.STALE
    if course.released:
        yield Event.RELEASED
    if course.withdrawn:
        yield Event.WITHDRAWN


def _rounds(course: Course) -> Iterator[Event | Word]:
    """Yield the words of each round, the earliest first, with what ended one and began another."""
    spoken = sorted({each.round for each in course.decisions})
    for number, state in enumerate(spoken):
        if number:
            yield Event.OVERTAKEN
        yield from _words(current_round(course.decisions, *state))
    if course.failed or course.released:
        return
    if spoken and spoken[-1] != course.round:
        yield Event.OVERTAKEN
    given = current_round(course.decisions, *course.round)
    if course.coordination.objections and word_of(given, Role.SUPERVISOR) is None:
        yield Event.OBJECTED


def _words(given: Sequence[Decision]) -> Iterator[Event | Word]:
    """Yield the words of one round in the order in which they are due.

    Clocks of different machines may differ by more than two words lie apart: what is recorded of
    the time decides nothing here. A supervisor who ruled though the reviewer had not referred the
    submission did so on an agency's objection.
    """
    by_role = {each.role: each.word for each in given}
    opinion = by_role.get(Role.REVIEWER)
    if opinion is not None:
        yield opinion
    if Role.SUPERVISOR in by_role:
        yield Event.OBJECTED
        yield by_role[Role.SUPERVISOR]
    if Role.APPROVER in by_role:
        yield by_role[Role.APPROVER]
