"""What the words of a report call the cells of its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from opendata.domain.annual.layout import Place
from opendata.domain.annual.templates import Template

_ABOUT = "(?:政府信息公开|信息公开|依申请公开|依申请公开政府信息|公开政府信息)"
_REQUEST = rf"(?:{_ABOUT}(?:的)?(?:申请)?|申请)"
# What may stand between a name and its number.
_THEN = r"[”\"』]*(?:数量|总数|数)?(?:共计|合计|总计|共|为|是|有|计|了|的|:|：)*\s*"
CASES = frozenset({"件", "宗", "份", "起", "条"})
ITEMS = frozenset({"条", "件"})
TIMES = frozenset({"次", "场", "期"})


@dataclass(frozen=True)
class Naming:
    """A way to name what some cells add up to: ``before`` the number, and ``after`` its unit.

    ``topical`` names are also used of other matters: the sentence has to be about disclosure.
    """

    places: tuple[Place, ...]
    before: str
    units: frozenset[str] = CASES
    after: str | None = None
    topical: bool = False

    def matches(self, before: str, unit: str, after: str) -> re.Match[str] | None:
        """Return where the name ends, if what stands around a number names these cells."""
        if unit not in self.units:
            return None
        if self.after is not None and re.match(self.after, after) is None:
            return None
        return re.search(rf"(?:{self.before}){_THEN}$", before)


@cache
def namings_of(template: str, places: tuple[Place, ...]) -> tuple[Naming, ...]:
    """Return the names of a form's cells; ``places`` are all it has."""
    if template == "T2014":
        return tuple(_annexed())
    return (*_requests(), *_results(template, places), *_others(places))


def names_of(template: Template) -> tuple[Naming, ...]:
    """Return the names of a form's cells, those that say most first."""
    return namings_of(template.code, tuple(template.units))


def received(template: Template) -> Place:
    """Return the cell of the requests received in the year."""
    return _annex("requests_received") if template.code == "T2014" else _total("1")


def _total(row: str) -> Place:
    return Place("3", row, "C7")


def _annex(code: str) -> Place:
    return Place("annex", code, "none")


def _receiving(place: Place) -> Iterator[Naming]:
    verb = "(?:收到|受理|新收|接收|接到)"
    yield Naming((place,), rf"{verb}(?:的)?(?:公民、法人(?:和|或|及)其他组织)?{_REQUEST}")
    yield Naming((place,), verb, after=rf"(?:的)?{_REQUEST}")


def _requests() -> Iterator[Naming]:
    yield from _receiving(_total("1"))
    yield Naming((_total("2"),), rf"上(?:一)?年度?结转(?:的)?{_REQUEST}?")
    yield Naming(
        (_total("4"),), rf"结转(?:至|到)?(?:下(?:一)?年度?|次年)(?:继续办理)?(?:的)?{_REQUEST}?"
    )


def _results(template: str, places: tuple[Place, ...]) -> Iterator[Naming]:
    """Yield the names of the results, by row and by group of rows."""
    totals = [each for each in places if each.table == "3" and each.column == "C7"]
    groups = {"3.3": "不予公开", "3.4": "无法提供", "3.5": "不予处理", "3.6": "其他处理"}
    for code, name in groups.items():
        parts = tuple(
            each for each in totals if each.row == code or each.row.startswith(f"{code}.")
        )
        yield Naming(parts, name)
    yield Naming((_total("3.1"),), "(?<!不)予以公开")
    yield Naming((_total("3.2"),), "(?:予以)?部分公开")
    for code, name in _SINGLE.items():
        yield Naming((_total(code),), re.escape(name))


_SINGLE = {
    "3.3.1": "属于国家秘密",
    "3.3.2": "其他法律行政法规禁止公开",
    "3.3.4": "保护第三方合法权益",
    "3.3.5": "属于三类内部事务信息",
    "3.3.6": "属于四类过程性信息",
    "3.3.7": "属于行政执法案卷",
    "3.3.8": "属于行政查询事项",
    "3.4.1": "本机关不掌握相关政府信息",
    "3.4.2": "没有现成信息需要另行制作",
    "3.4.3": "补正后申请内容仍不明确",
    "3.5.1": "信访举报投诉类申请",
    "3.5.2": "重复申请",
    "3.5.3": "要求提供公开出版物",
    "3.5.4": "无正当理由大量反复申请",
}


def _others(places: tuple[Place, ...]) -> Iterator[Naming]:
    """Yield the names of cells of tables 2 and 4."""
    suits = (Place("4", "2.1", "total"), Place("4", "2.2", "total"))
    yield Naming((Place("4", "1", "total"),), "行政复议(?:案件|案)?", topical=True)
    yield Naming(suits, "行政诉讼(?:案件|案)?", topical=True)
    for row, name in {"20.5.1": "行政许可", "20.6.1": "行政处罚", "20.6.2": "行政强制"}.items():
        yield Naming((Place("2", row, "decisions"),), f"{name}(?:处理)?决定")
    documents = {
        "issued": "制发",
        "repealed": "废止",
        "in_force": "现行有效(?:的)?",
        "made": "新制作",
    }
    for column, verb in documents.items():
        place = Place("2", "20.1.2", column)
        if place in places:
            yield Naming((place,), f"{verb}(?:行政)?规范性文件", CASES | {"个"})
    fees = Place("2", "20.8.1", "fees_collected")
    if fees in places:
        yield Naming((fees,), "行政事业性收费(?:金额)?", frozenset({"万元"}))


def _annexed() -> Iterator[Naming]:
    yield from _receiving(_annex("requests_received"))
    for code, (name, units) in _ANNEX.items():
        yield Naming((_annex(code),), name, units)
    yield Naming((_annex("review_cases"),), "行政复议(?:案件|案)?", topical=True)
    yield Naming((_annex("litigation_cases"),), "行政诉讼(?:案件|案)?", topical=True)


_PUBLISHED = "(?:公开|发布)(?:政府)?信息"
_ANNEX = {
    "proactive_items_total": ("主动公开(?:各类)?政府信息", ITEMS),
    "proactive_items_website": (f"通过(?:政府)?网站{_PUBLISHED}", ITEMS),
    "proactive_items_gazette": (f"通过政府公报{_PUBLISHED}", ITEMS),
    "proactive_items_social_media": (f"通过(?:政务)?微博微信{_PUBLISHED}", ITEMS),
    "proactive_items_news_media": (f"通过新闻媒体{_PUBLISHED}", ITEMS),
    "requests_in_person": ("当面(?:提交)?申请", CASES),
    "requests_fax": ("传真(?:提交)?申请", CASES),
    "requests_online": ("网络(?:提交)?申请", CASES),
    "requests_letter": ("信函(?:提交)?申请", CASES),
    "answers_already_public": ("属于已主动公开范围", CASES),
    "answers_granted": ("(?<!不)同意公开(?:答复)?", CASES),
    "answers_partially_granted": ("同意部分公开(?:答复)?", CASES),
    "answers_refused": ("不同意公开(?:答复)?", CASES),
    "press_conferences_total": ("新闻发布会", TIMES),
    "online_interviews": ("政府网站在线访谈(?:活动)?", TIMES),
    "interpretation_articles": ("政策解读(?:稿件|文件)", frozenset({"篇"})),
}
