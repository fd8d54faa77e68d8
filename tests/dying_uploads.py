"""Requests that die: in processes of their own, at a byte or a step that a test names."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest.mock import patch
from uuid import UUID

from opendata.runtime import Runtime
from opendata.runtime.priority import background
from opendata.settings import Settings
from opendata.stages import access, receive, upload
from opendata.stages.upload import appending, finishing
from opendata.storage.uploads import Growing
from opendata.storage.vault import Vault
from tests.chain import Clock

DIED = 9
PIECE_BYTES = 1000
# What is called when: before it is done, or after, the process ends.
STEPS: dict[str, tuple[object, str]] = {
    "settle": (Growing, "settle"),
    "record": (appending, "change"),
    "hash": (Growing, "sha256"),
    "seal": (finishing, "change"),
    "move": (Vault, "adopt"),
    "submit": (receive, "record"),
    "finish": (appending, "finish"),
}


@dataclass(frozen=True)
class Request:
    """One PATCH: whose, of what, and where its process ends (``after_bytes`` or ``step``)."""

    key: str
    upload_id: UUID
    offset: int
    content: bytes
    after_bytes: int | None = None
    step: tuple[str, str] | None = None


def send(runtime: Runtime, request: Request) -> int | None:
    """Let another process take the request; return the status with which it ended."""
    context = background()
    process = context.Process(target=_take, args=(runtime.settings, runtime.now(), request))
    process.start()
    process.join(120)
    return process.exitcode


def _take(settings: Settings, moment: datetime, request: Request) -> None:
    runtime = Runtime.of(settings, Clock(moment))
    with runtime.home.database.read() as session:
        actor = access.authenticate(session, request.key, runtime.now(), loopback=True)
    part = upload.Part(request.offset, len(request.content), None, _pieces(request))
    with patch.object(appending, "SETTLE_BYTES", 4 * PIECE_BYTES):
        if request.step is None:
            upload.append(runtime.home, actor, request.upload_id, part, runtime.now)
        else:
            when, name = request.step
            where, what = STEPS[name]
            with patch.object(where, what, _dying(getattr(where, what), when)):
                upload.append(runtime.home, actor, request.upload_id, part, runtime.now)
    os._exit(0)


def _pieces(request: Request) -> Iterator[bytes]:
    content, sent = request.content, 0
    for start in range(0, len(content), PIECE_BYTES):
        piece = content[start : start + PIECE_BYTES]
        if request.after_bytes is not None and sent + len(piece) > request.after_bytes:
            yield piece[: request.after_bytes - sent]
            os._exit(DIED)
        yield piece
        sent += len(piece)


def _dying(done: Callable[..., Any], when: str) -> Callable[..., Any]:
    def dying(*arguments: Any, **named: Any) -> None:
        if when == "after":
            done(*arguments, **named)
        os._exit(DIED)

    return dying
