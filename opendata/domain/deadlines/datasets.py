"""By when a dataset is to be published, as far as its registration tells it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from opendata.domain.contracts import Contract, DeadlineChoice, PeriodKind
from opendata.domain.deadlines.model import DeadlineRule, Due, NoSuchRule
from opendata.domain.deadlines.rules import rule_on

# Information in general, where a contract names no rule of its own.
_GENERAL = DeadlineChoice("PRO", None, {})


@dataclass(frozen=True, slots=True)
class Trigger:
    """The terms of so many records run from ``day``; ``None`` where they do not tell it."""

    day: date | None
    records: int


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due for those of a dataset's records that ``choice`` is for.

    ``due`` is the earliest and ``last`` the latest, ``None`` where it depends on the records, or
    on what they do not tell. ``records`` is how many there are of them, and ``indeterminate`` of
    how many nobody can tell; ``None`` where the records are not known.
    """

    choice: DeadlineChoice
    rule: DeadlineRule
    due: Due | None
    last: Due | None = None
    records: int | None = None
    indeterminate: int | None = None


# What the terms of a dataset's records run from, for each rule of its contract.
Triggers = Sequence[Sequence[Trigger]]


def choices_of(contract: Contract) -> tuple[DeadlineChoice, ...]:
    """Return the rules that a collection's records are to be published by, first match first."""
    return contract.deadline_rules or (_GENERAL,)


def deadlines(
    contract: Contract,
    period: str,
    today: date,
    due_on: Callable[[str, date], Due],
    known: tuple[Triggers | None, Sequence[Sequence[date]]] = (None, ()),
) -> tuple[Deadline, ...]:
    """Return what is due for a dataset of ``period``, by every rule that may apply.

    Args:
        contract: The collection's.
        period: The dataset's, ``2025`` or ``2025-03`` or ``rolling``.
        today: The day whose rules are told where the day a term runs from is not known.
        due_on: By when something is due by a rule, from a day.
        known: For each rule, the days that the terms of the records run from, ``None`` where
            the records are not known; and the days on which a term began for them all.
    """
    found: list[Deadline] = []
    triggers, begun = known
    for number, choice in enumerate(choices_of(contract)):
        of_records = () if triggers is None else triggers[number]
        given = of_records or (Trigger(_trigger(contract, choice, period), 0),)
        if begun and begun[number]:
            # Which of them a record falls under nobody says: the first and the last are told.
            count = sum(each.records for each in given)
            given = [Trigger(day, 0 if at else count) for at, day in enumerate(begun[number])]
        for rule, dues in _by_rule(choice, given, today, due_on):
            told = _deadline(choice, rule, dues)
            unknown = replace(told, records=None, indeterminate=None)
            found.append(unknown if triggers is None else told)
    return tuple(found)


_Dues = Sequence[tuple[Due | None, int]]


def _by_rule(
    choice: DeadlineChoice,
    triggers: Sequence[Trigger],
    today: date,
    due_on: Callable[[str, date], Due],
) -> Iterator[tuple[DeadlineRule, _Dues]]:
    """Yield what is due from these days by each rule that was in force on one of them."""
    found: dict[str, tuple[DeadlineRule, list[tuple[Due | None, int]]]] = {}
    for each in triggers:
        try:
            rule = rule_on(choice.rule, each.day or today)
            due = due_on(choice.rule, each.day) if each.day else None
        except NoSuchRule:
            # It was not the law yet, or is not any more: nothing is due by it.
            continue
        found.setdefault(rule.id, (rule, []))[1].append((due, each.records))
    yield from found.values()


def _deadline(choice: DeadlineChoice, rule: DeadlineRule, dues: _Dues) -> Deadline:
    told = [due for due, _ in dues if due is not None]
    # What nobody can tell the day of is told of where there is nothing else.
    known = [due for due in told if due.rolled is not None] or told[:1]
    known.sort(key=lambda due: due.rolled or date.max)
    first, last = (known[0], known[-1]) if known else (None, None)
    untold = sum(number for due, number in dues if due is None or due.rolled is None)
    return Deadline(choice, rule, first, last, sum(number for _, number in dues), untold)


def _trigger(contract: Contract, choice: DeadlineChoice, period: str) -> date | None:
    """Return the last day of a year that the dataset is about, if its term runs from there."""
    is_period = choice.trigger_field is not None and choice.trigger_field == contract.period_field
    if contract.period is not PeriodKind.YEAR or not is_period:
        return None
    return date(int(period), 12, 31)
