"""Store: the records of a segment as they stand, rendered once, in the files of their releases."""

import mmap
import os
import threading
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np

from opendata.domain.contracts import Field
from opendata.domain.values import Value, read_value
from opendata.storage.index.arrays import Array, Arrays

KINDS = ("ndjson", "csv")
# Of one segment's files so many are open at once.
_MOST_MAPS = 128
_OPENS, _CLOSES = b"{}"
_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Store:
    """Where each record of a segment is: ``part`` (n) numbers its release among the segment's.

    Of each kind of file there are ``ndjson/begin`` (n, uint64) and ``ndjson/size`` (n, uint32):
    the bytes of the record's line, without the end of line.
    """

    def __init__(self, arrays: Arrays, files: Mapping[str, tuple[Path, ...]]) -> None:
        """Prepare; ``files`` are those of each kind, in the order of the segment's parts."""
        self._files = files
        self._maps: dict[tuple[str, int], mmap.mmap] = {}
        self._lock = threading.Lock()
        self.part = arrays["part"]
        self._begins = {kind: arrays[f"{kind}/begin"] for kind in KINDS}
        self._sizes = {kind: arrays[f"{kind}/size"] for kind in KINDS}

    def lines(self, kind: str, records: Array | Sequence[int]) -> list[bytes]:
        """Return the lines of records, in the order given.

        Raises:
            OSError: a file is missing, or not what it was.
        """
        places = np.asarray(records, np.intp)
        begins, sizes = self._begins[kind][places], self._sizes[kind][places]
        ends, parts = (begins + sizes).tolist(), self.part[places].tolist()
        at = {part: self._map(kind, part) for part in set(parts)}
        found = [
            at[part][begin:end]
            for part, begin, end in zip(parts, begins.tolist(), ends, strict=True)
        ]
        if sum(map(len, found)) != int(sizes.sum()):
            raise _shorter(kind)
        if kind == "ndjson" and not all(
            each[0] == _OPENS and each[-1] == _CLOSES for each in found
        ):
            raise OSError("A line of a release's file is not where it was.")
        return found

    def check(self, kind: str, records: Array) -> None:
        """Make sure that the lines of records can be read, however many there are.

        Raises:
            OSError: a file is missing, or shorter than it was.
        """
        parts, ends = self.part[records], self._begins[kind][records] + self._sizes[kind][records]
        most = np.zeros(len(self._files[kind]), np.uint64)
        np.maximum.at(most, parts, ends)
        for part in np.flatnonzero(most).tolist():
            if len(self._map(kind, part)) < int(most[part]):
                raise _shorter(kind)

    def value(self, record: int, field: Field) -> Value | None:
        """Return one value of a record, read from its line."""
        raw = _RAW.decode(self.lines("ndjson", [record])[0])[field.name]
        if bytes(raw) == b"null":
            return None
        if field.type == "number":
            return Decimal(bytes(raw).decode())
        if field.type == "string":
            text: str = msgspec.json.decode(raw, type=str)
            return text
        return read_value(field, bytes(raw).decode().strip('"'))

    def _map(self, kind: str, part: int) -> mmap.mmap:
        found = self._maps.get((kind, part))
        if found is None:
            with self._files[kind][part].open("rb") as file:
                if not os.fstat(file.fileno()).st_size:
                    raise _shorter(kind)
                found = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            with self._lock:
                if len(self._maps) >= _MOST_MAPS:
                    # Each takes a descriptor; the longest open goes, whoever reads it keeps it.
                    self._maps.pop(next(iter(self._maps)))
                self._maps[kind, part] = found
        return found


def _shorter(kind: str) -> OSError:
    return OSError(f"A release's {kind} file is shorter than it was.")
