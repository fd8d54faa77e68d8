"""Texts of an XLS workbook that are no values of cells: records of its sheets, other streams.

Source: [MS-XLS] 2.3 (records), 2.4.134 (headers), 2.4.329 (texts drawn); [MS-CFB].
"""

import struct
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from opendata.tabular.readers.documents import (
    Allowance,
    about_levels,
    plain_texts,
    streams_of,
    texts_in,
)
from opendata.tabular.readers.limits import MIB
from opendata.tabular.readers.markup import SIGN, compared
from opendata.tabular.readers.workbooks.margins import header_texts

if TYPE_CHECKING:
    from xlrd.book import Book

_RECORD = struct.Struct("<HH")
_MOST = 64 * MIB
_BOOKS = ("Workbook", "Book")
_HEADERS = frozenset({0x14, 0x15})
_CONTINUED = 0x3C
# Texts of cells: the shared ones, one of its own, and what a formula gave.
_CELLS = frozenset({0xFC, 0x04, 0x204, 0xD6, 0x07, 0x207})
# Formulas of cells, names, validations, conditions and filters; addresses of links.
_COMPARED = frozenset(
    {0x06, 0x206, 0x406, 0x18, 0x218, 0x23, 0x223, 0x9E, 0x1B1, 0x1B8, 0x1BE, 0x21, 0x221}
    | {0xBC, 0x4BC, 0x87A, 0x87E}
)
# BIFF 8 has texts of two bytes a sign; those before it are in the code page of their system.
_UNICODE = 80


def texts_beside(path: Path, book: "Book") -> Iterator[str]:
    """Yield the texts that may be markings in all of the file at ``path`` but values of cells.

    Raises:
        archives.BROKEN: what is embedded in it cannot be unpacked.
    """
    allowance = Allowance()
    yield from book.sheet_names()
    content = (book.mem or b"")[book.base : book.base + min(book.stream_len, _MOST)]
    yield from in_records(content, is_unicode=book.biff_version >= _UNICODE)
    with path.open("rb") as file:
        streams = streams_of(file, allowance, _BOOKS)
        if streams is None and book.base:
            file.seek(0)
            yield from plain_texts(file.read(_MOST))
    for name, stream in streams or ():
        yield name
        yield from texts_in(stream, allowance)


def in_records(content: bytes, *, is_unicode: bool) -> Iterator[str]:
    """Yield the texts that may be markings in all records but those of cells' values."""
    codec = "utf-16-le" if is_unicode else "gb18030"
    signs = list(_found(content, SIGN.encode(codec)))
    at, of = 0, 0
    while signs and at + _RECORD.size <= signs[-1]:
        kind, size = _RECORD.unpack_from(content, at)
        at += _RECORD.size
        of = of if kind == _CONTINUED else kind
        first = bisect_left(signs, at)
        if first < len(signs) and signs[first] < at + size and of not in _CELLS:
            yield from _in_record(of, content[at : at + size], codec)
        at += size


def _in_record(kind: int, said: bytes, codec: str) -> Iterator[str]:
    if kind in _HEADERS:
        # Before the text are its length and, in Unicode, how it is written.
        begins = 3 if codec == "utf-16-le" else 1
        yield from header_texts(said[begins:].decode(codec, errors="replace"))
    for text in about_levels(said, codec):
        if kind in _COMPARED:
            yield from compared(text)
        else:
            yield text


def _found(content: bytes, sign: bytes) -> Iterator[int]:
    at = content.find(sign)
    while at >= 0:
        yield at
        at = content.find(sign, at + 1)
