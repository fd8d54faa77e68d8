"""Writing a segment: the order of its records, where they stand, and their columns."""

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries import Sort
from opendata.domain.queries.model import sort_keys
from opendata.storage.files import sync
from opendata.storage.index.arrays import Array, ArrayWriter
from opendata.storage.index.building.coding import Coded, coded
from opendata.storage.index.building.lines import Lines, csv_lines, ndjson_lines
from opendata.storage.index.building.records import PartSource, Records, Unindexable
from opendata.storage.index.building.texts import Ordered, viewed
from opendata.storage.index.columns import narrowest
from opendata.storage.index.grams import write_grams
from opendata.storage.index.segment import ARRAYS, TOLD
from opendata.storage.vault import Vault

_ID = "_id"
# What stands before a record's identifier, which is its first column.
_BEFORE_ID = {"ndjson": len('{"_id":"'), "csv": 0}
_FINDERS = {"ndjson": ndjson_lines, "csv": csv_lines}
_MOST = 2**63


def write_segment(
    folder: Path, contract: Contract, parts: Sequence[PartSource], vault: Vault
) -> int:
    """Write a segment of some releases under a (published) contract; return its records' number.

    The folder appears whole or not at all.

    Raises:
        Unindexable: a release's files do not fit together, or not the contract, or are missing.
        OSError: the disk is full.
    """
    records = Records(parts, contract, vault)
    fresh = folder.with_name(f".{folder.name}")
    fresh.mkdir(parents=True)
    try:
        with ArrayWriter(fresh / ARRAYS) as writer:
            _Building(writer, records, contract).write(vault)
        _write_told(fresh / TOLD, records)
        sync(fresh)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    sync(folder.parent)
    return records.rows


def _write_told(path: Path, records: Records) -> None:
    parts = [
        [*each.part, rows, each.ndjson, each.csv]
        for each, rows in zip(records.parts, records.counts, strict=True)
    ]
    path.write_text(json.dumps({"rows": records.rows, "parts": parts}), encoding="utf-8")
    sync(path)


class _Building:
    """One segment being written."""

    def __init__(self, writer: ArrayWriter, records: Records, contract: Contract) -> None:
        self._writer = writer
        self._records = records
        self._contract = contract
        self._keys: dict[str, Coded] = {}
        parts = np.arange(len(records.parts), dtype=narrowest(max(1, len(records.parts)) - 1))
        self._part = np.repeat(parts, records.counts)

    def write(self, vault: Vault) -> None:
        """Write everything."""
        order = self._order()
        self._writer.add("part", self._part[order])
        self._write_places(order, vault)
        self._writer.add("identity", np.arange(len(order), dtype=np.uint32))
        for field in self._records.fields:
            found = self._keys.pop(field.name, None) or self._coded(field)
            self._write_column(field.name, found, order)
        # What the columns needed is free by now, but Arrow would keep it for the next ones.
        pa.default_memory_pool().release_unused()
        names = self._contract.searchable
        write_grams(self._writer, [Ordered(self._records.batches(each), order) for each in names])

    def _coded(self, field: Field) -> Coded:
        return coded(self._records.batches(field.name), field)

    def _order(self) -> Array:
        """Return the places in the files of the records in the segment's order."""
        fields = {each.name: each for each in self._records.fields}
        key, span = np.zeros(self._records.rows, np.uint64), 1
        for each in default_order(self._contract):
            column = self._keys[each.name] = self._coded(fields[each.name])
            key, span = _appended(key, span, _ascending(column, each), column.distinct + 1)
        key, _ = _appended(key, span, self._part, len(self._records.parts))
        return np.argsort(key, kind="stable").astype(np.uint32)

    def _write_places(self, order: Array, vault: Vault) -> None:
        found: dict[str, list[Lines]] = {kind: [] for kind in _FINDERS}
        for at, source in enumerate(self._records.parts):
            ids = _fixed(self._records.batches_of(at, _ID))
            for kind, find in _FINDERS.items():
                lines = find(vault.path(getattr(source, kind)))
                # Every line must be the record it is taken for.
                if ids is None or not lines.have(ids, _BEFORE_ID[kind]):
                    raise Unindexable(
                        source.part, f"its {kind} has other records than its Parquet."
                    )
                found[kind].append(lines)
        for kind, lists in found.items():
            begin = np.concatenate([np.zeros(0, np.uint64), *(each.begin for each in lists)])
            size = np.concatenate([np.zeros(0, np.uint32), *(each.size for each in lists)])
            self._writer.add(f"{kind}/begin", begin[order])
            self._writer.add(f"{kind}/size", size[order])

    def _write_column(self, name: str, column: Coded, order: Array) -> None:
        writer, codes = self._writer, column.codes[order]
        counts = np.bincount(codes, minlength=column.distinct + 1)
        starts = np.append(0, np.cumsum(counts)).astype(np.uint32)
        writer.add(f"{name}/codes", codes)
        writer.add(f"{name}/starts", starts)
        by_code = by_codes(codes)
        if by_code is None:
            writer.again(f"{name}/order", "identity")
            by_code = np.arange(len(codes), dtype=np.uint32)
        else:
            writer.add(f"{name}/order", by_code)
        for kind, array in column.kept.items():
            writer.add(f"{name}/{kind}", array)
        if not column.kept:
            writer.add(f"{name}/first", by_code[starts[: column.distinct]])


