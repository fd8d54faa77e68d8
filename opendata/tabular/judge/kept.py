"""The errors of a Report that was kept as JSON, one by one: there may be more than memory holds."""

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PIECE = 1024 * 1024
# A quotation mark within a text is escaped: nowhere else can this stand.
_LIST = '"errors": ['


@dataclass(frozen=True, slots=True)
class KeptErrors:
    """The errors in the file that ``report_chunks`` was written to, in their order."""

    path: Path

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield those of the Report itself, then those of its tasks."""
        with self.path.open("rb") as file:
            text = _Text(file)
            while text.skip_past(_LIST):
                yield from text.members()


class _Text:
    """A text of which only the piece being read is held."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._held = ""
        self._at = 0
        self._decoder = json.JSONDecoder()

    def skip_past(self, mark: str) -> bool:
        """Go on behind the next ``mark``; return whether there is one."""
        while (found := self._held.find(mark, self._at)) < 0:
            self._at = max(self._at, len(self._held) - len(mark) + 1)
            if not self._more():
                return False
        self._at = found + len(mark)
        return True

    def members(self) -> Iterator[dict[str, Any]]:
        """Yield the members of the list that begins here, up to its end."""
        while self._next() != "]":
            try:
                member, self._at = self._decoder.raw_decode(self._held, self._at)
            except json.JSONDecodeError:
                if not self._more():
                    raise
                continue
            yield member

    def _next(self) -> str:
        """Return what comes next, other than what stands between members."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in ", \n":
                    return self._held[self._at]
                self._at += 1
            if not self._more():
                return "]"

    def _more(self) -> bool:
        piece = self._file.read(_PIECE)
        self._held = self._held[self._at :] + self._decode(piece, not piece)
        self._at = 0
        return bool(piece)
