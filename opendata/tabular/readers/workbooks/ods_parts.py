"""What an ODS package says in members other than its content: styles, properties, objects."""

import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from opendata.tabular.readers.archives import BROKEN, damaged
from opendata.tabular.readers.limits import MIB, check_size
from opendata.tabular.readers.markup import SIGN
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.unread import around
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.ods_margins import Margins
from opendata.tabular.readers.workbooks.refused import XmlEntities

_PIECE = 64 * 1024
_HEAD = 64
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# Larger than any part beside the content.
_MOST = 256 * MIB


def texts_of(archive: zipfile.ZipFile, content: str) -> Iterator[str]:
    """Yield the texts that may be markings in all members but ``content``, and their names.

    Raises:
        XmlEntities: one declares entities.
        TooLargeUncompressed: one is larger than any program writes it.
        DamagedArchive: one cannot be unpacked.
    """
    read = {content}
    for each in archive.infolist():
        if each.filename == content or each.is_dir():
            continue
        margins = Margins(pointer("member", each.filename))
        try:
            if _is_parsed(archive, each, margins):
                read.add(each.filename)
        except BROKEN as error:
            raise damaged(margins.where) from error
        yield from margins.found()
    yield from (each.text for each in around(archive, read) if SIGN in each.text)


def _is_parsed(archive: zipfile.ZipFile, member: zipfile.ZipInfo, margins: Margins) -> bool:
    """Tell ``margins`` what a member says, as far as it is XML; return whether all of it is."""
    parser = _parser(margins)
    with archive.open(member) as stream:
        piece = stream.read(_HEAD)
        if not _is_xml(piece):
            return False
        check_size(member.file_size, _MOST, margins.where)
        try:
            while piece:
                parser.Parse(piece, False)
                piece = stream.read(_PIECE)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError):
            # Nothing of the table depends on it: it is looked at as plain text.
            return False
        except XmlEntities:
            # Pictures declare some; no part of a workbook does.
            if member.filename.lower().endswith(".xml"):
                raise
            return False
    return True


def _parser(margins: Margins) -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise faults.entities(margins.where)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = margins.take
    parser.EndElementHandler = margins.end
    parser.CharacterDataHandler = margins.text
    parser.CommentHandler = margins.say
    parser.ProcessingInstructionHandler = margins.instruct
    # A document type alone does no harm: old programs name one in the manifest.
    parser.EntityDeclHandler = refuse
    return parser


def _is_xml(head: bytes) -> bool:
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.lstrip(b" \t\r\n\0").startswith(b"<")
