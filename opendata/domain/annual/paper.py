"""An annual report as it is printed: title, sections with their words, tables with figures."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from opendata.domain.annual.layout import Place, Printed
from opendata.domain.annual.model import AnnualReport, Cell, Severity
from opendata.domain.annual.model import Section as Computed
from opendata.domain.annual.printing import printed_tables
from opendata.domain.annual.tidy import title_of
from opendata.domain.errors import Text
from opendata.domain.values import decimal_text

# A cell that has no figure; a blank would pass for a zero.
UNKNOWN = "—"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMERALS = "一二三四五六"
_TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Section:
    """One of the sections: its heading, its paragraphs, and the tables that belong to it."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Printed, ...] = ()

    @property
    def begins_page(self) -> bool:
        """Whether it begins on a new page."""
        return any(each.is_large for each in self.tables)


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed; ``figures`` are written as the tables print them.

    ``remarks`` stand above the report: its notes, and what does not hold until it is published.
    """

    title: str
    publisher: str
    lead: str
    sections: tuple[Section, ...]
    figures: Mapping[Place, str]
    annexes: tuple[Printed, ...] = ()
    remarks: tuple[Text, ...] = ()

    def figure(self, place: Place) -> str:
        """Return what is printed at a place."""
        return self.figures.get(place, UNKNOWN)


def paper_of(report: AnnualReport) -> Paper:
    """Return a report as it is printed."""
    given = {place: cell for place, cell in report.cells.items() if cell.value is not None}
    tables = printed_tables(report.template, {place.row for place in given})
    name = plain(report.agency.name.zh)
    within = set(report.template.within.values())
    return Paper(
        title=plain(title_of(report)),
        publisher=name,
        lead=f"根据《中华人民共和国政府信息公开条例》规定，现公布{name}{report.year}年"
        "政府信息公开工作年度报告。",
        sections=tuple(_section(each, tables) for each in report.sections),
        figures={place: written(cell) for place, cell in given.items()},
        annexes=tuple(each for each in tables if each.table not in within),
        remarks=(*report.notes, *(() if report.published else _remarks(report))),
    )


def plain(text: str) -> str:
    """Return a text without the characters that no document may hold (XML 1.0, 2.2)."""
    return _NO_XML.sub("", text)


def written(cell: Cell) -> str:
    """Return a figure as the forms print it: 增1, 2000万元, exact in every digit."""
    value = cell.value
    if value is None:
        return UNKNOWN
    if cell.place.column == "items_change" and value:
        return ("增" if value > 0 else "减") + decimal_text(abs(value))
    if cell.unit == "元":
        return _amount(value)
    return decimal_text(value)


def _amount(yuan: Decimal) -> str:
    if yuan and yuan % _TEN_THOUSAND == 0:
        return f"{decimal_text(yuan / _TEN_THOUSAND)}万元"
    return f"{decimal_text(yuan)}元"


def _section(section: Computed, tables: tuple[Printed, ...]) -> Section:
    lines = plain(section.text or "").splitlines()
    paragraphs = tuple(each.strip() for each in lines if each.strip())
    return Section(
        f"{_NUMERALS[section.number - 1]}、{section.title.zh}",
        paragraphs,
        tuple(each for each in tables if each.table == section.table),
    )


def _remarks(report: AnnualReport) -> Iterator[Text]:
    yield Text("草稿：尚未公开。", "A draft: not published.")
    for each in report.breaches:
        if each.severity is Severity.ERROR and not each.explained:
            yield Text(plain(each.message.zh), plain(each.message.en))
    if report.missing:
        count = len(report.missing)
        yield Text(f"有 {count} 格没有数字。", f"{count} cells have no figure.")
