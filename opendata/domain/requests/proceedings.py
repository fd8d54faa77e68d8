"""Reviews and suits: they follow from the days of what is told of them, whenever that was told."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from opendata.domain.requests.events import Event
from opendata.domain.requests.kinds import Kind, Ruling

# In the order of the procedure: who is reviewed and sued on one day is sued after a review.
PROCEEDINGS = (Kind.REVIEW, Kind.LITIGATION)


@dataclass(frozen=True, slots=True)
class Proceeding:
    """One review or litigation: begun by one event, decided by a later one or by the same.

    ``number`` is that of the event that began it; ``after_review`` says of a litigation whether
    a review came first.
    """

    kind: Kind
    number: int
    begun_on: date
    decided_on: date | None = None
    ruling: Ruling = Ruling.PENDING
    after_review: bool = False


def proceedings_of(events: Iterable[Event]) -> tuple[Proceeding, ...]:
    """Return the reviews and suits, in the order of the days on which they began.

    A ruling decides the first of its kind that was begun by then and is not decided; where there
    is none, it tells of one that began and ended on its day. Of one day, beginnings come first.
    """
    found: list[Proceeding] = []
    for event in sorted((each for each in events if each.kind in PROCEEDINGS), key=_turn):
        ruling = _ruling(event)
        if ruling is Ruling.PENDING:
            found.append(_begun(event, found))
            continue
        at = next((at for at, each in enumerate(found) if _is_open(each, event.kind)), len(found))
        begun = found[at] if at < len(found) else _begun(event, found)
        found[at : at + 1] = [replace(begun, decided_on=event.on, ruling=ruling)]
    return tuple(found)


def _begun(event: Event, before: Iterable[Proceeding]) -> Proceeding:
    reviewed = any(each.kind is Kind.REVIEW for each in before)
    after_review = event.kind is Kind.LITIGATION and reviewed
    return Proceeding(event.kind, event.number, event.on, after_review=after_review)


def _is_open(proceeding: Proceeding, kind: Kind) -> bool:
    return proceeding.kind is kind and proceeding.decided_on is None


def _ruling(event: Event) -> Ruling:
    return Ruling(event.details["outcome"])


def _turn(event: Event) -> tuple[date, int, int, int]:
    """Order by days; those of one day by what they say, and only equal ones as recorded."""
    said = PROCEEDINGS.index(event.kind), list(Ruling).index(_ruling(event))
    return (event.on, *said, event.number)
