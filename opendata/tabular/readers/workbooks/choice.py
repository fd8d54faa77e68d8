"""Which sheet of a workbook is meant, and where its header is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from opendata.domain.contracts import Contract
from opendata.domain.privacy import Where
from opendata.tabular.readers.headers import HEADER_ROWS, HeaderRow, best_header, no_header
from opendata.tabular.readers.markup import SIGN
from opendata.tabular.readers.model import Beside
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.model import Place, Sheet, Workbook
from opendata.tabular.readers.workbooks.texts import plain
from opendata.tabular.refusals import EmptyFile, SeveralHeaders

# Cells of other sheets below their first rows: one or two seconds' worth.
_MOST_FURTHER = 1_000_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sheet with a header of the contract's.

    ``row`` is the header's, ``left`` its first column; ``labels`` are its cells from there to
    its last filled one; ``above`` are the rows above it, from its first column on, ``titles``
    counts the filled ones; ``sheets`` counts the sheets with any cell; ``beside`` are the texts
    of header and titles, the sheets' names and what other sheets say.
    """

    sheet: Sheet
    row: int
    left: int
    labels: tuple[str, ...]
    above: Sequence[Sequence[str]]
    titles: int
    sheets: int
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    sheet: Sheet
    head: HeaderRow
    rows: Sequence[Sequence[str]]


def choose(book: Workbook, contract: Contract) -> Chosen:
    """Return the one sheet that fits the contract best.

    Raises:
        SeveralSheets: two fit equally well.
        SeveralHeaders: two rows of it do.
        SplitHeader: its header is more than a row of single cells.
        NoHeader: none fits.
        EmptyFile: no sheet has any cell.
    """
    best: list[_Candidate] = []
    looked_at: list[tuple[Sheet, Sequence[Sequence[str]]]] = []
    seen = 0
    for sheet in book.sheets():
        if not sheet.facts.rows:
            continue
        seen += 1
        rows = [[plain(each) for each in row] for row in islice(sheet.rows(), HEADER_ROWS)]
        head = best_header(rows, contract)
        looked_at.append((sheet, rows))
        if head is None or (best and head.count < best[0].head.count):
            continue
        if best and head.count > best[0].head.count:
            best.clear()
        best.append(_Candidate(sheet, head, rows))
    margins = [Beside(Where.SHEET, None, each) for each in book.margins()]
    if not seen:
        raise EmptyFile("工作簿里没有任何内容。", "There is nothing in the workbook.")
    if not best:
        raise no_header(contract, "")
    if len(best) > 1:
        raise faults.several_sheets([each.sheet for each in best])
    return replace(
        _chosen(best[0], contract, seen),
        beside=tuple(
            dict.fromkeys((*margins, *_beside(best[0], looked_at), *_further(best[0], looked_at)))
        ),
    )


def _chosen(found: _Candidate, contract: Contract, sheets: int) -> Chosen:
    head = found.head.index
    if found.head.rivals:
        rows = [head, *found.head.rivals]
        raise SeveralHeaders(
            f"第 {'、'.join(str(each + 1) for each in rows)} 行同样像表头，无法判断以哪行为准。"
            "请只保留一行列名。",
            f"Rows {', '.join(str(each + 1) for each in rows)} look like the header equally. "
            "Keep one row of column names.",
            [f"/row/{each + 1}" for each in rows],
        )
    cells = found.rows[head]
    filled = [at for at, cell in enumerate(cells) if cell.strip()]
    left, right = filled[0], filled[-1] + 1
    _check_single(found, contract)
    titles = sum(any(cell.strip() for cell in row) for row in found.rows[:head])
    labels = tuple(cells[left:right])
    above = [row[left:] for row in found.rows[:head]]
    return Chosen(found.sheet, head, left, labels, above, titles, sheets)


def _beside(
    found: _Candidate, looked_at: Sequence[tuple[Sheet, Sequence[Sequence[str]]]]
) -> Iterator[Beside]:
    """Yield what stands above the records of the sheet, and what is first seen of the others."""
    for sheet, rows in looked_at:
        yield Beside(Where.SHEET, None, sheet.name)
        own = sheet is found.sheet
        for at, row in enumerate(rows[: found.head.index + 1] if own else rows, start=1):
            for cell in row:
                if cell.strip():
                    yield (
                        Beside(Where.HEADING, at, cell) if own else Beside(Where.SHEET, None, cell)
                    )


def _further(
    found: _Candidate, looked_at: Sequence[tuple[Sheet, Sequence[Sequence[str]]]]
) -> Iterator[Beside]:
    """Yield what may be a marking in the later rows of other sheets, of all together so many."""
    left = _MOST_FURTHER
    for sheet, _ in looked_at:
        rows = iter(()) if sheet is found.sheet else islice(sheet.rows(), HEADER_ROWS, None)
        for row in rows:
            if left <= 0:
                return
            left -= len(row)
            for cell in row:
                if isinstance(cell, str) and SIGN in cell:
                    yield Beside(Where.SHEET, None, cell)


def _check_single(found: _Candidate, contract: Contract) -> None:
    """Refuse a header that is merged, or that goes on in the row above or below it."""
    head = found.head.index
    merged = [each for each in found.sheet.facts.merged if each.top <= head <= each.bottom]
    if merged:
        where = [Place(each.top, each.left).pointer for each in merged]
        raise faults.split_header([each.name for each in merged], where)
    cells = found.rows[head]
    for other in (head - 1, head + 1):
        if not 0 <= other < len(found.rows):
            continue
        gaps = [
            label for label, cell in zip(found.rows[other], cells, strict=True) if not cell.strip()
        ]
        if best_header([gaps], contract):
            rows = sorted([head, other])
            raise faults.split_header([], [f"/row/{each + 1}" for each in rows])
