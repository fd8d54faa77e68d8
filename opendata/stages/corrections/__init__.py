"""Corrections: the public reports a fault in a record, and the agency answers for it."""

from opendata.stages.corrections.handling import (
    HANDLERS,
    Asked,
    corrections,
    erase_contact,
    opened,
    say,
)
from opendata.stages.corrections.model import Correction, reported_to, tracked
from opendata.stages.corrections.reporting import About, Claim, report
from opendata.stages.corrections.showing import Shown, shown_in

__all__ = [
    "HANDLERS",
    "About",
    "Asked",
    "Claim",
    "Correction",
    "Shown",
    "corrections",
    "erase_contact",
    "opened",
    "report",
    "reported_to",
    "say",
    "shown_in",
    "tracked",
]
