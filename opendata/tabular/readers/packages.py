"""ZIP files and Data Packages: the one table inside is taken out."""

import io
import json
import re
import stat
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from opendata.domain.contracts import Contract
from opendata.domain.privacy import Where
from opendata.tabular.readers.archives import member_name, open_archive, unpack
from opendata.tabular.readers.descriptors import Resource, check_path, resource_of
from opendata.tabular.readers.formats import Format, format_of
from opendata.tabular.readers.formats.zipped import DESCRIPTOR_NAME, is_ballast
from opendata.tabular.readers.limits import LIMITS, TooDeep, check_size
from opendata.tabular.readers.model import Beside, Declared, pointer
from opendata.tabular.readers.refused import (
    NoSuchMember,
    NoTableInside,
    SeveralTables,
    UnsafePath,
)
from opendata.tabular.readers.unread import around

CONTAINERS = frozenset({Format.PACKAGE, Format.ARCHIVE, Format.DESCRIPTOR})
_TABLES = re.compile(r"\.(csv|tsv|tab|xlsx|xlsm|xls|ods|ndjson|jsonl|json|parquet)", re.IGNORECASE)
Members = Mapping[str, zipfile.ZipInfo]


@dataclass(frozen=True, slots=True)
class Member:
    """The table file that was taken out: where it is now, and what is known of it.

    ``container`` is for the provenance; ``resource`` what a descriptor says of it, if one does;
    ``beside`` are the names and texts of what it was taken out of.
    """

    path: Path
    format: Format
    declared: Declared
    container: Mapping[str, Any]
    resource: Resource | None = None
    beside: tuple[Beside, ...] = ()


def taken_out(path: Path, contract: Contract, work: Path, kind: Format) -> Member:
    """Write the table inside ``path`` to a file beside ``work``.

    Raises:
        Unreadable: there is not exactly one, or it must not be touched.
    """
    target = work.with_name(f"{work.name}.member")
    if kind is Format.DESCRIPTOR:
        check_size(path.stat().st_size, LIMITS.descriptor_bytes, "/byte/0")
        resource = resource_of(path.read_bytes(), contract)
        if resource.data is None:
            raise _alone(resource)
        return _inline(resource, target)
    with open_archive(path) as archive:
        members = _members(archive)
        if kind is Format.ARCHIVE:
            table = _only_table(members)
            return _with(archive, [table], _unpacked(archive, table, target))
        name = min((each for each in members if _is_descriptor(each)), key=len)
        resource = resource_of(_content(archive, members[name]), contract)
        if resource.data is not None:
            return _with(archive, [members[name]], _inline(resource, target))
        within = str(PurePosixPath(name).parent / resource.path)
        if within not in members:
            raise _missing(resource)
        read = [members[name], members[within]]
        return _with(archive, read, _unpacked(archive, members[within], target, resource))


def _with(archive: zipfile.ZipFile, read: Sequence[zipfile.ZipInfo], member: Member) -> Member:
    """Return what was taken out together with what stands around it."""
    beside = (*member.beside, *around(archive, {each.filename for each in read}))
    return replace(member, beside=tuple(dict.fromkeys(beside)))


def _members(archive: zipfile.ZipFile) -> Members:
    """Return the files by name, without what operating systems add.

    Raises:
        UnsafePath: a name leads out of the archive, or a member is a link.
    """
    found = {}
    for each in archive.infolist():
        name = member_name(each)
        where = pointer("member", name)
        check_path(name, where)
        if stat.S_ISLNK(each.external_attr >> 16):
            raise UnsafePath(
                "压缩包内有符号链接，未予读取。请打包文件本身。",
                "The archive holds a symbolic link, which was not followed. Pack the file itself.",
                where,
            )
        if not each.is_dir() and not is_ballast(name):
            found[str(PurePosixPath(name))] = each
    return found


def _is_descriptor(name: str) -> bool:
    return PurePosixPath(name).name.lower() == DESCRIPTOR_NAME


def _only_table(members: Members) -> zipfile.ZipInfo:
    """Return the only file, or the only one among several whose name says that it is a table."""
    tables = [name for name in members if _TABLES.fullmatch(PurePosixPath(name).suffix)]
    named = list(members) if len(members) == 1 else tables
    if len(named) == 1:
        return members[named[0]]
    if not named:
        raise NoTableInside(
            "压缩包里没有表格文件。请只打包要报送的那一个文件。",
            "There is no table file in the archive. Pack the one file that is meant.",
        )
    raise SeveralTables(
        f"压缩包里有 {len(named)} 个表格文件，无法判断以哪个为准。请只打包要报送的那一个。",
        f"There are {len(named)} table files in the archive. Pack the one that is meant.",
        [pointer("member", name) for name in named],
    )


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    target = io.BytesIO()
    unpack(archive, member, target, LIMITS.descriptor_bytes)
    return target.getvalue()


def _unpacked(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    target: Path,
    resource: Resource | None = None,
) -> Member:
    name = member_name(member)
    with target.open("wb") as out:
        unpack(archive, member, out)
    if resource is not None:
        resource.check_bytes(target)
    declared = resource.declared if resource else Declared(filename=PurePosixPath(name).name)
    kind = format_of(target, declared).format
    if kind in CONTAINERS:
        raise TooDeep(
            "压缩包里又是压缩包或描述文件，不再往里读取。请直接打包表格文件。",
            "The archive holds another archive or descriptor, which is not opened. "
            "Pack the table file itself.",
            pointer("member", name),
        )
    container = {"format": "zip" if resource is None else "datapackage", "member": name}
    return Member(target, kind, declared, container, resource, _beside(name, resource))


def _inline(resource: Resource, target: Path) -> Member:
    """Write the records that are inside a descriptor to a file of their own."""
    target.write_text(json.dumps(resource.data, ensure_ascii=False), encoding="utf-8")
    container = {"format": "datapackage", "member": DESCRIPTOR_NAME}
    beside = _beside(DESCRIPTOR_NAME, resource)
    return Member(target, Format.JSON, Declared(), container, beside=beside)


def _beside(name: str, resource: Resource | None) -> tuple[Beside, ...]:
    texts = resource.texts if resource else ()
    said = (Beside(Where.DESCRIPTION, None, each) for each in texts)
    return (Beside(Where.FILE_NAME, None, name), *said)


def _alone(resource: Resource) -> NoSuchMember:
    return NoSuchMember(
        f"只收到描述文件，没有收到它所指的“{resource.path}”。请把两者打成一个 ZIP，"
        "或在同一表单中一并上传。",
        f'Only the descriptor arrived, without "{resource.path}". Pack both into one ZIP, or send '
        "both in one form.",
        resource.where("path"),
    )


def _missing(resource: Resource) -> NoSuchMember:
    return NoSuchMember(
        f"压缩包里没有描述文件所指的“{resource.path}”。请核对文件名（区分大小写）后重新打包。",
        f'The archive has no "{resource.path}", which the descriptor names. Check the name and '
        "its case, and pack it anew.",
        resource.where("path"),
    )
