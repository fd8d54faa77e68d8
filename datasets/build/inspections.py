"""Random inspections: what two annual reports state of them, and an invented list of tasks.

The reports give totals and no lists. The list is as large as 桂林市's totals for 2020, and
everything in it says that it is invented.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from datasets.build.invention import Draw
from datasets.build.package import Package, Row

BATCHES, SUBJECTS = 225, 7623
JOINT_BATCHES, JOINT_ITEMS, JOINT_SUBJECTS = 32, 113, 219

# What a report states: its key, which total it is, and which column each indicator goes to.
_STATED: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        "guilin-2020",
        "all",
        {"double_random_batches": "batches", "double_random_subjects": "subjects_drawn"},
    ),
    (
        "guilin-2020",
        "joint",
        {
            "double_random_member_units": "departments",
            "double_random_joint_batches": "batches",
            "double_random_joint_items": "items",
            "double_random_joint_subjects": "subjects_drawn",
        },
    ),
    ("zhuhai-2018", "all", {"double_random_subjects": "subjects_drawn"}),
)
_CHANNELS = {
    "guilin-2020": "国家企业信用信息系统",
    "zhuhai-2018": "珠海市商事登记许可及信用信息公示平台",
}
_DEPARTMENTS = (
    (
        "市场监督管理局",
        ("食品销售", "餐饮服务", "特种设备使用", "广告发布", "登记事项", "年报公示"),
    ),
    ("生态环境局", ("排污许可", "危险废物", "建设项目环保")),
    ("应急管理局", ("危险化学品", "烟花爆竹经营", "工贸企业安全")),
    ("交通运输局", ("道路客运", "危险货物运输", "驾驶员培训")),
    ("卫生健康委员会", ("公共场所卫生", "医疗机构", "学校卫生")),
    ("住房和城乡建设局", ("房地产经纪", "建筑市场", "燃气经营")),
    ("文化广电和旅游局", ("旅行社", "娱乐场所", "互联网上网服务")),
    ("农业农村局", ("农药经营", "兽药经营", "种子生产")),
)
_DESCRIPTION = (
    "从{year}年政府信息公开工作年度报告转录的“双随机、一公开”抽查数字，附原文。报告只有合计，"
    "没有列出抽查任务；报告没有写的留空。转录者为虚构的演示机构，权威数字以各机关公布的报告为准。"
)
_INVENTED = (
    "示例数据，不是真实的抽查：公开主体、抽查任务和检查结果全部由程序虚构，不得引用。"
    "全年合计的批次、事项数和检查对象数与桂林市2020年公布的相同（225批次、7623户，"
    "其中部门联合抽查32批次、113项、219户），用来显示任务与合计怎样核对。"
)


def packages(sources: Path) -> Iterator[Package]:
    """Yield one package per year transcribed, and the invented one."""
    found: dict[str, Any] = json.loads((sources / "facts.json").read_text(encoding="utf-8"))
    for year in ("2018", "2020"):
        rows = list(_transcribed(found, year))
        titles = dict.fromkeys(row["source_title"] for row in rows)
        description = _DESCRIPTION.format(year=year)
        named = [(f"《{title}》", "") for title in titles]
        yield _package(year, f"{year}年双随机、一公开抽查（转录）", description, (rows, named))
    rows = [*_tasks(), *_totals(list(_tasks()))]
    own = [("本平台 datasets/build 生成的示例数据", "")]
    yield _package("2025", "2025年双随机、一公开抽查（示例，全部虚构）", _INVENTED, (rows, own))


def _package(
    year: str, title: str, description: str, told: tuple[list[Row], list[tuple[str, str]]]
) -> Package:
    rows, sources = told
    invented = "示例" in title
    kind = "illustrative, all invented" if invented else "transcribed"
    return Package(
        name=f"random-inspections-{'illustrative' if invented else year}",
        contract="random-inspections/v1",
        period=year,
        title=title,
        title_en=f"Random inspections {year} ({kind})",
        description=description,
        publisher_field="publisher_name",
        rows=rows,
        sources=sources,
    )


def _transcribed(found: Mapping[str, Any], year: str) -> Iterator[Row]:
    for key, kind, columns in _STATED:
        document = found["documents"][key]
        if str(document["report_year"]) != year:
            continue
        facts = {each["indicator_en"]: each for each in found["facts"] if each["document"] == key}
        quotes = dict.fromkeys(facts[name]["quote"] for name in columns)
        yield {
            "publisher_name": document["publisher"],
            "region_code": document["region_code"],
            "year": year,
            "record_no": f"{year}-{kind.upper()}",
            "row_type": "total",
            "inspection_kind": kind,
            "list_extent": "partial",
            **{column: str(facts[name]["value"]) for name, column in columns.items()},
            "status": "finished",
            "results_channel": _CHANNELS[key] if kind == "all" else "",
            "source_title": document["title"],
            "quote": "；".join(quotes),
        }


def _common() -> dict[str, str]:
    return {
        "publisher_name": "桂林市（示例）",
        "region_code": "450300",
        "year": "2025",
        "list_extent": "complete",
        "status": "finished",
        "results_channel": "示例公示平台（虚构）",
        "note": "示例数据，全部虚构",
    }


def _tasks() -> Iterator[Row]:
    """Yield the tasks in the order of their days; each is one batch."""
    for number in range(BATCHES):
        # The joint ones are spread over the year.
        joint = _step(number, JOINT_BATCHES, BATCHES)
        yield _task(number, is_joint=joint)


def _step(number: int, chosen: int, among: int) -> bool:
    return (number + 1) * chosen // among > number * chosen // among


def _task(number: int, *, is_joint: bool) -> Row:
    draw = Draw("inspection", number)
    before = number * JOINT_BATCHES // BATCHES
    place = before if is_joint else number - before
    lead = draw.below(len(_DEPARTMENTS))
    name, subjects = _DEPARTMENTS[lead]
    subject = draw.pick(subjects)
    drawn = (
        _share(JOINT_SUBJECTS, JOINT_BATCHES, place)
        if is_joint
        else _share(SUBJECTS - JOINT_SUBJECTS, BATCHES - JOINT_BATCHES, place)
    )
    items = _share(JOINT_ITEMS, JOINT_BATCHES, place) if is_joint else 1 + draw.below(4)
    begun = date(2025, 3, 3) + timedelta(days=number)
    others = [_DEPARTMENTS[(lead + 1 + each) % len(_DEPARTMENTS)][0] for each in range(2)]
    return _common() | {
        "record_no": f"2025-{number + 1:03}",
        "row_type": "task",
        "inspection_kind": "joint" if is_joint else "department",
        "plan_name": "2025年度双随机抽查工作计划（示例）",
        "task_name": f"{subject}{'联合' if is_joint else ''}抽查第{number + 1}批",
        "lead_department": f"示例市{name}",
        "joint_departments": ";".join(f"示例市{each}" for each in others) if is_joint else "",
        "subject_category": f"{subject}单位",
        "departments": "3" if is_joint else "1",
        "batches": "1",
        "items": str(items),
        "subjects_listed": str(drawn * (5 + draw.below(20))),
        "inspectors_drawn": str(2 + draw.below(6)),
        **_results(drawn, draw),
        "drawn_on": begun.isoformat(),
        "checked_until": (begun + timedelta(days=20 + draw.below(15))).isoformat(),
        "results_published_on": (begun + timedelta(days=40 + draw.below(10))).isoformat(),
    }


def _share(whole: int, parts: int, place: int) -> int:
    return whole * (place + 1) // parts - whole * place // parts


def _results(drawn: int, draw: Draw) -> dict[str, str]:
    """Return how many were found in order, wanting or not at all."""
    lost = draw.below(2)
    wanting = draw.below(max(2, drawn // 6))
    return {
        "subjects_drawn": str(drawn),
        "subjects_checked": str(drawn),
        "no_problem": str(drawn - lost - wanting),
        "problems_found": str(wanting),
        "not_reached": str(lost),
    }


_SUMMED = ("batches", "items", "subjects_drawn", "subjects_checked")
_FOUND = ("no_problem", "problems_found", "not_reached")


def _totals(tasks: list[Row]) -> Iterator[Row]:
    """Yield the year's totals: by one department, joint, and all."""
    for kind in ("department", "joint", "all"):
        own = [each for each in tasks if kind in ("all", each["inspection_kind"])]
        yield _common() | {
            "record_no": f"2025-{kind.upper()}",
            "row_type": "total",
            "inspection_kind": kind,
            **{name: _sum(own, name) for name in (*_SUMMED, *_FOUND)},
            "results_published_on": "2025-12-31",
        }


def _sum(rows: Iterable[Row], name: str) -> str:
    return str(sum(int(each[name]) for each in rows))
