"""What may not be published in the words of a report, or in what explains a declared figure."""

from collections.abc import Iterator, Mapping, Sequence

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import Breach, Cell, Section, Severity
from opendata.domain.errors import Text
from opendata.domain.privacy import BARRED, Kind
from opendata.tabular.privacy import kinds_in

FLAGGED = "words-flagged"
# Whatever is said of them, these do not go out.
_NEVER = BARRED | {Kind.MARKING}


def flagged(sections: Sequence[Section], cells: Mapping[Place, Cell]) -> Iterator[Breach]:
    """Yield a breach for every kind of personal data, or marking, that words seem to hold.

    They are scanned as every file is: the sections, and what explains declared figures.
    """
    for section in sections:
        number = section.number
        where = Text(f"第 {number} 部分的文字", f"The words of section {number}")
        yield from _flags(section.text or "", where)
    for place, cell in cells.items():
        where = Text(
            f"表 {place.table} 行 {place.row} 列 {place.column} 的说明",
            f"What explains table {place.table}, row {place.row}, column {place.column}: the words",
        )
        yield from _flags(cell.explanation, where, place)


def _flags(text: str, where: Text, *places: Place) -> Iterator[Breach]:
    for kind in kinds_in(text):
        yield Breach(
            rule=FLAGGED,
            severity=Severity.ERROR if kind in _NEVER else Severity.WARNING,
            message=Text(
                f"{where.zh}中似有{kind.label.zh}，公布前请核实、删去。",
                f"{where.en} seem to hold {kind.label.en}; look, and take it out before they are "
                "published.",
            ),
            cells=places,
        )
