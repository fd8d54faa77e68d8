"""Texts of an XLSX package outside of any cell: headers, charts, comments, properties, names.

They are read into no table; the scan looks at them, since that is where markings are put.

Source: ECMA-376 part 1, 18.3.1.46 (headers and footers), 18.3.1.32 (validation), 18.7 (comments).
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from html import unescape

from opendata.tabular.readers.limits import MIB
from opendata.tabular.readers.markup import may_mark, paragraphs, values

_PARTS = re.compile(r".+\.(?:xml|vml)", re.IGNORECASE)
_SHARED = re.compile(r"(?:.*/)?sharedStrings\.xml", re.IGNORECASE)
# What is written with a pen is shorter; the part is looked at so far and no further.
_MOST = 32 * MIB
_HEADERS = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>([^<]*)</")
# A code of a page header: a position, a font, a size, the page's number, a date.
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[A-Za-z])')
# What is shown to whoever fills a cell in, or points at a link.
_SHOWN = re.compile(rb"(?:prompt|promptTitle|error|errorTitle|tooltip|display)")


def margins_of(tail: bytes) -> Iterator[str]:
    """Yield page headers, footers and prompts in what follows the cells of a worksheet's XML.

    >>> list(margins_of("<oddHeader>&amp;L&amp;12机密★5年</oddHeader>".encode()))
    ['机密★5年']
    """
    for said in _HEADERS.findall(tail):
        for text in _CODES.split(unescape(said.decode(errors="replace"))):
            if text.strip():
                yield text
    if may_mark(tail):
        yield from values(tail, _SHOWN)


def texts_of(archive: zipfile.ZipFile, sheets: Collection[str]) -> Iterator[str]:
    """Yield the texts that may be markings in all parts but those of ``sheets`` and their texts."""
    yield archive.comment.decode(errors="replace")
    for part in archive.infolist():
        name = part.filename
        if name in sheets or _SHARED.fullmatch(name) or not _PARTS.fullmatch(name):
            continue
        with archive.open(part) as stream:
            said = stream.read(_MOST)
        if may_mark(said):
            yield from paragraphs(said)
            yield from values(said)
