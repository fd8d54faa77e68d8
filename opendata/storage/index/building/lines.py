"""Where each record begins in a release's NDJSON and CSV."""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from opendata.storage.index.arrays import Array

_CHUNK_BYTES = 1024 * 1024
_PIECE_BYTES = 16 * _CHUNK_BYTES
_END_OF_LINE, _QUOTE = ord("\n"), ord('"')


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the records of a file begin, and how long each is without its end of line."""

    path: Path
    begin: Array
    size: Array

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self.begin)

    def have(self, texts: Array, offset: int) -> bool:
        """Whether each record has the text of its row at an offset; all of one length."""
        width = texts.shape[1]
        if len(self) != len(texts) or offset + width > _PIECE_BYTES:
            return False
        if not len(self):
            return True
        fits = bool(self.size.min() >= offset + width)
        return fits and all(
            np.array_equal(found, texts[first : first + len(found)])
            for first, found in self._windows(offset, width)
        )

    def _windows(self, offset: int, width: int) -> Iterator[tuple[int, Array]]:
        """Yield bytes of the records of one piece of the file at a time, from the first of them.

        The file is not mapped as a whole: what was looked at would count as used memory.
        """
        with self.path.open("rb") as file:
            whole = file.seek(0, 2)
            for at in range(0, whole, _PIECE_BYTES):
                first, last = np.searchsorted(self.begin, [at, at + _PIECE_BYTES])
                length = min(2 * _PIECE_BYTES, whole - at)
                with mmap.mmap(file.fileno(), length, access=mmap.ACCESS_READ, offset=at) as held:
                    piece = np.frombuffer(held, np.uint8)
                    windows = sliding_window_view(piece, min(width, length))
                    found = windows[self.begin[first:last].astype(np.int64) - at + offset]
                    # Nothing may refer to what is mapped when it is let go.
                    del piece, windows
                yield int(first), found


def ndjson_lines(path: Path) -> Lines:
    """Find the records of an NDJSON file, one a line."""
    ends, _ = _scan(path, quoted=False)
    return _between(path, np.append(-1, ends))


def csv_lines(path: Path) -> Lines:
    """Find the records of a CSV file behind its header.

    A record ends at the end of a line before which quotes are even in number.
    """
    ends, _ = _scan(path, quoted=True)
    return _between(path, ends)


def _between(path: Path, ends: Array) -> Lines:
    """Return the records between ends of records."""
    begin = ends[:-1] + 1
    return Lines(path, begin.astype(np.uint64), (ends[1:] - begin).astype(np.uint32))


def _scan(path: Path, *, quoted: bool) -> tuple[Array, int]:
    """Return where records end, and how many quotes there are (0 where they do not matter)."""
    buffer = np.empty(_CHUNK_BYTES, np.uint8)
    found, quotes, at = [np.zeros(0, np.int64)], 0, 0
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer.data):
            chunk = buffer[:count]
            ends = np.flatnonzero(chunk == _END_OF_LINE)
            if quoted:
                marks = np.flatnonzero(chunk == _QUOTE)
                before = np.searchsorted(marks, ends) + quotes
                ends = ends[before % 2 == 0]
                quotes += len(marks)
            found.append(ends + at)
            at += count
    return np.concatenate(found), quotes
