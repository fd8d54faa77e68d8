"""Uploads on their way: files that grow over several requests, each held by one at a time."""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from opendata.storage.files import sync

LOOK_SECONDS = 0.02
PIECE_BYTES = 1024 * 1024


class Busy(Exception):
    """Another request, of this process or of another, holds the upload."""


class Growing:
    """The bytes of one upload, while they are held.

    What is written counts once ``settle`` has returned; ``resume`` drops what never did.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Work on ``file``, which is at ``path``, unbuffered and locked."""
        self.path = path
        self._file = file

    @property
    def size(self) -> int:
        """Length in bytes, of whatever is there."""
        return os.fstat(self._file.fileno()).st_size

    def resume(self, offset: int) -> None:
        """Cut the file off at ``offset`` and go on writing there."""
        self._file.truncate(offset)
        self._file.seek(offset)

    def write(self, chunk: bytes) -> None:
        """Append ``chunk``, all of it."""
        rest = memoryview(chunk)
        while rest:
            rest = rest[self._file.write(rest) :]

    def settle(self) -> None:
        """Make everything written so far durable."""
        os.fsync(self._file.fileno())

    def sha256(self) -> str:
        """Return the digest of the whole file, read in pieces."""
        self._file.seek(0)
        digest = hashlib.sha256()
        while piece := self._file.read(PIECE_BYTES):
            digest.update(piece)
        return digest.hexdigest()

    def remove(self) -> None:
        """Drop the file."""
        self.path.unlink(missing_ok=True)


class Uploads:
    """The folder of unfinished uploads, one file each, named by the upload's id."""

    def __init__(self, folder: Path) -> None:
        """Prepare the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def ids(self) -> list[UUID]:
        """Return the uploads of which there is a file."""
        return [UUID(each.name) for each in self.folder.iterdir()]

    def path(self, upload_id: UUID) -> Path:
        """Return where an upload's file is, or would be."""
        return self.folder / str(upload_id)

    @contextmanager
    def held(self, upload_id: UUID, patience_seconds: float = 0.0) -> Iterator[Growing]:
        """Hold an upload's file, which is made if there is none.

        The lock is the operating system's: it ends with the process, however that ends.

        Raises:
            Busy: another holds it and has not let go for ``patience_seconds``.
        """
        path, deadline = self.path(upload_id), time.monotonic() + patience_seconds
        while (file := self._locked(path)) is None:
            if time.monotonic() >= deadline:
                raise Busy
            time.sleep(LOOK_SECONDS)
        with file:
            yield Growing(path, file)

    def _locked(self, path: Path) -> BinaryIO | None:
        new = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        file = os.fdopen(descriptor, "r+b", buffering=0)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it last may have moved or removed it: then this is not the file.
            if path.stat().st_ino != os.fstat(descriptor).st_ino:
                raise FileNotFoundError
        except (BlockingIOError, FileNotFoundError):
            file.close()
            return None
        if new:
            sync(self.folder)
        return file
