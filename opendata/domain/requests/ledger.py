"""An agency's own ledger: what an entry adds to what is recorded, or what it contradicts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.requests.course import Course, course_of, effective
from opendata.domain.requests.events import Event, as_kept, event_faults
from opendata.domain.requests.kinds import ApplicantKind, Channel, Kind, Source
from opendata.domain.requests.request import Request
from opendata.domain.requests.turns import RequestNotInTurn, not_in_turn, too_early

LONGEST_NUMBER = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One request of a ledger, under the agency's own number, with its events in their order.

    ``pointer`` says where it stands in what was sent, such as ``/12``.
    """

    number: str
    channel: Channel
    applicant_kind: ApplicantKind
    events: tuple[Event, ...]
    pointer: str = ""


class InvalidLedger(Unprocessable):
    """An entry says what cannot be, or something else than is recorded; nothing is taken in."""

    code = "invalid-ledger"


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return events of a ledger in the order in which they can have happened.

    Those of one day are in the order of the procedure.
    """
    procedure = list(Kind)
    return tuple(sorted(events, key=lambda each: (each.on, procedure.index(each.kind))))


@dataclass(frozen=True, slots=True)
class Judged:
    """What an entry adds, numbered on from what is recorded; or what is wrong with it."""

    added: tuple[Event, ...] = ()
    faults: tuple[Fault, ...] = ()


def judge(entry: Entry, recorded: Request | None, today: date) -> Judged:
    """Compare an entry with what is recorded under its number, and return what it adds.

    What is recorded and the entry leaves out at its end stays: silence takes nothing back.
    """
    faults = tuple(_entry_faults(entry, recorded, today))
    if faults:
        return Judged(faults=faults)
    known = () if recorded is None else effective(recorded.events)
    for index, (told, had) in enumerate(zip(entry.events, known, strict=False)):
        if not _same(told, had):
            return Judged(faults=(_contradicted(entry, index, had),))
    if recorded is not None and recorded.source is not Source.LEDGER:
        return Judged(faults=tuple(_elsewhere(entry, recorded, len(known))))
    said = () if recorded is None else recorded.events
    first = 1 + max((each.number for each in said), default=0)
    added = tuple(
        replace(each, number=number)
        for number, each in enumerate(entry.events[len(known) :], start=first)
    )
    faults = tuple(_turn_faults(entry, course_of(said), added))
    return Judged(faults=faults) if faults else Judged(added)


def _entry_faults(entry: Entry, recorded: Request | None, today: date) -> Iterator[Fault]:
    if not entry.number.strip() or len(entry.number) > LONGEST_NUMBER:
        text = Text(
            f"编号为 1 至 {LONGEST_NUMBER} 个字符。", f"A number has 1 to {LONGEST_NUMBER} letters."
        )
        yield Fault(f"{entry.pointer}/number", text, "invalid-value")
    if not entry.events:
        text = Text("至少要有收到日期。", "There is a day of receipt at least.")
        yield Fault(f"{entry.pointer}/events", text, "invalid-value")
    for index, each in enumerate(entry.events):
        yield from _event_faults(each, f"{entry.pointer}/events/{index}", today)
    for name in () if recorded is None else ("channel", "applicant_kind"):
        had = getattr(recorded, name)
        if getattr(entry, name) is not had:
            text = Text(f"已记录为“{had.label.zh}”。", f"It is recorded as {had}.")
            yield Fault(f"{entry.pointer}/{name}", text, "contradicts-record")


def _event_faults(event: Event, pointer: str, today: date) -> Iterator[Fault]:
    for fault in event_faults(event, today, words_needed=False):
        yield replace(fault, pointer=pointer + fault.pointer)
    if event.kind is Kind.ANNULLED:
        text = Text("台账不能撤销记录。", "A ledger annuls nothing.")
        yield Fault(f"{pointer}/kind", text, "invalid-value")


def _same(told: Event, had: Event) -> bool:
    details, kept = (
        {name: value for name, value in as_kept(each).details.items() if value is not None}
        for each in (told, had)
    )
    return (told.kind, told.on, details) == (had.kind, had.on, kept)


def _elsewhere(entry: Entry, recorded: Request, known: int) -> Iterator[Fault]:
    """Refuse what is new of a request that is worked on here, step by step and signed."""
    if len(entry.events) > known:
        text = Text(
            f"此件为{recorded.source.label.zh}，须逐项记录，不能以台账续记。",
            f"This request was {recorded.source.label.en}; what happens to it is recorded event "
            "by event, and by no ledger.",
        )
        yield Fault(f"{entry.pointer}/events/{known}", text, "not-from-ledger")


def _contradicted(entry: Entry, index: int, had: Event) -> Fault:
    text = Text(
        f"此处已记录为 {had.on} {had.kind.label.zh}；误录的须先撤销。",
        f"Recorded here is {had.kind} on {had.on}; what was a mistake is annulled first.",
    )
    return Fault(f"{entry.pointer}/events/{index}", text, "contradicts-record")


def _turn_faults(entry: Entry, course: Course, added: Sequence[Event]) -> Iterator[Fault]:
    """Yield why the first event that may not follow may not; what comes after it says nothing."""
    index = len(entry.events) - len(added)
    for each in added:
        refused = not_in_turn(each, course)
        early = too_early(each, course)
        if refused is not None:
            yield Fault(f"{entry.pointer}/events/{index}", refused, RequestNotInTurn.code)
            return
        if early is not None:
            yield Fault(f"{entry.pointer}/events/{index}/on", early, "invalid-value")
            return
        course = course.after(each)
        index += 1
