"""Engines: a checked ``Query`` and a list of files in, Arrow out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from opendata.domain.editions import Scope
from opendata.domain.queries import Query
from opendata.domain.queries.adding import Demand, Mixed
from opendata.domain.queries.aggregates import Aggregation
from opendata.domain.values import Value


@dataclass(frozen=True, slots=True)
class Source:
    """The Parquet files of one snapshot, their columns, and what of them is public."""

    files: tuple[str, ...]
    schema: pa.Schema
    scope: Scope


@dataclass(frozen=True, slots=True)
class Groups:
    """What was computed of groups of records.

    ``names`` are those of the keys, then of the metrics, as ``rows`` have them; the values are
    exact. ``total`` counts the groups there were before the limit. Where anything is ``mixed``,
    a metric adds up what may not be added: the rows are of no use then.
    """

    names: tuple[str, ...]
    rows: list[tuple[Value | None, ...]]
    total: int
    mixed: tuple[Mixed, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page of records, each as one JSON object of the query's fields in its order.

    ``last_id`` is the identifier of the last of them, and ``more`` says that others follow.
    """

    objects: Sequence[bytes]
    last_id: str | None
    more: bool


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

    def totals(
        self, source: Source, aggregation: Aggregation, demands: Sequence[Demand] = ()
    ) -> Groups:
        """Return what is asked of groups of the records that match.

        Without keys there is one group, even of no records. ``demands`` are looked at in every
        group, beyond the limit too.

        Raises:
            TotalTooLarge: a total has more digits than any column holds.
        """
        ...
