"""The six sections of a report: which say something, and what a report of its kind has to say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import (
    Breach,
    Cell,
    Fit,
    Level,
    NumberInText,
    Section,
    Severity,
    Standing,
)
from opendata.domain.annual.prose import numbers_in
from opendata.domain.annual.templates import Template
from opendata.domain.errors import Text

EMPTY, UNFIT, UNSAID = "section-empty", "text-differs", "ds-gov4"
LAST = 6
# 《政府信息公开条例》第五十条第（四）项.
_APPRAISAL = re.compile("考核|社会评议|责任追究")
_CHARGES = re.compile("信息处理费")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one section as they were last written."""

    text: str
    at: datetime
    person: str = ""


def sections_of(
    template: Template, year: int, written: Mapping[int, Words], cells: Mapping[Place, Cell]
) -> tuple[Section, ...]:
    """Return the six sections with what was written, its numbers checked."""
    return tuple(
        _section(template, year, (number, title, written.get(number)), cells)
        for number, title in enumerate(template.sections, start=1)
    )


def unfit(sections: Sequence[Section]) -> Iterator[Breach]:
    """Yield a breach for every section that is empty, and every number that does not fit."""
    for section in sections:
        if section.standing is Standing.EMPTY:
            yield _empty(section)
        for number in section.numbers:
            if number.fit is Fit.DIFFERS:
                yield Breach(
                    rule=UNFIT,
                    severity=Severity.WARNING,
                    message=_differs(section, number),
                    cells=number.places,
                    basis="《政府信息公开条例》第五十条",
                    found=number.value,
                )


def unsaid(template: Template, level: Level, sections: Sequence[Section]) -> Iterator[Breach]:
    """Yield a breach for what a report of this kind has to say, and does not (DS-GOV4)."""
    words = "\n".join(each.text or "" for each in sections)
    if not words.strip() or template.code == "T2014":
        return
    if level is Level.GOVERNMENT and _APPRAISAL.search(words) is None:
        yield _unsaid(
            Text(
                "政府的年度报告应写明工作考核、社会评议和责任追究结果情况。",
                "A government's report states the results of appraisal, public assessment and "
                "accountability.",
            ),
            "《政府信息公开条例》第五十条第（四）项",
        )
    last = sections[LAST - 1].text or ""
    if template.code == "T2021" and last.strip() and _CHARGES.search(last) is None:
        yield _unsaid(
            Text(
                "第六部分应写明收取信息处理费的情况，没有收取的也应写明。",
                "Section 6 states the fees charged for processing, also where none were.",
            ),
            "国办公开办函〔2021〕30号",
        )


def _differs(section: Section, number: NumberInText) -> Text:
    said = Text("统计表", "the table") if number.places else Text("申请台账", "the ledger")
    return Text(
        f"第{_ORDINALS[section.number]}部分写道“{number.phrase}”，与{said.zh}不符。",
        f"Section {section.number} says “{number.phrase}”; {said.en} does not.",
    )


def _section(
    template: Template,
    year: int,
    told: tuple[int, Text, Words | None],
    cells: Mapping[Place, Cell],
) -> Section:
    number, title, words = told
    table = template.within.get(number)
    text = None if words is None else words.text
    numbers = numbers_in(text, year, template, cells) if text else ()
    standing = _standing([cell for cell in cells.values() if cell.place.table == table], text)
    at, person = (None, "") if words is None else (words.at, words.person)
    return Section(number, title, standing, text, table, numbers, at, person)


def _standing(own: Sequence[Cell], text: str | None) -> Standing:
    """Say whether there is anything: a section that is a table needs no words beside it."""
    known = sum(cell.value is not None for cell in own)
    if own and 0 < known < len(own):
        return Standing.INCOMPLETE
    return Standing.PRESENT if known or (text or "").strip() else Standing.EMPTY


def _empty(section: Section) -> Breach:
    return Breach(
        rule=EMPTY,
        severity=Severity.ERROR,
        message=Text(
            f"第{_ORDINALS[section.number]}部分“{section.title.zh}”是空的。",
            f"Section {section.number}, {section.title.en}, is empty.",
        ),
        basis="《政府信息公开条例》第五十条",
    )


def _unsaid(message: Text, basis: str) -> Breach:
    return Breach(UNSAID, Severity.WARNING, message, basis=basis)


_ORDINALS = {1: "一", 2: "二", 3: "三", 4: "四", 5: "五", 6: "六"}
