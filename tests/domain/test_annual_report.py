"""The forms of the annual report, and the numbers in its words.

A number is said not to fit only where its clause names a cell beyond doubt.
"""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from opendata.domain.annual.compiling import cells_of, differing, published_cells, unlike
from opendata.domain.annual.declaring import read_figure
from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import Cell, Counted, Declared, Fit, Level, Source, Standing
from opendata.domain.annual.naming import FEES
from opendata.domain.annual.prose import numbers_in
from opendata.domain.annual.sections import Words, sections_of, unfit, unsaid
from opendata.domain.annual.templates import (
    T2014,
    T2019,
    T2021,
    TEMPLATES,
    NoSuchReport,
    template_of,
)

AT = datetime(2021, 1, 20, tzinfo=UTC)
NEW = Place("3", "1", "C7")


def filled(template, **figures):
    """Return every cell of a form with 0, or with the figure named ``t<table>_<row>_<column>``."""
    found = {
        place: Cell(place, unit, Decimal(0), Source.DECLARED)
        for place, unit in template.units.items()
    }
    for place in found:
        name = f"t{'_'.join(place)}".replace(".", "_")
        if name in figures:
            found[place] = Cell(place, "件", Decimal(figures[name]), Source.LEDGER)
    return found


def fits(text, template=T2019, year=2020, **figures):
    return [
        (each.value, each.fit)
        for each in numbers_in(text, year, template, filled(template, **figures))
    ]


def test_the_forms_have_the_cells_that_the_contract_wants(contracts):
    grids = {
        check["name"]: check
        for check in contracts["disclosure-statistics"].checklist["checks"]
        if check["type"] == "grid"
    }
    for template in (T2019, T2021):
        for name, check in grids.items():
            conditions = {each["fieldName"]: each["equals"] for each in check["where"]}
            if conditions.get("template", template.code) != template.code:
                continue
            table = conditions["table_code"]
            wanted = {
                (table, row, column)
                for block in check["blocks"]
                for row in block["rows"]
                for column in block["columns"]
            }
            assert {each for each in template.units if each.table == table} == wanted, name


def test_the_annex_has_every_indicator_that_the_contract_compares(contracts):
    contract = contracts["disclosure-statistics"]
    compared = set()
    for check in (*contract.checklist["checks"], *contract.cautions["checks"]):
        if {"fieldName": "table_code", "equals": "annex"} in check.get("where", ()):
            items = (*check["parts"], *check["stated"])
            compared |= {each if isinstance(each, str) else each[0] for each in items}
    assert compared <= {each.row for each in T2014.units}


@pytest.mark.parametrize("year", [2007, 2101])
def test_there_is_no_report_on_years_before_the_law(year):
    with pytest.raises(NoSuchReport):
        template_of(year)


def test_units_and_names_are_those_of_the_form():
    assert T2019.units["2", "20.9.1", "procurement_amount"] == "元"
    assert T2021.units["2", "20.8.1", "fees_collected"] == "万元"
    assert T2021.names["2", "20.1.2"].name == "行政规范性文件"
    assert [len(each.units) for each in TEMPLATES.values()] == [37, 198, 200]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年共受理依申请公开1件", Fit.FITS),
        ("2020年共收到政府信息公开申请1件", Fit.FITS),
        ("收到公民、法人和其他组织政府信息公开申请一件", Fit.FITS),
        ("受理1件政府信息公开申请", Fit.FITS),
        ("共收到申请12件", Fit.DIFFERS),
        ("共收到申请1,200件", Fit.DIFFERS),
        ("全年未收到政府信息公开申请。", Fit.DIFFERS),
        # Another year, a change, a part, an estimate: nothing is said of them.
        ("2019年收到政府信息公开申请12件", Fit.UNCHECKED),
        ("上年度收到申请12件", Fit.UNCHECKED),
        ("收到申请同比增加12件", Fit.UNCHECKED),
        ("通过网络收到申请12件", Fit.UNCHECKED),
        ("收到自然人申请12件", Fit.UNCHECKED),
        ("收到申请近12件", Fit.UNCHECKED),
        ("收到申请12余件", Fit.UNCHECKED),
        ("收到信访件12件", Fit.UNCHECKED),
        ("主动公开文件66件", Fit.UNCHECKED),
    ],
)
def test_the_number_of_requests_in_the_words_is_that_of_the_table(text, expected):
    [(_, fit)] = fits(text, t3_1_C7=1)
    assert fit is expected


