"""ODS: OpenDocument spreadsheets, read from their XML.

Calamine is not used: it drops tabs and line breaks inside cells, leaves cells that hold errors
blank, and does not say what is merged, hidden or in per cent.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from opendata.tabular.readers.archives import BROKEN, damaged, open_archive
from opendata.tabular.readers.refused import Encrypted
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.model import Facts, Row, Sheet, Workbook
from opendata.tabular.readers.workbooks.ods_margins import Margins
from opendata.tabular.readers.workbooks.ods_parts import texts_of
from opendata.tabular.readers.workbooks.ods_xml import Tables

_CONTENT = "content.xml"
_WHERE = "/member/content.xml"
_MANIFEST = "META-INF/manifest.xml"
_PIECE = 64 * 1024


class OdsWorkbook(Workbook):
    """An open ODS workbook."""

    format = "ods"

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Take an open archive."""
        self._archive = archive
        self._margins = Margins(_WHERE)

    def sheets(self) -> Iterator[Sheet]:
        """See ``Workbook.sheets``."""
        seen = Tables(margins=self._margins)
        for _ in _parsed(self._archive, seen):
            seen.rows.clear()
        for at, each in enumerate(seen.tables):
            hidden = each.style in seen.hidden_styles
            yield _OdsSheet(self._archive, at, _Known(each.name, hidden, each.facts))

    def margins(self) -> Iterator[str]:
        """See ``Workbook.margins``; what the content says was met on the way to the sheets."""
        yield from self._margins.found()
        yield from texts_of(self._archive, _CONTENT)


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    hidden: bool
    facts: Facts


class _OdsSheet(Sheet):
    counts_days = False

    def __init__(self, archive: zipfile.ZipFile, at: int, known: _Known) -> None:
        super().__init__(known.name, hidden=known.hidden, facts=known.facts)
        self._archive = archive
        self._at = at

    def rows(self) -> Iterator[Row]:
        """See ``Sheet.rows``; the XML is read once more, up to where the rows are."""
        width, left = self.facts.columns, self.facts.rows
        read = Tables(wanted=self._at)
        for _ in _parsed(self._archive, read):
            for cells, times in read.rows:
                row = cells + [""] * (width - len(cells))
                for _ in range(min(times, left)):
                    yield row
                left -= min(times, left)
            read.rows.clear()
            if not left:
                return


@contextmanager
def open_ods(path: Path) -> Iterator[Workbook]:
    """Open an ODS workbook.

    Raises:
        Encrypted: it needs a password.
        Unreadable: it is damaged.
    """
    with open_archive(path) as archive:
        if _is_encrypted(archive):
            raise Encrypted(
                "工作簿设有打开密码。请取消密码，另存后上传。",
                "The workbook needs a password. Remove it and save the file again.",
            )
        yield OdsWorkbook(archive)


def _is_encrypted(archive: zipfile.ZipFile) -> bool:
    if _MANIFEST not in archive.namelist():
        return False
    try:
        return b"encryption-data" in archive.read(_MANIFEST)
    except BROKEN as error:
        raise damaged("/member/META-INF~1manifest.xml") from error


def _parsed(archive: zipfile.ZipFile, tables: Tables) -> Iterator[None]:
    """Feed the content to ``tables``, and let the caller look after each piece.

    Raises:
        XmlEntities: it declares a document type.
        UnreadableWorkbook: it is no XML.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = tables.start
    parser.EndElementHandler = tables.end
    parser.CharacterDataHandler = tables.text
    if tables.margins:
        parser.CommentHandler = tables.margins.say
        parser.ProcessingInstructionHandler = tables.margins.instruct
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        with archive.open(_CONTENT) as stream:
            while piece := stream.read(_PIECE):
                parser.Parse(piece, False)
                yield
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as error:
        raise faults.broken(str(error), _WHERE) from error
    except BROKEN as error:
        raise damaged(_WHERE) from error


def _refuse_document_type(*_: object) -> None:
    raise faults.entities(_WHERE)
