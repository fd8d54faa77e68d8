"""What a scan is told and what it gives."""

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read.

    ``width`` is the number of cells a sound record has. A ``strict`` scan refuses what is no
    table of ours (broken quotes, NULs, endless lines); the other reads what Frictionless reads.
    """

    width: int
    delimiter: str = ","
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """Successive records of a file; the header is row 1.

    A *sound* block is proven: its bytes are UTF-8 without NULs, ``csv.reader`` and Polars read
    them alike, and every record has exactly as many cells as the header; its ``frame`` holds
    them, unless nobody asked for it. The records of any other block are in ``records``, as
    ``csv.reader`` gives them, and it has no ``data``.

    ``offset`` and ``length`` are where its bytes are in the file, to read them once more.
    """

    first_row: int
    rows: int
    offset: int
    length: int
    data: bytes = field(repr=False)
    frame: pl.DataFrame | None = field(default=None, repr=False)
    records: list[list[str]] | None = field(default=None, repr=False)
