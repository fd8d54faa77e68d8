"""Twins: CSV and NDJSON hold the same records, so that either tells what the other should be.

What is made of one of them counts only if it has the digest that the other should have; then the
first byte in which they differ is certain.
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from opendata.stages.verify.reading import departure
from opendata.tabular.text_table import csv_line

CSV, NDJSON = "data.csv", "data.ndjson"
TWIN = {CSV: NDJSON, NDJSON: CSV}
_LINES_LOOKED_AT = 2_000
_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])


def first_departure(name: str, path: Path, twin: Path, sha256: str) -> int | None:
    """Return the first byte in which the file ``path`` departs from what it should be.

    ``twin`` is the other of the two, and ``sha256`` the digest that ``path`` should have. ``None``
    where the twin does not tell.
    """
    made = _csv_of(twin) if name == CSV else _ndjson_of(twin, _columns(path))
    try:
        return departure(path, made, sha256.__eq__)
    except (csv.Error, ValueError, KeyError, StopIteration, RuntimeError):
        # Whatever it is that the twin holds, nothing can be made of it.
        return None


def _csv_of(ndjson: Path) -> Iterator[bytes]:
    with ndjson.open("rb") as file:
        for number, line in enumerate(file):
            record = _RAW.decode(line)
            if number == 0:
                yield (csv_line(list(record)) + "\n").encode()
            cells = [cell(bytes(each)) for each in record.values()]
            yield (csv_line(cells) + "\n").encode()


def cell(raw: bytes) -> str:
    """Return the cell of a CSV that has a JSON value; that of null is empty."""
    if raw.startswith(b'"'):
        return str(msgspec.json.decode(raw))
    return "" if raw == b"null" else raw.decode()


def _ndjson_of(twin: Path, texts: Mapping[str, bool]) -> Iterator[bytes]:
    csv.field_size_limit(sys.maxsize)
    with twin.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        names = next(rows, [])
        keys = [json.dumps(name) + ":" for name in names]
        quoted = [texts.get(name, False) for name in names]
        for row in rows:
            members = zip(keys, quoted, row, strict=True)
            line = ",".join(key + _member(cell, is_text) for key, is_text, cell in members)
            yield f"{{{line}}}\n".encode()


def _member(cell: str, is_text: bool) -> str:
    if not cell:
        return "null"
    return json.dumps(cell, ensure_ascii=False) if is_text else cell


def _columns(ndjson: Path) -> dict[str, bool]:
    """Return which columns are written in quotes, as far as the first lines can be read."""
    found: dict[str, bool] = {}
    with ndjson.open("rb") as file:
        for _, line in zip(range(_LINES_LOOKED_AT), file, strict=False):
            try:
                record = _RAW.decode(line)
            except msgspec.DecodeError:
                continue
            for name, raw in record.items():
                if bytes(raw) != b"null":
                    found.setdefault(name, bytes(raw).startswith(b'"'))
    return found
