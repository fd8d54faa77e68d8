"""By when publication is due: the rules of the law, and the days that follow from them.

Most terms run from something that happened (a decision, an approval). Which rule holds is chosen
by the day on which that was, and a local rule may shorten a term and never lengthen it.
"""

from opendata.domain.deadlines.counting import due, is_late, late_by, strictest
from opendata.domain.deadlines.datasets import Deadline, Trigger, choices_of, deadlines
from opendata.domain.deadlines.model import (
    DeadlineRule,
    Due,
    LocalRule,
    NoSuchRule,
    Severity,
    Unit,
)
from opendata.domain.deadlines.rules import (
    FAMILIES,
    RULES,
    check_named,
    find_loosened,
    find_others,
    rule_on,
)

__all__ = [
    "FAMILIES",
    "RULES",
    "Deadline",
    "DeadlineRule",
    "Due",
    "LocalRule",
    "NoSuchRule",
    "Severity",
    "Trigger",
    "Unit",
    "check_named",
    "choices_of",
    "deadlines",
    "due",
    "find_loosened",
    "find_others",
    "is_late",
    "late_by",
    "rule_on",
    "strictest",
]
