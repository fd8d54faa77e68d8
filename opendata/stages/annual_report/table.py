"""A report as the table that is judged, exported and submitted: the same facts, the same bytes."""

from opendata.domain.annual.model import AnnualReport
from opendata.domain.annual.tidy import tidy_rows
from opendata.domain.contracts import Contract
from opendata.domain.queries import value_text
from opendata.domain.values import Value
from opendata.tabular.text_table import csv_line

MEDIA_TYPE = "text/csv; charset=utf-8"


def table_of(contract: Contract, report: AnnualReport) -> bytes:
    """Return the report's figures as CSV, in the columns of the contract's own form."""
    names = [each.name for each in contract.fields]
    lines = [csv_line(names)]
    lines += [csv_line([_text(row[name]) for name in names]) for row in tidy_rows(report)]
    return ("\n".join(lines) + "\n").encode()


def _text(value: Value | None) -> str:
    return "" if value is None else value_text(value)
