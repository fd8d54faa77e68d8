"""What a ZIP file holds beside the table that is taken out: names, comments, other members.

None of it is published; the scan looks at it, since a marking on any part is one on the whole.
"""

import io
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO

from opendata.domain.privacy import Where
from opendata.tabular.readers.archives import BROKEN, damaged, member_name
from opendata.tabular.readers.limits import MIB
from opendata.tabular.readers.markup import SIGN, paragraphs, values
from opendata.tabular.readers.model import Beside, pointer

_MOST_MEMBER = 8 * MIB
_MOST = 32 * MIB
_MOST_TEXTS = 100_000
# Plain texts come in these; documents of old Word are texts of two bytes a sign.
_CODECS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
# What is cut out around a sign, and how much before its end the next one may begin.
_AROUND, _LEFT = 100, 40


def around(archive: zipfile.ZipFile, read: Collection[str]) -> tuple[Beside, ...]:
    """Return the names of all members, and the texts that may be markings in all but ``read``.

    Raises:
        DamagedArchive: a member cannot be unpacked.
    """
    names = (Beside(Where.FILE_NAME, None, member_name(each)) for each in archive.infolist())
    some = islice(_texts(archive, read), _MOST_TEXTS)
    texts = (Beside(Where.DESCRIPTION, None, each) for each in some)
    return tuple(dict.fromkeys((*names, *texts)))


def about_signs(text: str) -> Iterator[str]:
    r"""Yield the line, or what of a long one stands next to it, of each sign.

    >>> list(about_signs("甲\n机密★1年\n乙"))
    ['机密★1年']
    """
    at = text.find(SIGN)
    while at >= 0:
        before, after = text[max(0, at - _AROUND) : at], text[at : at + _AROUND]
        line = (before + SIGN).splitlines()[-1].removesuffix(SIGN)
        rest = after.splitlines()[0]
        yield line + rest
        ended = at + len(rest)
        at = text.find(SIGN, max(at + 1, ended - _LEFT if len(rest) == _AROUND else ended))


class _Allowance:
    """How much is still looked at, of all members together."""

    def __init__(self) -> None:
        self._left = _MOST

    def read(self, stream: IO[bytes]) -> bytes:
        """Return the first bytes, as many as are looked at."""
        said = stream.read(min(self._left, _MOST_MEMBER))
        self._left -= len(said)
        return said


def _texts(archive: zipfile.ZipFile, read: Collection[str]) -> Iterator[str]:
    allowance = _Allowance()
    for comment in (archive.comment, *(each.comment for each in archive.infolist())):
        yield from _plain(comment)
    for each in archive.infolist():
        if each.filename in read or each.is_dir():
            continue
        with _guarded(member_name(each)):
            with archive.open(each) as stream:
                said = allowance.read(stream)
            whole = io.BytesIO(said)
            if zipfile.is_zipfile(whole) and len(said) == each.file_size:
                yield from _inside(whole, allowance)
            else:
                yield from _plain(said)


def _inside(whole: IO[bytes], allowance: _Allowance) -> Iterator[str]:
    """Yield the texts of a member that is a document, or an archive, itself."""
    with zipfile.ZipFile(whole) as inner:
        yield from _plain(inner.comment)
        for part in inner.infolist():
            yield member_name(part)
            with inner.open(part) as stream:
                yield from _plain(allowance.read(stream))


def _plain(said: bytes) -> Iterator[str]:
    for codec in _CODECS:
        if SIGN.encode(codec) in said:
            yield from about_signs(said.decode(codec, errors="replace"))
    if b"<" in said:
        yield from paragraphs(said)
        yield from values(said)


@contextmanager
def _guarded(name: str) -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise damaged(pointer("member", name)) from error
