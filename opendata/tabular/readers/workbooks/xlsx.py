"""XLSX and XLSM: a first look at the XML inside, then Calamine's values."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from opendata.tabular.readers.archives import BROKEN, damaged, open_archive
from opendata.tabular.readers.limits import MIB
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.margins import SHARED, texts_of
from opendata.tabular.readers.workbooks.model import Facts, Row, Sheet, Workbook
from opendata.tabular.readers.workbooks.parts import sheet_parts, shown_styles
from opendata.tabular.readers.workbooks.sheet_xml import SheetXml

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_XML = (".xml", ".rels", ".vml")
_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
# How a shared text is to be read aloud, which is no part of its value.
_READING = b"rPh"
_LONGEST = max(map(len, _DECLARATIONS))


class XlsxWorkbook(Workbook):
    """An open XLSX workbook."""

    format = "xlsx"

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        """Look at all parts but the sheets.

        Raises:
            Unreadable: one of them is damaged, or declares a document type.
        """
        self._path = path
        self._archive = archive
        self._headers: list[str] = []
        self._values: set[str] = set()
        for part in archive.infolist():
            if part.filename.lower().endswith(_XML):
                is_shared = SHARED.fullmatch(part.filename) is not None
                with _part(archive, part.filename) as stream:
                    found = _check_xml(
                        stream, pointer("member", part.filename), _READING if is_shared else b""
                    )
                if is_shared and not found:
                    self._values.add(part.filename)
        try:
            self._sheets = sheet_parts(archive)
            self._shown = shown_styles(archive)
        except BROKEN as error:
            raise damaged() from error

    def sheets(self) -> Iterator[Sheet]:
        """See ``Workbook.sheets``."""
        # A sheet is looked at before Calamine may make room for it.
        found = [(each, self._facts(each.part)) for each in self._sheets]
        with _calamine(self._path) as book:
            for each, facts in found:
                if facts.rows:
                    with _guarded(pointer("sheet", each.name)):
                        loaded = book.get_sheet_by_name(each.name)
                    yield _XlsxSheet(loaded, each.name, hidden=each.hidden, facts=facts)
        self._headers = [text for _, facts in found for text in facts.margins]

    def margins(self) -> Iterator[str]:
        """See ``Workbook.margins``; sheets without cells have names as well."""
        with _guarded_parts():
            yield from (each.name for each in self._sheets)
            yield from self._headers
            values = {each.part for each in self._sheets} | self._values
            yield from texts_of(self._archive, values)

    def _facts(self, part: str) -> Facts:
        with _part(self._archive, part) as stream:
            return SheetXml(pointer("member", part), self._shown).read(stream)


class _XlsxSheet(Sheet):
    def __init__(self, loaded: "CalamineSheet", name: str, *, hidden: bool, facts: Facts) -> None:
        super().__init__(name, hidden=hidden, facts=facts)
        self._loaded = loaded

    def rows(self) -> Iterator[Row]:
        """See ``Sheet.rows``; Calamine's rows begin at the first filled column."""
        _, left = self._loaded.start or (0, 0)
        if not left:
            yield from self._loaded.iter_rows()
            return
        blank = [""] * left
        for row in self._loaded.iter_rows():
            yield blank + row


@contextmanager
def open_xlsx(path: Path) -> Iterator[Workbook]:
    """Open an XLSX or XLSM workbook.

    Raises:
        Unreadable: it is damaged, or holds what does harm.
    """
    with open_archive(path) as archive:
        yield XlsxWorkbook(path, archive)


@contextmanager
def _calamine(path: Path) -> "Iterator[CalamineWorkbook]":
    # Loaded for workbooks only: most files are none.
    from python_calamine import CalamineWorkbook

    with _guarded():
        book = CalamineWorkbook.from_path(path)
    with book:
        yield book


@contextmanager
def _guarded(where: str = "") -> Iterator[None]:
    """Turn whatever Calamine raises into a refusal; a panic in Rust is no ``Exception``."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, ValueError, OSError) as error:
        raise faults.broken(str(error), where) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise faults.broken(str(error), where) from error


@contextmanager
def _guarded_parts() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise damaged() from error


@contextmanager
def _part(archive: zipfile.ZipFile, name: str) -> Iterator[IO[bytes]]:
    where = pointer("member", name)
    try:
        with archive.open(name) as stream:
            yield stream
    except KeyError as error:
        raise faults.broken(f"no {name}", where) from error
    except BROKEN as error:
        raise damaged(where) from error


def _check_xml(stream: IO[bytes], where: str, wanted: bytes) -> bool:
    """Refuse a part in which entities are declared, or that is not in UTF-8.

    Returns whether the bytes ``wanted``, if any are, were there.

    Raises:
        XmlEntities, UnreadableWorkbook: so it is.
    """
    found = False
    head = stream.read(MIB)
    encoding = _ENCODING.search(head[:200])
    if b"\0" in head[:4] or (encoding and encoding[1].lower() not in _ENCODINGS):
        raise faults.unusual("XML 不是 UTF-8 编码", "XML in another encoding than UTF-8", where)
    while head:
        if any(each in head for each in _DECLARATIONS):
            raise faults.entities(where)
        found = found or bool(wanted and wanted in head)
        more = stream.read(MIB)
        head = head[-_LONGEST:] + more if more else b""
    return found
