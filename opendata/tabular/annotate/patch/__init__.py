"""Marking a received XLSX in place: its own parts, untouched but for what marks the findings.

No library is used: those that can write a workbook read only what they know of it, and drop
charts, macros, images or extensions of the rest.
"""

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from opendata.tabular.annotate.account import Account, Mark
from opendata.tabular.annotate.patch import styles
from opendata.tabular.annotate.patch.archive import Archive, Rewritten
from opendata.tabular.annotate.patch.book import Book
from opendata.tabular.annotate.patch.comments import NO_COMMENTS, Comments, uncovered
from opendata.tabular.annotate.patch.drawing import NO_DRAWING, with_boxes
from opendata.tabular.annotate.patch.first_sheet import first_sheet
from opendata.tabular.annotate.patch.relations import (
    COMMENTS_TYPE,
    CONTENT_TYPES,
    STYLES_TYPE,
    WORKSHEET_TYPE,
    Relations,
    free_name,
    suffix_of,
    with_types,
)
from opendata.tabular.annotate.patch.sheet import Sheet
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar
from opendata.tabular.annotate.places import Cell
from opendata.tabular.annotate.summary import SHEET_NAME

__all__ = ["Unfamiliar", "patch"]
# Where a sheet says that it is selected, before its rows.
_HEAD_BYTES = 64 * 1024
_SELECTED = (b'tabSelected="1"', b"tabSelected='1'", b'tabSelected="true"')


def patch(path: Path, sheet: str, account: Account, out: IO[bytes]) -> str:
    """Write the workbook at ``path`` to ``out`` with the findings marked in ``sheet``.

    Returns:
        How the name of such a workbook ends.

    Raises:
        Unfamiliar: it is put together in a way that is not known for certain; ``out`` is of no
            use then.
    """
    try:
        with Archive(path) as archive:
            package = _Package(archive, sheet)
            package.write(account, out)
            return package.suffix
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError) as error:
        raise Unfamiliar(str(error)) from error


@dataclass(slots=True)
class _Names:
    """The parts that marking concerns; those there are and those to be made."""

    book: str
    sheet: str
    styles: str
    comments: str
    drawing: str
    first: str


