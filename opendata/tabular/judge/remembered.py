"""What is said of a text is said wherever it occurs: asked once, written once, remembered.

Frictionless's reader of a field looks at a cell's text and at nothing else, a rule of ours at the
cells it names. What they have to say of another row with the same texts differs in the row's
number, its line and its other cells only; for these it is written with gaps.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import orjson

from opendata.tabular.judge.bench import Bench
from opendata.tabular.judge.cautions import Name
from opendata.tabular.judge.log import CELLS_GAP, LINE_GAP, ROW_GAP, Said

# So many characters of texts, and of what it takes to remember one; then all is forgotten.
MOST_REMEMBERED = 8 * 1024 * 1024
_FOR_ONE = 128
Texts = tuple[str, ...]
_Asked = TypeVar("_Asked", str, Texts)
_Answer = TypeVar("_Answer")


class Remembered:
    """Asks the readers of cells and our rules, and remembers what they said."""

    def __init__(self, bench: Bench) -> None:
        """Begin without any memory."""
        self._bench = bench
        # Nobody who wrote a file can have known these numbers: they stand in no cell.
        self._row, self._line = (10**17 + secrets.randbelow(9 * 10**17) for _ in range(2))
        self._known: defaultdict[tuple[str, int], dict[Any, Any]] = defaultdict(dict)
        self._size = 0

    def of_cells(self, at: int, texts: Iterable[str]) -> Iterator[tuple[Said, ...]]:
        """Yield what is wrong with cells of the column at position ``at``."""
        judge = self._bench.judge

        def ask(text: str) -> tuple[Said, ...]:
            return self._written(judge.of_cell(self._row, at, text))

        return self._answers(("cells", at), texts, ask)

    def of_check(
        self, at: int, positions: tuple[int, ...], rows: Iterable[Texts]
    ) -> Iterator[tuple[Said, ...]]:
        """Yield what check number ``at`` says of rows, of which it sees ``positions``."""
        judge = self._bench.judge

        def ask(texts: Texts) -> tuple[Said, ...]:
            return self._written(judge.check(at, judge.part_of_row(self._row, positions, texts)))

        return self._answers(("checks", at), rows, ask)

    def of_caution(
        self, at: int, positions: tuple[int, ...], rows: Iterable[Texts]
    ) -> Iterator[tuple[Name, ...]]:
        """Yield the kinds that caution number ``at`` finds in rows."""
        judge, kinds = self._bench.judge, self._bench.kinds

        def ask(texts: Texts) -> tuple[Name, ...]:
            return kinds.named(at, judge.part_of_row(self._row, positions, texts))

        return self._answers(("cautions", at), rows, ask)

    def of_blank(self, rows: int) -> Iterator[tuple[Said, ...]]:
        """Yield what is wrong with so many rows without any value."""
        judge = self._bench.judge

        def ask(_: str) -> tuple[Said, ...]:
            return self._written(judge.of_blank(self._row))

        return self._answers(("blank", 0), [""] * rows, ask)

    def _answers(
        self,
        about: tuple[str, int],
        asked: Iterable[_Asked],
        ask: Callable[[_Asked], _Answer],
    ) -> Iterator[_Answer]:
        known: dict[_Asked, _Answer] = self._known[about]
        for each in asked:
            found = known.get(each)
            if found is None:
                found = ask(each)
                self._make_room(each)
                known[each] = found
            yield found

    def _make_room(self, asked: str | Texts) -> None:
        self._size += _FOR_ONE + sum(map(len, [asked] if isinstance(asked, str) else asked))
        if self._size > MOST_REMEMBERED:
            for known in self._known.values():
                known.clear()
            self._size = 0

    def _written(self, errors: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
        """Write errors of the row that stands for every row, with gaps, into the log."""
        found = []
        for error in errors:
            worded = self._bench.words.add(dict(error), self._line)
            text = orjson.dumps({**worded, "cells": orjson.Fragment(CELLS_GAP)})
            text = text.replace(b"%d" % self._row, ROW_GAP).replace(b"%d" % self._line, LINE_GAP)
            found.append(Said(error["type"], self._bench.log.keep(text)))
        return tuple(found)
