"""Fetching: what a platform serves of its releases, into a folder where it is checked offline."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import quote, urljoin, urlsplit

import msgspec
import requests

from opendata.cli.answers import TIMEOUT, give_up, refused_with, trouble
from opendata.stages.verify import DOCUMENT_BYTES

KEYS = "/.well-known/opendata-keys.json"
MANIFEST = "manifest.json"
_CHUNK_BYTES = 256 * 1024
_NOT_THERE = frozenset({404, 410})
_RELEASE = re.compile(
    r"(?P<root>https?://.+?)(?:/api/v1)?/datasets/(?P<dataset>[^/]+)/releases/(?P<number>[0-9]+)"
)
# As a manifest may name a file, which becomes the name of one here.
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_PORTS = {"http": 80, "https": 443}
_Shape = TypeVar("_Shape")


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
        return _document(session, self.root + KEYS)

    def releases(self, session: requests.Session) -> Iterator[tuple[str, int, bool]]:
        """Yield dataset, number and whether it is public, of the releases that are asked about.

        Those of one dataset come in their order.
        """
        if self.release is not None:
            dataset, number = self.release
            own = f"datasets/{quote(dataset, safe='')}/releases/{number}"
            yield dataset, number, self._get(session, own, _Shown).public
            return
        for each in self._get(session, "datasets", _Catalogue).data:
            own = f"datasets/{quote(each.id, safe='')}/releases"
            listed = self._get(session, own, _History).data
            for told in sorted(listed, key=lambda told: told.number):
                yield each.id, told.number, told.public

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
        manifest = _Download(f"{own}/{MANIFEST}", folder / MANIFEST, DOCUMENT_BYTES)
        if not manifest.fetch(session, watch):
            return
        for each in _named(manifest.path.read_bytes()):
            _Download(f"{own}/{each.name}", folder / each.name, each.size).fetch(session, watch)

    def _get(self, session: requests.Session, path: str, shape: type[_Shape]) -> _Shape:
        url = f"{self.root}/api/v1/{path}"
        try:
            return msgspec.json.decode(_document(session, url), type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            give_up(f"{url} 不是应有的回答 is not the expected answer: {error}")


class OwnHost(requests.Session):
    """A session that is not led to another host than the one that is asked."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return where an answer leads, as long as that is the same host."""
        target = super().get_redirect_target(resp)
        if target is not None and not _is_same_host(resp.url, urljoin(resp.url, target)):
            message = f"{resp.url} 转向另一主机 leads to another host"
            raise requests.TooManyRedirects(message)
        return target


def _is_same_host(one: str, other: str) -> bool:
    """Whether two addresses are of one server, which may lead to its own HTTPS.

    >>> _is_same_host("http://a.cn/x", "https://a.cn/y"), _is_same_host("http://a/", "http://a:9/")
    (True, False)
    """
    old, new = urlsplit(one), urlsplit(other)
    ports = (old.port or _PORTS.get(old.scheme), new.port or _PORTS.get(new.scheme))
    return old.hostname == new.hostname and (ports[0] == ports[1] or ports == (80, 443))


class _Shown(msgspec.Struct):
    public: bool


class _Listed(msgspec.Struct):
    number: int
    public: bool


class _History(msgspec.Struct):
    data: list[_Listed]


class _Dataset(msgspec.Struct):
    id: str


class _Catalogue(msgspec.Struct):
    data: list[_Dataset]


class _Named(msgspec.Struct):
    name: str
    size: int


class _Naming(msgspec.Struct):
    artefacts: list[_Named]


def _named(manifest: bytes) -> list[_Named]:
    """Return which files a manifest names; whether it may be believed is found out later."""
    try:
        named = msgspec.json.decode(manifest, type=_Naming)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    return [each for each in named.artefacts if _FILE_NAME.fullmatch(each.name)]


def _document(session: requests.Session, url: str) -> bytes:
    """Return a document; a problem document in its place ends the command."""
    try:
        with session.get(url, stream=True, timeout=TIMEOUT) as response:
            content = b"".join(_first(response, DOCUMENT_BYTES))
            if not response.ok:
                _refuse(response.status_code, content)
    except requests.RequestException as error:
        give_up(f"无法与服务器通信 The server cannot be talked to: {trouble(error)}")
    if len(content) > DOCUMENT_BYTES:
        give_up(f"{url} 过大 is too large")
    return content


@dataclass(frozen=True, slots=True)
class _Download:
    """What is at an address, into a file, as far as it has the size it is told to have."""

    url: str
    path: Path
    size: int

    def fetch(self, session: requests.Session, watch: Callable[[str, int], None]) -> bool:
        """Write the file; return whether the platform has it.

        Of one that is longer one byte more is written, which shows that it is.
        """
        try:
            with session.get(self.url, stream=True, timeout=TIMEOUT) as response:
                if response.status_code in _NOT_THERE:
                    return False
                if not response.ok:
                    _refuse(response.status_code, b"".join(_first(response, DOCUMENT_BYTES)))
                with self.path.open("wb") as file:
                    for chunk in _first(response, self.size):
                        watch(self.url, len(chunk))
                        file.write(chunk)
        except requests.RequestException as error:
            give_up(f"无法与服务器通信 The server cannot be talked to: {trouble(error)}")
        return True


def _first(response: requests.Response, size: int) -> Iterator[bytes]:
    """Yield what is answered, and no more than one byte beyond a size."""
    left = max(0, size) + 1
    for chunk in response.iter_content(_CHUNK_BYTES):
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def _refuse(status: int, content: bytes) -> NoReturn:
    """Tell what was answered instead, and end the command."""
    try:
        body = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        body = {}
    refused_with(status, body)
