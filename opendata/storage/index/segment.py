"""Segment: some releases' records, indexed; opened for reading."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.storage.index.arrays import Arrays
from opendata.storage.index.columns import Column
from opendata.storage.index.grams import Searchable
from opendata.storage.index.roll import Part
from opendata.storage.index.store import KINDS, Store
from opendata.storage.vault import Vault

ARRAYS, TOLD = "arrays.bin", "segment.json"


@dataclass(frozen=True, slots=True)
class PartFiles:
    """One release of a segment, and the SHA-256 of the files its records are read from."""

    part: Part
    rows: int
    ndjson: str
    csv: str


class Segment:
    """A segment's folder: ``arrays.bin`` (see ``Column``, ``Store``) and ``segment.json``.

    Records are numbered 0 to ``rows`` - 1 in the contract's default order, ``_id`` last; among
    records that are equal even in that (one record in several releases), by part.
    """

    def __init__(self, folder: Path, contract: Contract, vault: Vault) -> None:
        """Open a segment of a (published) contract.

        Raises:
            OSError: a file is missing.
        """
        told = json.loads((folder / TOLD).read_bytes())
        self.parts = tuple(
            PartFiles((dataset, number), rows, ndjson, csv)
            for dataset, number, rows, ndjson, csv in told["parts"]
        )
        self.rows: int = told["rows"]
        self.arrays = Arrays(folder / ARRAYS)
        files = {
            kind: tuple(vault.path(getattr(each, kind)) for each in self.parts) for kind in KINDS
        }
        self.store = Store(self.arrays, files)
        fields = (*SYSTEM_FIELDS, *contract.fields)
        self._columns = {each.name: Column(self.arrays, each, self.store) for each in fields}

    def column(self, name: str) -> Column:
        """Return one column."""
        return self._columns[name]

    @cached_property
    def search(self) -> Searchable | None:
        """What finds texts in the searchable columns; ``None`` where nothing is kept for it."""
        return Searchable(self.arrays, self.rows) if "grams/starts" in self.arrays else None
