"""What happened to a request, and whether it is told completely and of its kind."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from opendata.domain.errors import Fault, Text
from opendata.domain.requests.fees import tariff
from opendata.domain.requests.kinds import FeeBasis, FeeDeviation, Kind, Named, Opinion, Ruling
from opendata.domain.requests.outcomes import Outcome

# The Regulation came into force on that day; nobody asked under it before.
FIRST_DAY = date(2008, 5, 1)
MOST_DAYS = 20
MOST_PAGES = 1_000_000
LONGEST_NAME = 100
# What the law wants the applicant told in writing: what to correct, why later, the answer itself.
NEEDS_WORDS = frozenset({Kind.CORRECTION_ASKED, Kind.EXTENDED, Kind.SUSPENDED, Kind.ANSWERED})
SAID_BY_APPLICANTS = frozenset({Kind.CORRECTED, Kind.WITHDRAWN})
_AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, on a day in China; ``number`` is 0 until it is recorded.

    ``details`` are structured values of its kind and no text of anybody's. ``has_words`` says
    whether a text came with it, which is sealed. ``recorded_on`` is the day on which it was
    recorded, told of requests only that were filed here: of others that day says nothing.
    ``since`` is told of an answer that takes the place of another: since when one is on record.
    """

    kind: Kind
    on: date
    details: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    has_words: bool = False
    recorded_on: date | None = None
    by_applicant: bool = False
    since: date | None = None

    @property
    def known_on(self) -> date:
        """The day from which it could be known here: not before it was recorded."""
        return max(self.on, self.since or self.recorded_on or self.on)

    @property
    def counted_on(self) -> date:
        """The day by which clocks, lists and annual reports count it: of an answer, once known."""
        return self.known_on if self.kind is Kind.ANSWERED else self.on


def as_kept(event: Event) -> Event:
    """Return a faultless event as it is recorded: an amount in yuan has two decimals.

    >>> as_kept(Event(Kind.FEE_PAID, FIRST_DAY, {"amount": "100"})).details
    {'amount': '100.00'}
    """
    amount = event.details.get("amount")
    if amount is None:
        return event
    return replace(event, details={**event.details, "amount": f"{Decimal(amount):.2f}"})


def event_faults(event: Event, today: date, *, words_needed: bool) -> tuple[Fault, ...]:
    """Return what is wrong in an event by itself, wherever the request stands.

    ``words_needed``: whether the texts that the law wants have to come with it; an agency's own
    ledger, which has them elsewhere, leaves them out.
    """
    return tuple(_faults(event, today, words_needed=words_needed))


def _faults(event: Event, today: date, *, words_needed: bool) -> Iterator[Fault]:
    yield from _day_faults(event, today)
    known = _DETAILS.get(event.kind, {})
    for name in sorted(set(event.details) - set(known)):
        text = Text(f"{event.kind.label.zh}没有这一项。", f"{event.kind} has no such value.")
        yield Fault(f"/details/{name}", text, "misplaced-value")
    wrong = {name: check(event.details.get(name)) for name, check in known.items()}
    for name, said in wrong.items():
        if said is not None:
            yield Fault(f"/details/{name}", said, "invalid-value")
    if event.kind is Kind.FEE_NOTICED and not any(wrong.values()):
        yield from _fee_faults(event)
    if event.kind is Kind.CORRECTION_ASKED and not any(wrong.values()):
        yield from _until_faults(event)
    if words_needed and _needs_words(event) and not event.has_words:
        text = Text(f"{event.kind.label.zh}须写明内容。", f"{event.kind} is told in words, too.")
        yield Fault("/statement", text, "words-needed")


def _day_faults(event: Event, today: date) -> Iterator[Fault]:
    if event.on > today:
        text = Text("日期不能晚于今天。", "The day is not after today.")
        yield Fault("/on", text, "invalid-value")
    elif event.on < FIRST_DAY:
        text = Text(f"日期不能早于 {FIRST_DAY}。", f"The day is not before {FIRST_DAY}.")
        yield Fault("/on", text, "invalid-value")


