"""Appending to an upload: bytes are durable before the offset behind them is told."""

import dataclasses
import hashlib
import hmac
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opendata.domain.people import Actor
from opendata.stages import receive
from opendata.stages.upload.finishing import finish, reconciled
from opendata.stages.upload.model import (
    KEPT,
    BeyondLength,
    ChecksumMismatch,
    OffsetMismatch,
    Progress,
    change,
    find,
    held,
)
from opendata.storage.home import Home
from opendata.storage.uploads import Growing

Now = Callable[[], datetime]
# In a long request the offset is recorded after so many bytes, should the server be killed.
SETTLE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of one request.

    ``length`` is their announced number, if it was announced; ``checksum`` names an algorithm of
    hashlib and the digest. ``chunks`` raises ``TruncatedUpload`` where the connection breaks.
    """

    offset: int
    length: int | None
    checksum: tuple[str, bytes] | None
    chunks: Iterable[bytes]


def append(home: Home, actor: Actor, upload_id: UUID, part: Part, now: Now) -> Progress:
    """Take one request's bytes; the last of them send the file in.

    What arrives before a connection breaks is kept, unless it has a checksum, which cannot be
    checked then. Nothing else that goes wrong moves the offset beyond what was durable.

    Raises:
        NoSuchUpload, UploadExpired, UploadLocked, OffsetMismatch, BeyondLength, ChecksumMismatch,
        TruncatedUpload, WrongAgency, NotForPublication, DigestMismatch, IdempotencyMismatch: see
            there.
    """
    found = find(home, actor, upload_id, now())
    if found.submission_id is not None:
        _check_fits(found, part)
        return found
    with home.database.read() as session:
        receive.check_may_submit(session, actor, found.dataset)
    with held(home, upload_id) as file:
        # Only now does it stay as it is; another request may have been before.
        found = reconciled(home, file, find(home, actor, upload_id, now()))
        _check_fits(found, part)
        if found.submission_id is None and not found.is_whole:
            taking = _Taking(home, file, dataclasses.replace(found, key_id=actor.key_id), now)
            found = taking.take(part)
        if found.submission_id is None and found.is_whole:
            found = finish(home, file, found, now())
        return found


def _check_fits(found: Progress, part: Part) -> None:
    if part.offset != found.received:
        raise OffsetMismatch(
            f"已收到 {found.received} 字节，请求却从 {part.offset} 开始。",
            f"{found.received} bytes are there, and the request begins at {part.offset}.",
        )
    if part.length is not None and part.offset + part.length > found.length:
        raise _beyond(found)


def _beyond(found: Progress) -> BeyondLength:
    return BeyondLength(
        f"内容超出声明的 {found.length} 字节。", f"More than the {found.length} bytes announced."
    )


class _Taking:
    """One request's bytes on their way into the file."""

    def __init__(self, home: Home, file: Growing, found: Progress, now: Now) -> None:
        self._home = home
        self._file = file
        self._found = found
        self._now = now
        self._at = found.received

    def take(self, part: Part) -> Progress:
        """Take everything; return how far the upload has come."""
        self._file.resume(self._at)
        try:
            self._write(part)
            self._settle()
        except BaseException:
            # A disk that is full has room again; the next request would do the same.
            with suppress(OSError):
                self._file.resume(self._found.received)
            raise
        return self._found

    def _write(self, part: Part) -> None:
        digest = hashlib.new(part.checksum[0], usedforsecurity=False) if part.checksum else None
        try:
            for chunk in part.chunks:
                if self._at + len(chunk) > self._found.length:
                    raise _beyond(self._found)
                self._file.write(chunk)
                self._at += len(chunk)
                if digest is not None:
                    digest.update(chunk)
                elif self._at - self._found.received >= SETTLE_BYTES:
                    self._settle()
            self._check_all_arrived(part)
        except receive.TruncatedUpload:
            if digest is None:
                self._settle()
            raise
        if part.checksum and digest and not hmac.compare_digest(digest.digest(), part.checksum[1]):
            raise ChecksumMismatch(
                "内容与 Upload-Checksum 不符，已弃去这一段；请重发。",
                "The bytes are not those of the Upload-Checksum and are dropped; send them again.",
            )

    def _check_all_arrived(self, part: Part) -> None:
        if part.length is not None and self._at != part.offset + part.length:
            raise receive.TruncatedUpload(
                f"应收到 {part.length} 字节，实际收到 {self._at - part.offset} 字节；请续传。",
                f"{part.length} bytes were announced, {self._at - part.offset} arrived; go on.",
            )

    def _settle(self) -> None:
        """Make what arrived durable, then record the offset behind it."""
        found = self._found
        if self._at > found.received:
            self._file.settle()
            until = self._now() + KEPT
            with self._home.database.begin() as session:
                change(session, found.id, received=self._at, expires_at=until, key_id=found.key_id)
            self._found = dataclasses.replace(found, received=self._at, expires_at=until)
