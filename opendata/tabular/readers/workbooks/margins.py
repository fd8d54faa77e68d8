"""Texts of an XLSX package outside of any cell: page headers, text boxes, comments, properties.

They are read into no table; the scan looks at them, since that is where markings are put.

Source: ECMA-376 part 1, 18.3.1.46 (headers and footers), 20.5 (drawings), 18.7 (comments), 15.2.12.
"""

import re
import zipfile
from collections.abc import Iterator
from html import unescape

from opendata.tabular.readers.limits import MIB

_PARTS = re.compile(
    r"xl/(?:drawings/[^/]+|(?:threaded)?comments(?:/[^/]+|[0-9]*))\.(?:xml|vml)"
    r"|docProps/(?:core|app|custom)\.xml",
    re.IGNORECASE,
)
# What is written with a pen is shorter; the part is looked at so far and no further.
_MOST = 32 * MIB
_HEADERS = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^>]*>([^<]*)</")
# A code of a page header: a position, a font, a size, the page's number, a date.
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[A-Za-z])')
# Runs of one paragraph belong together; every other element is a text of its own.
_ENDS = re.compile(rb"</(?!(?:\w+:)?(?:r|t|rPr)>)[^>]*>")
_TAGS = re.compile(rb"<[^>]*>")


def headers_of(tail: bytes) -> Iterator[str]:
    """Yield the page headers and footers in what follows the cells of a worksheet's XML.

    >>> list(headers_of("<oddHeader>&amp;L&amp;12机密★5年</oddHeader>".encode()))
    ['机密★5年']
    """
    for said in _HEADERS.findall(tail):
        for text in _CODES.split(unescape(said.decode(errors="replace"))):
            if text.strip():
                yield text


def texts_of(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the texts of drawings, comments and document properties."""
    for part in archive.infolist():
        if _PARTS.fullmatch(part.filename):
            with archive.open(part) as stream:
                said = stream.read(_MOST)
            for paragraph in _ENDS.split(said):
                text = unescape(_TAGS.sub(b"", paragraph).decode(errors="replace"))
                if text.strip():
                    yield text
