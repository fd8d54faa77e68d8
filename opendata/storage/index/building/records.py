"""The records of some releases, read column by column from their Parquet files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.storage.index.roll import Part
from opendata.storage.vault import Vault

_BATCH_ROWS = 131_072
# Below this a file is not opened for each column.
_HELD_ROWS = 50_000


class Unindexable(RuntimeError):
    """A release's files are not what the index could be built from; its answers come elsewhere."""

    def __init__(self, part: Part, why: str) -> None:
        """Say which release, and why."""
        dataset, number = part
        super().__init__(f"release {number} of {dataset}: {why}")
        self.part = part


@dataclass(frozen=True, slots=True)
class PartSource:
    """A release, and the SHA-256 of its first edition's data files."""

    part: Part
    parquet: str
    ndjson: str
    csv: str


class Records:
    """The records of some releases: one release after another, each as in its file."""

    def __init__(self, parts: Sequence[PartSource], contract: Contract, vault: Vault) -> None:
        """Look at the files' footers.

        Raises:
            Unindexable: a file is missing, or has other columns than the (published) contract.
        """
        self.fields = (*SYSTEM_FIELDS, *contract.fields)
        self.parts = tuple(parts)
        for each in parts:
            if not all(vault.path(file).exists() for file in (each.parquet, each.ndjson, each.csv)):
                raise Unindexable(each.part, "a file is missing.")
        self._paths = [vault.path(each.parquet) for each in parts]
        # Kept, since a file is opened anew for each column: there may be thousands of files.
        self._footers = [pq.read_metadata(each) for each in self._paths]
        for source, footer in zip(self.parts, self._footers, strict=True):
            _check_columns(source, footer.schema.to_arrow_schema(), self.fields)
        self.counts = tuple(each.num_rows for each in self._footers)
        self._held = self._small()

    @property
    def rows(self) -> int:
        """How many records there are."""
        return sum(self.counts)

    def batches(self, name: str) -> "Iterator[pa.Array[Any]]":
        """Yield the values of a column, some at a time."""
        for at in range(len(self.parts)):
            yield from self.batches_of(at, name)

    def batches_of(self, at: int, name: str) -> "Iterator[pa.Array[Any]]":
        """Yield the values of a column of one release."""
        held = self._held.get(at)
        if held is not None:
            yield from held.column(name).chunks
            return
        with self._opened(at) as file:
            found = file.iter_batches(_BATCH_ROWS, columns=[name], use_threads=False)
            for batch in found:
                yield batch.column(0)

    def _small(self) -> dict[int, pa.Table]:
        """Read the first few releases at once, as far as that takes little memory."""
        found, rows = {}, 0
        for at, count in enumerate(self.counts):
            rows += count
            if rows > _HELD_ROWS:
                break
            with self._opened(at) as file:
                found[at] = file.read(use_threads=False)
        return found

    def _opened(self, at: int) -> pq.ParquetFile:
        return pq.ParquetFile(self._paths[at], metadata=self._footers[at], memory_map=True)


def _check_columns(source: PartSource, schema: pa.Schema, fields: Sequence[Field]) -> None:
    if schema.names != [each.name for each in fields]:
        raise Unindexable(source.part, "the columns of its file are not those of the contract.")
    for field in fields:
        kind = schema.field(field.name).type
        if not _TYPES[field.type](kind, field):
            raise Unindexable(source.part, f"{field.name} is a {kind} in its file.")


def _is_number(kind: pa.DataType, field: Field) -> bool:
    return pa.types.is_decimal128(kind) and kind.scale == (field.decimal_places or 0)


_TYPES: Mapping[str, Callable[[pa.DataType, Field], bool]] = {
    "string": lambda kind, _: pa.types.is_string(kind) or pa.types.is_large_string(kind),
    "integer": lambda kind, _: pa.types.is_signed_integer(kind),
    "year": lambda kind, _: pa.types.is_signed_integer(kind),
    "boolean": lambda kind, _: pa.types.is_boolean(kind),
    "date": lambda kind, _: pa.types.is_date32(kind),
    "datetime": lambda kind, _: kind == pa.timestamp("us", tz="UTC"),
    "number": _is_number,
}
