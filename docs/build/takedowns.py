"""Takedowns, drawn by asking the rules: whatever two persons can say of a release."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from opendata.domain.errors import Refusal
from opendata.domain.takedowns import (
    UNTOUCHED,
    Kind,
    Status,
    TakedownWord,
    check_may_say,
    standing_of,
)

_PERSONS = tuple(UUID(int=each) for each in (1, 2))
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
# So many words lead along every arrow.
_MOST = 5


def diagram() -> Iterator[str]:
    """Yield the state diagram in Mermaid's notation."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield "    [*] --> public: released"
    for origin, goal, event in sorted(steps()):
        yield f"    {origin} --> {goal}: {event}"
    yield "```"


def steps() -> set[tuple[str, str, str]]:
    """Return every step that the rules allow from one place to another, and by what."""
    found = set()
    waiting = [UNTOUCHED]
    while waiting:
        before = waiting.pop()
        for event, after in _events(before):
            if after.place is not before.place:
                found.add((before.place.value, after.place.value, event))
            if len(after.words) < _MOST:
                waiting.append(after)
    return found


def _events(status: Status) -> Iterator[tuple[str, Status]]:
    for kind in Kind:
        seconds = status.first_word(kind) is not None
        for person in _PERSONS:
            word = TakedownWord(len(status.words) + 1, kind, person, "", "", "", "", _WHEN)
            try:
                check_may_say(word, status)
            except Refusal:
                continue
            told = f"{kind}, by another person" if seconds else kind.value
            yield told, standing_of((*status.words, word))
