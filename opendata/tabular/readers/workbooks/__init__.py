"""Workbooks: the sheet that fits the contract becomes the canonical table."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.tabular.readers.formats import Format
from opendata.tabular.readers.model import Declared
from opendata.tabular.readers.table import OpenTable
from opendata.tabular.readers.workbooks.choice import choose
from opendata.tabular.readers.workbooks.model import Workbook
from opendata.tabular.readers.workbooks.ods import open_ods
from opendata.tabular.readers.workbooks.reading import read_sheet
from opendata.tabular.readers.workbooks.xls import open_xls
from opendata.tabular.readers.workbooks.xlsx import open_xlsx
from opendata.tabular.refusals import Unreadable

_OPENED: Mapping[Format, Callable[[Path], AbstractContextManager[Workbook]]] = {
    Format.XLSX: open_xlsx,
    Format.XLS: open_xls,
    Format.ODS: open_ods,
}


def open_workbook(
    path: Path, contract: Contract, work: Path, declared: Declared, kind: Format
) -> OpenTable:
    """Read the workbook at ``path``; its table is written to ``work``.

    What was ``declared`` settles nothing here: a workbook says itself what it is.

    Raises:
        Unreadable: no sheet, or more than one, is a table of the contract; or cells of it cannot
            be read as what their columns are.
    """
    with _OPENED[kind](path) as book:
        chosen = choose(book, contract)
        try:
            return read_sheet(chosen, contract, work, book.format)
        except Unreadable as refusal:
            refusal.sheet = (book.format, chosen.sheet.name)
            raise
