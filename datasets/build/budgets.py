"""Budget tables as transcribed, one package per fiscal year.

The transcription keeps what the pages print. Two columns of the contract are a reading of the
tables' layout, and stand here table by table: the place of each line, and whether all is given.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from datasets.build.package import Package, read_rows, sources_of

Table = tuple[str, str, str, str]

_NAMES = {"t": "total", "w": "of_which"} | {str(n): f"level{n}" for n in range(1, 5)}

# Publisher, year, table, coverage: one letter per line, in line order. A line that a second
# breakdown or a summary repeats ("其中", a limit stated twice) is "w": already contained elsewhere.
LEVELS: dict[Table, str] = {
    ("炎陵县财政局", "2016", "G01", "region_total"): (
        "tww1" + "2" + "3" * 13 + "2" + "3w333333" + "1" + "2222" + "1" + "2" * 7
    ),
    ("衡阳市石鼓区", "2016", "G01", "own_level"): "2" + "3" * 12 + "2" + "3333" + "111wt",
    ("民和县", "2016", "G01", "region_total"): "12211t",
    ("民和县", "2016", "G02", "region_total"): "t" + "1" * 10,
    ("南通市国资委", "2016", "D7", "none"): "122311",
    ("岳阳县台创园", "2017", "D7", "none"): "t112",
    ("财政部", "2017", "F05", "region_total"): "11111w1",
    ("财政部", "2018", "G06", "region_total"): "111t1t",
    ("财政部", "2018", "F05", "region_total"): "1",
    ("龙泉市财政局", "2018", "P01", "own_level"): "t11221",
    ("鹿寨县财政局", "2019", "P01", "region_total"): "t1221",
    ("重庆市綦江区", "2020", "G06", "region_total"): "ttww111w11",
    ("重庆市綦江区", "2020", "F05", "region_total"): "w111",
    ("福州市台江区", "2020", "G06", "region_total"): "wwt1t1t1tt",
    ("福州市台江区", "2020", "F05", "region_total"): "w111",
    ("重庆市江北区", "2021", "P01", "own_level"): "t11221",
    ("广州市统计局", "2021", "G01", "region_total"): "t1" + "2" * 14,
    ("广州市统计局", "2021", "F01", "region_total"): "t",
    ("广州市统计局", "2021", "G05", "region_total"): "1",
    ("凉山州财政局", "2022", "P01", "own_level"): "t11221",
    ("沙洋县财政局", "2022", "G01", "own_level"): "1221t",
    ("沙洋县财政局", "2022", "G01", "region_total"): "t",
    ("沙洋县财政局", "2022", "G02", "region_total"): "t",
    ("重庆市涪陵区", "2023", "P01", "own_level"): "t111",
    ("财政部", "2023", "S01", "own_level"): "12333321t",
    ("财政部", "2023", "S02", "own_level"): "11",
}

# Tables of which every prescribed line is there, and every total is the sum of its parts within
# the rounding of the print. All others are excerpts, or figures read from prose.
COMPLETE: frozenset[Table] = frozenset(
    {
        ("炎陵县财政局", "2016", "G01", "region_total"),
        ("衡阳市石鼓区", "2016", "G01", "own_level"),
        ("龙泉市财政局", "2018", "P01", "own_level"),
        ("重庆市江北区", "2021", "P01", "own_level"),
        ("凉山州财政局", "2022", "P01", "own_level"),
    }
)

_DESCRIPTION = (
    "从政府网站公开页面转录的 {year} 年预算、决算表格。金额和单位与原文一致，未作换算；"
    "原文没有的留空；"
    "多数表格只摘录了部分内容，以“表格完整性”列标明；部分印出的数字彼此矛盾，照录不改。"
    "转录者为虚构的演示机构，权威数字以来源页面为准。"
)


def packages(sources: Path) -> Iterator[Package]:
    """Yield one package per fiscal year of the transcription."""
    rows = [_row(each) for each in read_rows(sources / "budgets.csv")]
    rows.sort(key=lambda row: row["fiscal_year"])
    for year, group in groupby(rows, key=lambda row: row["fiscal_year"]):
        lines = list(group)
        yield Package(
            name=f"budgets-{year}",
            contract="budgets/v1",
            period=year,
            title=f"{year}年预算与决算（转录）",
            title_en=f"Budgets and final accounts {year} (transcribed)",
            description=_DESCRIPTION.format(year=year),
            publisher_field="publisher_name",
            rows=lines,
            sources=sources_of(lines),
        )


def _row(line: dict[str, str]) -> dict[str, str]:
    coverage = line["coverage"] or "none"
    table = (line["publisher_name"], line["fiscal_year"], line["table_code"], coverage)
    return line | {
        "coverage": coverage,
        "table_extent": "complete" if table in COMPLETE else "partial",
        "subject_level": _NAMES[LEVELS[table][int(line["line_no"]) - 1]],
    }
