"""Numbers in the words of a report, checked against its tables (DS-TEXT).

A number is said to differ only where its clause names a cell beyond doubt; every other one is
listed as unchecked, for people to look at.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import Cell, Fit, NumberInText
from opendata.domain.annual.naming import Naming, names_of, received
from opendata.domain.annual.templates import Template
from opendata.domain.stated_amounts import chinese_number

# What reports count; a number followed by anything else is a date, a name or an article.
_UNITS = (
    "人次|万元|亿元|批次|个百分点|件|宗|起|条|项|次|篇|期|场|份|个|家|户|位|人|类|批|封|元|%|％"
)
# Short runs only: nothing that is counted has more digits.
_NUMBER = re.compile(
    r"(?P<about>近|约|逾|超过|超|多达|大约|将近|至少|不少于|不低于)?"
    r"(?<![0-9.,，第〇零一二两三四五六七八九十百千])(?P<figures>[0-9]{1,3}(?:[,，][0-9]{3}){1,4}(?:\.[0-9]{1,6})?|"
    r"[0-9]{1,15}(?:\.[0-9]{1,6})?|[〇零一二两三四五六七八九十百千]{1,12})"
    rf"\s?(?P<scale>[万亿](?!元))?(?P<more>[余多])?\s?(?P<unit>{_UNITS})(?P<above>以上|左右)?"
)
_NOTHING = re.compile(
    r"(?:未|没有)(?:新)?(?:收到|受理)(?:过|任何)?(?:政府信息公开|信息公开|依申请公开)?(?:的)?申请"
    r"(?=[。，,；;\s]|$)"
)
_CLAUSE = re.compile(
    r"(?<![0-9])[，,](?![0-9]{3})|(?<=[0-9])[，,](?![0-9]{3})|[。；;！？?\n（）()]"
)
_SENTENCE = re.compile(r"[。；;！？?\n]")
# What makes a clause speak of another time, of a change, or of a part.
_NARROWED = re.compile(
    r"上年度?(?!度?结转)|去年|前年|同期|同比|环比|增|减|降|升|累计|以来|季度|半年|每|平均|人均|"
    r"网络|网上|互联网|邮|信函|当面|现场|传真|平台|微信|自然人|个人|企业|机构|律师|组织的|"
    r"本级|下属|直属|所属|街道|乡镇|各|[0-9]月|[0-9]日"
)
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})\s?年")
_DISCLOSURE = "信息公开"
_SCALES = {"万": 4, "亿": 8}
_MONEY = {"元": 0, "万元": 4}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number stands: its clause before and after it, its sentence and what is ahead."""

    before: str
    after: str
    sentence: str
    ahead: str


def numbers_in(
    text: str, year: int, template: Template, cells: Mapping[Place, Cell]
) -> tuple[NumberInText, ...]:
    """Return the numbers in a text, in its order, each with whether it is that of the tables."""
    found = []
    for match in _NUMBER.finditer(text):
        value = _value(match)
        if value is not None:
            stands = _standing(text, match.start(), match.end())
            naming = _naming(names_of(template), stands, match["unit"], year)
            off = _exactness(match, value)
            found.append(_number(text, match, (value, off), (naming, template, cells)))
    nothing = Naming((received(template),), "")
    for match in _NOTHING.finditer(text):
        stands = _standing(text, match.start(), match.end())
        naming = None if _is_narrowed(stands.before, stands, year) else nothing
        told = (Decimal(0), Decimal(0))
        found.append(_number(text, match, told, (naming, template, cells)))
    return tuple(sorted(found, key=lambda each: each.start))


def _value(match: re.Match[str]) -> Decimal | None:
    figures = match["figures"].replace(",", "").replace("，", "")
    if not figures[0].isascii():
        number = chinese_number(figures)
        value = None if number is None else Decimal(number)
    else:
        value = Decimal(figures)
    return None if value is None else value.scaleb(_SCALES.get(match["scale"] or "", 0))


def _exactness(match: re.Match[str], value: Decimal) -> Decimal | None:
    """Return by how much a number may be off; ``None`` where its words leave that open."""
    if any(match[name] for name in ("about", "more", "above")):
        return None
    if match["scale"] is None:
        return Decimal(0)
    return Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2


def _number(
    text: str,
    match: re.Match[str],
    told: tuple[Decimal, Decimal | None],
    named: tuple[Naming | None, Template, Mapping[Place, Cell]],
) -> NumberInText:
    naming, template, cells = named
    places = () if naming is None else naming.places
    stands = _standing(text, match.start(), match.end())
    phrase = f"{stands.before}{match[0]}{stands.after}".strip()
    unit = match.groupdict().get("unit") or ""
    value = format(told[0], "f")
    found = _fit(_in_unit(told, unit, naming), _figures(places, cells))
    if found is Fit.DIFFERS and naming is not None and naming.otherwise:
        found = _fit(_in_unit(told, unit, naming), _figures(naming.otherwise, cells))
    of_form = tuple(each for each in places if each in template.units)
    return NumberInText(phrase, match.start(), value, unit, of_form, found)


def _figures(places: tuple[Place, ...], cells: Mapping[Place, Cell]) -> list[Decimal | None]:
    return [cells[each].value if each in cells else None for each in places]


def _in_unit(
    told: tuple[Decimal, Decimal | None], unit: str, naming: Naming | None
) -> tuple[Decimal, Decimal | None]:
    """Return a number in the unit of what it names; in a larger one it may be rounded."""
    value, off = told
    if naming is None or not naming.unit:
        return told
    shift = _MONEY[unit] - _MONEY[naming.unit]
    if off is not None and _MONEY[unit]:
        off = max(off, Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2)
    return value.scaleb(shift), None if off is None else off.scaleb(shift)


def _fit(told: tuple[Decimal, Decimal | None], figures: list[Decimal | None]) -> Fit:
    value, off = told
    known = [each for each in figures if each is not None]
    if off is None or not figures or len(known) < len(figures):
        return Fit.UNCHECKED
    return Fit.FITS if abs(sum(known, Decimal(0)) - value) <= off else Fit.DIFFERS


def _naming(namings: tuple[Naming, ...], stands: _Place, unit: str, year: int) -> Naming | None:
    for each in namings:
        match = each.matches(stands.before, unit, stands.after)
        if match is None or (each.topical and _DISCLOSURE not in stands.sentence):
            continue
        rest = stands.before[: match.start()]
        if each.context is not None:
            behind = len(stands.before) - match.start()
            if re.search(each.context, stands.ahead[: len(stands.ahead) - behind]) is None:
                continue
            rest = stands.sentence[: len(stands.sentence) - behind]
            rest = re.sub(each.apart or "(?!)", "", rest)
        return None if _is_narrowed(rest, stands, year) else each
    return None


def _is_narrowed(rest: str, stands: _Place, year: int) -> bool:
    """Whether a clause speaks of another year, or only of a part of what is counted."""
    years = _YEAR.findall(stands.sentence)
    other = bool(years) and int(years[-1]) != year
    return other or _NARROWED.search(rest) is not None


def _standing(text: str, start: int, end: int) -> _Place:
    ahead, behind = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    clause = _CLAUSE.split(ahead)[-1]
    return _Place(clause, _CLAUSE.split(behind)[0], _SENTENCE.split(ahead)[-1], ahead)


_REACH = 200
