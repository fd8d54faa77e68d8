"""Data Package descriptors: which resource is meant, where it is, and what is said of it.

Nothing that a descriptor names outside its package is looked at, let alone fetched, and its
schema judges nothing: the contract does.
"""

import codecs
import hashlib
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from opendata.domain.contracts import Contract
from opendata.tabular.readers.headers import Names
from opendata.tabular.readers.json_records import parsed_object
from opendata.tabular.readers.limits import MIB
from opendata.tabular.readers.markup import compared
from opendata.tabular.readers.model import Declared, pointer
from opendata.tabular.readers.refused import (
    BrokenDescriptor,
    BrokenJson,
    DescriptorContradicts,
    NoTableInside,
    RemotePath,
    SeveralTables,
    UnsafePath,
)

# A drive's letter is no scheme, and no path that all systems read alike either.
_REMOTE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]+:|//")
_UNSAFE = re.compile(r"[\x00-\x1f\\:]|^/|^~")
_HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
# What a CSV dialect may say besides its delimiter; all else is how no file here is read.
_DIALECT: Mapping[str, Sequence[Any]] = {
    "header": (True,),
    "headerRows": ([1], ["1"]),
    "quoteChar": ('"',),
    "doubleQuote": (True,),
    "escapeChar": (None,),
    "skipInitialSpace": (False,),
    "commentChar": (None,),
}
# What a schema says of columns that is no description.
_OF_COLUMNS = frozenset({"data", "name", "constraints", "enum", "categories", "missingValues"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a descriptor; ``at`` is its position among them.

    ``package`` is all of the descriptor.
    """

    at: int
    said: Mapping[str, Any]
    package: Mapping[str, Any]

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the package, but for the records that are read as cells."""
        return _texts(self.package, self.said)

    @property
    def data(self) -> list[Any] | None:
        """The records that are written into the descriptor itself, if they are.

        Raises:
            BrokenDescriptor: they are something else than a list of records.
        """
        if "data" not in self.said:
            return None
        data = self.said["data"]
        if not isinstance(data, list):
            raise BrokenDescriptor(
                "描述文件内嵌的 data 应是由对象组成的数组。",
                "The data inside a descriptor must be an array of objects.",
                self.where("data"),
            )
        return data

    @property
    def path(self) -> str:
        """Where its file is, relative to the descriptor.

        Raises:
            RemotePath: somewhere else than in the package.
            UnsafePath: the path leads out of the package, or systems would read it differently.
            BrokenDescriptor: there is no path, or there are several.
        """
        path = self.said.get("path")
        if isinstance(path, list) and len(path) == 1:
            path = path[0]
        if not isinstance(path, str) or not path:
            raise BrokenDescriptor(
                "资源应以 path 写明恰好一个数据文件。",
                "A resource names exactly one data file as its path.",
                self.where("path"),
            )
        check_path(path, self.where("path"))
        return path

    def where(self, *steps: str) -> str:
        """Return the pointer of something in it."""
        return pointer("resources", str(self.at), *steps)

    @property
    def declared(self) -> Declared:
        """What it says of its file's format and encoding."""
        media_type = self.said.get("mediatype")
        encoding = self.said.get("encoding")
        charset = f"; charset={_codec(encoding)}" if isinstance(encoding, str) else ""
        kind = media_type if isinstance(media_type, str) else ""
        path = self.said.get("path")
        name = PurePosixPath(path).name if isinstance(path, str) else ""
        return Declared(f"{kind or 'application/octet-stream'}{charset}", name)

    def check_bytes(self, path: Path) -> None:
        """Compare the file at ``path`` with the size and the digest it is said to have.

        Raises:
            DescriptorContradicts: it is another file.
        """
        size = self.said.get("bytes")
        # Numbers are the digits they were written with.
        if size is not None and str(size) != str(path.stat().st_size):
            raise self._contradicted("bytes", size, path.stat().st_size)
        said = self.said.get("hash")
        if not isinstance(said, str):
            return
        algorithm, _, digest = said.rpartition(":")
        algorithm = algorithm or _HASHES.get(len(digest), "")
        if algorithm in _HASHES.values():
            found = _digest(path, algorithm)
            if found != digest.lower():
                raise self._contradicted("hash", digest, found)

    def check_found(self, found: Mapping[str, Any]) -> None:
        """Compare what a reader found with what is said of encoding and dialect.

        Raises:
            DescriptorContradicts: the file is written in some other way.
        """
        encoding = self.said.get("encoding")
        if isinstance(encoding, str) and "encoding" in found:
            said, is_in = _codec(encoding), found["encoding"]
            if not is_in.startswith(said) and _family(said) != is_in:
                raise self._contradicted("encoding", encoding, is_in)
        if "delimiter" not in found:
            return
        for name, value in self._dialect().items():
            if name == "delimiter" and value != found["delimiter"]:
                raise self._contradicted("dialect", value, found["delimiter"])
            if name in _DIALECT and value not in _DIALECT[name]:
                raise self._contradicted("dialect", f"{name}: {value}", _DIALECT[name][0])

    def _dialect(self) -> Mapping[str, Any]:
        """Return the dialect as it is written, or as Frictionless nests it."""
        said = self.said.get("dialect")
        if not isinstance(said, dict):
            return {}
        nested = said.get("csv")
        return {**said, **nested} if isinstance(nested, dict) else said

    def _contradicted(self, member: str, said: Any, found: Any) -> DescriptorContradicts:
        return DescriptorContradicts(
            f"描述文件写的 {member} 是 {str(said)!r}，文件实际是 {str(found)!r}。请更正其中之一。",
            f"The descriptor says {member} is {str(said)!r}; of the file it is {str(found)!r}. "
            "Mend one of them.",
            self.where(member),
        )


def resource_of(text: bytes, contract: Contract) -> Resource:
    """Return the resource of a descriptor that is meant.

    It is the only one, or the only one whose schema names columns of the contract.

    Raises:
        BrokenDescriptor: it is no descriptor.
        NoTableInside, SeveralTables: no resource, or more than one, may be meant.
    """
    resources = _resources(text)
    if len(resources) == 1:
        return resources[0]
    if not resources:
        raise NoTableInside("描述文件中没有资源。", "The descriptor has no resource.", "/resources")
    names = Names(contract)
    fitting = [each for each in resources if names.count(_labels(each)) >= names.wanted]
    if len(fitting) == 1:
        return fitting[0]
    raise SeveralTables(
        f"描述文件中有 {len(resources)} 个资源，无法判断以哪个为准。请只保留要报送的那一个。",
        f"The descriptor has {len(resources)} resources, and not one only fits the contract. "
        "Keep the one that is meant.",
        [each.where() for each in fitting or resources],
    )


def check_path(path: str, where: str) -> None:
    """Refuse a path that leads anywhere but into the package.

    Raises:
        RemotePath, UnsafePath: it does.
    """
    if _REMOTE.match(path):
        raise RemotePath(
            f"“{path[:200]}”指向别处，平台不会去取。请把文件放进压缩包，写相对路径。",
            f'"{path[:200]}" points elsewhere, and is never fetched. Put the file into the '
            "archive and name it by a relative path.",
            where,
        )
    if _UNSAFE.search(path) or ".." in path.split("/"):
        raise UnsafePath(
            f"“{path[:200]}”不是压缩包内的相对路径，未予读取。",
            f'"{path[:200]}" is no relative path inside the archive, and was not read.',
            where,
        )


def _resources(text: bytes) -> list[Resource]:
    try:
        said = parsed_object(text.decode("utf-8-sig"), "/byte/0")
    except (UnicodeDecodeError, BrokenJson) as error:
        raise BrokenDescriptor(
            "描述文件不是正确的 JSON（UTF-8）。", f"The descriptor is no JSON: {error}", "/byte/0"
        ) from error
    listed = said.get("resources")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise BrokenDescriptor(
            "描述文件的 resources 应是由对象组成的数组。",
            "The resources of a descriptor must be an array of objects.",
            "/resources",
        )
    return [Resource(at, each, said) for at, each in enumerate(listed)]


def _texts(said: Any, read: Mapping[str, Any], *, of_columns: bool = False) -> Iterator[str]:
    """Yield the texts and names within a value, but for the records of the resource ``read``.

    Names of columns and lists of their values are no words on the file: a level there is one value
    among others.
    """
    if isinstance(said, str):
        yield said
    elif isinstance(said, list):
        for each in said:
            yield from _texts(each, read, of_columns=of_columns)
    elif isinstance(said, dict):
        for name, each in said.items():
            yield name
            if said is read and name == "data":
                continue
            found = _texts(each, read, of_columns=of_columns or name == "schema")
            is_value = of_columns and name in _OF_COLUMNS
            yield from itertools.chain.from_iterable(map(compared, found)) if is_value else found


def _labels(resource: Resource) -> list[str]:
    """Return names and titles of the columns that its schema declares."""
    schema = resource.said.get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    listed = [each for each in fields if isinstance(each, dict)] if isinstance(fields, list) else []
    said = [each.get(key) for each in listed for key in ("name", "title")]
    return [each for each in said if isinstance(each, str)]


def _codec(encoding: str) -> str:
    """Return the name by which an encoding is declared: a mark is seen in the bytes."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return encoding
    return "utf-8" if name == "utf-8-sig" else name


def _family(codec: str) -> str:
    return {"gb2312": "gb18030", "gbk": "gb18030", "cp950": "big5", "ascii": "utf-8"}.get(
        codec, codec
    )


def _digest(path: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(MIB):
            digest.update(piece)
    return digest.hexdigest()
