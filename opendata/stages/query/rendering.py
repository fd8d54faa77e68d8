"""Rendering: records as the JSON that a release's NDJSON has for them, and back to values."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec
import pyarrow as pa

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.tabular.export import Layout, write_ndjson

_TYPES: dict[str, Any] = {
    "string": str | None,
    "integer": int | None,
    "year": int | None,
    "number": Decimal | None,
    "boolean": bool | None,
    "date": date | None,
    "datetime": datetime | None,
}


def rendered(rows: pa.Table, contract: Contract) -> list[bytes]:
    """Return each row as a JSON object, byte for byte as in a file of the same columns."""
    out = io.BytesIO()
    write_ndjson(rows.to_batches(), Layout(contract, tuple(rows.column_names)), out)
    return out.getvalue().split(b"\n")[:-1]


def values_of(objects: Sequence[bytes], contract: Contract) -> list[dict[str, Any]]:
    """Read rendered records: a value of each column's type for each name, in their order."""
    if not objects:
        return []
    names = tuple(msgspec.json.decode(objects[0], type=dict[str, msgspec.Raw]))
    known = {each.name: each for each in (*SYSTEM_FIELDS, *contract.fields)}
    decoder = _decoder(tuple(known[name] for name in names))
    return [dict(zip(names, msgspec.structs.astuple(decoder.decode(each)), strict=True))
            for each in objects]  # fmt: skip


def _decoder(fields: tuple[Field, ...]) -> msgspec.json.Decoder[Any]:
    return _decoder_of(tuple((each.name, each.type) for each in fields))


@lru_cache(maxsize=64)
def _decoder_of(columns: tuple[tuple[str, str], ...]) -> msgspec.json.Decoder[Any]:
    # The attributes are numbered, for a column may be named like a word of Python.
    attributes = [(f"column_{at}", _TYPES[kind]) for at, (_, kind) in enumerate(columns)]
    names = {f"column_{at}": name for at, (name, _) in enumerate(columns)}
    return msgspec.json.Decoder(msgspec.defstruct("Values", attributes, rename=names))
