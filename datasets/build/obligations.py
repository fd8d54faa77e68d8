"""An illustrative catalogue of what must be disclosed, as large as one that a report states.

桂林市 reports for 2020 that its 17 counties listed 36,376 items in 26 fields, of which 10,060 of
the first level and 26,316 of the second. The lists themselves are not in the report: here are
invented ones of that size, and everything says so.
"""

from collections.abc import Iterator
from pathlib import Path

from datasets.build.invention import Draw
from datasets.build.obligation_fields import ASPECTS, FIELDS, Aspect, Field
from datasets.build.package import Package, Row

LEVEL_1, LEVEL_2 = 10_060, 26_316
# The county-level units of 桂林市 in 2020, by GB/T 2260.
COUNTIES = (
    ("450302", "秀峰区"),
    ("450303", "叠彩区"),
    ("450304", "象山区"),
    ("450305", "七星区"),
    ("450311", "雁山区"),
    ("450312", "临桂区"),
    ("450321", "阳朔县"),
    ("450323", "灵川县"),
    ("450324", "全州县"),
    ("450325", "兴安县"),
    ("450326", "永福县"),
    ("450327", "灌阳县"),
    ("450328", "龙胜各族自治县"),
    ("450329", "资源县"),
    ("450330", "平乐县"),
    ("450332", "恭城瑶族自治县"),
    ("450381", "荔浦市"),
)
_DESCRIPTION = (
    "示例数据，不是真实的公开目录，不得引用：桂林市2020年政府信息公开工作年度报告说，"
    "全市17个县（市、区）26个试点领域编制公开事项36376项，其中一级事项10060项、二级事项26316项，"
    "但没有印出目录。这里按同样的规模由程序虚构了全部事项、依据、时限和公开主体，"
    "用来显示这样大的目录怎样报送、校验、审查和公布。真实目录以各县（市、区）政府公布的为准。"
)
_TERMS = {
    "PRO": "20个工作日",
    "PRJ-20": "20个工作日",
    "PEN-7": "7个工作日",
    "BUD-GOV": "批准后20日",
}
# What falls due by itself: of two first-level items of 安全生产 the plan and the results. Every
# county has as many, under the same codes, so that none is shown worse than another.
_PERIODIC_ITEMS = ("安全许可监督检查", "重大隐患监督检查")
_PERIODIC = {
    "检查计划": {"frequency": "annual", "time_limit": "每年末起20个工作日"},
    "检查结果": {"frequency": "quarterly", "time_limit": "每季度末起20个工作日"},
}
_PERIODIC_SINCE = "2026-01-01"
_CHANNELS = ("政府网站", "政府网站", "政府网站;两微一端", "政府网站;公开查阅点")
_LEVELS = ("县级", "县级", "县级;乡级")


def packages(_: Path) -> Iterator[Package]:
    """Yield the one package; it is drawn, and its size alone is transcribed."""
    yield Package(
        name="disclosure-obligations-illustrative",
        contract="disclosure-obligations/v1",
        period="rolling",
        title="基层政务公开事项目录（示例，按桂林市2020年公布的数量虚构）",
        title_en="Disclosure obligations (illustrative: invented, as many as Guilin's)",
        description=_DESCRIPTION,
        publisher_field="publisher_name",
        rows=list(_rows()),
        sources=[("本平台 datasets/build 生成的示例数据", "")],
    )


def _rows() -> Iterator[Row]:
    for place, county in enumerate(COUNTIES):
        firsts = _part(LEVEL_1, len(COUNTIES), place)
        seconds = _part(LEVEL_2, len(COUNTIES), place)
        yield from _county(county, firsts, seconds)


def _county(county: tuple[str, str], firsts: int, seconds: int) -> Iterator[Row]:
    """Yield a county's items: ``firsts`` of the first level with ``seconds`` below them."""
    seen = 0
    for number, field in enumerate(FIELDS):
        for index in range(_part(firsts, len(FIELDS), number)):
            below = _part(seconds, firsts, seen)
            seen += 1
            yield from _item(county, (number + 1, field), index, below)


def _part(whole: int, parts: int, place: int) -> int:
    """Return a share of ``whole`` that is spread evenly over ``parts``."""
    return whole * (place + 1) // parts - whole * place // parts


def _item(
    county: tuple[str, str], field: tuple[int, Field], index: int, below: int
) -> Iterator[Row]:
    """Yield one first-level item and those below it."""
    number, told = field
    subject, aspect = told.subjects[index // len(ASPECTS)], ASPECTS[index % len(ASPECTS)]
    draw = Draw("obligation", county[0], number, index)
    code = f"{number:02}-{index + 1:03}"
    row = _common(county, told, aspect, draw) | {"level1_item": f"{subject}{aspect.name}"}
    yield row | {
        "obligation_code": code,
        "item_level": "1",
        "second_level_items": str(below),
        "content": "、".join(aspect.parts[:below]),
    }
    for place, part in enumerate(aspect.parts[:below], start=1):
        own = row | _periodic(row["level1_item"], part)
        yield own | {
            "obligation_code": f"{code}-{place}",
            "item_level": "2",
            "level2_item": part,
            "second_level_items": "1",
            "content": part,
        }


def _periodic(item: str, part: str) -> dict[str, str]:
    """Return what is said of a second-level item that falls due by itself; nothing of others."""
    if item not in _PERIODIC_ITEMS or part not in _PERIODIC:
        return {}
    return _PERIODIC[part] | {"effective_from": _PERIODIC_SINCE}


def _common(county: tuple[str, str], field: Field, aspect: Aspect, draw: Draw) -> dict[str, str]:
    """Return what all rows of one first-level item have in common."""
    region, name = county
    is_result = aspect.name == "办理结果"
    rule = field.rule if is_result else "PRO"
    return {
        "publisher_name": f"{name}（示例）",
        "region_code": region,
        "field": field.name,
        "legal_basis": field.law,
        "time_limit": _TERMS[rule],
        "deadline_rule": rule,
        "frequency": "ad_hoc",
        "responsible_body": f"{name[-1]}{field.body}",
        "channels": draw.pick(_CHANNELS),
        "audience": "public",
        "method": "proactive",
        "level": draw.pick(_LEVELS),
        "collection": field.collection if is_result else "",
        "effective_from": "2020-12-31",
        "note": "示例",
    }