def test_results_are_named_by_row_and_by_group():
    text = (
        "其中予以公开3件，部分公开1件，不予公开2件（保护第三方合法权益1件），不予处理0件；"
        "结转下年度继续办理4件。"
    )
    figures = {"t3_3_1_C7": 3, "t3_3_2_C7": 1, "t3_3_3_4_C7": 1, "t3_3_3_1_C7": 1, "t3_4_C7": 5}

    assert fits(text, **figures) == [
        ("3", Fit.FITS),
        ("1", Fit.FITS),
        ("2", Fit.FITS),
        ("1", Fit.FITS),
        ("0", Fit.FITS),
        ("4", Fit.DIFFERS),
    ]


def test_suits_are_those_about_disclosure():
    text = "因政府信息公开引发行政复议1件、行政诉讼2件。"
    figures = {"t4_1_total": 1, "t4_2_1_total": 1, "t4_2_2_total": 1}

    assert fits(text, **figures) == [("1", Fit.FITS), ("2", Fit.FITS)]
    assert fits("办理行政复议案件300件。", **figures) == [("300", Fit.UNCHECKED)]


def test_large_amounts_fit_as_closely_as_they_are_written():
    assert fits("收到申请1.2万件", t3_1_C7=12500) == [("12000", Fit.FITS)]
    assert fits("收到申请1.2万件", t3_1_C7=12501) == [("12000", Fit.DIFFERS)]
    fees = {"t2_20_8_1_fees_collected": "12.5"}
    assert fits("行政事业性收费金额12.5万元", T2021, 2021, **fees) == [("12.5", Fit.FITS)]


def test_what_is_handled_otherwise_may_be_left_out_of_what_was_answered():
    figures = {"t3_1_C7": 5, "t3_3_1_C7": 3, "t3_3_6_C7": 1, "t3_3_7_C7": 4}
    answered = [fits(f"收到申请5件，答复{each}件。", **figures)[1][1] for each in (3, 4, 5)]
    assert answered == [Fit.FITS, Fit.FITS, Fit.DIFFERS]
    assert fits("收到申请5件，办结3件。", **figures)[1] == ("3", Fit.DIFFERS)


RECEIVED = "2020年共收到公开申请5件，"
ASKED = {"t3_1_C7": 5, "t3_1_C1": 4, "t3_1_C2": 1, "t3_3_7_C7": 4}
DECIDED = {"t2_20_6_1_decisions": 3, "t2_20_5_1_decisions": 5, "t4_1_upheld": 1}
NAMED = [
    (f"{RECEIVED}办结{{}}件。", 4),
    (f"{RECEIVED}已全部办结。全年答复{{}}件。", 4),
    (f"{RECEIVED}答复申请{{}}件、结转1件。", 4),
    (f"{RECEIVED}其中自然人{{}}件、商业企业1件。", 4),
    (f"{RECEIVED}其中自然人4件、商业企业{{}}件。", 1),
    (f"{RECEIVED}其中自然人4件，科研机构提交的申请{{}}件。", 0),
    (f"{RECEIVED}其中自然人5件、其他{{}}件。", 0),
    ("依申请公开受理{}件。", 5),
    ("收到公开申请{}件。", 5),
    ("本机关作出行政许可5件，行政处罚{}件。", 3),
    ("全年共实施行政处罚{}宗。", 3),
    ("新制作规章{}件。", 2),
    ("因政府信息公开引发行政复议1件，复议维持{}件。", 1),
    ("因政府信息公开引发行政复议1件，其中维持{}件。", 1),
    ("因政府信息公开引发行政诉讼2件，纠正{}件。", 2),
]


