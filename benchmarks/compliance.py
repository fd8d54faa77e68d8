"""What it costs to say where the obligations of a whole city stand.

Invented obligations of many agencies, most of them met by words or by themselves, some late, are
worked out and counted by agency; the processor's time is told::

    python -m benchmarks.compliance 100000

As many cases are worked out as is said; half of them are months, half are occasions.
"""

import argparse
import random
import time
from dataclasses import dataclass
from datetime import date, timedelta

from opendata.domain.compliance import (
    Case,
    Facts,
    Frequency,
    Grouping,
    Kind,
    Obligation,
    Occasion,
    Release,
    Terms,
    Word,
    cases,
    grouped,
)
from opendata.stages.rules import Rules

ON = date(2026, 11, 20)
MONTHS = 24
REGIONS = 17
_SINCE = date(2024, 12, 1)
_RULES = ("PRO", "PEN-7", "PRJ-20", "BUD-GOV", None)


@dataclass(frozen=True, slots=True)
class Taken:
    """What working out so many cases took, in seconds of the processor."""

    cases: int
    first: float
    again: float
    counted: float


def invented(wanted: int, seed: int = 1) -> Facts:
    """Return facts that make ``wanted`` cases."""
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret.
    monthly = [_obligation(each, Frequency.MONTHLY) for each in range(wanted // 2 // MONTHS)]
    single = [
        _obligation(each, Frequency.AD_HOC, first=len(monthly))
        for each in range(wanted - len(monthly) * MONTHS)
    ]
    occasions = {each.id: [_occasion(chance)] for each in single}
    words = {
        named: {told[0].name: [_word(told[0].trigger, chance)]}
        for named, told in occasions.items()
        if chance.random() < 0.8
    }
    first = {
        (f"agency-{agency}", "budgets", f"2026-{month:02}"): Release(
            f"d-{agency}-{month}", 1, date(2026, month, 1) + timedelta(days=chance.randrange(90))
        )
        for agency in range(REGIONS)
        for month in range(1, 10)
    }
    return Facts([*monthly, *single], occasions, words, first, {})


def taken(wanted: int) -> Taken:
    """Work out invented cases: with nothing known of any term, again, and count them."""
    facts, rules = invented(wanted), Rules()
    rules.calendar(None)
    first, found = _timed(facts, rules)
    again, found = _timed(facts, rules)
    begun = time.process_time()
    for each in Grouping:
        grouped(found, each)
    return Taken(len(found), first, again, time.process_time() - begun)


def _timed(facts: Facts, rules: Rules) -> tuple[float, list[Case]]:
    begun = time.process_time()
    found = cases(facts, ON, Terms(rules.calendar, rules.due))
    return time.process_time() - begun, found


def _obligation(number: int, frequency: Frequency, first: int = 0) -> Obligation:
    at = first + number
    return Obligation(
        id=f"{at:052}",
        agency=f"agency-{at % REGIONS}",
        publisher=f"示例县 {at % REGIONS}",
        code=f"{at % 26:02}-{at}",
        field=f"领域 {at % 26}",
        item="一级事项",
        subitem="二级事项",
        region=f"4503{at % REGIONS + 10}",
        frequency=frequency,
        rule=_RULES[at % len(_RULES)],
        collection="budgets" if at % 3 == 0 else None,
        since=_SINCE,
    )


def _occasion(chance: random.Random) -> Occasion:
    trigger = date(2025, 1, 1) + timedelta(days=chance.randrange(680))
    return Occasion(f"某文〔{trigger.year}〕{trigger:%j}号", "某事项", "PRO", trigger)


def _word(trigger: date, chance: random.Random) -> Word:
    done = min(trigger + timedelta(days=chance.randrange(60)), ON)
    if chance.random() < 0.05:
        return Word(Kind.EXEMPTION, basis="《政府信息公开条例》第十五条", reason="涉及商业秘密")
    return Word(Kind.DOCUMENT, done, url="https://www.example.gov.cn/a")


def main() -> None:
    """Measure at the sizes given and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compliance")
    parser.add_argument("sizes", type=int, nargs="*", default=[100_000])
    for wanted in parser.parse_args().sizes:
        found = taken(wanted)
        print(
            f"{found.cases:>10,} cases: {found.first:.2f} s CPU, {found.again:.2f} s with terms "
            f"known, {found.counted:.2f} s more to count them six ways",
            flush=True,
        )


if __name__ == "__main__":
    main()