def default_order(contract: Contract) -> tuple[Sort, ...]:
    """Return by what the records of a segment are ordered; the identifier comes last."""
    keys = sort_keys(contract.default_sort)
    names = [each.name for each in keys]
    return keys[: names.index(_ID) + 1] if _ID in names else (*keys, Sort(_ID))


def by_codes(codes: Array) -> Array | None:
    """Return the records by code, then by place; ``None`` where they are in this order already.

    Radix sort, sixteen bits at a time, is what NumPy does with integers this narrow.
    """
    if len(codes) < 2 or not np.any(codes[1:] < codes[:-1]):
        return None
    if codes.itemsize <= 2:
        return np.argsort(codes, kind="stable").astype(np.uint32)
    halves = codes.astype("<u4").view("<u2")
    order = np.argsort(halves[::2], kind="stable")
    found: Array = order[np.argsort(halves[1::2][order], kind="stable")].astype(np.uint32)
    return found


def _ascending(column: Coded, key: Sort) -> Array:
    """Return codes that ascend in the direction of a sort key; null stays last."""
    codes = column.codes.astype(np.int64)
    if not key.descending:
        return codes
    found: Array = np.where(codes == column.distinct, codes, column.distinct - 1 - codes)
    return found


def _appended(key: Array, span: int, digits: Array, radix: int) -> tuple[Array, int]:
    """Append a digit to numbers below ``span``, which are ranked anew where they would overflow."""
    if span * radix > _MOST:
        distinct, key = np.unique(key, return_inverse=True)
        key, span = key.astype(np.uint64), len(distinct)
    return key * np.uint64(radix) + digits.astype(np.uint64), span * radix


def _fixed(batches: "Iterator[pa.Array[Any]]") -> Array | None:
    """Return texts of one length as rows of bytes; ``None`` where lengths differ."""
    nothing = pa.array([], pa.large_string())
    texts = pa.concat_arrays([nothing, *(each.cast(pa.large_string()) for each in batches)])
    if not len(texts):
        return np.zeros((0, 1), np.uint8)
    _, bounds, data = texts.buffers()
    ends = viewed(bounds, np.int64, len(texts) + 1)
    width = int(ends[1])
    if texts.null_count or not width or np.any(np.diff(ends) != width):
        return None
    return viewed(data, np.uint8, width * len(texts)).reshape(-1, width)
