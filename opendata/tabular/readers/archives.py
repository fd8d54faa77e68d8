"""ZIP files, opened only where every program would unpack the same from them."""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from opendata.tabular.readers.limits import (
    LIMITS,
    MIB,
    TooManyMembers,
    check_size,
    check_unpacked,
    copy_bounded,
)
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.refused import DamagedArchive, Encrypted, Polyglot, UnsupportedFormat

# APPNOTE.TXT 6.3.10, sections 4.3.7 (local header), 4.3.14 to 4.3.16 (ends of the directory).
_LOCAL = struct.Struct("<4s5HLLLHH")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64 = struct.Struct("<4sLQL")
_MOST_COMMENT = 0xFFFF
_MOST_DIRECTORY = 16 * MIB
_LOCAL_MARK = b"PK\x03\x04"
_MARKS = (_LOCAL_MARK, b"PK\x01\x02")
_DESCRIPTORS = (12, 16, 20, 24)
_ENCRYPTED, _HAS_DESCRIPTOR, _UTF8_NAME = 0x1, 0x8, 0x800
# What unpacking a damaged member may raise; ``RuntimeError`` is for a password.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class _End:
    """What the end of a central directory says: how many members, where, how many bytes."""

    count: int
    size: int
    offset: int
    at: int


def ends_like_zip(path: Path) -> bool:
    """Whether the last bytes are the end of a ZIP file, whatever comes before."""
    size = path.stat().st_size
    with path.open("rb") as file:
        end = _end(file, size)
        if end is None or not end.count or end.at < end.size:
            return False
        file.seek(end.at - end.size)
        return file.read(4) == b"PK\x01\x02"


@contextmanager
def open_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file after a look at how it is laid out.

    Raises:
        Polyglot: bytes before, between or after its members belong to none of them.
        TooManyMembers, TooLargeUncompressed, CompressionRatio: it is out of bounds.
        Encrypted: a member needs a password.
        UnsupportedFormat: a member is packed by some other method than deflate.
        DamagedArchive: it cannot be unpacked, or its members lie over one another.
    """
    with path.open("rb") as file, closing(_opened(path, file)) as archive:
        yield archive


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name; where it is not said to be UTF-8, Chinese systems write GBK."""
    if member.flag_bits & _UTF8_NAME or member.filename.isascii():
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def unpack(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: IO[bytes], most: int | None = None
) -> int:
    """Write a member's bytes to ``target`` and return how many they are.

    Raises:
        TooLargeUncompressed, CompressionRatio: more come out than is taken (``most``, if given).
        DamagedArchive: they cannot be unpacked.
    """
    where = pointer("member", member.filename)
    try:
        with archive.open(member) as source:
            return copy_bounded(source, target, member.compress_size, where, most)
    except BROKEN as error:
        raise damaged(where) from error


def _opened(path: Path, file: BinaryIO) -> zipfile.ZipFile:
    end = _end(file, path.stat().st_size)
    if end is None:
        raise _polyglot("末尾", "after") if zipfile.is_zipfile(path) else damaged()
    _check_count(end.count)
    if end.size > _MOST_DIRECTORY:
        raise TooManyMembers(
            "压缩包的目录过大，未予解压。", "The archive's directory is too large to be read."
        )
    try:
        archive = zipfile.ZipFile(file)
        _check_members(archive.infolist())
        _check_layout(file, archive, end)
    except BROKEN as error:
        raise damaged() from error
    return archive


def damaged(where: str = "/byte/0") -> DamagedArchive:
    """Return the refusal of an archive, or of the member ``where`` points to."""
    return DamagedArchive(
        "压缩包（或 Excel、WPS 工作簿）已损坏，无法解压。请重新保存或打包后上传。",
        "The archive, or the workbook that is one, is damaged. Save or pack it anew.",
        where,
    )


def _end(file: BinaryIO, size: int) -> _End | None:
    """Return what the file's last bytes say, if they are exactly the end of a ZIP file."""
    tail = min(size, _END.size + _MOST_COMMENT)
    file.seek(size - tail)
    data = file.read(tail)
    found = data.rfind(b"PK\x05\x06")
    if found < 0 or len(data) - found < _END.size:
        return None
    *_, count, length, offset, comment = _END.unpack_from(data, found)
    at = size - tail + found
    if at + _END.size + comment != size:
        return None
    if count == 0xFFFF or 0xFFFFFFFF in (length, offset):
        return _end64(file, at)
    return _End(count, length, offset, at)


