"""A new workbook: the cells as they were received, the same marks, and the first sheet."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped] # XlsxWriter comes without types.

from opendata.domain.errors import Text
from opendata.tabular.annotate.account import Account, Mark
from opendata.tabular.annotate.patch.comments import AUTHOR
from opendata.tabular.annotate.patch.styles import COLOURS
from opendata.tabular.annotate.places import MOST_COLUMNS, MOST_ROWS, Cell, cell_name, quoted_sheet
from opendata.tabular.annotate.summary import SHEET_NAME, WIDTHS, Row, Style, height, rows

# Workbooks carry their date of making; a fixed one keeps the same findings the same file.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - written as it is, into a field without a zone.
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
# What the name of a sheet may not have in Excel: these, a mark at an end, or a name of its own.
_NO_NAME = re.compile(r"[\[\]:*?/\\]|^'|'$|^$|^(?i:history)$")
_FIRST_DATE = date(1900, 3, 1)
_A4 = 9
_COMMENT_PIXELS = 420
_LINE_PIXELS, _PER_LINE, _MOST_LINES = 18, 34, 24

Value = str | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A sheet to be written: its name, and its rows from the first on, each with its number."""

    name: str
    rows: Iterable[tuple[int, Sequence[Value]]]
    is_marked: bool = False


