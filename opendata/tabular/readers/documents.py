"""What documents and files of any other form say that may be a classification marking.

None of them is read as a table. Workbooks embed them, and archives hold them beside the table.
Their texts are found as bytes: in any of the encodings of Chinese systems, at any offset.
"""

import binascii
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from itertools import islice
from typing import IO

from opendata.tabular.readers.archives import member_name
from opendata.tabular.readers.limits import LIMITS, MIB
from opendata.tabular.readers.markup import SIGN, paragraphs, values

_MOST_MEMBER = 8 * MIB
_MOST = 32 * MIB
# A document in a workbook in a document; what is nested deeper is searched as bytes only.
_DEEPEST = 3
_MOST_SIGNS = 100_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF, _RTF = b"%PDF-", b"{\\rtf"
_UTF_16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
# Plain texts come in these; documents of old Office are texts of two bytes a sign.
_CODECS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_LEVELS, _SPACES = "绝絕机機秘祕", " \t\u00a0\u2002\u2003\u200b\u3000"
# What is shown around a sign.
_AROUND = 100
# No text goes on across these: lines end, or bytes are there that are lengths and flags. Those
# before a text in BIFF read as letters from U+0100 on.
_BREAK = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u0100-\u01ff\u2028\u2029\ufffd]")
# Bytes below this one are signs of their own in GB 18030, and never the second half of one.
_OWN_SIGN = re.compile(rb"[\x00-\x2f]")
_STREAM, _STREAM_END = b"stream", b"endstream"
_HEXADECIMAL = re.compile(rb"<\s*(?:FEFF|feff)([0-9A-Fa-f\s]*)>")
# The sign as JSON in plain letters has it.
_ESCAPED, _JSON_CODES = rb"\u5bc6", re.compile(rb"\\u([0-9a-fA-F]{4})")
_RTF_CODES = re.compile(
    rb"""\\'([0-9a-fA-F]{2})|\\u(-?[0-9]{1,5}) ?\??|(\\(?:par|line|cell)\b ?)"""
    rb"""|\\[a-z]+-?[0-9]* ?|[{}\r\n]"""
)


def _level_ends(codec: str) -> re.Pattern[bytes]:
    first = b"|".join(re.escape(each.encode(codec)) for each in _LEVELS)
    space = b"|".join(re.escape(each.encode(codec)) for each in _SPACES)
    return re.compile(rb"(?:" + first + rb")(?:" + space + rb"){0,8}\Z", re.DOTALL)


_LEVEL_ENDS = {codec: _level_ends(codec) for codec in _CODECS}


class Allowance:
    """How much is still looked at, of everything that is nested in one file."""

    def __init__(self) -> None:
        """Begin with all of it."""
        self.left = _MOST

    def read(self, stream: IO[bytes]) -> bytes:
        """Return the first bytes, as many as are looked at."""
        said = stream.read(min(self.left, _MOST_MEMBER))
        self.left -= len(said)
        return said


def texts_in(said: bytes, allowance: Allowance, depth: int = _DEEPEST) -> Iterator[str]:
    """Yield what may be a marking in a file of any form, and in what is nested in it.

    Raises:
        archives.BROKEN: a nested archive cannot be unpacked.
    """
    at, pieces = _nested(said, allowance) if depth else (len(said), iter(()))
    for name, piece in pieces:
        yield name
        yield from texts_in(piece, allowance, depth - 1)
    if at:
        yield from plain_texts(said)
        for piece in _rewritten(said, allowance):
            yield from plain_texts(piece)


def plain_texts(said: bytes) -> Iterator[str]:
    """Yield the lines with a level, and what markup has a sign, in bytes that are packed nohow."""
    if codec := _UTF_16.get(said[:2]):
        said = said[2:].decode(codec, errors="replace").encode()
    for codec in _CODECS:
        yield from about_levels(said, codec)
    if b"<" in said:
        yield from paragraphs(said)
        yield from values(said)


