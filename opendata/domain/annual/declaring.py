"""Declaring figures and writing sections: what a cell can hold, and what a section can."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from opendata.domain.annual.layout import Place
from opendata.domain.annual.templates import SECTIONS, Template
from opendata.domain.errors import Fault, Text, Unprocessable

MAX_FIGURES = 500
MAX_EXPLANATION = 500
MAX_TEXT = 50_000
# As the collection has it.
MOST = Decimal(10) ** 15
PLACES = 6
CHANGE = "items_change"
_MONEY = frozenset({"元", "万元"})
# What tables print of a change: 增1, (减2), +1, −2.
_CHANGED = re.compile(r"[(（]?\s*(?P<sign>增|减|[+＋−－-])\s*(?P<digits>[0-9]{1,16})\s*[)）]?")
_PLAIN = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,6})?")
_LESS = frozenset("减−－-")


class InvalidFigure(Unprocessable):
    """A figure cannot stand in the cell it is declared for, or there is no such cell."""

    code = "invalid-figure"


class InvalidSection(Unprocessable):
    """A text is for no section, or for one that another text is for."""

    code = "invalid-section"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it is declared; ``None`` takes back what was declared before."""

    place: Place
    value: Decimal | None
    explanation: str = ""


def read_figure(text: str) -> Decimal | None:
    """Read a figure as tables print it; ``None`` if it is none.

    >>> read_figure("20000000.50"), read_figure("(增1)"), read_figure("减 2"), read_figure("1,2")
    (Decimal('20000000.50'), Decimal('1'), Decimal('-2'), None)
    """
    printed = text.strip()
    if _PLAIN.fullmatch(printed):
        return Decimal(printed)
    changed = _CHANGED.fullmatch(printed)
    if changed is None:
        return None
    digits = Decimal(changed["digits"])
    return -digits if changed["sign"] in _LESS and digits else digits


def figure_faults(template: Template, figures: Sequence[Figure]) -> tuple[Fault, ...]:
    """Return what is wrong with figures that are declared together."""
    seen: set[Place] = set()
    found: list[Fault] = []
    for number, each in enumerate(figures):
        found += _faults(template, each, seen, f"/figures/{number}")
        seen.add(each.place)
    return tuple(found)


def section_faults(numbers: Sequence[int]) -> tuple[Fault, ...]:
    """Return what is wrong with the numbers of sections that are written together."""
    found = []
    for at, number in enumerate(numbers):
        pointer = f"/sections/{at}/number"
        if number not in SECTIONS:
            text = Text("年度报告有六个部分：1 至 6。", "A report has six sections: 1 to 6.")
            found.append(Fault(pointer, text, "no-such-section"))
        elif number in numbers[:at]:
            text = Text("同一部分只能写一次。", "A section is written once at a time.")
            found.append(Fault(pointer, text, "repeated"))
    return tuple(found)


def _faults(template: Template, figure: Figure, seen: set[Place], pointer: str) -> Iterator[Fault]:
    place, value = figure.place, figure.value
    if place not in template.units:
        zh = f"{template.code} 格式没有这一格：表 {place.table[:20]} 行 {place.row[:40]} "
        zh += f"列 {place.column[:40]}。"
        text = Text(zh, f"Template {template.code} has no such cell.")
        yield Fault(f"{pointer}/row", text, "no-such-cell")
        return
    if place in seen:
        text = Text("同一格出现两次。", "The cell occurs twice.")
        yield Fault(f"{pointer}/row", text, "repeated")
    if value is None:
        return
    if abs(value) > MOST or -int(value.as_tuple().exponent) > PLACES:
        text = Text("数值过大，或小数超过六位。", "Too large, or more than six decimal places.")
        yield Fault(f"{pointer}/value", text, "out-of-range")
    if value < 0 and place.column != CHANGE:
        text = Text("只有“本年增/减”可以为负。", "Only the change column may be negative.")
        yield Fault(f"{pointer}/value", text, "out-of-range")
    if value % 1 and template.units[place] not in _MONEY:
        text = Text("除金额外均为整数。", "Whole numbers, but for amounts of money.")
        yield Fault(f"{pointer}/value", text, "not-whole")
