"""Sums of what was found, by kind and column; they take no more memory the more is found."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from opendata.domain.privacy import Flag, Kind, Where
from opendata.tabular.privacy.numbers import Sign
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

    def add(self, row: int, *, strong: bool) -> None:
        self.count += 1
        self.strong = self.strong or strong
        if len(self.rows) < MOST_ROWS:
            self.rows.append(row)


class Tallies:
    """What was found so far."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._cells: dict[tuple[str, Kind], _Tally] = {}
        self._failed: Counter[tuple[str, Kind]] = Counter()
        self._beside: dict[Where, list[int | None]] = {}

    def add(self, name: str, signs: Iterable[Sign], row: int) -> None:
        """Count one cell of a column with these signs; rows come in order."""
        kinds: dict[Kind, bool] = {}
        for sign in signs:
            if sign.failed:
                self._failed[name, sign.kind] += 1
            else:
                kinds[sign.kind] = kinds.get(sign.kind, False) or sign.strong
        for kind, strong in kinds.items():
            self._cells.setdefault((name, kind), _Tally()).add(row, strong=strong)

    def beside(self, where: Where, line: int | None) -> None:
        """Count one marking beside the table."""
        self._beside.setdefault(where, []).append(line)

    def flags(self, lines: SourceLines) -> Iterator[Flag]:
        """Yield the flags: markings first, then by kind and in the order of columns met."""
        for where, places in self._beside.items():
            told = tuple(each for each in places if each is not None)[:MOST_ROWS]
            yield Flag(Kind.MARKING, None, len(places), (), told, strong=True, where=where)
        order = [Kind.MARKING, *(each for each in Kind if each is not Kind.MARKING)]
        for (name, kind), tally in sorted(
            self._cells.items(), key=lambda each: order.index(each[0][1])
        ):
            rows = tuple(tally.rows)
            told = tuple(map(lines.line_of, rows))
            is_likely = self._is_likely(name, kind, tally.count)
            if is_likely or kind is Kind.BANK_CARD or tally.strong:
                strong = tally.strong and (is_likely or kind is not Kind.BANK_CARD)
                yield Flag(kind, name, tally.count, rows, told, strong)

    def _is_likely(self, name: str, kind: Kind, count: int) -> bool:
        """Whether most of what has the shape of a kind in a column passed its checks."""
        return count / (count + self._failed[name, kind]) >= _LEAST_SHARE