@pytest.mark.parametrize(("text", "figure"), NAMED)
def test_short_names_are_those_of_the_cells_that_their_sentence_speaks_of(text, figure):
    suits = {"t4_2_1_corrected": 1, "t4_2_2_corrected": 1, "t2_20_1_1_made": 2}
    at = text[: text.index("{}")].count("件")
    for value, expected in ((figure, Fit.FITS), (figure + 7, Fit.DIFFERS)):
        found = fits(text.format(value), **ASKED, **DECIDED, **suits)
        assert found[at] == (str(value), expected)


@pytest.mark.parametrize(
    "text",
    [
        "收到市长信箱来信9件，办结9件。",
        "推进政府信息公开，受理12345热线9件，全部办结。办结9件。",
        "收到申请5件，行政复议案件办结9件。",
        "通过网络收到申请5件，办结9件。",
        "收到许可申请9件，办结9件。",
        "受理低保申请9件，办结9件，其中自然人9件。",
        "收到公开申请5件。受理救助申请9件，办结9件。",
        "办理行政许可9件。",
        "收到申请5件，办结4件，其中自然人9件、其他9件。",
        "答复人大建议9件。",
        "收到申请5件，按时办结9件。",
        "收到申请5件，办结率100%，办结时间9个工作日。",
        "全年答复9件。",
        "收到自然人申请9件。",
        "收到申请5件，办结申请4件，其中自然人9件。",
        "通过信函收到申请5件，其中自然人9件。",
        "走访自然人9件。",
        "收到申请5件，其他9件。",
        "主动公开信息50条，其中行政处罚9件。",
        "公示行政许可9件，行政处罚9件。",
        "行政处罚信息9件。",
        "行政复议案件涉及行政处罚9件。",
        "修订规章制度9件，参与制定规章9件。",
        "办理行政复议9件，维持9件。",
        "因政府信息公开引发行政复议、行政诉讼，维持9件。",
        "因政府信息公开引发行政诉讼1件、行政复议1件，维持9件。",
        "对1名申请人收取信息处理费9元。",
    ],
)
def test_what_short_names_say_of_other_matters_is_not_compared(text):
    found = fits(text, **ASKED, **DECIDED)
    assert {fit for value, fit in found if value == "9"} <= {Fit.UNCHECKED}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收取信息处理费200元。", Fit.FITS),
        ("全年共收取信息处理费0.02万元。", Fit.FITS),
        ("收取信息处理费210元。", Fit.DIFFERS),
        ("收取信息处理费0.03万元。", Fit.DIFFERS),
        ("收取信息处理费约210元。", Fit.UNCHECKED),
    ],
)
@pytest.mark.parametrize(("template", "year"), [(T2014, 2018), (T2021, 2021)])
def test_the_fees_in_the_words_are_those_of_the_ledger(template, year, text, expected):
    cells = filled(template) | {FEES: Cell(FEES, "万元", Decimal("0.02"), Source.LEDGER)}

    sections = sections_of(template, year, {6: Words(text, AT)}, cells)
    [number] = sections[-1].numbers
    assert (number.fit, number.places) == (expected, (FEES,) if template is T2014 else ())
    said = [each.message.zh for each in unfit(sections) if each.rule == "text-differs"]
    assert len(said) == (expected is Fit.DIFFERS)
    assert all(("台账" in each) == (template is T2021) for each in said)
    assert fits("收取信息处理费200元。", T2021, 2021) == [("200", Fit.UNCHECKED)]


def test_the_words_beside_the_annex_are_compared_with_it():
    figures = {"tannex_requests_closed_none": 4, "tannex_requests_answered_none": 3}
    figures |= {"tannex_requests_received_none": 5, "tannex_review_corrected_none": 1}
    text = "收到公开申请5件，办结4件，答复3件。因信息公开行政复议被依法纠错1件。"

    assert {fit for _, fit in fits(text, T2014, 2018, **figures)} == {Fit.FITS}
    assert [fit for _, fit in fits(text, T2014, 2018)] == [Fit.DIFFERS] * 4


def test_dates_articles_and_numbers_of_documents_are_no_figures():
    text = "依据《条例》第二十条第（一）项、吉政公组〔2020〕3号，2020年12月31日前第3次会议"
    assert fits(text) == []


def test_a_cell_without_a_figure_checks_nothing():
    cells = cells_of(T2019, {}, {})
    [number] = numbers_in("收到申请12件", 2020, T2019, cells)
    assert (number.places, number.fit) == ((NEW,), Fit.UNCHECKED)


