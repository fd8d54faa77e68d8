"""The workbook's own part: its list of sheets, and what counts sheets."""

from collections.abc import Iterable

from opendata.tabular.annotate.patch.markup import Element, Part, quoted
from opendata.tabular.annotate.patch.relations import MAIN, OFFICE
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar

_LONGEST_NAME = 31


class Book:
    """A workbook, in front of whose sheets a new one is put."""

    def __init__(self, content: bytes) -> None:
        """Find its sheets.

        Raises:
            Unfamiliar: it has none, or is of another kind.
        """
        self._text = Part(content)
        root = self._text.root
        sheets = root.child("sheets")
        if (root.space, root.name) != (MAIN, "workbook") or sheets is None or not sheets.children:
            raise Unfamiliar("the workbook is of another kind")
        self._sheets = sheets
        self.names = [each.attributes.get("name", "") for each in sheets.children]

    def relation_of(self, name: str) -> str:
        """Return the relationship id of the sheet of this name."""
        return self._relation(self._sheets.children[self.names.index(name)])

    def relations(self) -> Iterable[str]:
        """Return the relationship ids of all sheets, in their order."""
        return map(self._relation, self._sheets.children)

    @staticmethod
    def _relation(sheet: Element) -> str:
        found = sheet.attributes.get(f"{OFFICE} id")
        if found is None:
            raise Unfamiliar("a sheet has no relationship")
        return found

    def free_name(self, wanted: str) -> str:
        """Return ``wanted``, with a number behind it if a sheet is called so."""
        taken = {each.casefold() for each in self.names}
        name, number = wanted[:_LONGEST_NAME], 1
        while name.casefold() in taken:
            number += 1
            name = f"{wanted[: _LONGEST_NAME - 6]} ({number})"
        return name

    @property
    def shown(self) -> int:
        """Which sheet is open when the workbook is, from 0."""
        return max((_count(each, "activeTab") for each in self._views()), default=0)

    def _views(self) -> list[Element]:
        views = self._text.root.child("bookViews")
        return list(views.named("workbookView")) if views else []

    def put_first(self, name: str, relation: str, *, shown: bool) -> bytes:
        """Return the part with a new first sheet; everything that counts sheets counts it."""
        ids = [_count(each, "sheetId") for each in self._sheets.children]
        told = b"<" + self._sheets.prefix + b"sheet xmlns:r=" + quoted(OFFICE)
        told += b" name=" + quoted(name) + b" sheetId=" + quoted(str(max(ids) + 1))
        told += b" r:id=" + quoted(relation) + b"/>"
        self._text.insert(self._sheets.opened, told)
        for view in self._views():
            self._text.set(view, "activeTab", "0" if shown else str(_count(view, "activeTab") + 1))
            if "firstSheet" in view.attributes:
                self._text.set(view, "firstSheet", "0")
        names = self._text.root.child("definedNames")
        for each in names.children if names else ():
            if "localSheetId" in each.attributes:
                self._text.set(each, "localSheetId", str(_count(each, "localSheetId") + 1))
        return self._text.result()


def _count(element: Element, name: str) -> int:
    value = element.attributes.get(name, "0")
    if not (value.isascii() and value.isdigit()):
        raise Unfamiliar(f"{name} is {value!r}")
    return int(value)
