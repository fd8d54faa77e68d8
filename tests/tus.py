"""A client of the upload protocol that does exactly what a test says, no more."""

import base64
import hashlib
from typing import Any

from werkzeug.test import TestResponse

from tests.chain import Chain

PATH = "/api/v1/uploads"
VERSION = {"Tus-Resumable": "1.0.0"}
PART = {"Content-Type": "application/offset+octet-stream"}


def metadata(**pairs: str) -> str:
    """Write Upload-Metadata."""
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items()
    )


def checksum(content: bytes, algorithm: str = "sha256") -> str:
    """Write Upload-Checksum."""
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


class Tus:
    """One person who uploads, request by request; ``headers`` are named with ``_`` for ``-``."""

    def __init__(self, chain: Chain, role: str = "author") -> None:
        """Act as this role of the chain's agency."""
        self.chain = chain
        self.role = role

    def ask(self, method: str, path: str, data: Any = b"", **headers: str | None) -> TestResponse:
        """Send one request; a header that is ``None`` is left out."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        said = {**VERSION, **self.chain.as_(self.role), **named}
        return self.chain.client.open(
            path,
            method=method,
            data=data,
            headers={name: value for name, value in said.items() if value is not None},
        )

    def announce(self, dataset: str, length: int, **headers: str | None) -> TestResponse:
        """Announce a file."""
        told = {"Upload_Length": str(length), "Upload_Metadata": metadata(dataset=dataset)}
        return self.ask("POST", PATH, **{**told, **headers})

    def begun(self, dataset: str, length: int, **headers: str) -> str:
        """Announce a file and return the path of its upload."""
        answer = self.announce(dataset, length, **headers)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"]).removeprefix("http://localhost")

    def send(self, path: str, offset: int, content: Any, **headers: str | None) -> TestResponse:
        """Send a part."""
        told = {"Upload_Offset": str(offset), **PART}
        return self.ask("PATCH", path, content, **{**told, **headers})

    def offset(self, path: str) -> int:
        """Return how far an upload has come."""
        answer = self.ask("HEAD", path)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])
