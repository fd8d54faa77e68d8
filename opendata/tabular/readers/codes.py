"""Codes that a spreadsheet has turned into rounded numbers: 9.14403E+17 for a credit code.

Nobody can tell the digits that are gone, so that such a table is refused and not merely faulted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.tabular.refusals import DamagedIdentifier
from opendata.tabular.scan.model import Block, Layout
from opendata.tabular.scan.parsing import records_of

_DAMAGED = r"-?[0-9](\.[0-9]+)?E\+[0-9]{2,3}"
_PATTERN = re.compile(_DAMAGED)
_SHORTEST, _LONGEST = len("1E+17"), len("-1.23456789012345678E+171")
_CODE_CHECKS = frozenset({"uscc", "region-code", "project-code"})
_NAMED = re.compile(r"(^|_)(code|no|number|uscc|id)$")


def code_columns(header: Sequence[tuple[str, str]], contract: Contract) -> tuple[int, ...]:
    """Return the positions of the columns that hold codes, in which no such number can be right.

    Those are columns of text that a pattern with digits or a check of codes is declared on, or
    whose machine name says so.
    """
    checked = {
        name
        for each in contract.checklist.get("checks", ())
        if each.get("type") in _CODE_CHECKS
        for name in _names(each)
    }
    codes = {field.name for field in contract.fields if _is_code(field, checked)}
    return tuple(at for at, (_, name) in enumerate(header) if name in codes)


def is_damaged(cell: str) -> bool:
    """Whether a cell of such a column is what a spreadsheet made of a code.

    >>> is_damaged("9.14403E+17"), is_damaged("91440300MA5E+17")
    (True, False)
    """
    return len(cell) <= _LONGEST and _PATTERN.fullmatch(cell) is not None


def damaged_in(block: Block, columns: Sequence[int], layout: Layout) -> Iterator[tuple[int, int]]:
    """Yield row number and column of each damaged code in a block, row by row."""
    if not columns:
        return
    if block.frame is not None:
        found = [(row, at) for at in columns for row in _damaged_rows(block.frame, at)]
        yield from ((block.first_row + row, at) for row, at in sorted(found))
        return
    records = block.records
    if records is None:
        records = records_of(block.data, layout) if b"E+" in block.data else []
    for number, cells in enumerate(records, start=block.first_row):
        for at in columns:
            if at < len(cells) and is_damaged(cells[at]):
                yield number, at


def _damaged_rows(frame: pl.DataFrame, column: int) -> list[int]:
    cells = frame.to_series(column)
    # Lengths cost a tenth of what looking at every cell does.
    if not cells.str.len_bytes().is_between(_SHORTEST, _LONGEST).any():
        return []
    found: list[int] = cells.str.contains(f"^{_DAMAGED}$").arg_true().to_list()
    return found


def refuse_damaged(places: Iterable[tuple[str, str]]) -> None:
    """Refuse a table whose codes are gone.

    Args:
        places: Pointers of the cells, each with the label of its column.

    Raises:
        DamagedIdentifier: there are any.
    """
    found = [(place, _words(label)) for place, label in places]
    if found:
        raise DamagedIdentifier(*found[0][1], found)


def _words(label: str) -> Text:
    return Text(
        f"“{label}”列的编号被表格软件改成了科学计数（如 9.14403E+17），末尾数字已丢失，无法还原。"
        "请从原系统重新导出，导入表格软件时把该列设为“文本”。",
        f'A code in the column "{label}" was turned into a rounded number (such as 9.14403E+17): '
        "its last digits are gone. Export it anew, and import the column as text.",
    )


def _is_code(field: Field, checked: set[str]) -> bool:
    pattern = field.constraints.get("pattern", "")
    if field.type != "string" or (pattern and re.fullmatch(pattern, "1.23E+17")):
        return False
    return "0-9" in pattern or field.name in checked or _NAMED.search(field.name) is not None


def _names(check: Mapping[str, Any]) -> list[str]:
    single = check.get("fieldName")
    return [single] if isinstance(single, str) else list(check.get("fieldNames") or ())
