"""The scan: every text cell of a table, block by block, in the pass in which it is judged."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from opendata.domain.contracts import Contract, Field
from opendata.domain.privacy import Flag, Kind, Where
from opendata.tabular.privacy import patterns
from opendata.tabular.privacy.documents import ABOUT_DOCUMENTS
from opendata.tabular.privacy.markings import is_marked_title, is_marking
from opendata.tabular.privacy.numbers import numbers_in
from opendata.tabular.privacy.persons import as_of_person, rows_about_persons, telling
from opendata.tabular.privacy.plain import plain
from opendata.tabular.privacy.shapes import shapes_of
from opendata.tabular.privacy.signs import Sign
from opendata.tabular.privacy.tallies import Tallies
from opendata.tabular.privacy.words import ABOUT_HOMES, is_name, words_in
from opendata.tabular.readers.model import Beside
from opendata.tabular.scan import Block, Layout, frame_of
from opendata.tabular.text_table import SourceLines

# What is shorter in UTF-8 is no identifier and no marking: 秘密 takes six bytes.
_LEAST_BYTES = 6
_MOBILE_DIGITS = 11
Look = Callable[[str], frozenset[Sign]]


class Table(Protocol):
    """A table that is passed over."""

    @property
    def header(self) -> tuple[tuple[str, str], ...]:
        """Labels as received and the names they are mapped to."""

    @property
    def layout(self) -> Layout:
        """How the rows are written."""

    @property
    def lines(self) -> SourceLines:
        """Where each row began in the source."""

    @property
    def beside(self) -> tuple[Beside, ...]:
        """The texts around the table."""


@dataclass(frozen=True, slots=True)
class _Watch:
    """What is looked for in one column: cells with a pattern are looked at closely."""

    position: str
    field: str
    pattern: str
    look: Look


class PrivacyScan:
    """The scan of one table; it is shown every block, and then asked for its flags."""

    def __init__(self, table: Table, contract: Contract) -> None:
        """Prepare to scan a table of this contract."""
        self._table = table
        self._watches = list(_watches(table, contract))
        self._persons = [
            (str(at), name)
            for at, (_, name) in enumerate(table.header)
            if name in contract.persons and name not in contract.personal
        ]
        self._telling = telling(contract)
        self._positions = {name: str(at) for at, (_, name) in enumerate(table.header)}
        self._tallies = Tallies()

    def see(self, block: Block) -> None:
        """Look at the rows of one block."""
        frame = _frame(block, self._table.layout)
        told = self._telling.keys() & self._positions.keys()
        columns = {name: frame[self._positions[name]] for name in told}
        about = rows_about_persons(columns, self._telling, frame.height)
        for watch in self._watches:
            self._see_column(frame[watch.position], watch, block.first_row, about)
        for position, field in self._persons:
            self._see_names(frame[position], field, block.first_row)

    def flags(self, filename: str = "") -> tuple[Flag, ...]:
        """Return what was found, once every block was seen; ``filename`` is the sender's."""
        told = [Beside(Where.FILE_NAME, None, filename), *self._table.beside]
        for each in told:
            if is_marked_title(each.text):
                self._tallies.beside(each.where, each.line)
        return tuple(self._tallies.flags(self._table.lines))

    def _see_column(
        self, texts: pl.Series, watch: _Watch, first_row: int, about: pl.Series
    ) -> None:
        for signs, found in verdicts(texts, watch.pattern, watch.look):
            of_persons = about.gather(found)
            for told, at in ((as_of_person(signs), of_persons), (signs, ~of_persons)):
                self._tallies.add(watch.field, told, found.filter(at) + first_row)

    def _see_names(self, texts: pl.Series, field: str, first_row: int) -> None:
        rows = texts.is_not_null() & texts.str.len_chars().is_between(2, 50)
        for signs, found in _verdicts(texts, rows, _names_in, lambda names: names):
            self._tallies.add(field, signs, found + first_row)


_NAME = frozenset({Sign(Kind.PERSON_NAME, strong=False)})
_NOTHING: frozenset[Sign] = frozenset()
_MARKED = frozenset({Sign(Kind.MARKING, strong=True)})


