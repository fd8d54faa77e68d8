"""Workbooks to mark, and what must be true of every one that was marked."""

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

from opendata.tabular.annotate import Account, Outcome, account_of
from opendata.tabular.annotate.patch import patch

Parts = dict[str, bytes]
Changes = Mapping[str, Callable[[bytes], bytes]]
SHEET = "xl/worksheets/sheet1.xml"
ERROR_COLOUR, CAUTION_COLOUR = "FFFFC7CE", "FFFFEB9C"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def made(path: Path, write: Callable[[Any], None] | None = None) -> Path:
    """Write a workbook of two sheets, 数据 with a small table and 其他; ``write`` adds to it."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("数据")
        other = book.add_worksheet("其他")
        bold = book.add_format({"bold": True, "num_format": "0.00"})
        for row in range(6):
            for column in range(4):
                sheet.write(row, column, f"格 {row}.{column}" if column < 2 else row * column, bold)
        sheet.write_formula("F1", "=SUM(C1:C6)", None, 30)
        other.write("A1", "=数据!A1")
        if write is not None:
            write(book)
    return path


def parts_of(path: Path) -> Parts:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def rewritten(path: Path, changes: Changes) -> Path:
    """Change parts of a package; one that becomes empty is dropped."""
    parts = parts_of(path)
    for name, change in changes.items():
        parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            if content:
                package.writestr(name, content)
    return path


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    """Return what replaces ``old``, which must be there."""

    def change(content: bytes) -> bytes:
        assert old in content, content[:2000]
        return content.replace(old, new)

    return change


def account_at(*cells: str, sheet: str = "数据", cautions: Iterable[str] = ()) -> Account:
    """Return findings at cells of a sheet."""
    errors = [
        {
            "type": "type-error",
            "rowNumber": int(re.sub("[A-Z]", "", cell)),
            "fieldNumber": 1,
            "cell": "<坏>",
            "source_line": int(re.sub("[A-Z]", "", cell)),
            "source_cell": cell,
            "rule": "T-1",
            "basis": "条例第十条",
            "messages": {"zh": f"单元格 {cell}：应为整数 & 非空。", "en": f"Cell {cell}: bad."},
        }
        for cell in cells
    ]
    told = [
        {"code": "value-expected", "name": "T-2", "basis": None, "field": "amount", "count": 1,
         "rows": [int(cell[1:])], "lines": [int(cell[1:])],
         "message": {"zh": "建议填写。", "en": "Value expected."}}
        for cell in cautions
    ]  # fmt: skip
    mapping = [{"label": "金额", "field": "amount", "by": "title", "column": "B"}]
    return account_of(
        Outcome(
            filename="表.xlsx",
            valid=not errors,
            counts={"rows": 5, "errors": len(errors), "by_type": {"type-error": len(errors)}},
            errors=errors,
            cautions=told,
            provenance={"format": "xlsx", "sheet": sheet, "mapping": mapping, "header_row": 1},
        )
    )


def patched(path: Path, account: Account) -> Path:
    """Mark the workbook and see that all that should be the same is the same."""
    out = path.with_name("marked.xlsx")
    with out.open("wb") as file:
        patch(path, account.outcome.provenance["sheet"], account, file)
    check_package(out)
    check_untouched(path, out)
    return out


def check_package(path: Path) -> None:
    """Every part has one name and one type, and every relationship leads somewhere."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        assert package.testzip() is None
    assert len(names) == len({name.lower() for name in names})
    assert names[0] == "[Content_Types].xml"
    parts = parts_of(path)
    types = ET.fromstring(parts["[Content_Types].xml"])  # noqa: S314 - what we wrote ourselves.
    overrides = [each.get("PartName", "").lstrip("/") for each in types.iter(f"{_TYPES}Override")]
    assert len(overrides) == len(set(overrides))
    assert set(overrides) <= set(names)
    defaults = {each.get("Extension", "").lower() for each in types.iter(f"{_TYPES}Default")}
    for name in names[1:]:
        assert name in overrides or name.rpartition(".")[2].lower() in defaults, name
        if name.endswith(".rels"):
            check_relations(name, parts)


def check_relations(name: str, parts: Parts) -> None:
    """Ids are unique, and what they lead to is there."""
    folder = posixpath.dirname(posixpath.dirname(name))
    relations = list(ET.fromstring(parts[name]).iter(_RELATIONS))  # noqa: S314 - as above.
    ids = [each.get("Id") for each in relations]
    assert len(ids) == len(set(ids))
    for each in relations:
        if each.get("TargetMode") != "External":
            target = posixpath.join("/", folder, each.get("Target", ""))
            assert posixpath.normpath(target).lstrip("/") in parts, target


def check_untouched(before: Path, after: Path) -> None:
    """Other sheets, charts, images and macros keep every byte; all cells keep their values."""
    old, new = parts_of(before), parts_of(after)
    edited = re.compile(
        r"\[Content_Types\]\.xml|xl/(styles\d*|workbook)\.xml|xl/worksheets/sheet1\.xml"
        r"|xl/comments.*\.xml|xl/drawings/.*\.vml|.*\.rels"
    )
    for name, content in old.items():
        assert edited.fullmatch(name) or new[name] == content, name
    first, *sheets = CalamineWorkbook.from_path(after).sheet_names
    assert first.startswith("校验结果")
    was = CalamineWorkbook.from_path(before)
    assert sheets == was.sheet_names
    now = CalamineWorkbook.from_path(after)
    for name in sheets:
        assert filled(now, name) == filled(was, name)


def filled(book: CalamineWorkbook, name: str) -> dict[tuple[int, int], Any]:
    """Return the cells of a sheet that hold something."""
    table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return {
        (row, column): value
        for row, values in enumerate(table)
        for column, value in enumerate(values)
        if value != ""
    }


def opened(path: Path) -> Any:
    """Open a workbook with the library that knows most of what Excel knows."""
    with warnings.catch_warnings():
        # It says of some things that it would not write them.
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(path.read_bytes()))


def looks(sheet: Any, cell: str) -> tuple[str, str]:
    """Return a cell's colour and what is said of it."""
    found = sheet[cell]
    return found.fill.fgColor.rgb, found.comment.text if found.comment else ""
