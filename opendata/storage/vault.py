"""The vault: bytes kept for good under their SHA-256, written once."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from opendata.storage.files import sync
from opendata.storage.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes in the vault: lower-case hex SHA-256, and length in bytes."""

    sha256: str
    size: int


class Draft:
    """Bytes on their way into the vault; leaving the ``with`` block without ``keep`` drops them."""

    def __init__(self, vault: "Vault") -> None:
        """Open a file beside the objects, so that keeping it is one rename."""
        self._vault = vault
        handle, name = tempfile.mkstemp(dir=vault.drafts)
        self._file = os.fdopen(handle, "wb")
        self.path = Path(name)
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, chunk: bytes) -> int:
        """Append ``chunk`` and count it into the digest."""
        self._digest.update(chunk)
        self.size += len(chunk)
        return self._file.write(chunk)

    @property
    def sha256(self) -> str:
        """The digest of what was written so far."""
        return self._digest.hexdigest()

    def keep(self) -> Blob:
        """Make the bytes durable under their digest; when it returns, a crash cannot lose them."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        blob = Blob(self.sha256, self.size)
        target = self._vault.path(blob.sha256)
        if target.exists():
            self.path.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o400)
            self.path.rename(target)
        _sync_folders(target)
        return blob

    def __enter__(self) -> Self:
        """Return the open draft."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close, and drop what was not kept."""
        self._file.close()
        with suppress(FileNotFoundError):
            self.path.unlink()


class Vault:
    """A folder of write-once objects."""

    def __init__(self, root: Path) -> None:
        """Prepare the folders below ``root``."""
        self.objects = root / "objects"
        self.drafts = root / "drafts"
        self.uploads = Uploads(root / "uploads")
        for folder in (self.objects, self.drafts):
            folder.mkdir(parents=True, exist_ok=True)

    def draft(self) -> Draft:
        """Begin a new object."""
        return Draft(self)

    def path(self, sha256: str) -> Path:
        """Return where the object of this digest is, or would be."""
        return self.objects / sha256[:2] / sha256

    def put(self, content: bytes) -> Blob:
        """Keep ``content``."""
        with self.draft() as draft:
            draft.write(content)
            return draft.keep()

    def put_file(self, source: Path) -> Blob:
        """Keep a copy of the file ``source``."""
        with self.draft() as draft, source.open("rb") as file:
            shutil.copyfileobj(file, draft, 1024 * 1024)
            return draft.keep()

    def adopt(self, source: Path, blob: Blob) -> None:
        """Take over the durable file ``source`` by a rename; done again, it changes nothing.

        Where the object is there already, the file is dropped.
        """
        target = self.path(blob.sha256)
        if target.exists():
            source.unlink(missing_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
        # Only now: what could not be opened for writing could not be locked again after a crash.
        target.chmod(0o400)
        _sync_folders(target)

    def read(self, sha256: str) -> bytes:
        """Return a whole (small) object."""
        return self.path(sha256).read_bytes()

    def erase(self, sha256: str) -> bool:
        """Remove an object for good; return whether it was there."""
        path = self.path(sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        sync(path.parent)
        return True

    def sweep(self, older_than: float) -> int:
        """Remove drafts last written before ``older_than`` (a POSIX time); return how many."""
        return sweep(self.drafts, older_than)


def sweep(folder: Path, older_than: float) -> int:
    """Remove what killed processes left in a folder; return how many entries.

    ``older_than`` is a POSIX time. Entries may vanish meanwhile, when their owner ends.
    """
    swept = 0
    for each in folder.glob("*"):
        with suppress(FileNotFoundError):
            if each.stat().st_mtime < older_than:
                shutil.rmtree(each) if each.is_dir() else each.unlink()
                swept += 1
    return swept


@contextmanager
def scratch_folder(root: Path) -> Iterator[Path]:
    """Lend a folder for work in progress; it is gone afterwards."""
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root) as name:
        yield Path(name)


def _sync_folders(target: Path) -> None:
    """Make an object's name durable, also where it was there.

    Another process may have renamed it and not yet synced.
    """
    for folder in (target.parent, target.parent.parent):
        sync(folder)
