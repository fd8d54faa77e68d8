"""Artefacts: the files of a release, built once, kept under their digests.

A release whose contract has a window column has editions; each edition's data files hold what
is public from its day on. Everything is read back from the committed snapshot through the same
scope as any query, so that a file cannot show what an answer would not.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from opendata.domain.approvals import Withheld
from opendata.domain.catalogue import Dataset
from opendata.domain.cautions import KnownIssue
from opendata.domain.contracts import Contract
from opendata.domain.editions import Scope, edition, local_day
from opendata.domain.queries import Sort, whole
from opendata.stages.publish.descriptors import datapackage, dictionary
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot, files_added_by
from opendata.storage.vault import Blob, scratch_folder
from opendata.tabular.export import MAX_ROWS, WRITERS, Layout, TooBigForWorkbook, write_xlsx
from opendata.tabular.records import record_schema

# An Arrow stream is how programs hand records to each other; what is kept of them is Parquet.
DATA_FILES = tuple(f"data.{each}" for each in WRITERS if each != "arrow")
# The others are made of this one, so that the lake is asked once.
_RECORDS = "data.parquet"
BATCH_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What the files of a release are about. ``contract`` is the published one."""

    dataset: Dataset
    contract: Contract
    number: int
    snapshot: Snapshot
    released_at: datetime
    window_ends: tuple[date, ...]
    withheld: Withheld
    known_issues: tuple[KnownIssue, ...]
    has_dropped_columns: bool

    @property
    def has_private_part(self) -> bool:
        """Whether the received file holds anything that the release does not."""
        return self.has_dropped_columns or bool(self.withheld)

    def edition(self, on: date) -> date:
        """Return the first day of the edition that is public ``on`` a day."""
        return edition(self.released_at, self.window_ends, on)


Files = list[tuple[str, Blob]]


def edition_files(home: Home, subject: Subject, moment: datetime) -> Files:
    """Build the files of the edition that is public at ``moment``: the data and its descriptor."""
    on = local_day(moment)
    files = []
    with scratch_folder(home.scratch) as folder:
        records = folder / _RECORDS
        _read_back(home, subject, on, records)
        for name in DATA_FILES:
            path = folder / name
            if name == _RECORDS or _written(subject, records, path):
                files.append((name, home.vault.put_file(path)))
    package = datapackage(subject, files, subject.edition(on))
    return [*files, ("datapackage.json", put_json(home, package))]


def put_json(home: Home, body: Mapping[str, Any]) -> Blob:
    """Keep a document in the vault, in the one form its digest is taken over."""
    text = json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return home.vault.put(text.encode())


def _read_back(home: Home, subject: Subject, on: date, path: Path) -> None:
    """Write the records that are public ``on`` a day, as the engine answers them, as Parquet."""
    contract = subject.contract
    scope = Scope(contract.window_field, on, dataset=subject.dataset.id)
    source = Source(files_added_by(subject.snapshot), record_schema(contract), scope)
    query = replace(whole(contract), sort=(Sort("_row"), Sort("_id")))
    with path.open("wb") as out:
        WRITERS["parquet"](home.engine.batches(source, query), _layout(subject), out)


def _written(subject: Subject, records: Path, path: Path) -> bool:
    """Write the records into a file of the format its name says; return whether they fit.

    A workbook has fewer rows than a release may have; the other files have them all.
    """
    write = WRITERS[path.suffix.removeprefix(".")]
    with pq.ParquetFile(records) as read, path.open("wb") as out:
        if write is write_xlsx and read.metadata.num_rows > MAX_ROWS:
            return False
        try:
            write(read.iter_batches(BATCH_ROWS), _layout(subject), out)
        except TooBigForWorkbook:
            return False
    return True


def _layout(subject: Subject) -> Layout:
    columns = whole(subject.contract).fields
    return Layout(subject.contract, columns, notes=dictionary(subject))


def digests(files: Iterable[tuple[str, Blob]]) -> list[dict[str, Any]]:
    """Return what a manifest says of files."""
    return [
        {"name": name, "sha256": blob.sha256, "size": blob.size} for name, blob in sorted(files)
    ]
