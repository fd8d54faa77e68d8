"""The rules by their names, and which of a family held on a day."""

from collections.abc import Iterator, Mapping
from datetime import date

from opendata.domain.deadlines.matters import BUDGETS, LICENCES, PENALTIES, PROJECTS, WINDOWS
from opendata.domain.deadlines.model import DeadlineRule, LocalRule, NoSuchRule
from opendata.domain.deadlines.regulation import PUBLICATION, REPORTS, REQUESTS

_ROWS = (
    *(*PUBLICATION, *REQUESTS, *REPORTS),
    *(*BUDGETS, *PROJECTS, *PENALTIES, *WINDOWS, *LICENCES),
)
RULES: Mapping[str, DeadlineRule] = {each.id: each for each in _ROWS}
FAMILIES: Mapping[str, tuple[DeadlineRule, ...]] = {
    family: tuple(each for each in _ROWS if family in each.families)
    for family in dict.fromkeys(family for each in _ROWS for family in each.families)
}


def rule_on(name: str, trigger: date) -> DeadlineRule:
    """Return the rule that a term follows which runs from ``trigger``.

    Args:
        name: A family (``REQ``) or a rule (``REQ-2019``), whose family is meant: which of its
            rules holds is for the day to say.
        trigger: The day the term runs from.

    Raises:
        NoSuchRule: there is none of this name, or none was in force on that day.

    >>> rule_on("REQ", date(2019, 5, 14)).id, rule_on("REQ", date(2019, 5, 15)).id
    ('REQ-2008', 'REQ-2019')
    """
    check_named(name)
    found = {each.id: each for each in _of(name) if each.is_in_force(trigger)}
    if name in found:
        return found[name]
    if len(found) != 1:
        raise NoSuchRule(
            f"时限规则“{name}”在 {trigger} 没有唯一适用的一条。",
            f"Of the deadline rule {name} not one was in force on {trigger}, or several were.",
        )
    return next(iter(found.values()))


def check_named(name: str) -> None:
    """Raise ``NoSuchRule`` unless there is a rule or a family of this name."""
    if name not in RULES and name not in FAMILIES:
        raise NoSuchRule(
            f"没有时限规则“{name[:40]}”。", f"There is no deadline rule {name[:40]!r}."
        )


def find_loosened(local: LocalRule) -> DeadlineRule | None:
    """Return a rule that a local one would lengthen or put a count in place of, or ``None``."""
    for each in _of(local.rule):
        if not _meet(each, local):
            continue
        if each.count is None or local.count > each.count:
            return each
    return None


def find_others(local: LocalRule) -> DeadlineRule | None:
    """Return a rule whose term belongs to others, and that a local one speaks of, or ``None``."""
    return next((each for each in _of(local.rule) if each.is_others), None)


def _of(name: str) -> Iterator[DeadlineRule]:
    families = RULES[name].families if name in RULES and name not in FAMILIES else (name,)
    for family in families:
        yield from FAMILIES.get(family, ())


def _meet(rule: DeadlineRule, local: LocalRule) -> bool:
    began = max(rule.since or date.min, local.since or date.min)
    ended = min(rule.until or date.max, local.until or date.max)
    return began <= ended
