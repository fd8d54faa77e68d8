"""Giving back: the file as it was sent in, with the findings marked in it."""

from opendata.tabular.annotate.account import MOST_FINDINGS, Account, Outcome, account_of
from opendata.tabular.annotate.page import MOST_SHOWN, Fact, report_page, style_digest
from opendata.tabular.annotate.workbook import SUFFIXES, Marked, Received, mark, write_excerpt

__all__ = [
    "MOST_FINDINGS",
    "MOST_SHOWN",
    "SUFFIXES",
    "Account",
    "Fact",
    "Marked",
    "Outcome",
    "Received",
    "account_of",
    "mark",
    "report_page",
    "style_digest",
    "write_excerpt",
]
