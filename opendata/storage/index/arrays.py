"""Arrays in one file: written once, then mapped into memory and shared by all processes."""

import json
import mmap
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from opendata.storage.files import sync

Array = npt.NDArray[Any]
_ALIGNMENT = 64
# Behind the table: its length, and a checksum of it.
_TRAILER = 12
# A table of more bytes is none of ours.
_MOST_TABLE = 1 << 20


class Damaged(ValueError):
    """A file is not as it was written."""


class ArrayWriter:
    """Writes named arrays one after another, then where each of them is."""

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        self._path = path
        self._file = path.open("wb")
        self._table: dict[str, tuple[str, int, int]] = {}

    def add(self, name: str, array: Array) -> None:
        """Append a one-dimensional array under a name that is not there yet."""
        assert name not in self._table  # noqa: S101 - the builder names each array once.
        self._file.write(bytes(-self._file.tell() % _ALIGNMENT))
        self._table[name] = (array.dtype.str, self._file.tell(), len(array))
        self._file.write(np.ascontiguousarray(array).view(np.uint8).data)

    def again(self, name: str, kept: str) -> None:
        """Have an array under another name too."""
        self._table[name] = self._table[kept]

    def close(self) -> None:
        """Write the table and make the file durable."""
        table = json.dumps(self._table).encode()
        self._file.write(table + len(table).to_bytes(8, "little"))
        self._file.write(zlib.crc32(table).to_bytes(4, "little"))
        self._file.close()
        sync(self._path)

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close; after an error the file is of no use."""
        if kind is None:
            self.close()
        else:
            self._file.close()


class Arrays:
    """The arrays of one file, read-only; nothing is read before it is touched."""

    def __init__(self, path: Path) -> None:
        """Map the file into memory.

        Raises:
            OSError: there is no such file.
            Damaged: it is not as it was written; what the arrays hold is not looked at.
        """
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        end = len(self._map) - _TRAILER
        size = int.from_bytes(self._map[end : end + 8], "little") if end > 0 else 0
        if not 0 < size <= min(end, _MOST_TABLE):
            raise Damaged(path.name)
        table = self._map[end - size : end]
        if zlib.crc32(table) != int.from_bytes(self._map[end + 8 :], "little"):
            raise Damaged(path.name)
        self._table: dict[str, list[Any]] = json.loads(table)

    def __contains__(self, name: str) -> bool:
        """Whether there is an array of this name."""
        return name in self._table

    def __getitem__(self, name: str) -> Array:
        """Return an array as a view of the mapped file."""
        kind, offset, length = self._table[name]
        found: Array = np.frombuffer(self._map, np.dtype(kind), length, offset)
        return found
