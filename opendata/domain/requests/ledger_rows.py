"""A row of a ledger's file: its days as events, and where in the row each of them stands."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from opendata.domain.errors import Fault, Text
from opendata.domain.requests.events import Event
from opendata.domain.requests.kinds import ApplicantKind, Channel, Kind, Ruling
from opendata.domain.requests.ledger import Entry

Row = Mapping[str, Any]
Write = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """What a row may say of one kind of event: the column of its day, those of its details.

    ``fixed`` are details that the columns leave unsaid. A detail is written as events have it.
    """

    kind: Kind
    on: str
    details: Mapping[str, tuple[str, Write]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its details."""
        return tuple(column for column, _ in self.details.values())

    def event(self, row: Row) -> Event:
        """Return the event; the day is in the row."""
        told = {
            name: write(row[column])
            for name, (column, write) in self.details.items()
            if row[column] is not None
        }
        return Event(self.kind, row[self.on], {**told, **self.fixed})

    def column_of(self, place: str) -> str:
        """Return the column that a place in the event, such as ``/details/days``, is from."""
        name = place.removeprefix("/details/")
        return self.details[name][0] if name in self.details else self.on


def _amount(yuan: Decimal) -> str:
    return f"{yuan:.2f}"


_PENDING = {"outcome": str(Ruling.PENDING)}
_FEE = ("fee_yuan", _amount)
# In the order in which events of one day follow each other.
STEPS = (
    Step(Kind.RECEIVED, "received_on"),
    Step(Kind.CORRECTION_ASKED, "correction_asked_on", {"until": ("correction_until", str)}),
    Step(Kind.CORRECTED, "corrected_on"),
    Step(Kind.THIRD_PARTY_ASKED, "third_party_asked_on"),
    Step(
        Kind.THIRD_PARTY_ANSWERED,
        "third_party_answered_on",
        {"opinion": ("third_party_opinion", str)},
    ),
    Step(Kind.JOINT_ASKED, "joint_asked_on"),
    Step(Kind.JOINT_ANSWERED, "joint_answered_on", {"opinion": ("joint_opinion", str)}),
    Step(
        Kind.EXTENDED,
        "extended_on",
        {"days": ("extended_days", int), "approved_by": ("extended_by", str)},
    ),
    Step(
        Kind.FEE_NOTICED,
        "fee_noticed_on",
        {
            "basis": ("fee_basis", str),
            "count": ("fee_count", int),
            "before": ("fee_before", int),
            "amount": _FEE,
            "deviation": ("fee_deviation", str),
        },
    ),
    Step(Kind.FEE_PAID, "fee_paid_on", {"amount": _FEE}),
    Step(Kind.SUSPENDED, "suspended_on"),
    Step(Kind.RESUMED, "resumed_on"),
    Step(Kind.ANSWERED, "answered_on", {"outcome": ("outcome", str)}),
    Step(Kind.DELIVERED, "delivered_on"),
    Step(Kind.WITHDRAWN, "withdrawn_on"),
    Step(Kind.REVIEW, "review_on", fixed=_PENDING),
    Step(Kind.REVIEW, "review_decided_on", {"outcome": ("review_outcome", str)}),
    Step(Kind.LITIGATION, "litigation_on", fixed=_PENDING),
    Step(Kind.LITIGATION, "litigation_decided_on", {"outcome": ("litigation_outcome", str)}),
)


@dataclass(frozen=True, slots=True)
class Read:
    """One row, read: the entry, and the step that each of its events is from."""

    entry: Entry
    steps: tuple[Step, ...]

    def located(self, fault: Fault) -> Fault:
        """Return a fault of the entry with the column of the file in the place of the event."""
        place = fault.pointer.removeprefix(self.entry.pointer)
        if not place.startswith("/events/"):
            return fault
        index, _, inside = place.removeprefix("/events/").partition("/")
        column = self.steps[int(index)].column_of(f"/{inside}") if index.isdigit() else "number"
        return replace(fault, pointer=f"{self.entry.pointer}/{column}")


def read_row(row: Row, pointer: str) -> Read:
    """Read a row that fits the ledger's contract; ``pointer`` says where it stands.

    The events are in the order of their days.
    """
    steps = sorted((each for each in STEPS if row[each.on] is not None), key=partial(_day, row))
    entry = Entry(
        number=row["number"],
        channel=Channel(row["channel"]),
        applicant_kind=ApplicantKind(row["applicant_kind"]),
        events=tuple(each.event(row) for each in steps),
        pointer=pointer,
    )
    return Read(entry, tuple(steps))


def undated(row: Row, pointer: str) -> Iterator[Fault]:
    """Yield a fault for every value of a row that has no day beside it: it would be lost."""
    told = {column for step in STEPS if row[step.on] is not None for column in step.columns}
    for step in STEPS:
        for column in step.columns:
            value = row[column]
            if value is None or column in told or value == Ruling.PENDING:
                continue
            told.add(column)
            text = Text(
                f"填写了 {column}，须填写 {step.on}。", f"{column} needs {step.on} beside it."
            )
            yield Fault(f"{pointer}/{step.on}", text, "value-without-day")


def _day(row: Row, step: Step) -> date:
    day: date = row[step.on]
    return day
