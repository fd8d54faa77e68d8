"""How long a penalty is public, regime by regime (the domain's rules, for invented decisions)."""

from dataclasses import dataclass
from datetime import date, timedelta

from opendata.domain.terms import add_months

R2023 = date(2023, 5, 1)
R2026 = date(2026, 4, 1)
SAMR = date(2021, 9, 1)

_LONG_SECTORS = frozenset({"food", "drug", "special_equipment", "work_safety", "fire"})


@dataclass(frozen=True, slots=True)
class Window:
    """The last day of publication, the first on which repair may end it, and the rule."""

    rule: str
    until: date
    repair_from: date


def window(decided: date, severity: str, sector: str, *, market: bool) -> Window:
    """Return the window of a decision.

    ``market`` says that market regulation decided, whose own rule counts from publication.
    """
    if market and decided >= SAMR:
        published = decided + timedelta(days=14)
        months = 3 if severity == "minor" else 36
        return Window("R-SAMR", add_months(published, months), add_months(published, 3))
    if decided >= R2026:
        shortest, longest = {"minor": (0, 3), "general": (3, 12), "serious": (12, 36)}[severity]
        return _window("R-2026", decided, shortest, longest)
    if decided >= R2023:
        shortest = 12 if sector in _LONG_SECTORS else 3
        return _window("R-2023", decided, shortest, 36)
    shortest, longest = (6, 36) if severity == "serious" else (3, 12)
    return _window("R-2019", decided, shortest, longest)


def _window(rule: str, decided: date, shortest: int, longest: int) -> Window:
    return Window(rule, add_months(decided, longest), add_months(decided, shortest))
