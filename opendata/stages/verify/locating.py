"""Locating: where a file departs from the one that its manifest names, as far as anything tells."""

from dataclasses import dataclass
from pathlib import Path

from opendata.domain.errors import Text
from opendata.stages.publish import PACKAGE, REPORT
from opendata.stages.verify import again, twins
from opendata.stages.verify.again import Beside
from opendata.stages.verify.model import Place
from opendata.stages.verify.reading import PIECE_BYTES, Read, where_changed

LINES = frozenset((*twins.TWIN, PACKAGE, REPORT))


@dataclass(frozen=True, slots=True)
class Expected:
    """A file as a manifest names it, and where its bytes are."""

    name: str
    path: Path
    sha256: str
    size: int


def located(file: Expected, found: Read, beside: Beside) -> tuple[Text, Place]:
    """Say where a file departs; the others are those of the release that fit."""
    # What was only added to has nothing that differs before.
    byte = None if found.head == file.sha256 else _departure(file, beside)
    if byte is None or byte >= found.size:
        return where_changed(file.path, found, file.sha256, file.size)
    if file.name not in LINES:
        return differs_from(byte)
    line = line_of(file.path, byte)
    text = Text(
        f"从第 {byte} 字节（第 {line} 行）起与清单所载的文件不同。",
        f"From byte {byte}, on line {line}, it differs from the file that the manifest names.",
    )
    return text, Place(line=line, byte=byte)


def differs_from(byte: int) -> tuple[Text, Place]:
    """Say from which byte on a file departs that has no lines."""
    text = Text(
        f"从第 {byte} 字节起与清单所载的文件不同。",
        f"From byte {byte} on it differs from the file that the manifest names.",
    )
    return text, Place(byte=byte)


def _departure(file: Expected, beside: Beside) -> int | None:
    """Return the first byte that differs; CSV and NDJSON tell of each other under any contract."""
    twin = beside.files.get(twins.TWIN.get(file.name, ""))
    byte = None
    if twin is not None:
        byte = twins.first_departure(file.name, file.path, twin, file.sha256)
    if byte is None:
        byte = again.first_departure(file.name, file.path, file.sha256, beside)
    return byte


def line_of(path: Path, byte: int) -> int:
    """Return the line, from 1, that a byte of a file is on."""
    line = 1
    with path.open("rb") as file:
        while byte > 0 and (piece := file.read(min(byte, PIECE_BYTES))):
            line += piece.count(b"\n")
            byte -= len(piece)
    return line
