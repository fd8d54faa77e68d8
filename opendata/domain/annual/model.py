"""An annual report as it was computed: every figure with its source, and what does not fit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from opendata.domain.annual.layout import Place
from opendata.domain.annual.templates import Template
from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text

_REMARK = re.compile(r"\s*[（(][^（()）]*[)）]$")
_GOVERNMENT = re.compile("政府(?:办公[厅室])?$")


class Level(StrEnum):
    """Whose report it is; on that its due day depends."""

    GOVERNMENT = "government"
    DEPARTMENT = "department"

    @property
    def rule(self) -> str:
        """By which rule the report is due."""
        return "AR-GOV" if self is Level.GOVERNMENT else "AR-DEPT"


def level_of(name: str) -> Level:
    """Return the level of an agency by its Chinese name: a people's government is called one.

    So is its general office, which publishes the report of its government (第三条、第四十九条). A
    remark in brackets behind the name is not part of it.

    >>> level_of("珠海市人民政府（本级）"), level_of("吉林省商务厅")
    (<Level.GOVERNMENT: 'government'>, <Level.DEPARTMENT: 'department'>)
    >>> level_of("示例县人民政府办公室（虚构）")
    <Level.GOVERNMENT: 'government'>
    """
    plain = _REMARK.sub("", name.strip())
    return Level.GOVERNMENT if _GOVERNMENT.search(plain) else Level.DEPARTMENT


def level_by(rules: Iterable[str]) -> Level | None:
    """Return the level that the rules of a catalogue's obligations say, if they say one.

    >>> level_by(["AR-GOV", "PRO"]), level_by(["AR-GOV", "AR-DEPT"])
    (<Level.GOVERNMENT: 'government'>, None)
    """
    named = set(rules)
    said = [each for each in Level if each.rule in named]
    return said[0] if len(said) == 1 else None


class Source(StrEnum):
    """Where a figure comes from."""

    LEDGER = "ledger"
    RELEASES = "releases"
    DECLARED = "declared"
    PREVIOUS_REPORT = "previous_report"
    PUBLISHED = "published"

    @property
    def label(self) -> Text:
        """The source in both languages."""
        return _SOURCES[self]


_SOURCES = {
    Source.LEDGER: Text("申请台账", "the ledger of requests"),
    Source.RELEASES: Text("已公开的数据", "published records"),
    Source.DECLARED: Text("申报", "declared"),
    Source.PREVIOUS_REPORT: Text("上年度报告", "last year's report"),
    Source.PUBLISHED: Text("已公布的统计", "the published statistics"),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """A figure that somebody of the agency declared; ``number`` counts those of one cell."""

    value: Decimal
    explanation: str
    number: int
    at: datetime
    person: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that was computed: what it counts, or where exactly that is to be read.

    ``cases`` are the ids of requests; ``address`` is that of a query that gives exactly the
    records counted, or the report that the figure is from.
    """

    value: Decimal
    source: Source
    cases: tuple[str, ...] = ()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the report; ``value`` is ``None`` where there is no source: that is no zero.

    Where both were found, ``counted`` stays beside what was ``declared``: a declared figure takes
    its place only with an explanation.
    """

    place: Place
    unit: str
    value: Decimal | None = None
    source: Source | None = None
    counted: Counted | None = None
    declared: Declared | None = None

    @property
    def explanation(self) -> str:
        """What was said of the declared figure."""
        return "" if self.declared is None else self.declared.explanation


class Severity(StrEnum):
    """Whether what does not fit keeps a report from being published."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Breach:
    """Something that does not fit, and the cells that break it.

    ``rule`` is the name of the rule in the contract, or one of our own; ``relation`` is what
    should hold, ``expected`` and ``found`` its two sides. What is ``explained`` is told all the
    same.
    """

    rule: str
    severity: Severity
    message: Text
    cells: tuple[Place, ...] = ()
    basis: str | None = None
    relation: str | None = None
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    explained: bool = False


class Fit(StrEnum):
    """Whether a number in the words is that of the table."""

    FITS = "fits"
    DIFFERS = "differs"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class NumberInText:
    """A number in the words of a section: the clause it stands in, and the cells it names.

    ``start`` is where it begins in the text; ``value`` is the whole number, without 万 or 亿. What
    it names is what these cells add up to; none where that is not beyond doubt, or where it is no
    cell of the form but what the ledger holds.
    """

    phrase: str
    start: int
    value: str
    unit: str
    places: tuple[Place, ...]
    fit: Fit


class Standing(StrEnum):
    """Whether a section says anything."""

    PRESENT = "present"
    INCOMPLETE = "incomplete"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections; ``table`` is the code of the table it consists of, if any.

    ``text`` are the words left to people, ``None`` where none were ever written.
    """

    number: int
    title: Text
    standing: Standing
    text: str | None = None
    table: str | None = None
    numbers: tuple[NumberInText, ...] = ()
    written_at: datetime | None = None
    person: str = ""


@dataclass(frozen=True)
class AnnualReport:
    """The report of one agency on one year, as far as it can be computed.

    ``cells`` has every cell of the template, in its order. ``due`` is the last day, as the law
    says it; ``published`` is the dataset of ``disclosure-statistics`` whose release holds the
    year's figures, once there is one; ``computed_on`` is the day in China. ``notes`` are told with
    it, published or not.
    """

    agency: Agency
    level: Level
    year: int
    template: Template
    cells: Mapping[Place, Cell]
    sections: tuple[Section, ...]
    breaches: tuple[Breach, ...]
    due: date | None
    computed_on: date
    due_rule: str = ""
    published: str | None = None
    previous: str | None = None
    notes: tuple[Text, ...] = field(default=())

    @cached_property
    def missing(self) -> tuple[Place, ...]:
        """The cells of the form that have no source."""
        return tuple(
            place
            for place, cell in self.cells.items()
            if cell.value is None and not self.template.row(place).supplementary
        )

    @property
    def is_complete(self) -> bool:
        """Whether every cell has a figure and every section says something."""
        return not self.missing and all(each.standing is Standing.PRESENT for each in self.sections)

    @property
    def holds(self) -> bool:
        """Whether no identity is broken without an explanation."""
        return not any(
            each.severity is Severity.ERROR and not each.explained for each in self.breaches
        )

    def cell(self, place: Place) -> Cell:
        """Return one cell.

        Raises:
            NoSuchReport: the form has no such cell.
        """
        self.template.check_has(place)
        return self.cells[place]

    def broken(self, place: Place) -> tuple[Breach, ...]:
        """Return what a cell breaks."""
        return tuple(each for each in self.breaches if place in each.cells)
