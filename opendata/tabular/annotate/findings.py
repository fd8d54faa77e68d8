"""Findings as whoever sent the file is told of them: words, and the cells they are about."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opendata.domain.errors import Text
from opendata.tabular.annotate.places import Cell, cell_at, cell_name, column_number
from opendata.tabular.rules import RULES, UNKNOWN_RULE
from opendata.tabular.rules.model import Severity

# A relation may name thousands of rows: these show where to look.
_MOST_CELLS = 100
_WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or caution.

    ``kind`` is its type, ``rule`` the contract's rule where there is one; ``value`` what was
    found in the cell; ``cells`` are in the file as received, none where it is about no cell.
    """

    kind: str
    severity: Severity
    rule: str | None
    basis: str | None
    title: Text
    message: Text
    place: Text
    column: str
    value: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in the received file the columns and rows of the judged table are.

    ``columns`` are the numbers of the columns as the header has them; ``named`` tells them by the
    field they are mapped to. ``by_line``: a row is found at its line, else at its number.
    """

    columns: tuple[int, ...]
    named: Mapping[str, int]
    labels: Mapping[str, str]
    header_row: int
    by_line: bool
    is_sheet: bool

    @classmethod
    def of(cls, provenance: Mapping[str, Any]) -> "Layout":
        """Read it from what the reader said of the file; a refused one said nothing."""
        mapping = provenance.get("mapping", ())
        is_sheet = "sheet" in provenance
        by_line = is_sheet or not provenance.get("multiline_records")
        columns = tuple(
            column_number(each["column"]) if "column" in each else number
            for number, each in enumerate(mapping, start=1)
        )
        return cls(
            columns=columns,
            named={each["field"]: at for each, at in zip(mapping, columns, strict=True)},
            labels={each["field"]: each["label"] for each in mapping},
            header_row=provenance.get("header_row", 1) if by_line else 1,
            by_line=by_line,
            is_sheet=is_sheet,
        )

    def column(self, number: int) -> int:
        """Return the column of the received file that is the ``number``-th of the table."""
        if number <= len(self.columns):
            return self.columns[number - 1]
        return (self.columns[-1] if self.columns else 0) + number - len(self.columns)

    def row(self, number: int, line: int | None) -> int:
        """Return the row of the received file that is row ``number`` and begins on ``line``."""
        return line if self.by_line and line is not None else number


def of_errors(errors: Iterable[Mapping[str, Any]], layout: Layout) -> Iterator[Finding]:
    """Yield the errors of a Report, in its order."""
    for error in errors:
        rule = RULES.get(error["type"], UNKNOWN_RULE)
        said = error["messages"]
        cells = tuple(_cells(error, layout))
        # What a file is refused for as a whole is no rule; the refusal has a title of its own.
        title = Text(**error["titles"]) if "titles" in error else rule.title
        yield Finding(
            kind=error["type"],
            severity="error",
            rule=error.get("rule"),
            basis=error.get("basis"),
            title=title,
            message=Text(said["zh"], said["en"]),
            place=_place(error, cells, layout),
            column=str(error.get("fieldTitle") or error.get("fieldName") or ""),
            value=_value(error),
            cells=cells,
        )


def of_cautions(cautions: Iterable[Mapping[str, Any]], layout: Layout) -> Iterator[Finding]:
    """Yield the first findings of every kind of caution, one for each row that is named."""
    for each in cautions:
        column = layout.named.get(each["field"] or "")
        rule = RULES.get(each["code"], UNKNOWN_RULE)
        for row, line in zip(each["rows"], each["lines"], strict=True):
            cells = tuple(_first_cells([layout.row(row, line)], column, layout))
            yield Finding(
                kind=each["code"],
                severity="caution",
                rule=each["name"],
                basis=each["basis"],
                title=rule.title,
                message=Text(each["message"]["zh"], each["message"]["en"]),
                place=_place({"source_line": line}, cells, layout),
                column=layout.labels.get(each["field"] or "", ""),
                value="",
                cells=cells,
            )


def _cells(error: Mapping[str, Any], layout: Layout) -> Iterator[Cell]:
    if "source_cell" in error:
        yield cell_at(error["source_cell"])
        return
    line, number = error.get("source_line"), error.get("fieldNumber", 0)
    if "labels" in error:
        if number:
            yield Cell(layout.header_row, layout.column(number))
    elif "rowNumbers" in error:
        rows = error["rowNumbers"][:_MOST_CELLS]
        lines = error.get("source_lines", [None] * len(rows))[:_MOST_CELLS]
        at = [layout.row(row, where) for row, where in zip(rows, lines, strict=True)]
        yield from _first_cells(at, layout.named.get(error.get("fieldName", "")), layout)
    elif "rowNumber" in error:
        row = layout.row(error["rowNumber"], line)
        if number:
            yield Cell(row, layout.column(number))
        else:
            yield from _named_cells(error, row, layout)
    elif line is not None:
        yield from _first_cells([line], None, layout)


def _named_cells(error: Mapping[str, Any], row: int, layout: Layout) -> Iterator[Cell]:
    """Yield the cells that a row's error names, by its column or in a formula; else the first."""
    words = [error.get("fieldName", ""), *_WORD.findall(str(error.get("note", "")))]
    named = list(dict.fromkeys(layout.named[each] for each in words if each in layout.named))
    if named:
        yield from (Cell(row, column) for column in named)
    else:
        yield from _first_cells([row], None, layout)


def _first_cells(rows: Sequence[int], column: int | None, layout: Layout) -> Iterator[Cell]:
    at = column or (layout.columns[0] if layout.columns else 1)
    yield from (Cell(row, at) for row in rows)


def _place(error: Mapping[str, Any], cells: Sequence[Cell], layout: Layout) -> Text:
    if layout.is_sheet and cells:
        names = ", ".join(map(cell_name, cells[:3])) + (" …" if len(cells) > len(cells[:3]) else "")
        return Text(f"单元格 {names}", f"cell {names}")
    if "source_cell" in error:
        return Text(f"单元格 {error['source_cell']}", f"cell {error['source_cell']}")
    if error.get("source_line") is not None:
        number = error.get("fieldNumber")
        zh, en = f"第 {error['source_line']} 行", f"line {error['source_line']}"
        return Text(f"{zh}第 {number} 列", f"{en}, column {number}") if number else Text(zh, en)
    if "labels" in error:
        return Text("表头", "header")
    return Text("文件", "file")


def _value(error: Mapping[str, Any]) -> str:
    for key in ("cell", "found", "label"):
        if error.get(key) is not None:
            return str(error[key])
    return ""
