"""The statutory tables on paper: every figure stands once, under the headings of the form."""

from decimal import Decimal

import pytest

from opendata.domain.annual.layout import Part, Place
from opendata.domain.annual.model import Cell
from opendata.domain.annual.paper import UNKNOWN, paper_of, written
from opendata.domain.annual.printing import printed_tables
from opendata.domain.annual.templates import TEMPLATES, template_of
from tests.annual import report_on


def tables_of(year, also=()):
    return {each.table: each for each in printed_tables(template_of(year), also)}


def heads(table, row):
    return [(each.text, each.rows, each.columns) for each in table.rows[row]]


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda each: each.code)
def test_every_figure_of_the_form_is_printed_once(template):
    places = [place for table in printed_tables(template) for place in table.places]

    wanted = {place for place in template.units if not template.row(place).supplementary}
    assert len(places) == len(set(places))
    assert set(places) == wanted


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda each: each.code)
def test_the_cells_of_a_table_cover_it_without_a_gap(template):
    for table in printed_tables(template):
        covered = [
            (row + down, column + right)
            for row, column, slot in table.laid()
            for down in range(slot.rows)
            for right in range(slot.columns)
        ]
        whole = {(row, at) for row in range(len(table.rows)) for at in range(len(table.widths))}
        assert len(covered) == len(set(covered))
        assert set(covered) == whole


def test_table_3_has_the_three_rows_of_headings_of_the_form():
    table = tables_of(2020)["3"]

    rule = "(本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和)"
    assert heads(table, 0) == [(rule, 3, 3), ("申请人情况", 1, 7)]
    assert heads(table, 1) == [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)]
    assert [each.text for each in table.rows[2]] == [
        "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他",
    ]  # fmt: skip
    assert table.heads == 3


@pytest.mark.parametrize(
    ("year", "groups"),
    [
        (2020, {"三、本年度办理结果": 20, "(三)不予公开": 8, "(四)无法提供": 3, "(五)不予处理": 5}),
        (
            2024,
            {
                "三、本年度办理结果": 22,
                "(三)不予公开": 8,
                "(四)无法提供": 3,
                "(五)不予处理": 5,
                "(六)其他处理": 3,
            },
        ),
    ],
)
def test_rows_of_one_group_have_its_name_beside_them(year, groups):
    labels = [each for row in tables_of(year)["3"].rows for each in row if each.part is Part.LABEL]

    assert {each.text: each.rows for each in labels if each.rows > 1} == groups


def test_table_4_stands_in_one_row_as_the_form_has_it():
    table = tables_of(2020)["4"]

    assert heads(table, 0) == [("行政复议", 1, 5), ("行政诉讼", 1, 10)]
    assert heads(table, 1)[5:] == [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)]
    assert len(table.rows) == 4
    assert table.places[0] == Place("4", "1", "upheld")
    assert table.places[-1] == Place("4", "2.2", "total")


def test_table_2_of_2021_says_the_unit_of_fees_above_them():
    rows = tables_of(2024)["2"].rows

    assert rows[-3][0].text == "第二十条第(八)项"
    assert [(each.text, each.columns) for each in rows[-2]] == [
        ("信息内容", 1),
        ("本年收费金额(单位:万元)", 3),
    ]


def test_a_kind_of_answer_beyond_the_form_of_2014_is_printed_where_it_has_a_figure():
    other = Place("annex", "answers_other", "none")

    assert other not in tables_of(2018)["annex"].places
    assert other in tables_of(2018, {"answers_other"})["annex"].places


@pytest.mark.parametrize(
    ("column", "unit", "value", "printed"),
    [
        ("items_change", "项", "1", "增1"),
        ("items_change", "项", "-2", "减2"),
        ("items_change", "项", "0", "0"),
        ("procurement_amount", "元", "20000000", "2000万元"),
        ("procurement_amount", "元", "12345.60", "12345.6元"),
        ("fees_collected", "万元", "8.50", "8.5"),
        ("decisions", "件", "4943", "4943"),
        ("decisions", "件", None, UNKNOWN),
    ],
)
def test_figures_are_written_as_the_forms_print_them(column, unit, value, printed):
    known = None if value is None else Decimal(value)

    assert written(Cell(Place("2", "20.9.1", column), unit, known)) == printed


def test_a_draft_says_that_it_is_one_and_what_it_lacks():
    draft = paper_of(report_on(2020, {("3", "1", "C1"): None}, published=None))

    assert [each.en for each in draft.remarks] == [
        "A draft: not published.",
        "1 cells have no figure.",
    ]
    assert draft.figure(Place("3", "1", "C1")) == UNKNOWN
    assert paper_of(report_on(2020)).remarks == ()


def test_each_table_stands_in_its_section_and_the_statistics_of_2014_behind_them():
    paper = paper_of(report_on(2024, text="甲\n\n 乙\x07 "))

    assert [[each.table for each in section.tables] for section in paper.sections] == [
        [], ["2"], ["3"], ["4"], [], [],
    ]  # fmt: skip
    assert paper.sections[0].title == "一、总体情况"
    assert paper.sections[0].paragraphs == ("甲", "乙")
    assert [each.table for each in paper_of(report_on(2018)).annexes] == ["annex"]
