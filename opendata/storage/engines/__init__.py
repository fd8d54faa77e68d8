"""Engines: a checked ``Query`` and a list of files in, Arrow out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from opendata.domain.editions import Scope
from opendata.domain.queries import Query
from opendata.domain.values import Value


@dataclass(frozen=True, slots=True)
class Source:
    """The Parquet files of one snapshot, their columns, and what of them is public."""

    files: tuple[str, ...]
    schema: pa.Schema
    scope: Scope


class Engine(Protocol):
    """What answers queries; every method applies the source's scope."""

    def rows(
        self, source: Source, query: Query, after: Sequence[Value | None] | None = None
    ) -> pa.Table:
        """Return at most ``query.limit`` records behind the sort position ``after``.

        The columns are ``query.fields``, in that order.
        """
        ...

    def batches(self, source: Source, query: Query) -> Iterator[pa.RecordBatch]:
        """Yield all records that match, without regard to ``limit``, in the query's order."""
        ...

    def count(self, source: Source, query: Query) -> int:
        """Return how many records match."""
        ...
