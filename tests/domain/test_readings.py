"""What is read out of names, codes and prose: headings, project codes, amounts, terms."""

from datetime import date
from decimal import Decimal

import pytest

from opendata.domain.headings import bare_heading
from opendata.domain.project_codes import Form, ProjectCode, read_project_code
from opendata.domain.stated_amounts import chinese_number, fines_stated
from opendata.domain.terms import add_months


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("一、“三公”经费合计", "三公经费合计"),
        ("(二)公务接待费", "公务接待费"),
        ("（三） 公务用车费", "公务用车费"),
        ("2.公务用车运行维护费", "公务用车运行维护费"),
        ("其中:税收收入", "税收收入"),
        ("其中：1、增值税", "增值税"),
        ("1.5万元以下", "1.5万元以下"),
        ("因公出国（境）费", "因公出国(境)费"),
        ("一、", "一、"),
        ("2016年末债务余额", "2016年末债务余额"),
        ("", ""),
    ],
)
def test_a_heading_is_bare_without_its_numbering(name: str, bare: str) -> None:
    assert bare_heading(name) == bare


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("二、2017年末专项债务限额", "专项债务限额"),
        ("2017年度收入", "收入"),
        ("本年收入", "收入"),
        ("2016年末余额", "2016年末余额"),
        ("2017年", "2017年"),
    ],
)
def test_the_year_a_table_is_about_is_no_part_of_a_heading(name: str, bare: str) -> None:
    assert bare_heading(name, 2017) == bare


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2020-450300-47-03-012345", ProjectCode(Form.YEAR, 2020, "450300", "filing")),
        ("2013-450300-47-01-012345-001", ProjectCode(Form.YEAR, 2013, "450300", "approval")),
        ("2015-450300-47-09-012345", ProjectCode(Form.YEAR, 2015, "450300", None)),
        ("2509-320193-89-01-54406X", ProjectCode(Form.MONTH, 2025, "320193", None)),
        ("2010-450300-04-01-123456", ProjectCode(Form.MONTH, 2020, "450300", None)),
        ("2012-450300-04-01-12345A", ProjectCode(Form.MONTH, 2020, "450300", None)),
        ("2015-450300-47-03-01234X", None),
        ("2009-450300-47-03-012345", None),
        ("2021-450300-47-03-012345", None),
        ("2100-450300-47-03-012345", None),
        ("2113-450300-47-03-012345", None),
        ("2101-450300-47-03-01234x", None),
        ("", None),
    ],
)
def test_a_project_s_code_is_told_by_its_first_part(text: str, code: ProjectCode | None) -> None:
    assert read_project_code(text) == code


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("十五", 15),
        ("二十", 20),
        ("一百零五", 105),
        ("叁拾万零伍佰", 300500),
        ("一亿二千万", 120_000_000),
        ("一万亿", 10**12),
        ("两千", 2000),
        ("〇", 0),
        ("万", None),
    ],
)
def test_chinese_numerals_are_read(words: str, number: int | None) -> None:
    assert chinese_number(words) == number


@pytest.mark.parametrize(
    ("text", "fines"),
    [
        ("罚款5000元", ["5000"]),
        ("罚款人民币（大写）伍万元整（¥50000.00）", ["50000"]),
        ("罚款3,000.50 元", ["3000.50"]),
        ("罚款2.5万元", ["25000.0"]),
        ("罚款一百元五角", ["100.5"]),
        ("罚款一百元零五分", ["100.05"]),
        ("罚款一百元二角五分", ["100.25"]),
        ("罚款万元", []),
        ("罚款若干", []),
        ("没收违法所得300元", []),
        ("对甲罚款1万元，对乙罚款贰万元", ["10000", "20000"]),
    ],
)
def test_fines_are_found_in_prose(text: str, fines: list[str]) -> None:
    assert list(fines_stated(text)) == [Decimal(fine) for fine in fines]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
        (date(2026, 1, 15), 11, date(2026, 12, 15)),
    ],
)
def test_a_term_in_months_ends_on_the_same_day_or_the_month_s_last(
    day: date, months: int, later: date
) -> None:
    assert add_months(day, months) == later
