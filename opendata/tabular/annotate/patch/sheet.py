"""A sheet's part, passed over once: its rows stream, what is around them is edited."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from opendata.tabular.annotate.patch.archive import MOST_PART_BYTES
from opendata.tabular.annotate.patch.markup import Element, Part, quoted
from opendata.tabular.annotate.patch.relations import MAIN, OFFICE
from opendata.tabular.annotate.patch.rows import Coloured, Rows
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar
from opendata.tabular.annotate.places import Cell, cell_at
from opendata.tabular.rules.model import Severity

_PIECE = 512 * 1024
_LONGEST_PROLOGUE = 64 * 1024
_ROOT = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->)*"
    rb"<((?:[A-Za-z_][\w.-]*:)?)worksheet(?=[\s>])[^>]*>",
    re.DOTALL,
)
# What stands after a legacy drawing in a worksheet (ECMA-376, CT_Worksheet).
_AFTER_LEGACY_DRAWING = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
    "AlternateContent",
)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the rows.

    ``drawing`` is the relationship id of a legacy drawing that was there; ``merged`` are the
    first and the last cell of merged areas.
    """

    drawing: str | None
    merged: tuple[tuple[Cell, Cell], ...]


class Sheet:
    """Reads one sheet and writes it with marks."""

    def __init__(self, source: IO[bytes], out: IO[bytes]) -> None:
        """Read up to the rows.

        Raises:
            Unfamiliar: it is no worksheet as Excel and its kin write it.
        """
        self._source = source
        self._out = out
        text = b""
        opening = None
        while opening is None:
            text += self._more(text)
            opening = self._opening(text)
        self._text = text[opening.end() :]
        self.is_empty = opening[0].endswith(b"/>")
        name = opening[0][1:].split()[0].rstrip(b"/>")
        self.prefix = name.removesuffix(b"sheetData")
        closing = b"</" + self.prefix + b"worksheet>"
        tag = b"<" + name + b">"
        self._opening_tag, self._closing_tag = tag, b"</" + name + b">"
        self.head = Part(text[: opening.start()] + tag + self._closing_tag + closing)
        if (self.head.root.space, self.head.root.name) != (MAIN, "worksheet"):
            raise Unfamiliar("it is no worksheet")

    def _more(self, so_far: bytes) -> bytes:
        piece = self._source.read(_PIECE)
        if not piece or len(so_far) > MOST_PART_BYTES:
            raise Unfamiliar("the sheet ends early, or what is around its rows is too large")
        return piece

    @staticmethod
    def _opening(text: bytes) -> re.Match[bytes] | None:
        root = _ROOT.match(text)
        if root is None:
            if len(text) > _LONGEST_PROLOGUE:
                raise Unfamiliar("it is no worksheet")
            return None
        pattern = rb"<%ssheetData(?=[\s/>])[^>]*>" % re.escape(root[1])
        return re.compile(pattern).search(text, root.end())

    def write(
        self,
        marks: Mapping[Cell, Severity],
        coloured: Coloured,
        legacy_drawing: Callable[[], str] | None,
    ) -> "Around":
        """Write the sheet with the cells of ``marks`` coloured.

        Args:
            marks: The cells to mark.
            coloured: Gives a style its coloured twin.
            legacy_drawing: Called where there is no legacy drawing; returns the id of a new one.
                ``None`` if none is needed.
        """
        root = self.head.root
        start = self.head.content[root.start : root.opened]
        wrapper = (start, b"</" + self.prefix + b"worksheet>")
        edited = self.head.result()
        end = edited.rindex(self._opening_tag + self._closing_tag)
        self._out.write(edited[:end] + self._opening_tag)
        rows = Rows(self.prefix, wrapper, marks, (coloured, self._style_of_column()))
        tail = self._text if self.is_empty else self._pass_rows(rows)
        self._out.writelines(rows.rest())
        self._out.write(self._closing_tag)
        while piece := self._source.read(_PIECE):
            tail += piece
            if len(tail) > MOST_PART_BYTES:
                raise Unfamiliar("what follows the rows is too large")
        if legacy_drawing is None:
            self._out.write(tail)
            return Around(None, ())
        text = Part(start + tail)
        found, written = _with_legacy_drawing(text, legacy_drawing)
        self._out.write(written[len(start) :])
        return Around(found, tuple(_merged(text)))

    def _style_of_column(self) -> Callable[[int], int]:
        cols = self.head.root.child("cols")
        ranges = [
            (int(told["min"]), int(told["max"]), int(told["style"]))
            for each in (cols.children if cols else ())
            if "style" in (told := each.attributes)
        ]

        def style(column: int) -> int:
            return next((each[2] for each in ranges if each[0] <= column <= each[1]), 0)

        return style

    def _pass_rows(self, rows: Rows) -> bytes:
        """Write the rows; return what was read beyond them."""
        first = b"<" + self.prefix + b"row"
        last = re.compile(rb"</%ssheetData\s*>" % re.escape(self.prefix))
        text = self._text
        while True:
            end = last.search(text)
            _check_plain(text if end is None else text[: end.start()])
            if end is not None:
                self._out.writelines(rows.passed(text[: end.start()]))
                return text[end.end() :]
            # The row that begins last may go on in the next piece.
            cut = max(text.rfind(first), 0)
            if cut:
                self._out.writelines(rows.passed(text[:cut]))
                text = text[cut:]
            text += self._more(text)


def _merged(text: Part) -> Iterator[tuple[Cell, Cell]]:
    cells = text.root.child("mergeCells")
    for each in cells.children if cells else ():
        first, _, last = each.attributes.get("ref", "").partition(":")
        yield cell_at(first), cell_at(last or first)


def _check_plain(text: bytes) -> None:
    """Refuse rows in which a row might not be what it looks like."""
    if b"<!" in text or b"<?" in text or b"xmlns" in text:
        raise Unfamiliar("rows are written in a way that is not known")


def _with_legacy_drawing(text: Part, wanted: Callable[[], str]) -> tuple[str | None, bytes]:
    """Return the id of the legacy drawing there was, and the text, which now has one."""
    root = text.root
    found = root.child("legacyDrawing")
    if found is not None:
        known = found.attributes.get(f"{OFFICE} id")
        if known is None:
            raise Unfamiliar("a legacy drawing has no id")
        return known, text.content
    after = (each for each in root.children if each.name in _AFTER_LEGACY_DRAWING)
    before: Element | None = next(after, None)
    told = b"<" + root.prefix + b"legacyDrawing xmlns:r=" + quoted(OFFICE)
    written = told + b" r:id=" + quoted(wanted()) + b"/>"
    text.insert(root.closed if before is None else before.start, written)
    return None, text.result()
