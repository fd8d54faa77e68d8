"""Listings as files: the same writers, the same looks, as the records of collections have."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import pyarrow as pa

from opendata import __version__
from opendata.domain.editions import local_day
from opendata.domain.listings import Listing, Partly, Row, shown
from opendata.domain.queries import Query
from opendata.stages.export.choices import Choices
from opendata.stages.export.spooled import written
from opendata.storage.home import Home
from opendata.storage.pieces import Content
from opendata.tabular.export import WRITERS
from opendata.tabular.values import arrow_type

_AT_ONCE = 10_000


def spool_rows(
    home: Home, asked: tuple[Listing, Query], rows: Partly, choices: Choices, now: datetime
) -> Content:
    """Write ``rows``, with the query's fields, into a file without a name.

    Raises:
        TooBigForWorkbook: more rows than a worksheet has, or a text too long for a cell.
    """
    listing, query = asked
    notes = _notes(listing, query, now)
    if rows.left_out:
        notes["未计入 Left out"] = ", ".join(rows.left_out)
    layout = choices.layout(listing.contract, query.fields, notes)
    schema = pa.schema([(each.name, arrow_type(each)) for each in layout.fields])
    # Only a workbook says when it was made.
    day = local_day(now).isoformat() if choices.format == "xlsx" else ""
    said = repr((__version__, query.canonical, choices, day, rows.left_out))
    write = WRITERS[choices.format]
    batches = _batches(rows, query, schema)
    return written(home, _tag(said, rows, query), lambda out: write(batches, layout, out))


def _batches(rows: Partly, query: Query, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches, an empty one where there are none."""
    for at in range(0, max(len(rows), 1), _AT_ONCE):
        yield pa.RecordBatch.from_pylist(shown(rows[at : at + _AT_ONCE], query), schema=schema)


def _tag(said: str, rows: Iterable[Row], query: Query) -> str:
    """Return the validator: another one wherever what is said, or a value, is another."""
    digest = hashlib.sha256(said.encode())
    for row in rows:
        digest.update(repr([row[name] for name in query.fields]).encode())
    return digest.hexdigest()[:32]


def _notes(listing: Listing, query: Query, now: datetime) -> dict[str, str]:
    return {
        "列表 List": f"{listing.title.zh} {listing.title.en}",
        "说明 Description": listing.description.zh,
        "导出日期 Exported": local_day(now).isoformat(),
        "查询 Query": query.canonical,
    }
