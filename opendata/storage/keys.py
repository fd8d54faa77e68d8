"""Keys: which files of a collection may hold a record, without a look into each of them.

Of every record eight bytes of its ``_id`` are kept, sorted, with the number of the file it is in.
Whoever asks is told too many rather than too few, and looks into the files he is told. All of it
is derived from Parquet files that never change, and is made when it is missing.
"""

import json
import logging
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from opendata.storage.files import sync

log = logging.getLogger(__name__)
# Runs are merged when so many are about as long; none grows beyond so many keys by that.
RUNS = 16
MOST_KEYS = 8_000_000
_ID_LENGTH = 52
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SUFFIX = ".keys"
_SCHEMA = pa.schema([pa.field("key", pa.uint64()), pa.field("file", pa.uint32())])
_Keys = npt.NDArray[np.uint64]
_Numbers = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class _Run:
    """Sorted keys of some files' records; ``numbers`` says which of ``files`` each is from."""

    files: tuple[str, ...]
    keys: _Keys
    numbers: _Numbers

    def matches(self, wanted: _Keys) -> Iterator[tuple[int, str]]:
        """Yield the position of each wanted key that is here, and the files it is in."""
        first = np.searchsorted(self.keys, wanted, "left")
        behind = np.searchsorted(self.keys, wanted, "right")
        for at in np.flatnonzero(behind > first).tolist():
            for number in set(self.numbers[first[at] : behind[at]].tolist()):
                yield at, self.files[number]


