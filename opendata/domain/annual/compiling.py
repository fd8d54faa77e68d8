"""Figures in their cells: what was computed, what was declared, and which of them counts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import Breach, Cell, Counted, Declared, Severity, Source
from opendata.domain.annual.templates import Template
from opendata.domain.errors import Text

DECLARED_DIFFERS = "declared-differs"
PUBLISHED_DIFFERS = "published-differs"


def cells_of(
    template: Template, counted: Mapping[Place, Counted], declared: Mapping[Place, Declared]
) -> Mapping[Place, Cell]:
    """Return every cell of the form; one that nothing was found for has no value.

    A declared figure takes the place of a computed one only with an explanation.
    """
    return {
        place: _cell(place, unit, counted.get(place), declared.get(place))
        for place, unit in template.units.items()
    }


def published_cells(
    cells: Mapping[Place, Cell], public: Mapping[Place, Decimal]
) -> Mapping[Place, Cell]:
    """Return the cells as they were published; where they came from stays as far as it fits.

    What is computed otherwise now is no part of what was published.
    """
    return {place: _published(cell, public.get(place)) for place, cell in cells.items()}


def differing(template: Template, cells: Mapping[Place, Cell]) -> Iterator[Breach]:
    """Yield a breach for every cell of which something else was declared than was computed."""
    for cell in cells.values():
        if cell.declared is None or cell.counted is None:
            continue
        if cell.declared.value == cell.counted.value:
            continue
        explained = bool(cell.explanation.strip())
        yield Breach(
            rule=DECLARED_DIFFERS,
            severity=Severity.WARNING if explained else Severity.ERROR,
            message=_message(template, cell, cell.counted, explained=explained),
            cells=(cell.place,),
            expected=_plain(cell.counted),
            found=_plain(cell.declared),
            difference=format(cell.declared.value - cell.counted.value, "f"),
            explained=explained,
        )


def unlike(cells: Mapping[Place, Cell], public: Mapping[Place, Decimal]) -> Iterator[Breach]:
    """Yield a breach for the cells whose figure is no longer the one that was published."""
    changed = tuple(
        place for place, value in public.items() if place in cells and cells[place].value != value
    )
    if changed:
        yield Breach(
            rule=PUBLISHED_DIFFERS,
            severity=Severity.WARNING,
            message=Text(
                f"{len(changed)} 个数与已公布的不同；需要更正的，请重新报送。",
                f"{len(changed)} figures are not those published; submit anew what is to be "
                "corrected.",
            ),
            cells=changed,
        )


def _cell(place: Place, unit: str, counted: Counted | None, declared: Declared | None) -> Cell:
    computed = None if counted is None else counted.value
    if declared is None or computed == declared.value:
        source = None if counted is None else counted.source
        return Cell(place, unit, computed, source, counted, declared)
    if counted is None or declared.explanation.strip():
        return Cell(place, unit, declared.value, Source.DECLARED, counted, declared)
    return Cell(place, unit, computed, counted.source, counted, declared)


def _published(cell: Cell, value: Decimal | None) -> Cell:
    declared = cell.declared if cell.declared and cell.declared.value == value else None
    counted = cell.counted if cell.counted and cell.counted.value == value else None
    source = None if value is None else Source.PUBLISHED
    if counted is not None:
        source = counted.source
    elif declared is not None:
        source = Source.DECLARED
    return Cell(cell.place, cell.unit, value, source, counted, declared)


def _message(template: Template, cell: Cell, counted: Counted, *, explained: bool) -> Text:
    row = template.row(cell.place)
    source = counted.source.label
    said = Text("已说明理由，以申报数为准。", "The reason is given; the declared figure counts.")
    unsaid = Text(
        "没有说明理由，仍以计算数为准。", "No reason is given; the computed figure stands."
    )
    end = said if explained else unsaid
    return Text(
        f"“{row.name}”申报的数与按{source.zh}计算的数不同。{end.zh}",
        f"{cell.place.row}: the figure declared is not the one computed from {source.en}. {end.en}",
    )


def _plain(figure: Counted | Declared) -> str:
    return format(figure.value, "f")
