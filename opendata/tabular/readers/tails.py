"""What stands below a table: notes and totals, left out where the contract says so, else refused.

Only rows after the last full one count; nothing in the middle of a table is ever left out.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.domain.privacy import Where
from opendata.tabular.readers.headers import Matched
from opendata.tabular.readers.model import Beside, note
from opendata.tabular.refusals import TotalsRow, TrailingNote

# More rows than these below a table are no remarks on it, but a damaged table.
MOST_ROWS = 100
_TOTAL = re.compile(r"(本页|本表|以上)?(总?合计|总计|小计|共计)(数|额|金额)?[:：]?(\(.*\))?")


class Rule(StrEnum):
    """What a row below the table is left out for."""

    NOTES = "notes"
    TOTALS = "totals"
    BLANK = "blank"


class Tail:
    """Passes on the rows of a table but for those that stand below it."""

    def __init__(self, matched: Matched, contract: Contract, place: Callable[[int], str]) -> None:
        """Read rows under this header.

        Args:
            matched: The header.
            contract: Which columns must be filled, and what may be left out.
            place: Gives the pointer of the row on a line.
        """
        required = {field.name for field in contract.fields if field.required}
        self._required = [at for at, (_, name) in enumerate(matched.header) if name in required]
        self._reading = contract.reading
        self._place = place
        self.stripped: list[Mapping[str, object]] = []
        self.beside: list[Beside] = []

    def rule(self, cells: Sequence[str], merged: bool = False) -> Rule | None:
        """Say what a row would be if nothing but its like came after it; ``None``: a full row.

        ``merged`` says that its only filled cell spans several columns.
        """
        filled = [at for at, cell in enumerate(cells) if cell and not cell.isspace()]
        if not filled:
            return Rule.BLANK
        if all(at < len(cells) and cells[at].strip() for at in self._required):
            return None
        if _TOTAL.fullmatch(_compact(cells[filled[0]])):
            return Rule.TOTALS
        alone = len(filled) == 1 and (merged or filled[0] == 0)
        return Rule.NOTES if alone and self._lacks_other(filled[0]) else None

    def without(
        self, rows: Iterable[tuple[Sequence[str], int, bool]]
    ) -> Iterator[tuple[Sequence[str], int]]:
        """Yield the rows that belong to the table; ``stripped`` then says which did not.

        Each row comes with its line and whether its only filled cell is a merged one. Blank rows
        below the last full one are left out only together with notes or totals.

        Raises:
            TrailingNote: notes stand below, and the contract does not allow that.
            TotalsRow: so do totals.
        """
        held: list[tuple[Sequence[str], int, Rule]] = []
        # Nothing stands below a table of which no full row was seen yet.
        passing = True
        for cells, line, merged in rows:
            rule = self.rule(cells, merged)
            if rule is not None and not passing:
                held.append((cells, line, rule))
                if len(held) <= MOST_ROWS:
                    continue
            yield from ((each, at) for each, at, _ in held)
            if rule is None or passing:
                yield cells, line
            passing = rule is not None
            held = []
        yield from self._end(held)

    def notes(self) -> Iterator[Mapping[str, str]]:
        """Yield what to say of the rows that were left out."""
        for rule, code, zh, en in (
            (Rule.NOTES, "notes-stripped", "说明", "notes"),
            (Rule.TOTALS, "totals-stripped", "合计", "totals"),
        ):
            lines = [str(each["line"]) for each in self.stripped if each["rule"] == rule]
            if lines:
                listed = "、".join(lines)
                yield note(
                    code,
                    f"表格下方第 {listed} 行是{zh}，按数据规范的声明未读入。",
                    f"Rows {', '.join(lines)} below the table are {en}, left out as the "
                    "contract declares.",
                )

    def _lacks_other(self, filled: int) -> bool:
        return any(at != filled for at in self._required)

    def _end(
        self, held: Sequence[tuple[Sequence[str], int, Rule]]
    ) -> Iterator[tuple[Sequence[str], int]]:
        """Leave out what was held back, or refuse it, or pass on blank rows."""
        said = [(line, rule) for _, line, rule in held if rule is not Rule.BLANK]
        self._refuse([line for line, rule in said if rule is Rule.NOTES], Rule.NOTES)
        self._refuse([line for line, rule in said if rule is Rule.TOTALS], Rule.TOTALS)
        self.stripped = [{"line": line, "rule": str(rule)} for line, rule in said]
        self.beside = [
            Beside(Where.NOTE, line, cell)
            for cells, line, rule in held
            for cell in cells
            if rule is not Rule.BLANK and cell.strip()
        ]
        if not said:
            yield from ((cells, line) for cells, line, _ in held)

    def _refuse(self, lines: Sequence[int], rule: Rule) -> None:
        if rule is Rule.NOTES and lines and not self._reading.strip_notes:
            raise TrailingNote(*_note_words(lines[0]), [self._place(line) for line in lines])
        if rule is Rule.TOTALS and lines and not self._reading.strip_totals:
            raise TotalsRow(*_totals_words(lines[0]), [self._place(line) for line in lines])


def _note_words(line: int) -> Text:
    return Text(
        f"表格下方有说明文字（自第 {line} 行起，只有一格有内容）。"
        "请删去表格下方的说明，或写入相应的列。",
        f"There are notes below the table (from row {line} on only one cell is filled). "
        "Remove them, or put them into a column.",
    )


def _totals_words(line: int) -> Text:
    return Text(
        f"第 {line} 行是合计行，不是一条记录。请删去表格下方的合计行。",
        f"Row {line} adds up the table and is no record of its own. Remove it.",
    )


def _compact(cell: str) -> str:
    return "".join(unicodedata.normalize("NFKC", cell[:40]).split())
