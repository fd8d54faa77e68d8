"""Fetching: what a platform serves of its releases, into a folder where it is checked offline."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import orjson
import requests

from opendata.cli.answers import TIMEOUT, answer, give_up, refused, trouble

KEYS = "/.well-known/opendata-keys.json"
MANIFEST = "manifest.json"
_CHUNK_BYTES = 256 * 1024
_NOT_THERE = frozenset({404, 410})
_RELEASE = re.compile(
    r"(?P<root>https?://.+?)(?:/api/v1)?/datasets/(?P<dataset>[^/]+)/releases/(?P<number>[0-9]+)"
)
# As a manifest may name a file, which becomes the name of one here.
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


@dataclass(frozen=True, slots=True)
class Site:
    """A platform's root, and the one release of it that is asked about, if it is one."""

    root: str
    release: tuple[str, int] | None

    @classmethod
    def of(cls, url: str) -> "Site":
        """Read an address: a platform's, or a release's.

        >>> Site.of("http://localhost:8000/api/v1/datasets/b/releases/2")
        Site(root='http://localhost:8000', release=('b', 2))
        >>> Site.of("http://localhost:8000/")
        Site(root='http://localhost:8000', release=None)
        """
        found = _RELEASE.match(url)
        if found is None:
            return cls(url.rstrip("/").removesuffix("/api/v1"), None)
        return cls(found["root"], (found["dataset"], int(found["number"])))

    def keys(self, session: requests.Session) -> bytes:
        """Return the keys that the platform says are its own."""
        body = answer(lambda: session.get(self.root + KEYS, timeout=TIMEOUT))
        return orjson.dumps(body)

    def releases(self, session: requests.Session) -> Iterator[tuple[str, int, bool]]:
        """Yield dataset, number and whether it is public, of the releases that are asked about.

        Those of one dataset come in their order.
        """
        if self.release is not None:
            dataset, number = self.release
            told = self._get(session, f"datasets/{quote(dataset, safe='')}/releases/{number}")
            yield dataset, number, told["public"]
            return
        for each in self._get(session, "datasets")["data"]:
            dataset = each["id"]
            listed = self._get(session, f"datasets/{quote(dataset, safe='')}/releases")["data"]
            for told in sorted(listed, key=lambda told: int(told["number"])):
                yield dataset, told["number"], told["public"]

    def fetch(
        self,
        session: requests.Session,
        release: tuple[str, int],
        folder: Path,
        watch: Callable[[str, int], None],
    ) -> None:
        """Write the manifest of a release, and every file that it names, into a folder."""
        dataset, number = release
        own = f"{self.root}/api/v1/datasets/{quote(dataset, safe='')}/releases/{number}"
        _download(session, f"{own}/{MANIFEST}", folder / MANIFEST, watch)
        for name in _names((folder / MANIFEST).read_bytes()):
            _download(session, f"{own}/{name}", folder / name, watch)

    def _get(self, session: requests.Session, path: str) -> Mapping[str, Any]:
        return answer(lambda: session.get(f"{self.root}/api/v1/{path}", timeout=TIMEOUT))


class _Named(msgspec.Struct):
    name: str


class _Naming(msgspec.Struct):
    artefacts: list[_Named]


def _names(manifest: bytes) -> list[str]:
    """Return which files a manifest names; whether it may be believed is found out later."""
    try:
        named = msgspec.json.decode(manifest, type=_Naming)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    return [each.name for each in named.artefacts if _FILE_NAME.fullmatch(each.name)]


def _download(
    session: requests.Session, url: str, path: Path, watch: Callable[[str, int], None]
) -> None:
    """Write what is at an address into a file; nothing where the platform has no such file."""
    try:
        with session.get(url, stream=True, timeout=TIMEOUT) as response:
            if response.status_code in _NOT_THERE:
                return
            if not response.ok:
                refused(response)
            with path.open("wb") as file:
                for chunk in response.iter_content(_CHUNK_BYTES):
                    watch(url, len(chunk))
                    file.write(chunk)
    except requests.RequestException as error:
        give_up(f"无法与服务器通信 The server cannot be talked to: {trouble(error)}")