def _end64(file: BinaryIO, at: int) -> _End | None:
    file.seek(max(0, at - _LOCATOR64.size))
    locator = file.read(_LOCATOR64.size)
    if len(locator) < _LOCATOR64.size or not locator.startswith(b"PK\x06\x07"):
        return None
    offset = _LOCATOR64.unpack(locator)[2]
    file.seek(min(offset, at))
    record = file.read(_END64.size)
    if len(record) < _END64.size or not record.startswith(b"PK\x06\x06"):
        return None
    *_, count, length, start = _END64.unpack(record)
    return _End(count, length, start, offset)


def _polyglot(zh: str, en: str) -> Polyglot:
    return Polyglot(
        f"压缩包{zh}有不属于任何成员的内容：它同时是两种文件，不同程序会读出不同的内容。"
        "请重新打包或另存后上传。",
        f"There are bytes {en} the archive's members that belong to none of them: it is two files "
        "at once, and two programs would read two things. Pack or save it anew.",
    )


def _check_count(count: int) -> None:
    if count > LIMITS.members:
        raise TooManyMembers(
            f"压缩包内的文件超过 {LIMITS.members} 个。请只打包数据文件。",
            f"The archive has more than {LIMITS.members} members. Pack the data only.",
        )


def _check_members(members: Sequence[zipfile.ZipInfo]) -> None:
    """Look at what the directory says of each member."""
    _check_count(len(members))
    total = 0
    for each in members:
        where = pointer("member", each.filename)
        if not each.filename:
            raise damaged(where)
        if each.flag_bits & _ENCRYPTED:
            raise Encrypted(
                "压缩包设有密码。请去掉密码后上传。",
                "The archive needs a password. Send it without one.",
                where,
            )
        if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnsupportedFormat(
                "压缩包使用了不支持的压缩方法。请用普通 ZIP（deflate）重新打包。",
                "The archive is packed by a method that is not taken. Pack it as plain ZIP.",
                where,
            )
        total += each.file_size
        check_unpacked(each.file_size, each.compress_size, where)
        check_size(total, LIMITS.uncompressed_bytes, where)
    if len({each.filename for each in members}) < len(members):
        raise DamagedArchive(
            "压缩包内有同名文件，不知以哪个为准。请重新打包。",
            "Two members of the archive have the same name. Pack it anew.",
        )


def _check_layout(file: BinaryIO, archive: zipfile.ZipFile, end: _End) -> None:
    """See that the members lie one behind the other, from the first byte to the directory."""
    if end.offset != archive.start_dir:
        raise _polyglot("之前", "before")
    at = 0
    for each in sorted(archive.infolist(), key=lambda member: member.header_offset):
        if each.header_offset < at:
            raise DamagedArchive(
                "压缩包内的文件互相重叠，是人为构造的，未予解压。",
                "Members of the archive lie over one another, as no program packs them.",
                pointer("member", each.filename),
            )
        if each.header_offset > at:
            raise _polyglot("成员之间或之前", "before or between")
        at = _member_end(file, each)
    if at != archive.start_dir:
        raise _polyglot("成员与目录之间", "behind")


def _member_end(file: BinaryIO, member: zipfile.ZipInfo) -> int:
    """Return where a member ends, its data descriptor included."""
    file.seek(member.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(_LOCAL_MARK):
        raise damaged(pointer("member", member.filename))
    *_, name, extra = _LOCAL.unpack(head)
    end = int(member.header_offset + _LOCAL.size + name + extra + member.compress_size)
    if not member.flag_bits & _HAS_DESCRIPTOR:
        return end
    file.seek(end)
    tail = file.read(_DESCRIPTORS[-1] + 4)
    # With or without its own signature, with sizes of 4 or 8 bytes: nothing says which it is.
    for length in _DESCRIPTORS:
        if tail[length : length + 4] in _MARKS:
            return end + length
    return end
