"""Readers: whatever arrived becomes the canonical text table, and says how."""

from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.tabular.readers.delimited import open_delimited
from opendata.tabular.readers.formats import Format, format_of
from opendata.tabular.readers.model import Declared
from opendata.tabular.readers.objects import open_objects
from opendata.tabular.readers.packages import CONTAINERS, taken_out
from opendata.tabular.readers.table import OpenTable
from opendata.tabular.readers.workbooks import open_workbook
from opendata.tabular.refusals import Unreadable
from opendata.tabular.text_table import TextTable

__all__ = ["Declared", "OpenTable", "Unreadable", "open_table", "read"]


def read(path: Path, contract: Contract, work: Path, declared: Declared = Declared()) -> TextTable:  # noqa: B008 - a frozen value.
    """Turn the file at ``path`` into the canonical text table.

    Memory stays constant however large the file is. Where the rows are comma-separated UTF-8
    already they are not changed in any byte; else the canonical table is written to ``work``.

    Raises:
        Unreadable: the file is no table that could be judged; the subclass says why and where.
    """
    return open_table(path, contract, work, declared).table()


def open_table(
    path: Path,
    contract: Contract,
    work: Path,
    declared: Declared = Declared(),  # noqa: B008 - a frozen value.
) -> OpenTable:
    """Look at the file at ``path``: its format, its encoding and its header.

    ``declared`` is what the sender said of it; ``work`` a file that may be written, in a folder
    in which others may be.

    Raises:
        Unreadable: so much shows that it is no table.
    """
    detected = format_of(path, declared)
    if detected.format in CONTAINERS:
        member = taken_out(path, contract, work, detected.format)
        table = _opened(member.path, contract, work, member.declared, member.format)
        if member.resource is not None:
            member.resource.check_found(table.found)
        table.standing_beside(member.beside)
        return table.told(detected.notes, container=member.container)
    return _opened(path, contract, work, declared, detected.format).told(detected.notes)


def _opened(
    path: Path, contract: Contract, work: Path, declared: Declared, kind: Format
) -> OpenTable:
    if kind in (Format.NDJSON, Format.JSON):
        return open_objects(path, contract, work, kind)
    if kind is Format.TEXT:
        return open_delimited(path, contract, work, declared)
    if kind is Format.PARQUET:
        # Arrow takes long to load, and is loaded only for files it reads.
        from opendata.tabular.readers.columnar import open_parquet

        return open_parquet(path, contract, work)
    return open_workbook(path, contract, work, declared, kind)
