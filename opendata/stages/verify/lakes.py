"""Lakes: whether the files of the lake that manifests name are there, and what they were."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from opendata.domain.errors import Text
from opendata.stages.publish.manifests import keyed_digest
from opendata.stages.verify.again import Beside
from opendata.stages.verify.lake_data import departure_in_lake
from opendata.stages.verify.locating import differs_from
from opendata.stages.verify.manifests import LakeFile
from opendata.stages.verify.model import NOWHERE, Inspection, Place
from opendata.stages.verify.reading import Read, read_through, where_changed

_DATA = ".parquet"


class Lakes:
    """The files of one lake; each is read once, whoever names it."""

    def __init__(self, root: Path, secret: bytes, inspection: Inspection) -> None:
        """Look below ``root``; with ``secret`` digests are keyed, see ``keyed_digest``."""
        self._root = root.resolve()
        self._secret = secret
        self._inspection = inspection
        self._read: dict[str, Read | None] = {}

    def check(self, file: LakeFile, what: str, beside: Callable[[], Beside]) -> None:
        """Record that a file is missing or changed; ``beside`` is asked for only then."""
        label = f"{what} lake/{file.path}"
        path = (self._root / file.path).resolve()
        if not path.is_relative_to(self._root) or not path.is_file():
            text = Text("湖中没有这个文件。", "The lake has no such file.")
            self._inspection.wrong("lake-file-missing", label, text)
            return
        found = self._found(path, file, label)
        if not self._fits(file, found):
            text, place = self._located(path, file, found, beside())
            self._inspection.wrong("lake-file-changed", label, text, place)

    def _fits(self, file: LakeFile, found: Read) -> bool:
        """Whether a file is what is told of it; whatever is told has to fit."""
        return file.size in (None, found.size) and self._has_digest(file, found.sha256)

    def _has_digest(self, file: LakeFile, sha256: str) -> bool:
        if file.sha256 is not None:
            return sha256 == file.sha256
        return file.hmac_sha256 == keyed_digest(self._secret, file.path, sha256)

    def _located(
        self, path: Path, file: LakeFile, found: Read, beside: Beside
    ) -> tuple[Text, Place]:
        """Say where a file departs from what is told of it."""
        byte = None
        if path.suffix == _DATA:
            fits = partial(self._has_digest, file)
            byte = departure_in_lake(path, self._root, fits, beside)
        if byte is not None and byte < found.size:
            return differs_from(byte)
        if file.sha256 is not None and file.size is not None:
            return where_changed(path, found, file.sha256, file.size)
        text = Text(
            "内容与带密钥的摘要不符；从哪个字节起，无从得知。",
            "Its bytes do not fit the keyed digest; which of them is the first cannot be told.",
        )
        return text, NOWHERE

    def _found(self, path: Path, file: LakeFile, label: str) -> Read:
        known = self._read.get(file.path)
        if known is None:
            size = path.stat().st_size if file.size is None else file.size
            known = read_through(path, size, self._inspection, label)
            self._read[file.path] = known
            self._inspection.counts["lake files"] += 1
        return known
