"""Query: a checked ``Query`` is answered from what is public of a snapshot."""

from opendata.stages.corrections import Shown
from opendata.stages.query.corrected import shown_beside
from opendata.stages.query.ended import ended, ended_of_release
from opendata.stages.query.issues import IssuesInView, IssuesOfRelease, issues
from opendata.stages.query.overview import Overview, overview
from opendata.stages.query.records import Page, Record, page, record, view_for
from opendata.stages.query.totals import Totals, facets, totals
from opendata.stages.query.view import NoSuchSnapshot, View, check_cited, current_view, shown

__all__ = [
    "IssuesInView",
    "IssuesOfRelease",
    "NoSuchSnapshot",
    "Overview",
    "Page",
    "Record",
    "Shown",
    "Totals",
    "View",
    "check_cited",
    "current_view",
    "ended",
    "ended_of_release",
    "facets",
    "issues",
    "overview",
    "page",
    "record",
    "shown",
    "shown_beside",
    "totals",
    "view_for",
]
