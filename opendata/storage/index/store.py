"""Store: the records of a segment as they stand, rendered once, in the files of their releases."""

import mmap
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path

import msgspec

from opendata.domain.contracts import Field
from opendata.domain.values import Value, read_value
from opendata.storage.index.arrays import Arrays

KINDS = ("ndjson", "csv")
_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Store:
    """Where each record of a segment is: ``part`` (n) numbers its release among the segment's.

    Of each kind of file there are ``ndjson/begin`` (n, uint64) and ``ndjson/size`` (n, uint32):
    the bytes of the record's line, without the end of line.
    """

    def __init__(self, arrays: Arrays, files: Mapping[str, tuple[Path, ...]]) -> None:
        """Prepare; ``files`` are those of each kind, in the order of the segment's parts."""
        self._arrays = arrays
        self._files = files
        self._maps: dict[tuple[str, int], mmap.mmap] = {}
        self.part = arrays["part"]

    def lines(self, kind: str, records: Iterable[int]) -> list[bytes]:
        """Return the lines of records, in the order given."""
        begins, sizes = self._arrays[f"{kind}/begin"], self._arrays[f"{kind}/size"]
        found = []
        for each in records:
            begin = int(begins[each])
            file = self._map(kind, int(self.part[each]))
            found.append(file[begin : begin + int(sizes[each])])
        return found

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
                found = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self._maps[kind, part] = found
        return found
