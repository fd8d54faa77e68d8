"""Annual reports for tests: every cell of a form filled, the words as they are given."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import (
    AnnualReport,
    Cell,
    Level,
    Section,
    Source,
    Standing,
)
from opendata.domain.annual.templates import template_of
from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text

NAME = "示例省商务厅（虚构）"


def report_on(
    year: int,
    figures: Mapping[tuple[str, str, str], str | None] = {},
    text: str = "全年受理1件。",
    published: str | None = "statistics",
) -> AnnualReport:
    """Return a report with 0 in every cell but those of ``figures``; ``None`` is no figure."""
    template = template_of(year)
    cells = {place: Cell(place, unit, Decimal(0)) for place, unit in template.units.items()}
    for place, value in figures.items():
        known = None if value is None else Decimal(value)
        cells[Place(*place)] = Cell(
            Place(*place), template.units[Place(*place)], known, Source.DECLARED
        )
    sections = tuple(
        Section(number, title, Standing.PRESENT, text, template.within.get(number))
        for number, title in enumerate(template.sections, start=1)
    )
    return AnnualReport(
        agency=Agency("bureau", Text(NAME, "Sample bureau"), None, "220000"),
        level=Level.DEPARTMENT,
        year=year,
        template=template,
        cells=cells,
        sections=sections,
        breaches=(),
        due=None,
        computed_on=date(year + 1, 1, 20),
        published=published,
    )
