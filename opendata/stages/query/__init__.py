"""Query: a checked ``Query`` is answered from what is public of a snapshot."""

from opendata.stages.query.issues import IssuesInView, IssuesOfRelease, issues
from opendata.stages.query.overview import Overview, overview
from opendata.stages.query.records import Page, Record, page, record, view_of
from opendata.stages.query.view import NoSuchSnapshot, View, current_view

__all__ = [
    "IssuesInView",
    "IssuesOfRelease",
    "NoSuchSnapshot",
    "Overview",
    "Page",
    "Record",
    "View",
    "current_view",
    "issues",
    "overview",
    "page",
    "record",
    "view_of",
]
