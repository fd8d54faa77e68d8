"""The forms of the annual report: T2014, T2019 and T2021, as tables of rows and columns.

The codes are those of the collection ``disclosure-statistics``.

Source: 国办发〔2014〕32号; 国办公开办函〔2019〕60号; 国办公开办函〔2021〕30号.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from opendata.domain.annual import annex, rows
from opendata.domain.annual.layout import Place
from opendata.domain.annual.rows import Block, Row
from opendata.domain.errors import NotFound, Text

FIRST_YEAR = 2008
SECTIONS = range(1, 7)


class NoSuchReport(NotFound):
    """There is no annual report of this year, or no such cell or section in it."""

    code = "no-such-annual-report"


@dataclass(frozen=True)
class Table:
    """One table: ``topic`` is what the collection calls it; cells are blocks of rows × columns."""

    code: str
    title: Text
    topic: str
    blocks: tuple[Block, ...]

    @property
    def places(self) -> Iterator[Place]:
        """Its cells, row by row."""
        for block in self.blocks:
            for row in block.rows:
                for column in block.columns:
                    yield Place(self.code, row.code, column.code)


@dataclass(frozen=True)
class Template:
    """The form of one year's report; ``sections`` are the titles of its six parts.

    ``within`` says which table a section consists of, where it consists of one.
    """

    code: str
    basis: str
    tables: tuple[Table, ...]
    sections: tuple[Text, ...]
    within: Mapping[int, str]

    def table(self, code: str) -> Table | None:
        """Return the table of this code, if it has one."""
        return next((each for each in self.tables if each.code == code), None)

    @cached_property
    def units(self) -> Mapping[Place, str]:
        """Every cell, in the order of the form, and the unit of its figure."""
        return {
            Place(table.code, row.code, column.code): column.unit or row.unit
            for table in self.tables
            for block in table.blocks
            for row in block.rows
            for column in block.columns
        }

    @cached_property
    def names(self) -> Mapping[tuple[str, str], Row]:
        """Every row, by table and code."""
        return {
            (table.code, row.code): row
            for table in self.tables
            for block in table.blocks
            for row in block.rows
        }

    def row(self, place: Place) -> Row:
        """Return the row of a cell."""
        return self.names[place.table, place.row]

    def check_has(self, place: Place) -> None:
        """Raise ``NoSuchReport`` unless the form has this cell."""
        if place not in self.units:
            table, row, column = (each[:40] for each in place)
            named = f"表 {table}，行 {row}，列 {column}"
            raise NoSuchReport(
                f"{self.code} 格式没有这一格：{named}。",
                f"Template {self.code} has no cell {row}, {column} in table {table}.",
            )


_PARTS = (
    Text("总体情况", "Overview"),
    Text("主动公开政府信息情况", "Proactive disclosure"),
    Text("收到和处理政府信息公开申请情况", "Requests received and handled"),
    Text("政府信息公开行政复议、行政诉讼情况", "Reviews and litigation"),
    Text("存在的主要问题及改进情况", "Main problems and improvements"),
    Text("其他需要报告的事项", "Other matters to report"),
)
# 《政府信息公开条例》(2007) 第三十二条.
_PARTS_2014 = (
    Text("主动公开政府信息的情况", "Proactive disclosure"),
    Text("依申请公开政府信息和不予公开政府信息的情况", "Requests, and what was not disclosed"),
    Text("政府信息公开的收费及减免情况", "Fees, and fees waived"),
    Text("因政府信息公开申请行政复议、提起行政诉讼的情况", "Reviews and litigation"),
    Text("政府信息公开工作存在的主要问题及改进情况", "Main problems and improvements"),
    Text("其他需要报告的事项", "Other matters to report"),
)
_IN_TABLES = {2: "2", 3: "3", 4: "4"}


def _tables(second: tuple[Block, ...], third: Block) -> tuple[Table, ...]:
    return (
        Table("2", _PARTS[1], "proactive", second),
        Table("3", _PARTS[2], "requests", (third,)),
        Table("4", _PARTS[3], "review_litigation", (rows.REVIEWS,)),
    )


T2014 = Template(
    "T2014",
    "国办发〔2014〕32号",
    (Table("annex", Text("统计表", "Statistics"), "", annex.BLOCKS),),
    _PARTS_2014,
    {},
)
T2019 = Template(
    "T2019",
    "国办公开办函〔2019〕60号",
    _tables(rows.PROACTIVE_2019, rows.REQUESTS_2019),
    _PARTS,
    _IN_TABLES,
)
T2021 = Template(
    "T2021",
    "国办公开办函〔2021〕30号",
    _tables(rows.PROACTIVE_2021, rows.REQUESTS_2021),
    _PARTS,
    _IN_TABLES,
)
TEMPLATES: Mapping[str, Template] = {each.code: each for each in (T2014, T2019, T2021)}


def template_of(year: int) -> Template:
    """Return the form of the report on ``year``.

    Raises:
        NoSuchReport: nothing was reported before the Regulation came into force (2008-05-01).

    >>> [template_of(year).code for year in (2018, 2019, 2020, 2021)]
    ['T2014', 'T2019', 'T2019', 'T2021']
    """
    if not FIRST_YEAR <= year <= 2100:
        raise NoSuchReport(
            f"没有 {year} 年的年度报告。", f"There is no annual report on the year {year}."
        )
    if year <= 2018:
        return T2014
    return T2019 if year <= 2020 else T2021


def check_begun(year: int, today: date) -> None:
    """Check that there can be a report on a year: nothing is reported of what is yet to come.

    Raises:
        NoSuchReport: the year has not begun.
    """
    if year > today.year:
        raise NoSuchReport(f"{year} 年尚未开始。", f"The year {year} has not begun.")
