"""Sums of what was found, by kind and column; they take no more memory the more is found."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import polars as pl

from opendata.domain.privacy import BARRED, Flag, Kind, Where
from opendata.tabular.privacy.signs import Sign
from opendata.tabular.text_table import SourceLines

MOST_ROWS = 20
# By chance one number in ten has a bank card's check digit, and one 15-digit number in a few
# thousand a county and a birthday; what are cards and persons nearly all have them.
_LEAST_SHARE = 0.5


@dataclass(slots=True)
class _Tally:
    count: int = 0
    strong: bool = False
    rows: list[int] = field(default_factory=list)

    def add(self, rows: pl.Series, *, strong: bool) -> None:
        self.count += len(rows)
        self.strong = self.strong or strong
        self.rows = sorted([*self.rows, *rows.head(MOST_ROWS)])[:MOST_ROWS]


class Tallies:
    """What was found so far."""

    def __init__(self) -> None:
        """Nothing yet."""
        # What bars publication is apart from what is like it.
        self._cells: dict[tuple[str, Kind, bool], _Tally] = {}
        self._failed: Counter[tuple[str, Kind]] = Counter()
        self._beside: dict[Where, list[int | None]] = {}

    def add(self, name: str, signs: Iterable[Sign], rows: pl.Series) -> None:
        """Count the cells of a column in these rows, which are in order, with these signs each."""
        if rows.is_empty():
            return
        kinds: dict[Kind, bool] = {}
        for sign in signs:
            if sign.failed:
                self._failed[name, sign.kind] += len(rows)
            else:
                kinds[sign.kind] = kinds.get(sign.kind, False) or sign.strong
        for kind, strong in kinds.items():
            key = (name, kind, strong and kind in BARRED)
            self._cells.setdefault(key, _Tally()).add(rows, strong=strong)

    def beside(self, where: Where, line: int | None) -> None:
        """Count one marking beside the table."""
        self._beside.setdefault(where, []).append(line)

    def flags(self, lines: SourceLines) -> Iterator[Flag]:
        """Yield the flags: markings first, then by kind and in the order of columns met."""
        for where, places in self._beside.items():
            told = tuple(each for each in places if each is not None)[:MOST_ROWS]
            yield Flag(Kind.MARKING, None, len(places), (), told, strong=True, where=where)
        order = [Kind.MARKING, *(each for each in Kind if each is not Kind.MARKING)]
        for (name, kind, _), tally in sorted(
            self._cells.items(), key=lambda each: (order.index(each[0][1]), not each[0][2])
        ):
            rows = tuple(tally.rows)
            told = tuple(map(lines.line_of, rows))
            is_likely = self._is_likely(name, kind)
            if is_likely or kind is Kind.BANK_CARD or tally.strong:
                strong = tally.strong and (is_likely or kind is not Kind.BANK_CARD)
                yield Flag(kind, name, tally.count, rows, told, strong)

    def _is_likely(self, name: str, kind: Kind) -> bool:
        """Whether most of what has the shape of a kind in a column passed its checks."""
        keys = ((name, kind, barred) for barred in (False, True))
        passed = sum(self._cells[each].count for each in keys if each in self._cells)
        return passed / (passed + self._failed[name, kind]) >= _LEAST_SHARE
