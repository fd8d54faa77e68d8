"""Which part of a package belongs to which: relationships, content types, names of parts."""

import posixpath
from collections.abc import Container, Iterator
from dataclasses import dataclass

from opendata.tabular.annotate.patch.archive import Archive
from opendata.tabular.annotate.patch.markup import Part, quoted
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES = "[Content_Types].xml"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
WORKSHEET_TYPE = _SPREADSHEET + "worksheet+xml"
COMMENTS_TYPE = _SPREADSHEET + "comments+xml"
STYLES_TYPE = _SPREADSHEET + "styles+xml"
_SUFFIXES = {
    _SPREADSHEET + "sheet.main+xml": ".xlsx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ".xlsm",
}
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="' + _PACKAGE.encode() + b'"></Relationships>'
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: its id, the last step of its type, and the part it leads to."""

    id: str
    kind: str
    target: str


class Relations:
    """The relationships of one part, and those to be added."""

    def __init__(self, archive: Archive, source: str) -> None:
        """Read them; a part without any has an empty list.

        ``source`` is the part's name, empty for the package itself.
        """
        folder, name = posixpath.split(source)
        self.part = posixpath.join(folder, "_rels", f"{name}.rels")
        self._folder = folder
        known = self.part in archive.members
        self._text = Part(archive.read(self.part) if known else _NO_RELATIONS)
        self._added: list[bytes] = []
        self._taken = {each.attributes.get("Id", "") for each in self._text.root.children}
        self.every = list(self._read())

    def _read(self) -> Iterator[Relation]:
        for each in self._text.root.children:
            told = each.attributes
            if told.get("TargetMode") == "External":
                continue
            space, _, kind = told.get("Type", "").rpartition("/")
            if space == OFFICE:
                yield Relation(told["Id"], kind, self._resolved(told["Target"]))

    def _resolved(self, target: str) -> str:
        return posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")

    def by_id(self, wanted: str) -> Relation:
        """Return the relationship with this id."""
        for each in self.every:
            if each.id == wanted:
                return each
        raise Unfamiliar(f"{self.part} has no relationship {wanted}")

    def of_kind(self, kind: str) -> Relation | None:
        """Return the only relationship of a kind, if there is one."""
        found = [each for each in self.every if each.kind == kind]
        if len(found) > 1:
            raise Unfamiliar(f"{self.part} has several of {kind}")
        return found[0] if found else None

    def add(self, kind: str, target: str) -> str:
        """Add a relationship to the part ``target`` and return its id."""
        number = len(self._taken) + 1
        while f"rId{number}" in self._taken:
            number += 1
        self._taken.add(f"rId{number}")
        prefix = self._text.root.prefix
        values = (f"rId{number}", f"{OFFICE}/{kind}", f"/{target}")
        names = (b" Id=", b" Type=", b" Target=")
        told = b"".join(a + quoted(b) for a, b in zip(names, values, strict=True))
        self._added.append(b"<" + prefix + b"Relationship" + told + b"/>")
        return f"rId{number}"

    def result(self) -> bytes | None:
        """Return the part with what was added, or ``None`` if nothing was."""
        if not self._added:
            return None
        self._text.append(self._text.root, b"".join(self._added))
        return self._text.result()


def suffix_of(archive: Archive, book: str) -> str:
    """Return how the name of a workbook must end for Excel to open it.

    Raises:
        Unfamiliar: it is of a kind that is not known.
    """
    for each in Part(archive.read(CONTENT_TYPES)).root.children:
        told = each.attributes
        if told.get("PartName", "").lstrip("/") == book and told.get("ContentType") in _SUFFIXES:
            return _SUFFIXES[told["ContentType"]]
    raise Unfamiliar("it is another kind of workbook")


def with_types(archive: Archive, parts: dict[str, str], *, with_vml: bool) -> bytes:
    """Return the content types with those of new ``parts``, by name."""
    text = Part(archive.read(CONTENT_TYPES))
    prefix = text.root.prefix
    extensions = {
        each.attributes.get("Extension", "").lower()
        for each in text.root.children
        if each.name == "Default"
    }
    if with_vml and "vml" not in extensions:
        vml = b' Extension="vml" ContentType=' + quoted(_VML_TYPE)
        text.insert(text.root.opened, b"<" + prefix + b"Default" + vml + b"/>")
    told = b""
    for name, kind in parts.items():
        values = b" PartName=" + quoted(f"/{name}") + b" ContentType=" + quoted(kind)
        told += b"<" + prefix + b"Override" + values + b"/>"
    text.append(text.root, told)
    return text.result()


def free_name(archive: Archive, pattern: str, also: Container[str] = ()) -> str:
    """Return the first name of ``pattern`` (a ``{}`` for the number) that no part has."""
    taken = {name.lower() for name in archive.members}
    number = 1
    while pattern.format(number).lower() in taken or pattern.format(number) in also:
        number += 1
    return pattern.format(number)