class _Package:
    def __init__(self, archive: Archive, sheet: str) -> None:
        self._archive = archive
        office = Relations(archive, "").of_kind("officeDocument")
        if office is None:
            raise Unfamiliar("the package has no workbook")
        self.suffix = suffix_of(archive, office.target)
        self._of_book = Relations(archive, office.target)
        self._book = Book(archive.read(office.target))
        if self._book.names.count(sheet) != 1:
            raise Unfamiliar("the sheet is not there, or twice")
        marked = self._of_book.by_id(self._book.relation_of(sheet))
        if marked.kind != "worksheet":
            raise Unfamiliar("it is no worksheet")
        self._of_sheet = Relations(archive, marked.target)
        self._comments = self._of_sheet.of_kind("comments")
        known_styles = self._of_book.of_kind("styles")
        self._has_styles = known_styles is not None
        if known_styles is None and "xl/styles.xml" in archive.members:
            raise Unfamiliar("styles belong to no workbook")
        self._sheet = sheet
        self._at = self._book.names.index(sheet)
        self._names = _Names(
            book=office.target,
            sheet=marked.target,
            styles=known_styles.target if known_styles else "xl/styles.xml",
            comments=self._comments.target
            if self._comments
            else free_name(archive, "xl/comments{}.xml"),
            drawing=free_name(archive, "xl/drawings/vmlDrawing{}.vml"),
            first=free_name(archive, "xl/worksheets/sheet{}.xml"),
        )

    def write(self, account: Account, out: IO[bytes]) -> None:
        """Write every part: those that are edited after the sheet, which says how."""
        with Rewritten(out) as written:
            self._write(account, written)

    def _write(self, account: Account, written: Rewritten) -> None:
        names = self._names
        marks: Mapping[Cell, Mark] = account.marks()
        written.add(CONTENT_TYPES, self._types(with_comments=bool(marks)))
        look = styles.Styles(
            self._archive.read(names.styles) if self._has_styles else styles.NO_STYLES
        )
        shown = self._new_sheet_may_be_shown()
        edited = {CONTENT_TYPES, names.book, names.styles, self._of_book.part}
        if marks or shown:
            edited.add(names.sheet)
            marks = self._write_sheet(written, marks, look, shown=shown)
        if marks:
            edited |= {names.comments, names.drawing, self._of_sheet.part}
            self._write_comments(written, marks)
        with written.writing(names.first) as member:
            member.writelines(first_sheet(account, self._sheet, look.first_sheet, shown=shown))
        written.add(names.styles, look.result())
        self._write_book(written, shown=shown)
        for name in self._archive.members:
            if name not in edited:
                written.copy(self._archive, name)

    def _types(self, *, with_comments: bool) -> bytes:
        new = {self._names.first: WORKSHEET_TYPE}
        if with_comments and self._comments is None:
            new[self._names.comments] = COMMENTS_TYPE
        if not self._has_styles:
            new[self._names.styles] = STYLES_TYPE
        return with_types(self._archive, new, with_vml=with_comments)

    def _new_sheet_may_be_shown(self) -> bool:
        """Whether the workbook can open at the new sheet.

        Two sheets selected at once would be edited together: it can only where the marked sheet,
        which is written anew, is the only one selected.
        """
        if self._book.shown != self._at:
            return False
        others = [each for at, each in enumerate(self._book.relations()) if at != self._at]
        parts = [self._of_book.by_id(each).target for each in others]
        heads = [self._archive.start_of(each, _HEAD_BYTES) for each in parts]
        return not any(mark in head for head in heads for mark in _SELECTED)

    def _write_sheet(
        self, written: Rewritten, marks: Mapping[Cell, Mark], look: styles.Styles, *, shown: bool
    ) -> Mapping[Cell, Mark]:
        """Write the marked sheet; return where comments are to stand."""
        names = self._names
        with (
            self._archive.open(names.sheet) as source,
            written.writing(names.sheet) as member,
        ):
            sheet = Sheet(source, member)
            if shown:
                views = sheet.head.root.child("sheetViews")
                for view in views.children if views else ():
                    if "tabSelected" in view.attributes:
                        sheet.head.set(view, "tabSelected", "0")
            severities = {cell: mark.severity for cell, mark in marks.items()}
            around = sheet.write(severities, look.marked, self._new_drawing if marks else None)
        if around.drawing is not None:
            names.drawing = self._of_sheet.by_id(around.drawing).target
        return uncovered(marks, around.merged)

    def _new_drawing(self) -> str:
        return self._of_sheet.add("vmlDrawing", self._names.drawing)

    def _write_comments(self, written: Rewritten, marks: Mapping[Cell, Mark]) -> None:
        names, archive = self._names, self._archive
        if self._comments is None:
            self._of_sheet.add("comments", names.comments)
        there = archive.read(names.comments) if self._comments else NO_COMMENTS
        text, new = Comments(there).with_marks(marks)
        written.add(names.comments, text)
        known = names.drawing in archive.members
        drawing = archive.read(names.drawing) if known else NO_DRAWING
        written.add(names.drawing, with_boxes(drawing, new, marks))
        related = self._of_sheet.result()
        written.add(
            self._of_sheet.part, archive.read(self._of_sheet.part) if related is None else related
        )

    def _write_book(self, written: Rewritten, *, shown: bool) -> None:
        names = self._names
        if not self._has_styles:
            self._of_book.add("styles", names.styles)
        relation = self._of_book.add("worksheet", names.first)
        name = self._book.free_name(SHEET_NAME)
        written.add(names.book, self._book.put_first(name, relation, shown=shown))
        related = self._of_book.result()
        if related is None:
            raise Unfamiliar("the workbook has no relationships")
        written.add(self._of_book.part, related)
