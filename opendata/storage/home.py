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
from opendata.storage.signing import Signer
from opendata.storage.vault import Vault

# A view weighs what it names: one and its releases, each a few hundred bytes.
MOST_IN_VIEWS = 50_000
MOST_NOTED = 50_000
MOST_BYTES_OF_ANSWERS = 16 * 1024 * 1024
# Cases of obligations, some hundred bytes each; no answer of more than an eighth of them is kept,
# but that of all agencies, which is one and has a place of its own.
MOST_CASES = 1_000_000
_ONE = 8


@dataclass(frozen=True, slots=True)
class Home:
    """The database of facts, the vault of bytes, the lake of records, and what queries it.

    ``secret`` signs cursors and keys the identifiers of records whose key is personal;
    ``scratch`` is a folder whose contents may be lost at any time, as may what is ``derived``.
    ``index`` answers faster than the engine where it can; ``signer`` signs what is said for good.
    ``views``, ``answers``, ``cases`` and ``all_cases`` are what this process worked out of the
    facts and keeps until they change; ``noted`` is what it has counted or tried in this minute,
    and need not again.
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
    signer: Signer
    views: Remembered[Any] = field(default_factory=lambda: Remembered(MOST_IN_VIEWS))
    noted: Remembered[bool] = field(default_factory=lambda: Remembered(MOST_NOTED))
    answers: Remembered[Any] = field(default_factory=lambda: Remembered(MOST_BYTES_OF_ANSWERS))
    cases: Remembered[Any] = field(default_factory=lambda: Remembered(MOST_CASES))
    all_cases: Remembered[Any] = field(default_factory=lambda: Remembered(_ONE))
