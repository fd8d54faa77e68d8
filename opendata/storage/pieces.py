"""Pieces: runs of bytes, in memory or in files, that are read as one file without copying them."""

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """``size`` bytes from ``begin`` on, of a text in memory or of a file that never changes.

    A file without a name is given open; it can be read once.
    """

    source: bytes | Path | io.FileIO
    begin: int
    size: int

    @classmethod
    def of(cls, content: bytes) -> "Piece":
        """Return all of a text in memory."""
        return cls(content, 0, len(content))


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes that are sent whole or in part.

    ``tag`` is a strong validator: other bytes have another one. ``sha256`` is the lower-case hex
    digest, ``None`` while nobody has computed it; ``coding`` is an HTTP content coding, empty
    where the bytes are not packed.
    """

    pieces: tuple[Piece, ...]
    tag: str
    sha256: str | None = None
    coding: str = ""

    @classmethod
    def of_file(cls, path: Path, sha256: str, size: int, coding: str = "") -> "Content":
        """Return all of a file whose digest is known."""
        return cls((Piece(path, 0, size),), sha256, sha256, coding)

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return sum(each.size for each in self.pieces)

    def opened(self, start: int, stop: int) -> io.RawIOBase:
        """Open the bytes from ``start`` up to ``stop`` for reading, once and in order.

        Raises:
            FileNotFoundError: the first file of several, or the only one, is not there.
        """
        wanted = list(_between(self.pieces, start, stop))
        if len(wanted) == 1 and not isinstance(wanted[0].source, bytes):
            return PartOfFile(wanted[0].source, wanted[0].begin, wanted[0].size)
        return Joined(wanted)

    def close(self) -> None:
        """Give up what is open, where nothing was read."""
        for each in self.pieces:
            if isinstance(each.source, io.FileIO):
                each.source.close()


def _between(pieces: Sequence[Piece], start: int, stop: int) -> Iterator[Piece]:
    place = 0
    for each in pieces:
        begin, end = max(start, place), min(stop, place + each.size)
        if begin < end:
            yield replace(each, begin=each.begin + begin - place, size=end - begin)
        place += each.size


class PartOfFile(io.RawIOBase):
    """A part of a file; its descriptor stands where the part begins, so a server may ``sendfile``.

    Its positions are those of the whole file.
    """

    def __init__(self, source: Path | io.FileIO, begin: int, size: int) -> None:
        """Open the file, unless it is open."""
        self._file = source.open("rb", buffering=0) if isinstance(source, Path) else source
        self._file.seek(begin)
        self._end = begin + size

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._file.fileno()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be sought in."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a position of the file."""
        return self._file.seek(offset, whence)

    def read(self, size: int = -1) -> bytes:
        """Read at most ``size`` bytes; none behind the part's end."""
        left = max(0, self._end - self._file.tell())
        return self._file.read(left if size < 0 else min(size, left))

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer, as what reads line by line does."""
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class Joined(io.RawIOBase):
    """Pieces one after another; one file is open at a time."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        """Open the first piece."""
        self._waiting = iter(pieces)
        self._open: io.RawIOBase | io.BytesIO | None = None
        self._next()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read some bytes, at most ``size``; none at the end.

        Raises:
            FileNotFoundError: a file is no longer there.
        """
        if size < 0:
            return self.readall()
        while self._open is not None:
            if found := self._open.read(size):
                return found
            self._next()
        return b""

    def close(self) -> None:
        """Close what is open."""
        if self._open is not None:
            self._open.close()
        super().close()

    def _next(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None
        for each in self._waiting:
            self._open = (
                io.BytesIO(each.source[each.begin : each.begin + each.size])
                if isinstance(each.source, bytes)
                else PartOfFile(each.source, each.begin, each.size)
            )
            return
