"""Sums of what was found, by kind and column; they take no more memory the more is found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from opendata.domain.privacy import Flag, Kind, Where
from opendata.tabular.privacy.numbers import Sign
from opendata.tabular.text_table import SourceLines

MOST_ROWS = 20
# One number in ten has the right check digit by chance, nearly every card has it.
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
        self._failed: dict[str, int] = {}
        self._beside: dict[Where, list[int | None]] = {}

    def add(self, name: str, signs: Iterable[Sign], row: int) -> None:
        """Count one cell of a column with these signs; rows come in order."""
        kinds: dict[Kind, bool] = {}
        for sign in signs:
            if not sign.failed:
                kinds[sign.kind] = kinds.get(sign.kind, False) or sign.strong
            elif Kind.BANK_CARD not in kinds:
                self._failed[name] = self._failed.get(name, 0) + 1
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
            strong = tally.strong and self._is_likely(name, kind, tally.count)
            told = tuple(map(lines.line_of, rows))
            yield Flag(kind, name, tally.count, rows, told, strong)

    def _is_likely(self, name: str, kind: Kind, count: int) -> bool:
        """Whether numbers like bank cards' are: else most of their like would fail the check."""
        if kind is not Kind.BANK_CARD:
            return True
        return count / (count + self._failed.get(name, 0)) >= _LEAST_SHARE
