"""The tables in the XML of an OpenDocument spreadsheet, row by row.

Source: OpenDocument 1.3 part 3, chapter 9 (tables) and 6.1.2 (white space).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from opendata.tabular.readers.limits import LIMITS, check_columns, check_extent
from opendata.tabular.readers.markup import SIGN
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.model import Area, Facts, Place, Shown, Value
from opendata.tabular.readers.workbooks.ods_margins import STRING, TEXT, Margins
from opendata.tabular.readers.workbooks.ods_values import OFFICE, STYLE, TABLE, Odd, value

_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
# What is inside these is no content of a cell, or no longer.
_SKIPPED = frozenset(
    {
        f"{TABLE}tracked-changes",
        f"{TABLE}shapes",
        f"{OFFICE}annotation",
        f"{OFFICE}forms",
        f"{TEXT}note",
        f"{TEXT}ruby-text",
    }
)
_CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
_SPACES = re.compile("[ \t\r\n]+")
_Attributes = Mapping[str, str]


@dataclass(slots=True)
class Table:
    """One table as far as it has been read; ``style`` says whether it is shown."""

    name: str
    style: str
    facts: Facts = field(default_factory=Facts)
    columns: int = 0
    row: int = 0


class _Row:
    """One row in the making, which stands there ``times`` times."""

    def __init__(self, attributes: _Attributes) -> None:
        self.times = _count(attributes, "number-rows-repeated")
        self.visibility = attributes.get(f"{TABLE}visibility", "visible")
        self.cells: list[Value] = []
        self.blank = 0

    @property
    def column(self) -> int:
        """Where the next cell is."""
        return len(self.cells) + self.blank

    def add(self, cell: Value, times: int, where: str) -> None:
        """Append a cell; blank ones at the end of a row are not kept."""
        if cell == "":
            self.blank += times
            return
        check_columns(self.column + times, where)
        self.cells += [""] * self.blank
        self.cells += [cell] * times
        self.blank = 0


class Tables:
    """Takes what an XML parser meets; ``rows`` then holds the rows that were completed.

    A row comes with how often it stands there, without the blank cells at its end; a blank row is
    an empty list. With ``wanted`` only the rows of that table, by its number, are kept. With
    ``margins`` whatever is no value of a cell is told to them.
    """

    def __init__(self, wanted: int | None = None, margins: Margins | None = None) -> None:
        """Begin before the first table."""
        self.tables: list[Table] = []
        self.hidden_styles: set[str] = set()
        self.rows: list[tuple[list[Value], int]] = []
        self._wanted = wanted
        self.margins = margins
        self._skipped = 0
        self._style = ""
        self._row: _Row | None = None
        self._cell: _Attributes | None = None
        self._text: list[str] = []
        self._paragraphs = 0
        self._spaced: bool | None = None
        self._starts: Mapping[str, Callable[[_Attributes], None]] = {
            f"{STYLE}style": self._start_style,
            f"{STYLE}table-properties": self._start_properties,
            f"{TABLE}table": self._start_table,
            f"{TABLE}table-column": self._start_column,
            f"{TABLE}table-row": self._start_row,
            **dict.fromkeys(_CELLS, self._start_cell),
            f"{TEXT}p": self._start_paragraph,
            f"{TEXT}s": lambda attributes: self._add(" " * _count(attributes, "c", TEXT)),
            f"{TEXT}tab": lambda _: self._add("\t"),
            f"{TEXT}line-break": lambda _: self._add("\n"),
        }
        self._ends: Mapping[str, Callable[[], None]] = {
            f"{TABLE}table-row": self._end_row,
            **dict.fromkeys(_CELLS, self._end_cell),
            f"{TEXT}p": self._end_paragraph,
        }

    def start(self, name: str, attributes: _Attributes) -> None:
        """Take the start of an element."""
        margins = self.margins
        nested = name == f"{TABLE}table" and self._row is not None
        if self._skipped or nested or name in _SKIPPED or name.startswith(_DRAW):
            self._skipped += 1
            if margins:
                margins.take(name, attributes)
            return
        if name in self._starts:
            self._starts[name](attributes)
        if margins:
            if attributes and (SIGN in (said := "".join(attributes.values())) or "%" in said):
                margins.see(attributes, cell=name in _CELLS)
            if self._cell is None:
                margins.start(name)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if self.margins and (self._skipped or self._cell is None):
            self.margins.end(name)
        if self._skipped:
            self._skipped -= 1
        elif name in self._ends:
            self._ends[name]()

    def text(self, data: str) -> None:
        """Take text between tags: white space counts once, and not where a paragraph begins."""
        if self._skipped or self._spaced is None:
            if self.margins and (self._skipped or self._cell is None):
                self.margins.text(data)
            elif self.margins:
                self.margins.say(data)
            return
        data = _SPACES.sub(" ", data)
        if self._spaced:
            data = data.removeprefix(" ")
        if data:
            self._text.append(data)
            self._spaced = data.endswith(" ")

    def _add(self, characters: str) -> None:
        if self._spaced is not None:
            self._text.append(characters)
            self._spaced = False

    def _start_style(self, attributes: _Attributes) -> None:
        self._style = attributes.get(f"{STYLE}name", "")

    def _start_properties(self, attributes: _Attributes) -> None:
        if attributes.get(f"{TABLE}display") == "false":
            self.hidden_styles.add(self._style)

    def _start_table(self, attributes: _Attributes) -> None:
        name, style = (attributes.get(f"{TABLE}{each}", "") for each in ("name", "style-name"))
        self.tables.append(Table(name, style))

    def _start_column(self, attributes: _Attributes) -> None:
        if not self.tables:
            return
        table = self.tables[-1]
        first = table.columns
        table.columns += _count(attributes, "number-columns-repeated")
        if attributes.get(f"{TABLE}visibility", "visible") != "visible":
            last = min(table.columns, LIMITS.columns)
            table.facts.hidden_columns += range(first, last)

    def _start_row(self, attributes: _Attributes) -> None:
        if self.tables:
            self._row = _Row(attributes)

    def _start_cell(self, attributes: _Attributes) -> None:
        if self._row is None:
            return
        self._cell = attributes
        self._text = []
        self._paragraphs = 0

    def _start_paragraph(self, _: _Attributes) -> None:
        if self._cell is None:
            return
        if self._paragraphs:
            self._text.append("\n")
        self._paragraphs += 1
        self._spaced = True

    def _end_paragraph(self) -> None:
        self._spaced = None

    def _end_cell(self) -> None:
        attributes, self._cell = self._cell, None
        row = self._row
        if row is None or attributes is None:
            return
        table = self.tables[-1]
        at = Place(table.row, row.column)
        times = _count(attributes, "number-columns-repeated")
        where = pointer("sheet", table.name)
        text = "".join(self._text)
        try:
            found = value(attributes, text)
        except (ValueError, KeyError, OverflowError) as error:
            raise faults.broken(f"{at.name}: {error}", at.pointer) from error
        if self.margins and found is not text and (SIGN in text or STRING in attributes):
            self.margins.shown(attributes, text, found)
        if attributes.keys() & _REMARKABLE or isinstance(found, Odd):
            check_extent(table.row + row.times, at.column + times, where)
            said = found if isinstance(found, Odd) else _shown(attributes, text)
            _remark(table.facts, at, (row.times, times), attributes, said)
        row.add("" if isinstance(found, Odd) else found, times, where)

    def _end_row(self) -> None:
        row, self._row = self._row, None
        if row is None:
            return
        table = self.tables[-1]
        facts, first = table.facts, table.row
        table.row += row.times
        if row.cells:
            facts.reach(table.row, len(row.cells))
            check_extent(facts.rows, facts.columns, pointer("sheet", table.name))
            if row.visibility != "visible":
                facts.hidden_rows += range(first, table.row)
            facts.filtered |= row.visibility == "filter"
        if self._wanted in (None, len(self.tables) - 1):
            self.rows.append((row.cells, row.times))


_PADDED = re.compile("-?0[0-9]")
_SPANS = ("number-rows-spanned", "number-columns-spanned")
_REMARKABLE = frozenset((*(f"{TABLE}{each}" for each in _SPANS), f"{OFFICE}value"))


def _shown(attributes: _Attributes, text: str) -> Shown | None:
    """Say whether a number is shown otherwise than it is: per cent, or as a code (000006)."""
    if attributes.get(f"{OFFICE}value-type") == "percentage":
        return Shown.PERCENT
    return Shown.PADDED if f"{OFFICE}value" in attributes and _PADDED.match(text) else None


def _remark(
    facts: Facts,
    at: Place,
    times: tuple[int, int],
    attributes: _Attributes,
    said: Odd | Shown | None,
) -> None:
    """Keep what is said of a cell beside its value, as often as it stands there."""
    rows, columns = (_count(attributes, each) for each in _SPANS)
    if rows > 1 or columns > 1:
        facts.merged.append(Area(*at, at.row + rows - 1, at.column + columns - 1))
    if said is None:
        return
    for row in range(at.row, at.row + times[0]):
        for column in range(at.column, at.column + times[1]):
            place = Place(row, column)
            if isinstance(said, Shown):
                facts.show(said, place)
            elif said is Odd.ERROR:
                facts.errors.append(place)
            else:
                facts.uncalculated.append(place)


def _count(attributes: _Attributes, name: str, space: str = TABLE) -> int:
    said = attributes.get(f"{space}{name}", "1")
    if not said.isdecimal() or len(said) > len(str(LIMITS.sheet_cells)) + 2:
        raise faults.broken(f"{name}={said[:20]}", "/member/content.xml")
    return max(1, int(said))
