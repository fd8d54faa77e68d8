"""Encodings: what a text file may be in, and what its bytes say about it, all of them.

Nothing is decided on a sample. UTF-8 is proven: by the first piece that holds a character of three
bytes, which text of another encoding does not hold by chance, and by the pass over the rest.
"""

import codecs
import re
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum
from pathlib import Path

import numpy as np

from opendata.tabular.physical_lines import undecodable
from opendata.tabular.readers.model import Declared
from opendata.tabular.refusals import UnknownCharset

_PIECE = 1 << 20
_HEAD = 4096


class Grounds(StrEnum):
    """Why a file is taken to be in an encoding, the strongest first."""

    BOM = "bom"
    DECLARED = "declared"
    UTF8 = "utf-8"
    HEADER = "header"


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding: its name, Python's codec, the byte-order mark's length, and the grounds."""

    name: str
    codec: str
    grounds: Grounds
    mark: int = 0

    @property
    def is_utf8(self) -> bool:
        """Whether the bytes can be taken as they are."""
        return self.codec in ("utf-8", "ascii")


class Utf8(StrEnum):
    """What the bytes say about UTF-8.

    ``PLAIN``: they are UTF-8, or at least their beginning is and cannot be anything else.
    ``NARROW``: they are, but without any character of three bytes; GBK and Big5 may look so.
    ``BROKEN``: they are not.
    """

    PLAIN = "plain"
    NARROW = "narrow"
    BROKEN = "broken"


_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
    ("\ufeff".encode("gb18030"), "gb18030", "gb18030"),
)
# What a charset may be called is Python's to say; GB2312 and GBK are read as what contains them,
# Big5 as Windows writes it.
_CHARSETS = {
    "utf-8": (("utf-8", "utf-8"),),
    "ascii": (("utf-8", "ascii"),),
    **dict.fromkeys(("gb2312", "gbk", "gb18030"), (("gb18030", "gb18030"),)),
    **dict.fromkeys(("big5", "cp950"), (("big5", "cp950"),)),
    "big5hkscs": (("big5-hkscs", "big5hkscs"),),
    "utf-16": (("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")),
    "utf-16-le": (("utf-16-le", "utf-16-le"),),
    "utf-16-be": (("utf-16-be", "utf-16-be"),),
}
LEGACY = (
    Encoding("gb18030", "gb18030", Grounds.HEADER),
    Encoding("big5", "cp950", Grounds.HEADER),
)
# In which every character of ASCII has a NUL.
WIDE = (
    Encoding("utf-16-le", "utf-16-le", Grounds.HEADER),
    Encoding("utf-16-be", "utf-16-be", Grounds.HEADER),
)
UTF8 = Encoding("utf-8", "utf-8", Grounds.UTF8)
_WIDE = re.compile(rb"[\xe0-\xf4]")
_CUT = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")


def marked(path: Path) -> Encoding | None:
    """Return what the byte-order mark says, if there is one."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(name, codec, Grounds.BOM, len(mark))
    return None


def charset_of(declared: Declared) -> tuple[Encoding, ...]:
    """Return what the charset of the Content-Type may mean; nothing if there is none.

    Raises:
        UnknownCharset: it is none that is read.
    """
    message = Message()
    message["content-type"] = declared.media_type
    charset = message.get_content_charset()
    if not charset:
        return ()
    try:
        known = _CHARSETS[codecs.lookup(charset).name]
    except (LookupError, ValueError):
        raise UnknownCharset(
            f"不支持所声明的字符编码“{charset[:40]}”。可用：utf-8、gb18030（含 gbk、gb2312）、"
            "big5、utf-16。",
            f'The declared charset "{charset[:40]}" is not read here; use utf-8, gb18030 (with '
            "gbk and gb2312), big5 or utf-16.",
        ) from None
    return tuple(Encoding(name, codec, Grounds.DECLARED) for name, codec in known)


def first_nul(path: Path) -> int | None:
    """Return where the first NUL is among the first bytes."""
    with path.open("rb") as file:
        at = file.read(_HEAD).find(0)
    return None if at < 0 else at


def utf8_of(path: Path) -> Utf8:
    """Say whether the file is UTF-8, reading as much as it takes to be certain."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    narrow = False
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            if piece.isascii() and not decoder.getstate()[0]:
                continue
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return Utf8.BROKEN
            if _WIDE.search(piece):
                # A small file was read to its end; of a large one the pass will say the rest.
                return Utf8.BROKEN if file.read(1) == b"" and decoder.getstate()[0] else Utf8.PLAIN
            narrow = True
    if decoder.getstate()[0]:
        return Utf8.BROKEN
    return Utf8.NARROW if narrow else Utf8.PLAIN


def decodes(path: Path, codec: str) -> bool:
    """Whether the whole file can be decoded."""
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def is_damaged_utf8(path: Path) -> bool:
    """Whether most bytes beyond ASCII are UTF-8, so that what is not is damage.

    Characters of three bytes are counted: where text is in GBK or Big5, few bytes look so.
    """
    wide = beyond = 0
    rest = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            data = np.frombuffer(rest + piece, np.uint8)
            beyond += int(np.count_nonzero(data[len(rest) :] >= 0x80))
            first, second, third = data[:-2], data[1:-1], data[2:]
            follow = ((second & 0xC0) == 0x80) & ((third & 0xC0) == 0x80)
            wide += int(np.count_nonzero(((first & 0xF0) == 0xE0) & follow))
            rest = (rest + piece)[-2:]
    cut = _CUT.search(rest)
    return 6 * wide + 2 * (len(cut[0]) if cut else 0) >= beyond


def transcoded(path: Path, encoding: Encoding, target: Path) -> Path:
    """Write the file as UTF-8 without a byte-order mark to ``target``; return ``target``.

    Raises:
        Undecodable: it is not in its encoding from its first byte to its last.
    """
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    with path.open("rb") as file, target.open("wb") as out:
        file.seek(encoding.mark)
        try:
            while piece := file.read(_PIECE):
                out.write(decoder.decode(piece).encode())
            out.write(decoder.decode(b"", final=True).encode())
        except UnicodeDecodeError as error:
            raise undecodable(path, encoding.codec) from error
    return target
