"""By when a dataset is to be published, as far as its registration tells it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from opendata.domain.contracts import Contract, DeadlineChoice, PeriodKind
from opendata.domain.deadlines.model import DeadlineRule, Due, NoSuchRule
from opendata.domain.deadlines.rules import rule_on

# Information in general, where a contract names no rule of its own.
_GENERAL = DeadlineChoice("PRO", None, {})


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is due for those of a dataset's records that ``choice`` is for.

    ``due`` is ``None`` where it depends on the records, or on what they do not tell.
    """

    choice: DeadlineChoice
    rule: DeadlineRule
    due: Due | None


def choices_of(contract: Contract) -> tuple[DeadlineChoice, ...]:
    """Return the rules that a collection's records are to be published by, first match first."""
    return contract.deadline_rules or (_GENERAL,)


def deadlines(
    contract: Contract, period: str, today: date, due_on: Callable[[str, date], Due]
) -> tuple[Deadline, ...]:
    """Return what is due for a dataset of ``period``, by every rule that may apply.

    Args:
        contract: The collection's.
        period: The dataset's, ``2025`` or ``2025-03`` or ``rolling``.
        today: The day whose rules are told where the day a term runs from is not known.
        due_on: By when something is due by a rule, from a day.
    """
    found = []
    for choice in choices_of(contract):
        trigger = _trigger(contract, choice, period)
        try:
            rule = rule_on(choice.rule, trigger or today)
            due = due_on(choice.rule, trigger) if trigger else None
        except NoSuchRule:
            # It was not the law yet, or is not any more: nothing is due by it.
            continue
        found.append(Deadline(choice, rule, due))
    return tuple(found)


def _trigger(contract: Contract, choice: DeadlineChoice, period: str) -> date | None:
    """Return the last day of a year that the dataset is about, if its term runs from there."""
    is_period = choice.trigger_field is not None and choice.trigger_field == contract.period_field
    if contract.period is not PeriodKind.YEAR or not is_period:
        return None
    return date(int(period), 12, 31)
