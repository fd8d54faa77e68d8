"""The bytes of a file in pieces, read and digested by a thread of their own."""

import hashlib
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

from opendata.tabular.text_table import Fingerprint

# How many pieces may be read before they are asked for.
_AHEAD = 2
# Most lines are shorter; where none ends in so many bytes the piece ends anywhere.
_LOOKED_AT = 1 << 16


class Pieces:
    """A file's bytes from ``offset`` on, in pieces that end at line ends where there are any.

    What is digested begins with ``prefix``, the bytes that stand for those before ``offset``.
    """

    def __init__(self, path: Path, offset: int, prefix: bytes, size: int) -> None:
        """Read ``size`` bytes at a time, or somewhat less."""
        self._path = path
        self._offset = offset
        self._size = size
        self._bytes = len(prefix)
        # Both tell files apart and protect nothing; Frictionless states both.
        self._md5 = hashlib.md5(prefix, usedforsecurity=False)
        self._sha256 = hashlib.sha256(prefix, usedforsecurity=False)

    def read(self) -> Generator[bytes, None, None]:
        """Yield the pieces, none of them empty; the thread ends with the generator.

        ``hashlib`` and reading let other threads run, so digests cost the caller no time as long
        as there is a second core. A piece is handed over before it is digested.
        """
        with self._path.open("rb", buffering=0) as file:
            worker = ThreadPoolExecutor(1, thread_name_prefix="pieces")
            complete = False
            try:
                read: deque[Future[bytes]] = deque()
                read.extend(worker.submit(self._read, file) for _ in range(_AHEAD))
                while piece := read.popleft().result():
                    worker.submit(self._digest, piece)
                    read.append(worker.submit(self._read, file))
                    yield piece
                complete = True
            finally:
                worker.shutdown(cancel_futures=not complete)

    @property
    def fingerprint(self) -> Fingerprint:
        """Digests and size of the whole, once every piece has been taken."""
        return Fingerprint(self._md5.hexdigest(), self._sha256.hexdigest(), self._bytes)

    def _read(self, file: BinaryIO) -> bytes:
        """Return the next piece, ``b""`` at the end; the line it would cut is left to the next.

        The end of a piece is looked at first, for a line end to stop at: what is read is the
        piece, and is copied nowhere.
        """
        at = max(self._size - _LOOKED_AT, 0)
        file.seek(self._offset + at)
        end = file.read(self._size - at)
        cut = (end.rfind(b"\n") + 1 or len(end)) if len(end) == self._size - at else len(end)
        file.seek(self._offset)
        piece = file.read(at + cut)
        self._offset += len(piece)
        return piece

    def _digest(self, piece: bytes) -> None:
        self._md5.update(piece)
        self._sha256.update(piece)
        self._bytes += len(piece)
