"""Lakes: whether the files of the lake that manifests name are there, and what they were."""

from pathlib import Path

from opendata.domain.errors import Text
from opendata.stages.publish.manifests import keyed_digest
from opendata.stages.verify.manifests import LakeFile
from opendata.stages.verify.model import NOWHERE, Inspection, Place
from opendata.stages.verify.reading import Read, read_through, where_changed


class Lakes:
    """The files of one lake; each is read once, whoever names it."""

    def __init__(self, root: Path, secret: bytes, inspection: Inspection) -> None:
        """Look below ``root``; with ``secret`` digests are keyed, see ``keyed_digest``."""
        self._root = root.resolve()
        self._secret = secret
        self._inspection = inspection
        self._read: dict[str, Read | None] = {}

    def check(self, file: LakeFile, what: str) -> None:
        """Record that a file is missing or changed."""
        label = f"{what} lake/{file.path}"
        path = (self._root / file.path).resolve()
        if not path.is_relative_to(self._root) or not path.is_file():
            text = Text("湖中没有这个文件。", "The lake has no such file.")
            self._inspection.wrong("lake-file-missing", label, text)
            return
        departure = self._departure(path, file, label)
        if departure is not None:
            text, place = departure
            self._inspection.wrong("lake-file-changed", label, text, place)

    def _departure(self, path: Path, file: LakeFile, label: str) -> tuple[Text, Place] | None:
        """Say where a file departs from what is told of it; whatever is told has to fit."""
        found = self._found(path, file, label)
        if file.sha256 is not None and file.size is not None:
            if (found.sha256, found.size) != (file.sha256, file.size):
                return where_changed(path, found, file.sha256, file.size)
            return None
        if file.hmac_sha256 == keyed_digest(self._secret, file.path, found.sha256):
            return None
        text = Text("内容与带密钥的摘要不符。", "Its bytes do not fit the keyed digest.")
        return text, NOWHERE

    def _found(self, path: Path, file: LakeFile, label: str) -> Read:
        known = self._read.get(file.path)
        if known is None:
            size = path.stat().st_size if file.size is None else file.size
            known = read_through(path, size, self._inspection, label)
            self._read[file.path] = known
            self._inspection.counts["lake files"] += 1
        return known