def about_levels(said: bytes, codec: str) -> Iterator[str]:
    r"""Yield the line, or what of a long one stands next to it, of each level.

    >>> list(about_levels("甲\n机密★1年\n国密".encode(), "utf-8"))
    ['机密★1年']
    """
    sign = SIGN.encode(codec)
    width = len(sign)
    for found in islice(re.finditer(re.escape(sign), said), _MOST_SIGNS):
        at = found.start()
        level = _LEVEL_ENDS[codec].search(said[max(0, at - 10 * width) : at])
        if level is None:
            continue
        # Whole signs of two bytes are cut off, wherever the text begins.
        before = said[at - min(at, _AROUND * width) // width * width : at]
        if codec == "gb18030" and (own := _OWN_SIGN.search(before)):
            before = before[own.start() :]
        after = said[at : at + _AROUND * width].decode(codec, errors="replace")
        yield _BREAK.split(before.decode(codec, errors="replace"))[-1] + _BREAK.split(after)[0]


def streams_of(
    whole: IO[bytes], allowance: Allowance, but: Collection[str] = ()
) -> list[tuple[str, bytes]] | None:
    """Return the streams of an OLE compound file by name; ``None`` if it is damaged or none."""
    # Loaded where such a file is: for all others it would be waited for in vain.
    from olefile import OleFileIO

    streams = []
    try:
        with OleFileIO(whole) as file:
            for path in file.listdir():
                name = "/".join(path)
                if name not in but and allowance.left > 0:
                    streams.append((name, allowance.read(file.openstream(path))))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # olefile raises OSError for what is no compound file; the others are slips of its own.
        return None
    return streams


def _nested(said: bytes, allowance: Allowance) -> tuple[int, Iterator[tuple[str, bytes]]]:
    """Return where a file that holds others begins, and those; else the end, and none.

    What a program wraps into an object of OLE has some bytes before it.
    """
    begins = sorted((at, mark) for mark in (_ZIP, _OLE) if (at := said.find(mark)) >= 0)
    for at, mark in begins:
        whole = io.BytesIO(said[at:])
        if mark == _OLE and (streams := streams_of(whole, allowance)) is not None:
            return at, iter(streams)
        if mark == _ZIP and zipfile.is_zipfile(whole):
            return at, _members(whole, allowance)
    return len(said), iter(())


def _members(whole: IO[bytes], allowance: Allowance) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(whole) as inner:
        yield "", inner.comment
        for part in inner.infolist()[: LIMITS.members]:
            try:
                with inner.open(part) as stream:
                    said = allowance.read(stream)
            except (OSError, lzma.LZMAError) as broken:
                # What bzip2 and LZMA raise where deflate raises its own.
                raise zipfile.BadZipFile(str(broken)) from broken
            yield member_name(part), said


def _rewritten(said: bytes, allowance: Allowance) -> Iterator[bytes]:
    """Yield texts that are written as other bytes than their own: in PDF, RTF and JSON."""
    if _PDF in said[:1024]:
        yield from _hexadecimal(said)
        for stream in _pdf_streams(said):
            unpacked = _inflated(stream, min(allowance.left, MIB))
            allowance.left -= len(unpacked)
            yield unpacked
            yield from _hexadecimal(unpacked)
    elif said.startswith(_RTF):
        yield _RTF_CODES.sub(_rtf_sign, said)
    elif _ESCAPED in said.lower():
        yield _JSON_CODES.sub(lambda found: chr(int(found[1], 16)).encode(errors="replace"), said)


def _pdf_streams(said: bytes) -> Iterator[bytes]:
    ended = 0
    while (at := said.find(_STREAM, ended)) >= 0:
        ended = said.find(_STREAM_END, at)
        if ended < 0:
            return
        yield said[at + len(_STREAM) : ended].lstrip(b"\r\n")
        ended += len(_STREAM_END)


def _inflated(stream: bytes, most: int) -> bytes:
    if most <= 0:
        return b""
    try:
        return zlib.decompressobj().decompress(stream, most)
    except zlib.error:
        return b""  # It is packed by another method, or not at all.


def _hexadecimal(said: bytes) -> Iterator[bytes]:
    for digits in _HEXADECIMAL.findall(said):
        whole = b"".join(digits.split())
        yield binascii.unhexlify(whole[: len(whole) // 2 * 2])


def _rtf_sign(found: re.Match[bytes]) -> bytes:
    byte, number, ended = found.groups()
    if byte:
        return binascii.unhexlify(byte)
    if number:
        return chr(int(number) & 0xFFFF).encode("gb18030", errors="replace")
    return b"\n" if ended else b""
