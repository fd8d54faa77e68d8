"""Again: the files of a release, written once more from those of it that still fit.

The platform's own writers give the same bytes for the same records. What they make here counts
only if it has the digest that the manifest tells; then the first byte that differs is certain.
"""

import csv
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import frictionless
import polars as pl
import pyarrow as pa
from pyiceberg.exceptions import ValidationError

from opendata.domain.catalogue import Dataset
from opendata.domain.errors import Refusal
from opendata.domain.queries import whole
from opendata.stages.publish import DATA_FILES, PACKAGE, REPORT
from opendata.stages.publish.artefacts import RECORDS, as_text, layout_of
from opendata.stages.publish.descriptors import datapackage
from opendata.stages.verify import twins
from opendata.stages.verify.reading import DOCUMENT_BYTES, departure, pieces
from opendata.stages.verify.records import batches, sizes_of
from opendata.stages.verify.subjects import contract_of, dataset_of, subject_of
from opendata.storage.vault import Blob
from opendata.tabular.export import WRITERS, Layout
from opendata.tabular.judge import Engine
from opendata.tabular.public_report import public_report

_BOOK = "data.xlsx"
# Whatever keeps a file from being made once more: where it departs is then not known.
UNMADE = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError),
    *(TypeError, ValueError, csv.Error, pa.ArrowException),
    *(pl.exceptions.PolarsError, ValidationError, Refusal),
)
# What writes a file.
_Make = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Beside:
    """What else there is of a release: what its manifest tells, and those of its files that fit.

    ``dataset`` and ``report``, the whole one that was made of the submission, only a home has.
    """

    told: Mapping[str, Any]
    files: Mapping[str, Path]
    dataset: Dataset | None = None
    report: Path | None = None


@contextmanager
def scratch() -> Iterator[Path]:
    """Lend a folder to write in."""
    with tempfile.TemporaryDirectory(prefix="opendata-verify-") as folder:
        yield Path(folder)


def first_departure(name: str, path: Path, sha256: str, beside: Beside) -> int | None:
    """Return the first byte in which a file departs from what it should be, if that can be told.

    ``sha256`` is the digest that it should have.
    """
    fits = sha256.__eq__
    with scratch() as folder:
        made = folder / "made"
        for make in _ways(name, path, beside):
            try:
                make(made)
                found = departure(path, pieces(made), fits)
            except UNMADE:
                # There may be another way; without any, the file is named and its byte is not.
                continue
            if found is not None:
                return found
    return None


def _ways(name: str, path: Path, beside: Beside) -> Iterator[_Make]:
    """Yield the ways to make a file, the likeliest first."""
    if name == PACKAGE:
        yield partial(_package, beside, beside.dataset)
        yield partial(_package_by_itself, beside, path)
    elif name == REPORT:
        yield partial(_report, beside)
        yield from _reports_of_valid(beside, path)
    elif name in DATA_FILES:
        for source in (*twins.TWIN, RECORDS):
            if source in beside.files and source != name:
                yield partial(_data, name, path, (source, beside.files[source]), beside)


def _data(name: str, path: Path, source: tuple[str, Path], beside: Beside, made: Path) -> None:
    if name == _BOOK:
        layout = layout_of(subject_of(beside.told, _dataset(beside)))
    else:
        contract = contract_of(beside.told)
        layout = Layout(contract, whole(contract).fields)
    sizes: Sequence[int] = ()
    if name == RECORDS:
        try:
            # The engine's batches became its groups, and depend on the machine.
            sizes = sizes_of(path)
        except UNMADE:
            sizes = ()
    write = WRITERS[name.removeprefix("data.")]
    with made.open("wb") as out:
        write(batches(source, layout, sizes), layout, out)


def _dataset(beside: Beside) -> Dataset:
    package = beside.files.get(PACKAGE)
    if package is not None:
        return dataset_of(_document(package), beside.told)
    return _known(beside.dataset)


def _known(dataset: Dataset | None) -> Dataset:
    if dataset is None:
        message = "Nothing tells what is said of the dataset."
        raise LookupError(message)
    return dataset


def _package(beside: Beside, dataset: Dataset | None, made: Path) -> None:
    told = beside.told
    known = {each["name"]: Blob(each["sha256"], each["size"]) for each in told["artefacts"]}
    files = [(name, known[name]) for name in DATA_FILES if name in known]
    subject = subject_of(told, _known(dataset))
    _write(datapackage(subject, files, date.fromisoformat(told["edition"])), made)


def _package_by_itself(beside: Beside, path: Path, made: Path) -> None:
    """Take from a descriptor itself what people wrote of the dataset, which nothing else tells."""
    _package(beside, dataset_of(_document(path), beside.told), made)


def _report(beside: Beside, made: Path) -> None:
    if beside.report is None:
        message = "Only a home has the whole report."
        raise LookupError(message)
    _write(public_report(json.loads(beside.report.read_bytes())), made)


def _reports_of_valid(beside: Beside, path: Path) -> Iterator[_Make]:
    """Yield the reports that a valid file may have, as all had that were released.

    By which version of Frictionless it was judged, the report itself may still tell; also how many
    rows it had, where some were withheld or are of the release before.
    """
    text = _document(path).decode(errors="replace")
    versions, counts = {frictionless.__version__}, {beside.told.get("rows")}
    if version_told := re.search(r'"frictionless_version": "(.*)"', text):
        versions.add(version_told[1])
    if count_told := re.search(r'"rows": ([0-9]{1,9}),?$', text, re.MULTILINE):
        counts.add(int(count_told[1]))
    for engine, version, rows in product(Engine, versions, counts):
        body = {
            "valid": True,
            "complete": True,
            "engine": engine.value,
            "frictionless_version": version,
            "contract": beside.told.get("contract"),
            "counts": {"by_type": {}, "errors": 0, "rows": rows},
            "not_run": [],
            "stats": {"tasks": 1, "errors": 0, "warnings": 0},
            "errors": [],
        }
        yield partial(_write, body)


def _write(body: Mapping[str, Any], made: Path) -> None:
    made.write_bytes(as_text(body))


def _document(path: Path) -> bytes:
    """Read a document; what claims to be one and is too large says nothing."""
    with path.open("rb") as file:
        return file.read(DOCUMENT_BYTES)
