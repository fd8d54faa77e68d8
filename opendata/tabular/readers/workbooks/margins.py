"""Texts of an XLSX package that are no values of cells: headers, charts, comments, names, lists.

They are read into no table; the scan looks at them, since that is where markings are put.

Source: ECMA-376 part 1, 18.3.1.46 (headers and footers), 18.3.1.32 (validation), 18.7 (comments).
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from html import unescape
from urllib.parse import unquote_to_bytes

from opendata.tabular.readers.archives import member_name
from opendata.tabular.readers.documents import Allowance, plain_texts, texts_in
from opendata.tabular.readers.limits import MIB
from opendata.tabular.readers.markup import compared, may_mark, paragraphs, values

_PARTS = re.compile(r".+\.(?:xml|vml)", re.IGNORECASE)
_RELATIONS = re.compile(r".+\.rels", re.IGNORECASE)
SHARED = re.compile(r"(?:.*/)?sharedStrings\.xml", re.IGNORECASE)
# Their only texts are formulas: of defined names, and of columns.
_OF_FORMULAS = re.compile(r"(?:.*/)?(?:workbook|tables/[^/]+)\.xml", re.IGNORECASE)
# What is written with a pen is shorter; the part is looked at so far and no further.
_MOST = 32 * MIB
_HEADERS = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)\b[^<>]*>([^<]*)</")
# A code of a page header: a font, a size, the page's number, a date.
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|[0-9]+|[A-Za-z])')
_FONTS = re.compile(r'&"[^"]*"')
_POSITIONS = re.compile(r"&[LCR]")
_READING = re.compile(rb"<(?:\w+:)?rPh\b(?:[^<>]*[^<>/])?>((?:[^<]++|<(?!/?(?:\w+:)?rPh\b))*+)</")
_FORMULAS = re.compile(rb"<f\b(?:[^<>]*[^<>/])?>([^<]*)</f>")
# What is shown to whoever fills a cell in, or points at a link.
_SHOWN = re.compile(rb"prompt|promptTitle|error|errorTitle|tooltip|display")
# What cells are filtered by or compared with, and what is said of anything else.
_COMPARED = re.compile(rb"val|text|customList")
_SAID = re.compile(rb"(?!(?:val|text|customList)$).+", re.DOTALL)
_NUMBER_FORMATS = re.compile(rb"formatCode")
_FORMAT_CODES = re.compile(r"""\[[^\[\]]*\]|["\\]""")


def margins_of(around: bytes) -> Iterator[str]:
    """Yield what is said before or behind the cells of a worksheet's XML.

    Lists that cells are chosen from, filters and conditions name levels, and mark nothing by it.

    >>> list(margins_of('<oddHeader>&amp;L&amp;"宋体"机&amp;12密★5年</oddHeader>'.encode()))[:1]
    ['机密★5年']
    >>> list(margins_of("<formula1>&quot;公开,秘密,机密★5年&quot;</formula1>".encode()))
    ['机密★5年']
    """
    for said in _HEADERS.findall(around):
        yield from header_texts(unescape(said.decode(errors="replace")))
    if may_mark(around):
        yield from values(around, _SHOWN)
        for text in (*values(around), *paragraphs(_HEADERS.sub(b"", around))):
            yield from compared(text)


def header_texts(said: str) -> Iterator[str]:
    """Yield what a page header shows, its codes left out, and what stands between them."""
    for section in _POSITIONS.split(_FONTS.sub("", said)):
        for text in (_CODES.sub("", section), *_CODES.split(section)):
            if text.strip():
                yield text


def beside_values(cells: bytes) -> Iterator[str]:
    """Yield what formulas of cells say, and how texts in them are to be read aloud."""
    if may_mark(cells):
        for formula in _FORMULAS.findall(cells):
            if may_mark(formula):
                yield from compared(unescape(formula.decode(errors="replace")))
        yield from _readings(cells)


def texts_of(archive: zipfile.ZipFile, skipped: Collection[str]) -> Iterator[str]:
    """Yield the texts that may be markings in all parts but those that are ``skipped``.

    Raises:
        archives.BROKEN: a part, or what is embedded in one, cannot be unpacked.
    """
    allowance = Allowance()
    yield from plain_texts(archive.comment)
    for part in archive.infolist():
        yield from (member_name(part), *plain_texts(part.comment))
        if part.filename in skipped or part.is_dir():
            continue
        with archive.open(part) as stream:
            if _PARTS.fullmatch(part.filename) or _RELATIONS.fullmatch(part.filename):
                yield from _of_part(part.filename, stream.read(_MOST))
            else:
                yield from texts_in(allowance.read(stream), allowance)


def _of_part(name: str, said: bytes) -> Iterator[str]:
    if _RELATIONS.fullmatch(name):
        for text in (*values(said), *values(unquote_to_bytes(said))):
            yield from compared(text)
    elif SHARED.fullmatch(name):
        yield from _readings(said)
    elif may_mark(said):
        are_formulas = _OF_FORMULAS.fullmatch(name) is not None
        if not are_formulas:
            yield from paragraphs(said)
        yield from values(said, _SAID)
        for text in (*values(said, _COMPARED), *(paragraphs(said) if are_formulas else ())):
            yield from compared(text)
        for text in values(said, _NUMBER_FORMATS):
            yield from _FORMAT_CODES.sub("", text).split(";")


def _readings(said: bytes) -> Iterator[str]:
    for reading in _READING.findall(said):
        yield from paragraphs(reading)
