"""Derived: what is computed from files that never change, kept so that it is computed once.

Nothing here is a fact. Without the folder everything is answered all the same, unpacked and
without a digest, until a worker has computed it again.
"""

import hashlib
import json
import os
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import zstandard

from opendata.storage.files import sync
from opendata.storage.kept_diffs import KeptDiffs
from opendata.storage.pieces import Content

SLICE_BYTES = 1024 * 1024
# Levels at which packing costs little more than reading; within a window that every reader of
# the coding must have (RFC 9659: 8 MiB).
_ZSTD_LEVEL = 6
_GZIP_LEVEL = 6
_GZIP_FORMAT = 31
_WORTH = 0.9
CODINGS = ("zstd", "gzip")


@dataclass(frozen=True, slots=True)
class _Packed:
    """What is known of a packed file."""

    coding: str
    sha256: str
    size: int


class _Packer(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class Derived:
    """A folder of packed files and of digests, by the digest or tag of what they belong to."""

    def __init__(self, root: Path) -> None:
        """Prepare; the folders are made when there is something to keep."""
        self.drafts = root / "drafts"
        self.diffs = KeptDiffs(root / "diffs", self.drafts)
        self._packed = root / "packed"
        self._digests = root / "digests"

    def packed(self, sha256: str) -> list[Content]:
        """Return a file's packed forms; none until it was packed."""
        found = []
        for each in self._known(sha256) or ():
            path = self._path(sha256, each.coding)
            with suppress(OSError):
                if path.stat().st_size == each.size:
                    found.append(Content.of_file(path, each.sha256, each.size, each.coding))
        return found

    def is_packed(self, sha256: str) -> bool:
        """Whether nothing remains to be done for a file."""
        known = self._known(sha256)
        return known is not None and len(self.packed(sha256)) == len(known)

    def pack(self, sha256: str, source: Content) -> Iterator[None]:
        """Pack a file, a slice at each step; where it gains too little, remember that."""
        known = []
        for coding in CODINGS:
            with self._draft().open("wb") as out:
                digest = hashlib.sha256()
                for part in _packing(source, coding):
                    digest.update(part)
                    out.write(part)
                    yield
                size = out.tell()
            if size < _WORTH * source.size:
                self._settle(self._path(sha256, coding))
                known.append(_Packed(coding, digest.hexdigest(), size))
        self._write(self._told(sha256), json.dumps([asdict(each) for each in known]))

    def digest(self, tag: str) -> str | None:
        """Return the SHA-256 of what has this tag, once it was computed."""
        try:
            found = (self._digests / tag).read_text()
        except FileNotFoundError:
            return None
        return found if len(found) == hashlib.sha256().digest_size * 2 else None

    def compute_digest(self, content: Content) -> Iterator[None]:
        """Compute and keep the SHA-256 of a content, a slice at each step."""
        digest = hashlib.sha256()
        with content.opened(0, content.size) as file:
            while part := file.read(SLICE_BYTES):
                digest.update(part)
                yield
        self._write(self._digests / content.tag, digest.hexdigest())

    def keep_only(self, files: Collection[str], tags: Collection[str]) -> None:
        """Forget what belongs to nothing that is public now."""
        for folder, wanted in ((self._packed, files), (self._digests, tags)):
            for path in folder.glob("*"):
                if path.name.partition(".")[0] not in wanted:
                    path.unlink(missing_ok=True)

    def _known(self, sha256: str) -> list[_Packed] | None:
        try:
            return [_Packed(**each) for each in json.loads(self._told(sha256).read_bytes())]
        except (FileNotFoundError, TypeError, ValueError):
            # Not packed yet, or what says so is damaged: it is packed again.
            return None

    def _told(self, sha256: str) -> Path:
        return self._packed / f"{sha256}.json"

    def _path(self, sha256: str, coding: str) -> Path:
        return self._packed / f"{sha256}.{coding}"

    def _draft(self) -> Path:
        """Return where this process, which does one thing at a time, writes it."""
        self.drafts.mkdir(parents=True, exist_ok=True)
        return self.drafts / str(os.getpid())

    def _settle(self, path: Path) -> None:
        """Make the draft durable under its name: a file is there whole or not at all."""
        path.parent.mkdir(exist_ok=True)
        sync(self._draft())
        self._draft().rename(path)
        sync(path.parent)

    def _write(self, path: Path, text: str) -> None:
        self._draft().write_text(text)
        self._settle(path)


def _packing(source: Content, coding: str) -> Iterator[bytes]:
    """Yield the packed form of a content, in slices of what is not packed."""
    packer: _Packer
    if coding == "zstd":
        packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True).compressobj(
            size=source.size
        )
    else:
        packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)
    with source.opened(0, source.size) as file:
        while part := file.read(SLICE_BYTES):
            yield packer.compress(part)
    yield packer.flush()
