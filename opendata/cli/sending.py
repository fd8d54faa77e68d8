"""Sending a file in: at once, or in parts where it is large; a second time it is only found."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import requests
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from opendata.cli.answers import TIMEOUT, answer

CHUNK_BYTES = 256 * 1024
# States of a submission from which nothing is published.
ENDED = ("invalid", "failed", "cancelled", "returned", "withheld")
MEDIA_TYPES = {".csv": "text/csv"}
Told = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Errand:
    """A file to be sent to a server; ``key`` is the Idempotency-Key under which it goes.

    ``charset`` is what a text file is in, where its bytes do not tell; mostly it is empty.
    ``remarks`` are what the author says of the release: ``notes``, ``corrects``.
    """

    file: Path
    dataset: str
    server: str
    size: int
    sha256: bytes
    key: str
    charset: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, file: Path, dataset: str, server: str, charset: str, remarks: Mapping[str, str]
    ) -> "Errand":
        """Derive the key from the bytes and from where they go: nothing need be remembered."""
        with file.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").digest()
            size = source.tell()
        url = f"{server}/api/v1/datasets/{dataset}/submissions"
        said = json.dumps(dict(remarks), sort_keys=True) if remarks else ""
        told = url.encode() + digest + charset.encode() + said.encode()
        key = hashlib.sha256(told).hexdigest()
        return cls(file, dataset, server, size, digest, key, charset, remarks)

    @property
    def media_type(self) -> str:
        """What the file's name says of its type, with the charset where one is given."""
        kind = MEDIA_TYPES.get(self.file.suffix.lower(), "application/octet-stream")
        return f"{kind}; charset={self.charset}" if self.charset else kind

    def url(self, path: str) -> str:
        """Return an address of the server's API."""
        return f"{self.server}/api/v1/{path}"


def send_at_once(session: requests.Session, errand: Errand) -> Mapping[str, Any]:
    """Send the file as one body; return the submission."""
    headers = {
        "Content-Type": errand.media_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(errand.file.name)}",
        "Content-Digest": f"sha-256=:{b64encode(errand.sha256).decode()}:",
        "Idempotency-Key": errand.key,
    }
    url = errand.url(f"datasets/{errand.dataset}/submissions")
    with progress(errand, 0) as told, errand.file.open("rb") as source:
        body = Counted(source, errand.size, told)
        query = dict(errand.remarks)
        return answer(
            lambda: session.post(url, data=body, params=query, headers=headers, timeout=TIMEOUT)
        )


class Counted:
    """Bytes that tell how much of them was read; ``requests`` streams what has ``read``."""

    def __init__(self, source: BinaryIO, size: int, told: Told) -> None:
        """Read ``size`` bytes from ``source``; ``told`` hears how many it were."""
        self._source = source
        self._told = told
        self.len = size
        self._sent = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        chunk = self._source.read(size if 0 < size < CHUNK_BYTES else CHUNK_BYTES)
        self._sent += len(chunk)
        self._told(self._sent)
        return chunk


@contextmanager
def progress(errand: Errand, offset: int) -> Iterator[Told]:
    """Show a bar that begins at ``offset``; lend what moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, TransferSpeedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task(errand.file.name, total=errand.size, completed=offset)
        yield lambda sent: bar.update(task, completed=sent)
