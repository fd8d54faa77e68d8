"""Readers: whatever arrived becomes the canonical text table, and says how."""

from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.tabular.readers.delimited import open_delimited
from opendata.tabular.readers.headers import known_names
from opendata.tabular.readers.model import Declared
from opendata.tabular.readers.table import OpenTable
from opendata.tabular.refusals import Unreadable
from opendata.tabular.text_table import TextTable

__all__ = ["Declared", "OpenTable", "Unreadable", "known_names", "open_table", "read"]


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
    return open_delimited(path, contract, work)