def write_fresh(account: Account, about: Text, copies: Sequence[Copy], out: IO[bytes]) -> None:
    """Write the first sheet, which ``about`` explains, and after it the sheets copied."""
    folder = Path(str(out.name)).parent if isinstance(getattr(out, "name", None), str) else None
    options = {
        "constant_memory": True,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
        **({"tmpdir": str(folder)} if folder else {}),
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        workbook.set_properties({"created": _CREATED, "title": SHEET_NAME})
        looks = _Looks(workbook)
        names: list[str] = []
        for wanted in (*(each.name for each in copies), SHEET_NAME):
            names.append(_free(_NO_NAME.sub("_", wanted), names))
        first = workbook.add_worksheet(names.pop())
        marked = next((at for at, each in enumerate(copies) if each.is_marked), None)
        target = None if marked is None else names[marked]
        _write_first(first, rows(account, about), looks, target)
        for name, each in zip(names, copies, strict=True):
            marks = account.marks() if each.is_marked else {}
            _write_copy(workbook.add_worksheet(name), each.rows, marks, looks)


class _Looks:
    """The formats of a new workbook."""

    def __init__(self, workbook: Any) -> None:
        def look(**more: Any) -> Any:
            return workbook.add_format({"valign": "top", **more})

        colours = {severity: f"#{argb[2:]}" for severity, argb in COLOURS.items()}
        self.first: Mapping[Style, Any] = {
            Style.TEXT: look(text_wrap=True),
            Style.TITLE: look(bold=True, font_size=16),
            Style.HEAD: look(bold=True),
            Style.LINK: look(text_wrap=True, font_color="#0563C1", underline=True),
            Style.ERROR: look(text_wrap=True, bg_color=colours["error"]),
            Style.CAUTION: look(text_wrap=True, bg_color=colours["caution"]),
            Style.SENTENCE: look(),
        }
        kinds = {"text": "@", "date": "yyyy-mm-dd", "time": "[h]:mm:ss", "other": "General"}
        self.plain = {
            kind: workbook.add_format({"num_format": form}) for kind, form in kinds.items()
        }
        self.marked = {
            (severity, kind): workbook.add_format({"num_format": form, "bg_color": colour})
            for severity, colour in colours.items()
            for kind, form in kinds.items()
        }


def _write_first(sheet: Any, written: Iterable[Row], looks: _Looks, marked: str | None) -> None:
    for number, width in enumerate(WIDTHS):
        sheet.set_column(number, number, width)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    for at, row in enumerate(written):
        sheet.set_row(at, height(row))
        for number, cell in enumerate(row):
            if cell.target is not None and marked is not None:
                target = f"internal:{quoted_sheet(marked)}!{cell_name(cell.target)}"
                sheet.write_url(at, number, target, looks.first[cell.style], _fitting(cell.text))
            else:
                look = looks.first[Style.TEXT if cell.style is Style.LINK else cell.style]
                sheet.write_string(at, number, _fitting(cell.text), look)


def _write_copy(
    sheet: Any,
    copied: Iterable[tuple[int, Sequence[Value]]],
    marks: Mapping[Cell, Mark],
    looks: _Looks,
) -> None:
    awaited: dict[int, dict[int, Mark]] = {}
    for cell, mark in marks.items():
        awaited.setdefault(cell.row, {})[cell.column] = mark
    last = 0
    for number, values in copied:
        for skipped in [each for each in awaited if last < each < number]:
            _write_marked(sheet, Cell(skipped, 0), (), (awaited.pop(skipped), looks))
        last = number
        here = awaited.pop(number, None)
        if here:
            _write_marked(sheet, Cell(number, 0), values, (here, looks))
        else:
            for column, value in enumerate(values):
                if value not in ("", None):
                    _put(sheet, (number - 1, column), value, looks.plain)
    for number, here in awaited.items():
        _write_marked(sheet, Cell(number, 0), (), (here, looks))


def _write_marked(
    sheet: Any, row: Cell, values: Sequence[Value], marked: tuple[Mapping[int, Mark], _Looks]
) -> None:
    here, looks = marked
    width = max(len(values), *here)
    for column in range(1, width + 1):
        value = values[column - 1] if column <= len(values) else ""
        at = (row.row - 1, column - 1)
        mark = here.get(column)
        if mark is None:
            if value not in ("", None):
                _put(sheet, at, value, looks.plain)
            continue
        kinds = {kind: looks.marked[mark.severity, kind] for kind in looks.plain}
        if value in ("", None):
            sheet.write_blank(*at, None, kinds["other"])
        else:
            _put(sheet, at, value, kinds)
        sheet.write_comment(*at, _fitting(mark.comment), _box(mark.comment))


def _box(comment: str) -> Mapping[str, Any]:
    lines = sum(1 + len(each) // _PER_LINE for each in comment.split("\n"))
    height = _LINE_PIXELS * (min(lines, _MOST_LINES) + 1)
    return {"author": AUTHOR, "width": _COMMENT_PIXELS, "height": height}


def _put(sheet: Any, at: tuple[int, int], value: Value, looks: Mapping[str, Any]) -> None:
    """Write a value as what it is; text always as text, so that none of it can be a formula."""
    if isinstance(value, bool):
        sheet.write_boolean(*at, value, looks["other"])
    elif isinstance(value, (int, float)):
        sheet.write_number(*at, value, looks["other"])
    elif isinstance(value, datetime):
        _put_moment(sheet, at, value, looks["other"], value.date())
    elif isinstance(value, date):
        _put_moment(sheet, at, value, looks["date"], value)
    elif isinstance(value, (time, timedelta)):
        sheet.write_datetime(*at, value, looks["time"])
    else:
        sheet.write_string(*at, _fitting(str(value)), looks["text"])


def _put_moment(sheet: Any, at: tuple[int, int], value: date, look: Any, day: date) -> None:
    # Excel believes that 1900 was a leap year: earlier dates would be off by a day.
    if day >= _FIRST_DATE:
        sheet.write_datetime(*at, value, look)
    else:
        sheet.write_string(*at, value.isoformat(), look)


def _fitting(text: str) -> str:
    """Return a text as long as a cell holds; the marked copy is not what is judged."""
    if len(text.encode("utf-16-le", "replace")) // 2 <= _LONGEST_TEXT:
        return text
    return text[: _LONGEST_TEXT // 2 - 1] + "…"


def _free(wanted: str, taken: Sequence[str]) -> str:
    """Return a name for a sheet that no other has; Excel's names are shorter than others'."""
    known = {each.casefold() for each in taken}
    number, free = 1, wanted[:_LONGEST_NAME]
    while free.casefold() in known:
        number += 1
        free = f"{wanted[: _LONGEST_NAME - 6]} ({number})"
    return free


def numbered(copied: Iterable[Sequence[Value]]) -> Iterator[tuple[int, Sequence[Value]]]:
    """Yield rows with their numbers, as far as a worksheet has room."""
    for number, row in enumerate(copied, start=1):
        if number > MOST_ROWS:
            return
        yield number, row[:MOST_COLUMNS]
