"""What the words of a report call the cells of its tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from opendata.domain.annual.layout import Place
from opendata.domain.annual.templates import Template

_ABOUT = "(?:政府信息公开|信息公开|依申请公开|依申请公开政府信息|公开政府信息)"
_REQUEST = rf"(?:{_ABOUT}(?:的)?(?:申请)?|(?:公开)?申请)"
# What may stand between a name and its number.
_THEN = r"[”\"』]*(?:数量|总数|数)?(?:共计|合计|总计|共|为|是|有|计|了|的|:|：)*\s*"
CASES = frozenset({"件", "宗", "份", "起", "条"})
ITEMS = frozenset({"条", "件"})
TIMES = frozenset({"次", "场", "期"})
MONEY = frozenset({"元", "万元"})
# What is paid for requests; only the form of 2014 has a cell for it, the others tell it in words.
FEES = Place("annex", "fees_collected", "none")
_RECEIVING = "(?:收到|受理|新收|接收|接到)"


@dataclass(frozen=True)
class Naming:
    """A way to name what some cells add up to: ``before`` the number, and ``after`` its unit.

    ``topical`` names are also used of other matters: the sentence has to be about disclosure.
    Short ones mean these cells only where what is said up to them matches ``context``, and nothing
    in their sentence but what is ``apart`` narrows it. The figures are in ``unit``, if the number
    may be in another one. ``otherwise`` are other cells that the same words may mean.
    """

    places: tuple[Place, ...]
    before: str
    units: frozenset[str] = CASES
    after: str | None = None
    topical: bool = False
    context: str | None = None
    apart: str | None = None
    unit: str = ""
    otherwise: tuple[Place, ...] = ()

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
    verb = _RECEIVING
    yield Naming((place,), rf"{verb}(?:的)?(?:公民、法人(?:和|或|及)其他组织)?{_REQUEST}")
    yield Naming((place,), verb, after=rf"(?:的)?{_REQUEST}")
    yield Naming((place,), rf"依申请公开(?:共|已)?{verb}")


def _requests() -> Iterator[Naming]:
    yield from _receiving(_total("1"))
    yield from _asking()
    yield Naming((_total("2"),), rf"上(?:一)?年度?结转(?:的)?{_REQUEST}?")
    yield Naming(
        (_total("4"),), rf"结转(?:至|到)?(?:下(?:一)?年度?|次年)(?:继续办理)?(?:的)?{_REQUEST}?"
    )


_ASKED = (
    rf"(?:{_RECEIVING}(?:了|的)?{_REQUEST}|依申请公开(?:共|已)?{_RECEIVING}|"
    rf"{_ABOUT}(?:的)?申请|公开申请)"
)
# The last matter that is spoken of is a request for information, and no other one.
_OF_REQUESTS = (
    rf"{_ASKED}(?:(?!信访|来信|来电|来访|热线|建议|提案|留言|咨询|投诉|举报|信箱|邮件|"
    r"许可|处罚|审批|复议|诉讼|案件|事项|服务|(?<!公开)(?<![到理收的了])申请)[\s\S])*$"
)
# Between a name and the beginning of its clause nothing else may stand.
_BEGUN = (
    r"(?:^|全年|本年度?|年内|其中|[0-9]{4}\s?年度?|[、：:])(?:本机关|我局|我委|我厅)?"
    "(?:共计?|一共|合计|总计|已|均已|全部|已全部)?"
)
_ENDED_BEHIND = rf"(?:的)?{_REQUEST}?\s*(?:[、和及]|$)"


def _ended(verb: str, *places: Place, otherwise: tuple[Place, ...] = ()) -> Naming:
    """Return how those closed or answered are named: "办结4件", "答复申请8件"."""
    before = rf"{_BEGUN}{verb}{_REQUEST}?"
    return Naming(places, before, after=_ENDED_BEHIND, context=_OF_REQUESTS, otherwise=otherwise)


_APPLICANTS = {
    "C1": "自然人",
    "C2": "商业企业",
    "C3": "科研机构",
    "C4": "社会公益组织",
    "C5": "法律服务机构",
}
_ANY_APPLICANT = "|".join(_APPLICANTS.values())
# Those received are told apart, and neither those answered nor those carried over.
_OF_RECEIVED = (
    rf"{_ASKED}(?:(?!申请人|办结|答复|结转|予以公开|部分公开|不予|无法|其他处理)"
    r"[^。；;！？?\n])*$"
)
# What is left over is that of applicants only behind one that is named.
_OF_OTHERS = rf"(?:{_ANY_APPLICANT})[0-9]{{1,15}}[件宗份起条][^。；;！？?\n]{{0,9}}$"


def _asking() -> Iterator[Naming]:
    """Yield the names of those received by who asks: "其中自然人4件、商业企业1件"."""
    behind = rf"(?:(?:提交|提出)?(?:的)?{_REQUEST})?"
    for column, name in _APPLICANTS.items():
        place = Place("3", "1", column)
        before = f"{_BEGUN}(?:来自|属于|为)?{name}{behind}"
        yield Naming((place,), before, context=_OF_RECEIVED, apart=_ANY_APPLICANT)
    context = f"(?=[\\s\\S]*{_OF_OTHERS}){_OF_RECEIVED}"
    before = f"{_BEGUN}其他{behind}"
    yield Naming((Place("3", "1", "C6"),), before, context=context, apart=_ANY_APPLICANT)


def _results(template: str, places: tuple[Place, ...]) -> Iterator[Naming]:
    """Yield the names of the results, by row and by group of rows."""
    totals = [each for each in places if each.table == "3" and each.column == "C7"]
    yield _ended("办结", _total("3.7"))
    # What is handled otherwise (其他处理) ends without an answer, as some count.
    answers = tuple(each for code in range(1, 6) for each in _within(totals, f"3.{code}"))
    yield _ended("答复", _total("3.7"), otherwise=answers)
    groups = {"3.3": "不予公开", "3.4": "无法提供", "3.5": "不予处理", "3.6": "其他处理"}
    for code, name in groups.items():
        parts = _within(totals, code)
        yield Naming(parts, name)
    yield Naming((_total("3.1"),), "(?<!不)予以公开")
    yield Naming((_total("3.2"),), "(?:予以)?部分公开")
    for code, name in _SINGLE.items():
        yield Naming((_total(code),), re.escape(name))


def _within(totals: Sequence[Place], code: str) -> tuple[Place, ...]:
    return tuple(each for each in totals if each.row == code or each.row.startswith(f"{code}."))


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
    for column, ruling in {"upheld": "维持", "corrected": "纠正", "pending": "尚未审结"}.items():
        yield from _ruled((Place("4", "1", column),), "复议", ruling)
        yield from _ruled(tuple(Place("4", row, column) for row in ("2.1", "2.2")), "诉讼", ruling)
    for row, name in {"20.5.1": "行政许可", "20.6.1": "行政处罚", "20.6.2": "行政强制"}.items():
        place = Place("2", row, "decisions")
        yield Naming((place,), f"{name}(?:处理)?决定")
        decided = "(?:作出|做出)" if row == "20.5.1" else "(?:作出|做出|实施)?"
        before, after = f"{_BEGUN}{decided}{name}", r"\s*(?:[、和及]|$)"
        yield Naming((place,), before, _DECISIONS, after, context=_OF_DECISIONS)
    documents = {
        "issued": "(?:制发|(?<!参与)(?<!牵头)(?<!起草)制定)",
        "repealed": "废止",
        "in_force": "现行有效(?:的)?",
        "made": "新制作",
    }
    kinds = {"20.1.1": "(?:政府|部门)?规章", "20.1.2": "(?:行政)?规范性文件"}
    for (row, kind), (column, verb) in product(kinds.items(), documents.items()):
        place = Place("2", row, column)
        if place in places:
            yield Naming((place,), f"{verb}{kind}", CASES | {"个"})
    fees = Place("2", "20.8.1", "fees_collected")
    if fees in places:
        yield Naming((fees,), "行政事业性收费(?:金额)?", frozenset({"万元"}))
    yield _charged("信息处理费")


def _charged(name: str) -> Naming:
    before = rf"{_BEGUN}(?:实际)?收取(?:的)?(?:依申请公开|政府信息公开)?{name}(?:用|金额|总金额)?"
    return Naming((FEES,), before, MONEY, unit="万元")


def _ruled(places: tuple[Place, ...], way: str, ruling: str) -> Iterator[Naming]:
    """Yield the names of what was decided in one way: "行政复议维持1件", "行政复议1件，维持1件"."""
    said = f"(?:结果)?(?:被)?(?:依法)?{ruling}"
    yield Naming(places, rf"(?:行政)?{way}(?:案件|案)?{said}", topical=True)
    other = "诉讼" if way == "复议" else "复议"
    alone = rf"(?:(?!{other})[^。；;！？?\n])*"
    behind = rf"(?:^|[。；;！？?\n]){alone}{way}{alone}$"
    yield Naming(places, f"{_BEGUN}{said}", topical=True, context=behind)


_DECISIONS = frozenset({"件", "宗", "起"})
# What is published, complained or sued about is no decision of the year.
_OF_DECISIONS = (
    r"(?:^|[。；;！？?\n])(?:(?!公开|公示|发布|公布|网站|信息|复议|诉讼|信访|举报|投诉|案件)"
    r"[^。；;！？?\n])*$"
)


def _annexed() -> Iterator[Naming]:
    yield from _receiving(_annex("requests_received"))
    for code, (name, units) in _ANNEX.items():
        yield Naming((_annex(code),), name, units)
    yield _ended("办结", _annex("requests_closed"))
    yield _ended("答复", _annex("requests_answered"))
    for kind, way in {"review": "复议", "litigation": "诉讼"}.items():
        yield Naming((_annex(f"{kind}_cases"),), f"行政{way}(?:案件|案)?", topical=True)
        for ruling, name in {"upheld": "维持", "corrected": "(?:纠错|纠正)"}.items():
            yield from _ruled((_annex(f"{kind}_{ruling}"),), way, name)
    yield _charged("(?:信息处理费|依申请公开信息费|检索、复制、邮寄等成本费)")


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
