"""Everything a platform keeps, in one place: what the stages are handed."""

from dataclasses import dataclass
from pathlib import Path

from opendata.storage.db import Database
from opendata.storage.engines import Engine
from opendata.storage.lake import Lake
from opendata.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Home:
    """The database of facts, the vault of bytes, the lake of records, and what queries it.

    ``secret`` signs cursors and keys the identifiers of records whose key is personal;
    ``scratch`` is a folder whose contents may be lost at any time.
    """

    database: Database
    vault: Vault
    lake: Lake
    engine: Engine
    secret: bytes
    scratch: Path
