"""Zip archives in which most members stay as they are: copied as stored, not packed again."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar

# What is edited is held in memory; sheets are not, they stream.
MOST_PART_BYTES = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_ENCRYPTED, _SIZES_FOLLOW = 0x1, 0x8
_LOCAL_HEADER = 30
_KNOWN_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FASTEST = 1


class Archive:
    """A received zip archive."""

    def __init__(self, path: Path) -> None:
        """Open it and look at its directory.

        Raises:
            Unfamiliar: members are encrypted, packed in a rare way, or named twice, or they
                overlap.
        """
        self._file = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
            self.members = {each.filename: each for each in self._zip.infolist()}
            self._check(path.stat().st_size)
        except BaseException:
            self._file.close()
            raise

    def _check(self, size: int) -> None:
        listed = self._zip.infolist()
        if len(self.members) != len({name.lower() for name in self.members}) or len(
            self.members
        ) != len(listed):
            raise Unfamiliar("two members have one name")
        if sum(each.compress_size for each in listed) > size:
            raise Unfamiliar("members overlap")
        for each in listed:
            if each.flag_bits & _ENCRYPTED or each.compress_type not in _KNOWN_PACKING:
                raise Unfamiliar(f"{each.filename} is packed in a way that is not known")

    def read(self, name: str) -> bytes:
        """Return a (small) member's bytes."""
        if name not in self.members:
            raise Unfamiliar(f"there is no {name}")
        if self.members[name].file_size > MOST_PART_BYTES:
            raise Unfamiliar(f"{name} is too large to be edited")
        return self._zip.read(name)

    def start_of(self, name: str, length: int) -> bytes:
        """Return the first bytes of a member."""
        with self.open(name) as member:
            return member.read(length)

    def open(self, name: str) -> IO[bytes]:
        """Return a member to be read piece by piece."""
        return self._zip.open(name)

    def packed(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a member as they are stored."""
        info = self.members[name]
        self._file.seek(info.header_offset)
        header = self._file.read(_LOCAL_HEADER)
        skipped = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        self._file.seek(info.header_offset + _LOCAL_HEADER + skipped)
        left = info.compress_size
        while left:
            piece = self._file.read(min(left, _PIECE))
            if not piece:
                raise Unfamiliar(f"{name} ends early")
            left -= len(piece)
            yield piece

    def __enter__(self) -> Self:
        """Return the archive."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()


class Rewritten:
    """A new archive, some of whose members are another's as they are."""

    def __init__(self, out: IO[bytes]) -> None:
        """Write into ``out``, which can be sought."""
        self._out = out
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST)

    def copy(self, archive: Archive, name: str) -> None:
        """Take a member over without unpacking it."""
        old = archive.members[name]
        info = zipfile.ZipInfo(old.filename, old.date_time)
        info.compress_type, info.CRC = old.compress_type, old.CRC
        info.compress_size, info.file_size = old.compress_size, old.file_size
        info.flag_bits = old.flag_bits & ~_SIZES_FOLLOW
        info.external_attr, info.create_system = old.external_attr, old.create_system
        # The library can only pack anew: what it does after packing is done here.
        self._out.seek(self._zip.start_dir)
        info.header_offset = self._out.tell()
        self._out.write(info.FileHeader())
        for piece in archive.packed(name):
            self._out.write(piece)
        self._zip.filelist.append(info)
        self._zip.NameToInfo[info.filename] = info
        self._zip.start_dir = self._out.tell()

    def add(self, name: str, content: bytes) -> None:
        """Write a small member."""
        with self.writing(name) as member:
            member.write(content)

    @contextmanager
    def writing(self, name: str) -> Iterator[IO[bytes]]:
        """Lend a member to be written piece by piece."""
        # The earliest time a zip archive knows: the same findings give the same bytes.
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        _level(info)
        with self._zip.open(info, "w", force_zip64=True) as member:
            yield member

    def __enter__(self) -> Self:
        """Return the archive in the making."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the directory; of an archive that is given up, too, which leaves nothing open."""
        self._zip.close()


def _level(info: zipfile.ZipInfo) -> None:
    """Pack quickly. The attribute is public from Python 3.13 on only."""
    name = "compress_level" if hasattr(info, "compress_level") else "_compresslevel"
    setattr(info, name, _FASTEST)
