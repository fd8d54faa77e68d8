"""Complaints: somebody reports a breach, supervisors handle it, and its outcome is public."""

from opendata.stages.complaints.counting import (
    accountability,
    accountability_results,
    agency_names,
    outcomes,
)
from opendata.stages.complaints.erasing import Sealed, What, erase
from opendata.stages.complaints.filing import Filed, Filing, file, register
from opendata.stages.complaints.handling import Said, record, supplement
from opendata.stages.complaints.model import Complaint, Subject
from opendata.stages.complaints.reading import (
    Opened,
    Spoken,
    Told,
    listed,
    opened,
    reporter,
    tracked,
)

__all__ = [
    "Complaint",
    "Filed",
    "Filing",
    "Opened",
    "Said",
    "Sealed",
    "Spoken",
    "Subject",
    "Told",
    "What",
    "accountability",
    "accountability_results",
    "agency_names",
    "erase",
    "file",
    "listed",
    "opened",
    "outcomes",
    "record",
    "register",
    "reporter",
    "supplement",
    "tracked",
]
