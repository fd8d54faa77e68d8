"""Totals: what is asked of groups of records, and how often values occur."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries import Query, Sort
from opendata.domain.queries.adding import Demand, NotAdditive, demands
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric
from opendata.domain.queries.columns import columns
from opendata.domain.queries.facets import facet_entry
from opendata.stages.query.records import reading_of, view_for
from opendata.stages.query.view import View
from opendata.storage.engines import Groups
from opendata.storage.home import Home
from opendata.tabular.values import arrow_type

_COUNT = Metric(Measuring.COUNT)


@dataclass(frozen=True, slots=True)
class Totals:
    """Groups in the order asked for; ``columns`` describes what each row has."""

    view: View
    asked: Aggregation
    columns: tuple[Field, ...]
    groups: Groups

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The groups as exact values by name."""
        return [dict(zip(self.groups.names, row, strict=True)) for row in self.groups.rows]

    @property
    def batch(self) -> pa.RecordBatch:
        """The groups as typed columns."""
        values = list(zip(*self.groups.rows, strict=True)) or [()] * len(self.columns)
        schema = pa.schema([(each.name, arrow_type(each)) for each in self.columns])
        arrays = [pa.array(each, kind) for each, kind in zip(values, schema.types, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


def totals(home: Home, contract: Contract, asked: Aggregation, now: datetime) -> Totals:
    """Answer a question for totals.

    Raises:
        NotAdditive: a metric would add up what may not be added.
        TotalTooLarge: a total has more digits than any column holds.
        NoSuchSnapshot: ``as_of`` names no state of the collection.
    """
    view = view_for(home, contract, asked.query, now)
    groups = _groups(home, view, asked, demands(view.contract, asked))
    if groups.mixed:
        raise NotAdditive(groups.mixed, asked)
    return Totals(view, asked, columns(asked), groups)


def facets(home: Home, view: View, query: Query) -> dict[str, list[dict[str, Any]]]:
    """Return the most frequent values of each field asked for, with their labels and counts.

    They are counted among all records that the query finds, whatever page is shown of them.
    """
    found = {}
    for field in query.facets:
        sort = (Sort(_COUNT.name, descending=True), Sort(field.name))
        asked = Aggregation(query, (Key(field),), (_COUNT,), sort, query.facet_size)
        groups = _groups(home, view, asked, ())
        found[field.name] = [facet_entry(field, *row) for row in groups.rows]
    return found


def _groups(home: Home, view: View, asked: Aggregation, wanted: Sequence[Demand]) -> Groups:
    reading = reading_of(home, view)
    found = None if reading is None else reading.totals(asked, wanted)
    return home.engine.totals(view.source, asked, wanted) if found is None else found
