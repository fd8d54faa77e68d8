"""Figures of annual reports on information disclosure, one package per report year."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from datasets.build.package import Package

_ROWS = {
    "规章": "20.1.1",
    "规范性文件": "20.1.2",
    "行政许可": "20.5.1",
    "其他对外管理服务事项": "20.5.2",
    "行政处罚": "20.6.1",
    "行政强制": "20.6.2",
    "行政事业性收费": "20.8.1",
    "政府集中采购": "20.9.1",
    "行政复议": "1",
    "行政诉讼-未经复议直接起诉": "2.1",
    "行政诉讼-复议后起诉": "2.2",
}
_COLUMNS = {
    2: {
        "本年新制作数量": "made",
        "本年新公开数量": "newly_public",
        "对外公开总数量": "public_total",
        "上一年项目数量": "items_previous",
        "本年增/减": "items_change",
        "处理决定数量": "decisions",
        "采购项目数量": "procurement_items",
        "采购总金额": "procurement_amount",
    },
    3: {
        "自然人": "C1",
        "商业企业": "C2",
        "科研机构": "C3",
        "社会公益组织": "C4",
        "法律服务机构": "C5",
        "其他": "C6",
        "总计": "C7",
    },
    4: {
        "结果维持": "upheld",
        "结果纠正": "corrected",
        "其他结果": "other_result",
        "尚未审结": "pending",
        "总计": "total",
    },
}
_TOPICS = {2: "proactive", 3: "requests", 4: "review_litigation"}

# One page prints the pronunciation of a character behind it, against copying: 關(guān).
_PINYIN = re.compile(r"(?<=[\u4e00-\u9fff])\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)")

_DESCRIPTION = (
    "从 {year} 年度政府信息公开工作年度报告逐个转录的数字，每个数字附原文写法和摘录。"
    "法定表格逐格收录；正文数字按指标收录，“余”“近”“约”等限定如实标明，换算成个数的另存原文倍数。"
    "转录者为虚构的演示机构，权威数字以各机关公布的报告为准。"
)


def packages(sources: Path) -> Iterator[Package]:
    """Yield one package per report year."""
    text = (sources / "facts.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text, parse_float=Decimal)
    documents = found["documents"]
    for year in sorted({each["report_year"] for each in documents.values()}):
        own = {key: each for key, each in documents.items() if each["report_year"] == year}
        facts = [each for each in found["facts"] if each["document"] in own]
        yield Package(
            name=f"disclosure-statistics-{year}",
            contract="disclosure-statistics/v1",
            period=str(year),
            title=f"{year}年度政府信息公开统计（转录）",
            title_en=f"Disclosure statistics {year} (transcribed)",
            description=_DESCRIPTION.format(year=year),
            publisher_field="publisher_name",
            rows=[_row(each, own[each["document"]]) for each in facts],
            sources=[(f"《{each['title']}》", "") for each in own.values()],
        )


def _row(fact: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, str]:
    publisher, year = document["publisher"], document["report_year"]
    return {
        "publisher_name": publisher,
        "publisher_level": "government" if publisher.endswith("人民政府") else "department",
        "region_code": document["region_code"],
        "report_year": str(year),
        "data_year": str(fact["year"]),
        "template": _template(year),
        **_place(fact),
        "value": str(fact["value"]),
        "unit": fact["unit"],
        "qualifier": fact["qualifier"],
        "raw_value": fact["raw"],
        "scale": fact.get("scale", ""),
        "quote": _PINYIN.sub("", fact["quote"]),
        "source_title": document["title"],
        "note": fact.get("note", ""),
    }


def _template(year: int) -> str:
    if year <= 2018:
        return "T2014"
    return "T2019" if year <= 2020 else "T2021"


def _place(fact: Mapping[str, Any]) -> dict[str, str]:
    if "cell" not in fact:
        return {
            "table_code": "narrative",
            "indicator_code": fact["indicator_en"],
            "indicator_name": fact["indicator_zh"],
            "column_code": "none",
            "topic": fact["topic"],
        }
    cell = fact["cell"]
    return {
        "table_code": str(cell["table"]),
        "indicator_code": cell.get("row_code") or _ROWS[cell["row"]],
        "indicator_name": cell["row"],
        "column_code": _COLUMNS[cell["table"]][cell["column"]],
        "topic": _TOPICS[cell["table"]],
    }
