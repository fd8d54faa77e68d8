"""Requests for information: filed, worked on, taken in from ledgers, shown, erased."""

from opendata.stages.requests.erasing import erase
from opendata.stages.requests.filing import (
    Application,
    Filed,
    Registration,
    check_application,
    file,
    register,
)
from opendata.stages.requests.ledgers import Taken, record_ledger
from opendata.stages.requests.model import SCOPE, Entered, Kept, requests_of
from opendata.stages.requests.showing import (
    HANDLERS,
    On,
    Opened,
    Sealed,
    clock_of,
    opened,
    rows,
    tracked,
)
from opendata.stages.requests.working import Told, record, record_by_applicant

__all__ = [
    "HANDLERS",
    "SCOPE",
    "Application",
    "Entered",
    "Filed",
    "Kept",
    "On",
    "Opened",
    "Registration",
    "Sealed",
    "Taken",
    "Told",
    "check_application",
    "clock_of",
    "erase",
    "file",
    "opened",
    "record",
    "record_by_applicant",
    "record_ledger",
    "register",
    "requests_of",
    "rows",
    "tracked",
]
