"""Comply: what must be disclosed and by when, whether it was, and who says so."""

from opendata.stages.comply.finding import MOST_CASES, Asked, Found, found, whole
from opendata.stages.comply.obligations import COLLECTION, NotAnObligation, Sources, obligation
from opendata.stages.comply.recording import RECORDERS, Happened, fulfil, record_occasion
from opendata.stages.comply.summing import Group, Narrowed, Summary, summary

__all__ = [
    "COLLECTION",
    "MOST_CASES",
    "RECORDERS",
    "Asked",
    "Found",
    "Group",
    "Happened",
    "Narrowed",
    "NotAnObligation",
    "Sources",
    "Summary",
    "found",
    "fulfil",
    "obligation",
    "record_occasion",
    "summary",
    "whole",
]
