"""Everything a platform keeps, in one place: what the stages are handed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opendata.storage.db import Database
from opendata.storage.derived import Derived
from opendata.storage.engines import Engine
from opendata.storage.index.serving import Index
from opendata.storage.keys import RecordKeys
from opendata.storage.lake import Lake
from opendata.storage.remembering import Remembered
from opendata.storage.vault import Vault

# A view weighs what it names: one and its releases, each a few hundred bytes.
MOST_IN_VIEWS = 50_000
MOST_BYTES_OF_ANSWERS = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Home:
    """The database of facts, the vault of bytes, the lake of records, and what queries it.

    ``secret`` signs cursors and keys the identifiers of records whose key is personal;
    ``scratch`` is a folder whose contents may be lost at any time, as may what is ``derived``.
    ``index`` answers faster than the engine where it can.
    ``views`` and ``answers`` are what this process worked out of the facts and keeps until they
    change.
    """

    database: Database
    vault: Vault
    lake: Lake
    engine: Engine
    secret: bytes
    scratch: Path
    derived: Derived
    index: Index
    keys: RecordKeys
    views: Remembered[Any] = field(default_factory=lambda: Remembered(MOST_IN_VIEWS))
    answers: Remembered[Any] = field(default_factory=lambda: Remembered(MOST_BYTES_OF_ANSWERS))
