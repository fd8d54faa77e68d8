"""How the cases of delimited text are written."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import clean, delimited, titles, with_cell
from tests.tabular.readers.cases.model import Case, Clean

Make = Callable[[Clean], bytes]
PENALTIES = "administrative-penalties"
TITLE = "示例市2020年行政处罚信息公示表"
SAMPLE = clean(PENALTIES)
LAST = len(SAMPLE.rows) + 1
BOM = b"\xff\xfe"


def case(
    name: str,
    zh: str,
    en: str,
    make: Make,
    **more: object,
) -> Case:
    """A case of comma-separated text, unless ``more`` says otherwise."""
    said = {"format": "csv", "filename": "data.csv", **more}
    return Case(id=name, what=Text(zh, en), make=make, **said)  # type: ignore[arg-type]  # as told.


def written(
    delimiter: str = ",",
    newline: str = "\n",
    encoding: str = "utf-8",
    *,
    header: Callable[[Clean], Sequence[str]] = titles,
    above: str = "",
    below: str = "",
    cells: Callable[[Clean], Clean] | None = None,
) -> Make:
    """Return how to write a clean table as text."""

    def make(table: Clean) -> bytes:
        said = cells(table) if cells else table
        body = delimited(header(said), said.rows, delimiter, newline)
        return (above + body + below).encode(encoding)

    return make


def names(table: Clean) -> Sequence[str]:
    return table.names


def with_one(name: str, cell: str, row: int = 1) -> Callable[[Clean], Clean]:
    """The clean table with another cell."""
    return lambda table: with_cell(table, row, name, cell)


def with_row(at: int, row: Sequence[str]) -> Callable[[Clean], Clean]:
    """The clean table with one more row."""
    return lambda table: replace(table, rows=(*table.rows[:at], tuple(row), *table.rows[at:]))


def doctored(make: Make, change: Callable[[bytes], bytes]) -> Make:
    return lambda table: change(make(table))
