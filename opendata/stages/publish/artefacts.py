"""Artefacts: the files of a release, built once, kept under their digests.

A release whose contract has a window column has editions; each edition's data files hold what
is public from its day on. Everything is read back from the committed snapshot through the same
scope as any query, so that a file cannot show what an answer would not.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from opendata.domain import merkle
from opendata.domain.editions import Scope, local_day
from opendata.domain.queries import SYSTEM_FIELDS, Sort, whole
from opendata.stages.publish.descriptors import datapackage, dictionary
from opendata.stages.publish.subject import Subject
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.lake import files_added_by
from opendata.storage.vault import Blob, scratch_folder
from opendata.tabular.export import MAX_ROWS, WRITERS, Layout, TooBigForWorkbook, write_xlsx
from opendata.tabular.records import record_schema

# An Arrow stream is how programs hand records to each other; what is kept of them is Parquet.
DATA_FILES = tuple(f"data.{each}" for each in WRITERS if each != "arrow")
# The others are made of this one, so that the lake is asked once.
RECORDS = "data.parquet"
PACKAGE, REPORT, MANIFEST = "datapackage.json", "report.json", "manifest.json"
# Salted hashes of the records, which are nobody's but the platform's.
LEAVES = "leaves"
_LINES = "data.ndjson"
_ID = SYSTEM_FIELDS[0].name
BATCH_ROWS = 20_000

Files = list[tuple[str, Blob]]


def data_files(home: Home, subject: Subject, moment: datetime) -> Files:
    """Build the data files of the edition that is public at ``moment``."""
    files = []
    with scratch_folder(home.scratch) as folder:
        records = folder / RECORDS
        _read_back(home, subject, local_day(moment), records)
        for name in DATA_FILES:
            path = folder / name
            if name == RECORDS or _written(subject, records, path):
                files.append((name, home.vault.put_file(path)))
    return files


def with_descriptor(home: Home, subject: Subject, data: Files, moment: datetime) -> Files:
    """Return the data files of an edition, and the descriptor that names them."""
    package = datapackage(subject, data, subject.edition(local_day(moment)))
    return [*data, (PACKAGE, put_json(home, package))]


def row_tree(home: Home, subject: Subject, data: Files) -> bytes:
    """Return the salted leaf hashes of an edition's records, in the order of its files."""
    files = {name: home.vault.path(blob.sha256) for name, blob in data}
    named = subject.dataset.id, subject.number
    with pq.ParquetFile(files[RECORDS]) as read, files[_LINES].open("rb") as lines:
        batches = read.iter_batches(BATCH_ROWS, columns=[_ID])
        ids: Iterator[Any] = chain.from_iterable(each.column(0).to_pylist() for each in batches)
        return b"".join(
            merkle.leaf(merkle.row_salt(home.secret, *named, record_id), line.rstrip(b"\n"))
            for record_id, line in zip(ids, lines, strict=True)
        )


def put_json(home: Home, body: Mapping[str, Any]) -> Blob:
    """Keep a document in the vault, in the one form its digest is taken over."""
    return home.vault.put(as_text(body))


def as_text(body: Mapping[str, Any]) -> bytes:
    """Return the one form of a document."""
    text = json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return text.encode()


def _read_back(home: Home, subject: Subject, on: date, path: Path) -> None:
    """Write the records that are public ``on`` a day, as the engine answers them, as Parquet."""
    contract = subject.contract
    scope = Scope(contract.window_field, on, dataset=subject.dataset.id)
    source = Source(files_added_by(subject.snapshot), record_schema(contract), scope)
    query = replace(whole(contract), sort=(Sort("_row"), Sort("_id")))
    with path.open("wb") as out:
        WRITERS["parquet"](home.engine.batches(source, query), layout_of(subject), out)


def _written(subject: Subject, records: Path, path: Path) -> bool:
    """Write the records into a file of the format its name says; return whether they fit.

    A workbook has fewer rows than a release may have; the other files have them all.
    """
    write = WRITERS[path.suffix.removeprefix(".")]
    with pq.ParquetFile(records) as read, path.open("wb") as out:
        if write is write_xlsx and read.metadata.num_rows > MAX_ROWS:
            return False
        try:
            write(read.iter_batches(BATCH_ROWS), layout_of(subject), out)
        except TooBigForWorkbook:
            return False
    return True


def layout_of(subject: Subject) -> Layout:
    """Return how the data files of a release look."""
    columns = whole(subject.contract).fields
    return Layout(subject.contract, columns, notes=dictionary(subject))