def counted(value):
    return {NEW: Counted(Decimal(value), Source.LEDGER, ("a",) * value)}


def declared(value, explanation=""):
    return {NEW: Declared(Decimal(value), explanation, 1, AT)}


@pytest.mark.parametrize(
    ("explanation", "value", "source", "severity"),
    [("", 1, Source.LEDGER, "error"), ("漏登一件", 2, Source.DECLARED, "warning")],
)
def test_no_declared_figure_takes_the_place_of_a_computed_one_in_silence(
    explanation, value, source, severity
):
    cells = cells_of(T2019, counted(1), declared(2, explanation))

    assert (cells[NEW].value, cells[NEW].source) == (value, source)
    [breach] = differing(T2019, cells)
    assert (breach.severity, breach.cells, breach.difference) == (severity, (NEW,), "1")


def test_what_was_declared_as_it_was_computed_is_computed():
    cells = cells_of(T2019, counted(1), declared(1, "与台账一致"))

    assert cells[NEW].source is Source.LEDGER
    assert list(differing(T2019, cells)) == []


def test_a_published_report_has_its_published_figures():
    cells = cells_of(T2019, counted(1), declared(2, "漏登一件"))

    taken = published_cells(cells, {NEW: Decimal(2)})
    assert taken[NEW].source is Source.DECLARED
    # What is computed otherwise now was not published, nor that it differs.
    assert (taken[NEW].counted, taken[NEW].explanation) == (None, "漏登一件")
    assert list(differing(T2019, taken)) == []
    assert published_cells(cells, {NEW: Decimal(1)})[NEW].source is Source.LEDGER
    told = published_cells(cells, {NEW: Decimal(3)})[NEW]
    assert (told.value, told.source, told.counted, told.declared) == (
        3,
        Source.PUBLISHED,
        None,
        None,
    )
    assert published_cells(cells, {})[NEW].value is None
    assert [each.cells for each in unlike(cells, {NEW: Decimal(3)})] == [(NEW,)]
    assert list(unlike(cells, {NEW: Decimal(2), Place("narrative", "x", "none"): Decimal(1)})) == []


def test_sections_that_say_nothing_are_named():
    words = {1: Words("一、总体情况。", AT), 5: Words(" \n", AT)}
    sections = sections_of(T2019, 2020, words, cells_of(T2019, {}, {}))

    empty = [each.number for each in sections if each.standing is Standing.EMPTY]
    assert empty == [2, 3, 4, 5, 6]
    assert len([each for each in unfit(sections) if each.rule == "section-empty"]) == 5
    assert "第二部分" in next(unfit(sections)).message.zh


@pytest.mark.parametrize(
    ("level", "first", "last", "missing"),
    [
        (Level.GOVERNMENT, "工作开展情况。", "没有收取信息处理费。", ["考核"]),
        (Level.GOVERNMENT, "工作考核结果良好。", "没有其他事项。", ["信息处理费"]),
        (Level.DEPARTMENT, "工作开展情况。", "收取信息处理费0元。", []),
        (Level.GOVERNMENT, "", "", []),
    ],
)
def test_a_government_tells_of_appraisal_and_everybody_of_fees(level, first, last, missing):
    words = {1: Words(first, AT), 6: Words(last, AT)}
    sections = sections_of(T2021, 2021, words, filled(T2021))

    found = [each.message.zh for each in unsaid(T2021, level, sections)]
    assert len(found) == len(missing)
    assert all(word in text for word, text in zip(missing, found, strict=True))
    assert list(unsaid(T2014, level, sections)) == []


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0", 0),
        (" 8 ", 8),
        ("增1", 1),
        ("(增1)", 1),
        ("（减 2）", -2),
        ("+1", 1),
        ("−2", -2),
        ("-2", -2),
        ("减0", 0),
        ("1.50", Decimal("1.50")),
        ("1,000", None),
        ("1e3", None),
        ("", None),
        ("NaN", None),
        ("一", None),
    ],
)
def test_figures_are_read_as_tables_print_them(printed, value):
    assert read_figure(printed) == value
