"""A platform with a little of everything published, and ways to tamper with it."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from opendata.runtime import Runtime
from opendata.stages import verify
from opendata.stages.verify import Inspection, Trust
from opendata.storage import audit
from opendata.storage.db import Database
from opendata.storage.tables import AuditRow
from tests.chain import Clock
from tests.platforms import BEGINNING, close, settings_of

# The day after one of the penalties has left.
LATER = "2026-03-03T10:00:00+08:00"
# A line of the log, as the database has it.
Line = tuple[Any, ...]


@dataclass(frozen=True)
class Copy:
    """A copy of a published home, to be tampered with."""

    folder: Path

    def facts(self, dataset: str, number: int = 1) -> dict[str, list[tuple[str, int]]]:
        """Return digest and size of the files of a release by name, first edition first."""
        found: dict[str, list[tuple[str, int]]] = {}
        with self._open() as database:
            rows = database.execute(
                "SELECT name, sha256, size FROM artefact JOIN release ON release.id = release_id "
                "WHERE dataset_id = ? AND number = ? ORDER BY edition",
                (dataset, number),
            )
            for name, sha256, size in rows:
                found.setdefault(name, []).append((sha256, size))
        return found

    def blob(self, dataset: str, name: str, number: int = 1, edition: int = 0) -> Path:
        """Return where a file of a release is."""
        return self.path(self.facts(dataset, number)[name][edition][0])

    def path(self, sha256: str) -> Path:
        """Return where an object of the vault is."""
        return self.folder / "vault" / "objects" / sha256[:2] / sha256

    def body(self, dataset: str, number: int = 1) -> dict[str, Any]:
        """Return what the manifest of a release's first edition says."""
        found: dict[str, Any] = json.loads(self.blob(dataset, "manifest.json", number).read_bytes())
        return found

    def sql(self, table: str, statement: str, *values: object) -> None:
        """Change facts as somebody would who owns the database: without its triggers."""
        with self._open() as database:
            for event in ("update", "delete"):
                database.execute(f"DROP TRIGGER IF EXISTS {table}_refuse_{event}")
            database.execute(statement, values)

    def one(self, statement: str) -> dict[str, Any]:
        """Return the first row of a question to the database."""
        return self.all(statement)[0]

    def all(self, statement: str) -> list[dict[str, Any]]:
        """Return the rows of a question to the database."""
        with self._open() as database:
            database.row_factory = sqlite3.Row
            return [dict(each) for each in database.execute(statement)]

    def log(self, person: str, action: str, subject: str) -> None:
        """Write a line into the log, as the platform does."""
        database = Database(settings_of(self.folder).database_url)
        with database.begin() as session:
            audit.append(session, str(UUID(person)), action, subject, BEGINNING)
        database.engine.dispose()

    def check(self, keys: Trust | None = None) -> Inspection:
        """Verify the home."""
        runtime = Runtime.around(settings_of(self.folder), {}, Clock(BEGINNING))
        try:
            own = keys or Trust(tuple(runtime.home.signer.public_keys), pinned=False)
            found = Inspection()
            lake = runtime.settings.lake
            verify.check_home(runtime.home, lake, own, runtime.now(), found)
        finally:
            close(runtime)
        return found

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "opendata.db")


def copy_of(home: Path, folder: Path) -> Copy:
    """Copy a home; nobody may have it open."""
    return Copy(shutil.copytree(home, folder))


def overwrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file that is to be read only."""
    path.chmod(0o600)
    path.write_bytes(change(path.read_bytes()))


def turn_bit(path: Path, at: int) -> None:
    """Turn one bit of a file over."""
    overwrite(path, lambda text: text[:at] + bytes((text[at] ^ 1,)) + text[at + 1 :])


def rewrite(copy: Copy, change: Callable[[list[Line]], list[Line]]) -> None:
    """Change lines of the log and make every hash fit again, as its owner could."""
    rows = [tuple(each.values()) for each in copy.all("SELECT * FROM audit ORDER BY seq")]
    copy.sql("audit", "DELETE FROM audit")
    previous = audit.GENESIS
    for seq, row in enumerate(change(rows), start=1):
        at, actor, action, subject = row[1:5]
        line = AuditRow(seq=seq, actor=actor, action=action, subject=subject, previous=previous)
        line.at = datetime.fromisoformat(at + "+00:00")
        previous = audit.line_hash(line)
        copy.sql(
            "audit",
            "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(seq, at, actor, action, subject, line.previous, previous),
        )


def told(inspection: Inspection) -> list[tuple[str, str]]:
    """Return what does not fit, and how it is called."""
    return [(each.code, each.what) for each in inspection.misfits]
