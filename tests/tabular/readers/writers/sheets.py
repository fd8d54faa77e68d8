"""Workbooks: XLSX, XLS and ODS, the table anywhere on the sheet."""

import re
from collections.abc import Sequence

from hypothesis import assume
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from datasets.build.formats.workbooks import ods_row
from opendata.tabular.readers import Declared
from tests.tabular.readers.cases.clean import titles
from tests.tabular.readers.cases.model import Clean
from tests.tabular.readers.cases.sheets import Layout, ods, ods_rows, xls, xlsx
from tests.tabular.readers.writers import Draw, Uploaded, Writer

# What XML 1.0 (2.2) cannot say, and what it says as white space.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
CODE = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
TITLE = "行政处罚公示表"


def open_xml(draw: Draw, table: Clean) -> Uploaded:
    """Write XLSX; codes may be numbers, which a spreadsheet makes of them when it can."""
    above: int = draw(st.integers(0, 3))
    layout = Layout(above, draw(st.integers(0, 2)), header(draw, table), draw(st.booleans()))
    typed: bool = draw(st.booleans())

    def edit(_: Workbook, sheet: Worksheet) -> None:
        for row in range(above):
            sheet.write_string(row, row, TITLE)
        for down, cells in enumerate(table.rows if typed else (), above + 1):
            for at, cell in enumerate(cells, layout.left):
                if CODE.fullmatch(cell) and table.names[at - layout.left] != "decision_date":
                    sheet.write_number(down, at, float(cell))

    return Uploaded(xlsx(table, edit, layout), cells=without_blank_end(table))


def old(draw: Draw, table: Clean) -> Uploaded:
    workbook = xls(table, header=header(draw, table))
    return Uploaded(workbook, Declared(filename="报送.xls"), without_blank_end(table))


def open_document(draw: Draw, table: Clean) -> Uploaded:
    assume(not any(UNSPEAKABLE.search(cell) for row in table.rows for cell in row))
    above = [ods_row([TITLE])] * draw(st.integers(0, 3))
    below = draw(st.sampled_from(["", '<table:table-row table:number-rows-repeated="1000"/>']))
    workbook = ods([*above, *ods_rows(table, header(draw, table)), below])
    return Uploaded(workbook, cells=without_blank_end(table))


WRITERS: tuple[Writer, ...] = (open_xml, old, open_document)


def header(draw: Draw, table: Clean) -> Sequence[str]:
    """Return machine names or titles."""
    found: Sequence[str] = draw(st.sampled_from([table.names, tuple(titles(table))]))
    return found


def without_blank_end(table: Clean) -> Clean:
    """Return the table without the rows at its end that say nothing: a sheet has no such rows."""
    rows = list(table.rows)
    while rows and not any(rows[-1]):
        rows.pop()
    return Clean(table.collection, table.names, tuple(rows))
