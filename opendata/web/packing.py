"""A descriptor and its data file, sent as two parts of a form, kept as the one ZIP they make."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO

from werkzeug.datastructures import FileStorage

DESCRIPTOR_NAME = "datapackage.json"
MEDIA_TYPE = "application/zip"
FILENAME = "datapackage.zip"
_PIECE = 256 * 1024
_MOST_NAME = 255


class _Tray(io.RawIOBase):
    """Holds what was written until it is taken; cannot be sought in, so nothing is rewritten."""

    def __init__(self) -> None:
        """Begin empty."""
        self._held: list[bytes] = []

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes.
        """Hold the bytes."""
        self._held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return what is held, and forget it."""
        held, self._held = b"".join(self._held), []
        return held


def is_package(files: Sequence[FileStorage]) -> bool:
    """Whether these are two files one of which is a descriptor."""
    return len(files) == 2 and [_name(each) for each in files].count(DESCRIPTOR_NAME) == 1


def packed(files: Sequence[FileStorage]) -> Iterator[bytes]:
    """Yield the ZIP of a package's two files: the same bytes for the same files, at any time."""
    tray = _Tray()
    with zipfile.ZipFile(tray, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(files, key=lambda each: _name(each) != DESCRIPTOR_NAME):
            member = zipfile.ZipInfo(_name(file))
            member.file_size = _size(file.stream)
            with archive.open(member, "w") as out:
                while piece := file.stream.read(_PIECE):
                    out.write(piece)
                    yield tray.taken()
    yield tray.taken()


def _name(file: FileStorage) -> str:
    """Return the name of a part; old browsers send the whole path on the sender's machine."""
    name = (file.filename or "").replace("\x00", "").rpartition("\\")[2]
    return name[-_MOST_NAME:]


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return size