def _needs_words(event: Event) -> bool:
    # Applicants withdraw without a reason; an agency says how it knows what they said.
    said_for_them = event.kind in SAID_BY_APPLICANTS and not event.by_applicant
    return event.kind in NEEDS_WORDS or said_for_them


def _until_faults(event: Event) -> Iterator[Fault]:
    until = event.details.get("until")
    if until is not None and date.fromisoformat(until) < event.on:
        text = Text("补正期限不能早于告知之日。", "The term does not end before it was told.")
        yield Fault("/details/until", text, "invalid-value")


def _fee_faults(event: Event) -> Iterator[Fault]:
    """A fee is what the tariff gives, or it is said why it is another."""
    if event.has_words or event.details.get("deviation") is not None:
        return
    amount = Decimal(event.details["amount"])
    basis, count = FeeBasis(event.details["basis"]), event.details["count"]
    due = tariff(basis, count, event.details.get("before") or 0, event.on)
    if due == amount:
        return
    text = Text(
        f"按国办函〔2020〕109号应为 {due} 元；收取其他数额的，请用 deviation 或文字写明理由。",
        f"The tariff gives {due} yuan; say why the fee is another (deviation, or in words).",
    )
    if due is None:
        text = Text(
            "2021-01-01 前没有信息处理费标准，请用 deviation 或文字写明收费依据。",
            "There was no tariff before 2021-01-01; say by what it is charged (deviation).",
        )
    yield Fault("/details/amount", text, "not-the-tariff")


Check = Callable[[object], Text | None]


def _one_of(codes: type[Named], *, optional: bool = False) -> Check:
    values = ", ".join(codes)

    def check(value: object) -> Text | None:
        if (optional and value is None) or value in list(codes):
            return None
        return Text(f"应为下列之一：{values}。", f"It is one of {values}.")

    return check


def _whole(least: int, most: int, *, optional: bool = False) -> Check:
    def check(value: object) -> Text | None:
        if optional and value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return None
        return Text(f"应为 {least} 至 {most} 的整数。", f"It is a whole number, {least} to {most}.")

    return check


def _amount(value: object) -> Text | None:
    if isinstance(value, str) and _AMOUNT.fullmatch(value) and Decimal(value) > 0:
        return None
    return Text(
        '应为大于零的金额（元），至多两位小数，写成字符串，如 "200.00"。',
        'It is an amount in yuan above zero, two decimals at most, as a string like "200.00".',
    )


def _name(value: object) -> Text | None:
    if isinstance(value, str) and value.strip() and len(value) <= LONGEST_NAME:
        return None
    return Text(
        f"请写明批准人（政府信息公开工作机构负责人），至多 {LONGEST_NAME} 个字符。",
        f"Name who agreed, the head of the disclosure office; {LONGEST_NAME} letters at most.",
    )


def _day(value: object) -> Text | None:
    try:
        date.fromisoformat(str(value)) if value is not None else None
    except ValueError:
        return Text("应为日期，如 2026-03-02。", "It is a day like 2026-03-02.")
    return None


_OPINION = {"opinion": _one_of(Opinion)}
_RULING = {"outcome": _one_of(Ruling)}
_DETAILS: Mapping[Kind, Mapping[str, Check]] = {
    Kind.CORRECTION_ASKED: {"until": _day},
    Kind.THIRD_PARTY_ANSWERED: _OPINION,
    Kind.JOINT_ANSWERED: _OPINION,
    Kind.EXTENDED: {"days": _whole(1, MOST_DAYS), "approved_by": _name},
    Kind.FEE_NOTICED: {
        "basis": _one_of(FeeBasis),
        "count": _whole(1, MOST_PAGES),
        "before": _whole(0, MOST_PAGES, optional=True),
        "deviation": _one_of(FeeDeviation, optional=True),
        "amount": _amount,
    },
    Kind.FEE_PAID: {"amount": _amount},
    Kind.ANSWERED: {"outcome": _one_of(Outcome)},
    Kind.REVIEW: _RULING,
    Kind.LITIGATION: _RULING,
    Kind.ANNULLED: {"number": _whole(1, 2**31 - 1)},
}
