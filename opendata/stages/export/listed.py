"""Listings as files: the same writers, the same looks, as the records of collections have."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from opendata import __version__
from opendata.domain.editions import local_day
from opendata.domain.listings import Listing, Row
from opendata.domain.queries import Query
from opendata.stages.export.choices import Choices
from opendata.stages.export.spooled import written
from opendata.storage.home import Home
from opendata.storage.pieces import Content
from opendata.tabular.export import WRITERS
from opendata.tabular.values import arrow_type


def spool_rows(
    home: Home, asked: tuple[Listing, Query], rows: Sequence[Row], choices: Choices, now: datetime
) -> Content:
    """Write ``rows``, with the query's fields, into a file without a name.

    Raises:
        TooBigForWorkbook: more rows than a worksheet has, or a text too long for a cell.
    """
    listing, query = asked
    layout = choices.layout(listing.contract, query.fields, _notes(listing, query, now))
    schema = pa.schema([(each.name, arrow_type(each)) for each in layout.fields])
    batch = pa.RecordBatch.from_pylist([dict(each) for each in rows], schema=schema)
    # Only a workbook says when it was made.
    day = local_day(now).isoformat() if choices.format == "xlsx" else ""
    said = repr((__version__, query.canonical, choices, day, rows))
    tag = hashlib.sha256(said.encode()).hexdigest()[:32]
    write = WRITERS[choices.format]
    return written(home, tag, lambda out: write([batch], layout, out))


def _notes(listing: Listing, query: Query, now: datetime) -> dict[str, str]:
    return {
        "列表 List": f"{listing.title.zh} {listing.title.en}",
        "说明 Description": listing.description.zh,
        "导出日期 Exported": local_day(now).isoformat(),
        "查询 Query": query.canonical,
    }
