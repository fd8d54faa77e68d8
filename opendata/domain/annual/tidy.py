"""A report as rows of ``disclosure-statistics``: what is judged, exported and submitted."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from opendata.domain.annual.model import AnnualReport, Cell
from opendata.domain.values import Value

# What the collection's note holds.
MAX_NOTE = 500


def tidy_rows(report: AnnualReport) -> Iterator[Mapping[str, Value | None]]:
    """Yield a row for every cell that has a figure, in the order of the form."""
    for cell in report.cells.values():
        if cell.value is not None:
            yield _row(report, cell, cell.value)


def title_of(report: AnnualReport) -> str:
    """Return the report's title."""
    return f"{report.agency.name.zh}{report.year}年政府信息公开工作年度报告"


def _row(report: AnnualReport, cell: Cell, value: Decimal) -> Mapping[str, Value | None]:
    place, template = cell.place, report.template
    row, table = template.row(place), template.table(place.table)
    return {
        "publisher_name": report.agency.name.zh,
        "publisher_uscc": report.agency.uscc,
        "publisher_level": str(report.level),
        "region_code": report.agency.region_code,
        "report_year": report.year,
        "data_year": report.year,
        "template": template.code,
        "table_code": place.table,
        "indicator_code": place.row,
        "indicator_name": row.name,
        "column_code": place.column,
        "topic": (table.topic if table else "") or row.topic,
        "value": value,
        "unit": cell.unit,
        "qualifier": "exact",
        "raw_value": None,
        "scale": None,
        "quote": None,
        "source_title": title_of(report),
        "source_url": None,
        "note": cell.explanation[:MAX_NOTE] or None,
    }