class RecordKeys:
    """The keys of all collections, in a folder of which nothing is lost when it is deleted."""

    def __init__(self, root: Path) -> None:
        """Prepare; the folder is made when there is something to keep."""
        self._root = root
        self._open: dict[Path, _Run] = {}

    def owners(self, collection: str, files: Sequence[str], ids: Sequence[str]) -> dict[str, str]:
        """Return the dataset of each of ``ids`` that one of ``files`` holds."""
        found, held = self.may_hold(collection, files, ids)
        wanted = pc.field("_id").isin(pa.array(held, pa.string()))
        owners: dict[str, str] = {}
        for path in found:
            table = pq.read_table(path, columns=["_id", "_dataset"], filters=wanted)
            owners.update(zip(*(each.to_pylist() for each in table.columns), strict=True))
        return owners

    def may_hold(
        self, collection: str, files: Sequence[str], ids: Sequence[str]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return those of ``files`` that may hold any of ``ids``, and the ids they may hold."""
        if any(len(each) != _ID_LENGTH or not each.isascii() for each in ids):
            return tuple(files), tuple(ids)
        paths = {Path(each).name: each for each in files}
        wanted = _keys_of("".join(ids).encode())
        found, held = set[str](), set[int]()
        for run in self._covering(self._root / collection, paths):
            for at, name in run.matches(wanted):
                if name in paths:
                    held.add(at)
                    found.add(paths[name])
        return tuple(sorted(found)), tuple(ids[at] for at in sorted(held))

    def firsts(self, group: str, files: Sequence[str]) -> _Numbers:
        """Return of each record of the last of ``files`` which of them was the first to hold it.

        ``group`` names what the files belong to; in the order of the file's records.
        """
        with pq.ParquetFile(files[-1]) as last:
            if len(files) == 1:
                return np.zeros(last.metadata.num_rows, np.uint32)
            wanted = _keys_in(last)
        found = np.full(len(wanted), len(files) - 1, np.uint32)
        # Two releases may have one and the same file: it is the first one's.
        places = {Path(each).name: at for at, each in reversed(list(enumerate(files)))}
        for run in self._covering(self._root / group, {Path(each).name: each for each in files}):
            place = np.array([places.get(name, len(files)) for name in run.files], np.uint32)
            begins = np.flatnonzero(np.diff(run.keys, prepend=run.keys[:1] - np.uint64(1)))
            if not len(begins):
                continue
            least = np.minimum.reduceat(place[run.numbers], begins)
            keys = run.keys[begins]
            at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            held = keys[at] == wanted
            found[held] = np.minimum(found[held], least[at[held]])
        return found

    def _covering(self, folder: Path, paths: dict[str, str]) -> list[_Run]:
        """Return runs that have every file among them."""
        runs = dict(self._runs(folder))
        known = {name for run in runs.values() for name in run.files}
        missing = [name for name in sorted(paths) if name not in known]
        if missing:
            fresh = _read(missing, [paths[name] for name in missing])
            runs[self._keep(folder, fresh)] = fresh
            self._merge(folder, runs)
        return [run for run in runs.values() if not paths.keys().isdisjoint(run.files)]

    def _runs(self, folder: Path) -> Iterator[tuple[Path, _Run]]:
        """Yield the runs there are; one that vanishes meanwhile has become part of another."""
        there = sorted(folder.glob(f"*{_SUFFIX}"))
        self._open = {path: run for path, run in self._open.items() if path.exists()}
        for path in there:
            run = self._open.get(path) or _opened(path)
            if run is not None:
                self._open[path] = run
                yield path, run

    def _keep(self, folder: Path, run: _Run) -> Path:
        """Write a run; it has its name only once it is whole and durable."""
        folder.mkdir(parents=True, exist_ok=True)
        table = pa.table([pa.array(run.keys), pa.array(run.numbers)], schema=_SCHEMA)
        told = {"files": json.dumps(run.files), "crc": str(_checksum(run))}
        handle, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            with pa.ipc.new_file(file, _SCHEMA.with_metadata(told)) as writer:
                writer.write_table(table)
            file.flush()
            os.fsync(file.fileno())
        path = Path(name).rename(f"{name}{_SUFFIX}")
        sync(folder)
        self._open[path] = run
        return path

    def _merge(self, folder: Path, runs: dict[Path, _Run]) -> None:
        """Make one of runs that are about as long, so that there are always few to look into."""
        tiers: dict[int, list[Path]] = {}
        for path, run in runs.items():
            tiers.setdefault(len(run.keys).bit_length() // 4, []).append(path)
        for paths in tiers.values():
            size = sum(len(runs[path].keys) for path in paths)
            if len(paths) >= RUNS and size <= MOST_KEYS:
                merged = _joined([runs.pop(path) for path in paths])
                runs[self._keep(folder, merged)] = merged
                for path in paths:
                    path.unlink(missing_ok=True)


def _keys_of(ids: bytes) -> _Keys:
    """Make one number of the first sixteen letters of each id, which are eighty random bits."""
    letters = np.frombuffer(ids, np.uint8).reshape(-1, _ID_LENGTH)[:, :16]
    halves = np.ascontiguousarray(letters).view("<u8")
    mixed: _Keys = halves[:, 0] * _MIX + halves[:, 1]
    return mixed


def _keys_in(file: pq.ParquetFile) -> _Keys:
    """Return the keys of a file's records, in their order."""
    keys = [np.empty(0, np.uint64)]
    for batch in file.iter_batches(columns=["_id"]):
        ids: list[Any] = batch.column(0).to_pylist()
        keys.append(_keys_of("".join(ids).encode()))
    return np.concatenate(keys)


def _read(names: Sequence[str], paths: Sequence[str]) -> _Run:
    """Make a run of Parquet files."""
    keys, numbers = [np.empty(0, np.uint64)], [np.empty(0, np.uint32)]
    for number, path in enumerate(paths):
        with pq.ParquetFile(path) as file:
            keys.append(_keys_in(file))
        numbers.append(np.full(len(keys[-1]), number, np.uint32))
    return _sorted(tuple(names), keys, numbers)


def _joined(runs: Sequence[_Run]) -> _Run:
    files: list[str] = []
    numbers = []
    for run in runs:
        numbers.append(run.numbers + np.uint32(len(files)))
        files += run.files
    return _sorted(tuple(files), [run.keys for run in runs], numbers)


def _sorted(files: tuple[str, ...], keys: Iterable[_Keys], numbers: Iterable[_Numbers]) -> _Run:
    together, sources = np.concatenate([*keys]), np.concatenate([*numbers])
    order = np.argsort(together, kind="stable")
    return _Run(files, together[order], sources[order])


def _opened(path: Path) -> _Run | None:
    """Map a run into memory; ``None`` if it has vanished, or is damaged and hence removed."""
    try:
        with pa.memory_map(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
        told = table.schema.metadata
        columns = (each.combine_chunks().to_numpy() for each in table.columns)
        run = _Run(tuple(json.loads(told[b"files"])), *columns)
        if _checksum(run) == int(told[b"crc"]):
            return run
    except FileNotFoundError:
        return None
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        log.warning("%s is damaged and made anew: %s", path, error)
    with suppress(FileNotFoundError):
        path.unlink()
    return None


def _checksum(run: _Run) -> int:
    return zlib.crc32(run.numbers.tobytes(), zlib.crc32(run.keys.tobytes()))
