"""Lakes: whether the files of the lake that manifests name are there, and what they were."""

from pathlib import Path

from opendata.domain.errors import Text
from opendata.stages.verify.manifests import LakeFile
from opendata.stages.verify.model import Inspection
from opendata.stages.verify.reading import Read, read_through, where_changed


class Lakes:
    """The files of one lake; each is read once, whoever names it."""

    def __init__(self, root: Path, inspection: Inspection) -> None:
        """Look below ``root``."""
        self._root = root.resolve()
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
        found = self._found(path, file, label)
        if (found.sha256, found.size) != (file.sha256, file.size):
            text, place = where_changed(path, found, file.sha256, file.size)
            self._inspection.wrong("lake-file-changed", label, text, place)

    def _found(self, path: Path, file: LakeFile, label: str) -> Read:
        known = self._read.get(file.path)
        if known is None:
            known = read_through(path, file.size, self._inspection, label)
            self._read[file.path] = known
            self._inspection.counts["lake files"] += 1
        return known
