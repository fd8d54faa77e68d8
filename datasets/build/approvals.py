"""Decisions on construction projects as transcribed: one running package, like its collection."""

import re
from collections.abc import Iterator
from pathlib import Path

from datasets.build.package import Package, read_rows, sources_of

_AREA = re.compile(r"(?P<number>[0-9.]+)(?P<unit>平方米|公顷|亩)")
# A note that says which decision is changed: 原榕发改审批〔2024〕59号.
_FORMER = re.compile(r"原(?P<number>[^\s;,，；]+〔[0-9]{4}〕[0-9]+号)")

_DESCRIPTION = (
    "从政府网站公开页面转录的投资项目审批、核准结果。金额和单位与原文一致，未作换算；"
    "页面没有印出的项目代码、日期等留空，批复机关没有载明的如实写明，均不作推断；疑点记在备注中。"
    "记录编号由转录者编制。转录者为虚构的演示机构，权威信息以来源页面为准。"
)


def packages(sources: Path) -> Iterator[Package]:
    """Yield the one package; record numbers follow the order of the transcription."""
    lines = read_rows(sources / "project_approvals.csv")
    rows = [_row(number, line) for number, line in enumerate(lines, start=1)]
    yield Package(
        name="project-approvals-transcribed",
        contract="project-approvals/v1",
        period="rolling",
        title="重大建设项目批准结果（转录）",
        title_en="Project approvals (transcribed)",
        description=_DESCRIPTION,
        publisher_field="authority_name",
        rows=rows,
        sources=sources_of(rows),
    )


def _row(number: int, line: dict[str, str]) -> dict[str, str]:
    area = _AREA.fullmatch(line["land_area"])
    if line["land_area"] and area is None:
        raise ValueError(f"An area that cannot be read: {line['land_area']}")
    former = _FORMER.search(line["note"])
    return line | {
        "record_no": f"ZL-{number:04}",
        "authority_name": line["authority_name"] or "未载明",
        "amount_unit": line["amount_unit"] or "none",
        "land_area": area["number"] if area else "",
        "land_area_unit": area["unit"] if area else "none",
        "supersedes_document_number": former["number"] if former else "",
    }
