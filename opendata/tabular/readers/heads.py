"""The head of a text file: what divides its columns, and on which line its header is."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.domain.privacy import Where
from opendata.tabular.physical_lines import PhysicalLines, open_text, records
from opendata.tabular.readers.encodings import Encoding
from opendata.tabular.readers.headers import (
    HEADER_ROWS,
    HeaderRow,
    Matched,
    best_header,
    check_above,
    match,
)
from opendata.tabular.readers.model import Beside
from opendata.tabular.refusals import AmbiguousDelimiter, SeveralHeaders, Unreadable
from opendata.tabular.tally import Tally

DELIMITERS = {
    ",": ("comma", "逗号", "comma"),
    "\t": ("tab", "制表符", "tab"),
    ";": ("semicolon", "分号", "semicolon"),
    "|": ("vertical-bar", "竖线", "vertical bar"),
}
_MOST_CHARACTERS = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Head:
    """Where a header is, under one delimiter.

    ``index`` records precede it, ``titles`` of them with text; it begins on ``line``. ``matched``
    says what its labels mean; ``beside`` are the texts of header and titles.
    """

    delimiter: str
    index: int
    titles: int
    line: int
    matched: Matched
    beside: tuple[Beside, ...]

    @property
    def is_chinese(self) -> bool:
        """Whether a column was recognised by a label that is not plain ASCII."""
        return any(each["field"] and not each["label"].isascii() for each in self.matched.mapping)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the first records look like under one delimiter."""

    delimiter: str
    rows: list[list[str]]
    lines: list[int]
    best: HeaderRow | None

    @property
    def count(self) -> int:
        return self.best.count if self.best else 0


def head_of(path: Path, encoding: Encoding, contract: Contract) -> Head | None:
    """Find the header, and with it the delimiter: the one under which it names most columns.

    A delimiter that does not occur in its header has nothing to say for itself; where none does,
    it is the comma.

    Raises:
        AmbiguousDelimiter, SeveralHeaders: two are equally good.
        UnitContradicts: the header states another unit than the contract.
        RecordsAboveHeader: there are records above it.
    """
    found: list[_Found] = []
    for delimiter in DELIMITERS:
        here = _look(path, encoding, contract, delimiter)
        if here.count == len(contract.fields):
            return _head(here, contract)
        found.append(here)
    divided = [each for each in found if each.best and len(each.rows[each.best.index]) > 1]
    options = divided or [each for each in found[:1] if each.best]
    most = max((each.count for each in options), default=0)
    best = [each for each in options if each.count == most]
    if len(best) > 1:
        zh = "和".join(DELIMITERS[each.delimiter][1] for each in best)
        en = " and ".join(DELIMITERS[each.delimiter][2] for each in best)
        raise AmbiguousDelimiter(
            f"以{zh}分列都能认出 {most} 个列名，无法确定用哪一个。请只用一种分隔符重新保存。",
            f"Divided by {en} alike the header names {most} columns. Use one delimiter only.",
            [f"/line/{each.lines[each.best.index]}" for each in best if each.best],
        )
    return _head(best[0], contract) if best else None


def first_records(
    path: Path, encoding: Encoding, delimiter: str, errors: str = "strict"
) -> Iterator[tuple[int, list[str]]]:
    """Yield the first records, each with the line on which it begins.

    Raises:
        Unreadable: the first lines are no text of records in this encoding.
    """
    tally = Tally()
    with open_text(path, encoding.codec, encoding.mark, errors) as stream:
        lines = PhysicalLines(path, stream, tally)
        line, characters = 1, 0
        for cells in records(lines, delimiter):
            yield line, cells
            characters += sum(map(len, cells))
            if characters > _MOST_CHARACTERS or tally.row > HEADER_ROWS:
                return
            line = tally.line


def _look(path: Path, encoding: Encoding, contract: Contract, delimiter: str) -> _Found:
    rows: list[list[str]] = []
    lines: list[int] = []
    # A fault behind the header is told by the pass over the rows; one before it, if no header
    # is found.
    with suppress(Unreadable):
        for line, cells in first_records(path, encoding, delimiter, "replace"):
            rows.append(cells)
            lines.append(line)
    return _Found(delimiter, rows, lines, best_header(rows, contract))


def _head(found: _Found, contract: Contract) -> Head:
    best = found.best
    if best is None:
        raise ValueError("There is no header.")
    line = found.lines[best.index]
    if best.rivals:
        lines = [line, *(found.lines[at] for at in best.rivals)]
        listed = [str(each) for each in lines]
        raise SeveralHeaders(
            f"第 {'、'.join(listed)} 行都像表头，无法确定用哪一行。请只保留一行表头。",
            f"Lines {', '.join(listed)} could all be the header. Keep one of them.",
            [f"/line/{each}" for each in lines],
        )
    matched = match(found.rows[best.index], contract, lambda _: f"/line/{line}")
    above = found.rows[: best.index]
    check_above(above, matched, contract, lambda at: f"/line/{found.lines[at]}")
    return Head(
        delimiter=found.delimiter,
        index=best.index,
        titles=sum(any(cell.strip() for cell in row) for row in above),
        line=line,
        matched=matched,
        beside=tuple(_beside(found, best.index)),
    )


def _beside(found: _Found, header: int) -> Iterator[Beside]:
    for line, row in zip(found.lines[: header + 1], found.rows[: header + 1], strict=True):
        yield from (Beside(Where.HEADING, line, cell) for cell in row if cell.strip())