def signs_in(text: str, hint: str = "") -> frozenset[Sign]:
    """Return all signs in a text as it was received; ``hint`` is what its column is called."""
    if len(text) == _MOBILE_DIGITS and text.isascii() and text.isdigit():
        # Where a column has telephone numbers, all its cells are looked at closely.
        return frozenset(numbers_in(text, ""))
    folded = plain(text)
    found = {*numbers_in(folded, hint), *words_in(folded, hint)}
    return frozenset(found) | _markings_in(text) if "密" in folded else frozenset(found)


def _names_in(text: str) -> frozenset[Sign]:
    return _NAME if is_name(plain(text)) else _NOTHING


def _markings_in(text: str) -> frozenset[Sign]:
    return _MARKED if is_marking(text) else frozenset()


def _resident_in(text: str) -> frozenset[Sign]:
    return frozenset(
        each
        for each in numbers_in(plain(text), "")
        if each.kind is Kind.RESIDENT_ID and each.strong
    )


def _watches(table: Table, contract: Contract) -> Iterator[_Watch]:
    """Yield what is looked for in each column.

    In a column of whole numbers there may be resident numbers; telephone numbers would be taken
    for amounts. What publication takes out or treats is looked at for markings only.
    """
    for at, (label, name) in enumerate(table.header):
        field = contract.field(name)
        position = str(at)
        if field is not None and name in contract.personal:
            yield _Watch(position, name, patterns.MARKING, _markings_in)
        elif field is not None and field.type == "integer":
            yield _Watch(position, name, patterns.NUMBERS, _resident_in)
        elif field is None or (field.type == "string" and "enum" not in field.constraints):
            hint = label if field is None else hint_of(field)
            yield _Watch(position, name, pattern_of(hint), _looking(hint))


def pattern_of(hint: str) -> str:
    """Return what cells of a column so called are found by."""
    wider = {patterns.PERMIT_NUMBERS: ABOUT_DOCUMENTS, patterns.HOUSE_NUMBERS: ABOUT_HOMES}
    more = [pattern for pattern, about in wider.items() if about.search(hint)]
    return "|".join([patterns.EVERYTHING, *more])


def _looking(hint: str) -> Look:
    return lambda text: signs_in(text, hint)


def hint_of(field: Field) -> str:
    """Return what a column of a contract is called."""
    return f"{field.name} {field.title.zh}"


def verdicts(
    texts: pl.Series, pattern: str, look: Look
) -> Iterator[tuple[frozenset[Sign], pl.Series]]:
    """Yield what cells with a pattern hold, each time with the positions of all that hold it."""
    rows = (texts.str.len_bytes() >= _LEAST_BYTES) & texts.str.contains(pattern)
    return _verdicts(texts, rows, look, shapes_of)


def _verdicts(
    texts: pl.Series, rows: pl.Series, look: Look, alike: Callable[[pl.Series], pl.Series]
) -> Iterator[tuple[frozenset[Sign], pl.Series]]:
    """Look at one of the cells that are alike."""
    positions = rows.arg_true().cast(pl.Int64)
    if positions.is_empty():
        return
    cells = texts.gather(positions)
    found = pl.DataFrame({"at": positions, "text": cells, "alike": alike(cells)})
    firsts = found.unique("alike", keep="first", maintain_order=True)
    numbered: dict[frozenset[Sign], int] = {}
    told = [numbered.setdefault(look(each), len(numbered)) for each in firsts["text"].to_list()]
    numbers = firsts.select("alike", told=pl.Series(told, dtype=pl.Int32))
    joined = found.join(numbers, on="alike", maintain_order="left")
    for signs, number in numbered.items():
        if signs:
            yield signs, joined.filter(pl.col("told") == number)["at"]


def _frame(block: Block, layout: Layout) -> pl.DataFrame:
    """Return the cells of a block, a column for each of the header's; what is missing is empty."""
    if block.frame is not None:
        return block.frame
    if block.records is None:
        return frame_of(block.data, layout)
    width = layout.width
    rows = [[*cells[:width], *[""] * (width - len(cells))] for cells in block.records]
    schema: Mapping[str, type[pl.String]] = {str(at): pl.String for at in range(width)}
    return pl.DataFrame(rows, schema=schema, orient="row")
