"""Compiling a report: every cell from its source, then what of it does not hold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from opendata.domain.annual.compiling import cells_of, differing, published_cells, unlike
from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import (
    AnnualReport,
    Breach,
    Cell,
    Counted,
    Declared,
    Level,
    level_of,
)
from opendata.domain.annual.naming import FEES
from opendata.domain.annual.sections import Words, sections_of, unfit, unsaid
from opendata.domain.annual.templates import template_of
from opendata.domain.catalogue import Agency
from opendata.domain.deadlines import Due
from opendata.domain.errors import Text
from opendata.stages import catalogue
from opendata.stages.annual_report.counting import carried, of_ledger, of_releases
from opendata.stages.annual_report.judging import breaches_of
from opendata.stages.annual_report.level import catalogued_level
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.personal import flagged
from opendata.stages.annual_report.published import PublicRecords
from opendata.stages.annual_report.standing import Published, public_dataset, published_of
from opendata.stages.annual_words.facts import Named, declared_in, written_in

# Figures declared and words written.
_Said = tuple[Mapping[Place, Declared], Mapping[int, Words]]
_NOTHING_SAID: _Said = ({}, {})
_FIGURES_ONLY = Text(
    "这里只有统计数据：文字和说明没有与所公布的数据一并经过审查，不予公布。",
    "Only the figures are here: words and explanations were not part of what was reviewed.",
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the facts give: whose report it is, what was said in it, and what is public.

    ``fees`` are those the ledger holds, to which words are held where the form has no cell.
    """

    agency: Agency
    declared: Mapping[Place, Declared]
    written: Mapping[int, Words]
    published: Published | None
    previous: str | None
    fees: Counted | None = None


def compiled(means: Means, agency_id: str, year: int) -> AnnualReport:
    """Return the report of an agency on a year as the facts give it now.

    Raises:
        NoSuchAgency: there is none of this id.
        NoSuchReport: there is no report on this year.
        NoSuchCollection: this platform does not publish such statistics.
    """
    named = Named(agency_id, year)
    with means.home.database.read() as session:
        published = published_of(session, means, named)
        said = declared_in(session, named), written_in(session, named)
        found = _found(session, means, named, published, said)
    counted = _counted(means, found.agency, year)
    cells = cells_of(template_of(year), counted, found.declared)
    report = _report(means, year, replace(found, fees=counted.get(FEES)), cells)
    public = {} if published is None else published.figures
    own = (*differing(report.template, report.cells), *unlike(report.cells, public))
    return _judged(means, report, (*own, *_of_words(report)))


def as_published(means: Means, named: Named, published: Published) -> AnnualReport:
    """Return a report as it is public: its figures as released, its words as reviewed.

    What was declared or written since is not in it; no words at all where none were reviewed.
    Nor is what the ledger holds: nobody has reviewed it, and it goes on after the release. A source
    is told where anybody can read it.
    """
    until = published.until
    with means.home.database.read() as session:
        said = _NOTHING_SAID
        if until is not None:
            said = declared_in(session, named, until), written_in(session, named, until)
        found = _found(session, means, named, published, said)
    counted = _counted_in_public(means, found.agency, named.year)
    declared = {
        place: each if place in published.noted else replace(each, explanation="")
        for place, each in found.declared.items()
    }
    cells = cells_of(template_of(named.year), counted, declared)
    report = _report(means, named.year, found, published_cells(cells, published.figures))
    if until is None:
        return _judged(means, replace(report, notes=(_FIGURES_ONLY,)), ())
    return _judged(means, report, _of_words(report))


def due_of(means: Means, agency: Agency, level: Level, year: int) -> Due:
    """Return by when the report of an agency on a year is due.

    ``level`` says whose report it is where the agency's published catalogue does not.
    """
    return _due(means, agency, catalogued_level(means, agency, year) or level, year)


def _due(means: Means, agency: Agency, level: Level, year: int) -> Due:
    return means.rules.due(level.rule, date(year, 12, 31), agency.id, agency.region_code)


def _found(
    session: Session,
    means: Means,
    named: Named,
    published: Published | None,
    said: _Said,
) -> _Found:
    """Read the facts, and put what was ``said`` beside them."""
    declared, written = said
    return _Found(
        agency=catalogue.agency(session, named.agency),
        declared=declared,
        written=written,
        published=published,
        previous=public_dataset(session, means, replace(named, year=named.year - 1)),
    )


def _report(means: Means, year: int, found: _Found, cells: Mapping[Place, Cell]) -> AnnualReport:
    agency, template = found.agency, template_of(year)
    level = catalogued_level(means, agency, year) or level_of(agency.name.zh)
    due = _due(means, agency, level, year)
    fees = {} if found.fees is None else {FEES: Cell(FEES, "", found.fees.value)}
    return AnnualReport(
        agency=agency,
        level=level,
        year=year,
        template=template,
        cells=cells,
        sections=sections_of(template, year, found.written, {**fees, **cells}),
        breaches=(),
        due=due.rolled,
        due_rule=due.rule.id,
        computed_on=means.today,
        published=None if found.published is None else found.published.dataset,
        previous=found.previous,
    )


def _judged(means: Means, report: AnnualReport, own: Iterable[Breach]) -> AnnualReport:
    """Return the report with all that does not hold: what the judge says of it comes first."""
    return replace(report, breaches=(*breaches_of(means, report), *own))


def _of_words(report: AnnualReport) -> Iterator[Breach]:
    yield from unfit(report.sections)
    yield from unsaid(report.template, report.level, report.sections)
    yield from flagged(report.sections, report.cells)


def _counted(means: Means, agency: Agency, year: int) -> Mapping[Place, Counted]:
    """Return what was computed; what a ledger says goes before what last year's report did."""
    return {**_counted_in_public(means, agency, year), **of_ledger(means, agency, year)}


def _counted_in_public(means: Means, agency: Agency, year: int) -> Mapping[Place, Counted]:
    """Return what was computed from what anybody can read."""
    if template_of(year).table("3") is None:
        return {}
    records = PublicRecords(means)
    return {**carried(records, agency, year), **of_releases(means, records, agency, year)}
