"""The review, drawn by asking the rules: every course a submission can take is walked through."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from docs.build.markdown import code, table
from opendata.domain.approvals import (
    Course,
    Decision,
    State,
    Verdict,
    Withheld,
    check_may_decide,
    due_role,
    state_of,
)
from opendata.domain.errors import Refusal
from opendata.domain.people import Role
from opendata.stages.review import CANCELLABLE, DECIDERS

_AUTHOR = UUID(int=0)
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
# One further release of the dataset is enough to see what it does.
_MOST_RELEASES = 1
_START = "[*]"


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of the diagram."""

    origin: str
    goal: str
    event: str


def diagram() -> Iterator[str]:
    """Yield the state diagram in Mermaid's notation."""
    arrows: dict[tuple[str, str], set[str]] = {}
    for step in steps():
        if step.origin != step.goal:
            arrows.setdefault((step.origin, step.goal), set()).add(step.event)
    yield "```mermaid"
    yield "stateDiagram-v2"
    for (origin, goal), events in sorted(arrows.items()):
        yield f"    {origin} --> {goal}: {' / '.join(sorted(events))}"
    yield "```"


def steps() -> set[Step]:
    """Return every step that the rules allow from the first fact on."""
    beginning = Course()
    found = {Step(_START, _node(beginning), "a file is sent in")}
    seen, waiting = {_key(beginning)}, [beginning]
    while waiting:
        course = waiting.pop()
        for event, after in _events(course):
            found.add(Step(_node(course), _node(after), event))
            if _key(after) not in seen:
                seen.add(_key(after))
                waiting.append(after)
    return found


def states() -> Iterator[str]:
    """Yield a table of the states that a submission can come to be in."""
    reached = {each.goal.partition("_waits_for_")[0] for each in steps()}
    rows = [(code(each), each.label.zh, each.label.en) for each in State if each.value in reached]
    yield from table(["state", "中文", "English"], rows)


def verdicts() -> Iterator[str]:
    """Yield a table of the verdicts and of who may give them."""
    rows = []
    for verdict in Verdict:
        roles = {
            step.event.partition(":")[0] for step in steps() if step.event.endswith(f": {verdict}")
        }
        rows.append((code(verdict), verdict.label.zh, verdict.label.en, ", ".join(sorted(roles))))
    yield from table(["verdict", "中文", "English", "given by"], rows)


def roles() -> Iterator[str]:
    """Yield a table of the roles."""
    rows = [(code(each), each.label.zh, each.label.en) for each in Role]
    yield from table(["role", "中文", "English"], rows)


def _events(course: Course) -> Iterator[tuple[str, Course]]:
    state = state_of(course)
    if state is State.RECEIVED:
        yield "valid", replace(course, validity=State.IN_REVIEW)
        yield "invalid", replace(course, validity=State.INVALID)
        yield "processing fails", replace(course, validity=State.FAILED)
    if state in CANCELLABLE:
        yield "the author cancels", replace(course, cancelled=True)
    if state is State.APPROVED:
        yield "published", replace(course, released=True)
        yield "no longer valid when published", replace(course, failed=True)
    yield from _decisions(course)
    if not course.released and course.base_release < _MOST_RELEASES:
        yield "another release appears", replace(course, base_release=course.base_release + 1)


def _decisions(course: Course) -> Iterator[tuple[str, Course]]:
    for role in sorted(DECIDERS):
        for verdict in Verdict:
            word = _word(course, role, verdict)
            try:
                check_may_decide(word, _AUTHOR, course)
            except Refusal:
                continue
            yield f"{role}: {verdict}", replace(course, decisions=(*course.decisions, word))


def _word(course: Course, role: Role, verdict: Verdict) -> Decision:
    return Decision(
        person_id=UUID(int=len(course.decisions) + 1),
        person="",
        role=role,
        verdict=verdict,
        basis="",
        reason="a reason",
        base_release=course.base_release,
        at=_WHEN,
        withheld=Withheld(rows=(1,)) if verdict is Verdict.DISCLOSE_IN_PART else Withheld(),
    )


def _node(course: Course) -> str:
    due = due_role(course)
    return state_of(course).value + (f"_waits_for_{due}" if due else "")


def _key(course: Course) -> object:
    """What tells courses apart: everything but who spoke, and what else they said."""
    words = tuple((each.role, each.verdict, each.base_release) for each in course.decisions)
    return replace(course, decisions=()), words
