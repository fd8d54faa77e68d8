"""Labels that mean a column, labels that do not, and the row that is the header."""

from dataclasses import replace

import pytest

from opendata.domain.contracts import Contract
from opendata.tabular.readers.headers import HeaderRow, Names, best_header, match
from opendata.tabular.refusals import UnitContradicts
from tests.tabular.readers.cases.clean import contracts


@pytest.fixture(scope="module")
def penalties() -> Contract:
    """The contract of penalties."""
    return contracts()["administrative-penalties"]


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("罚款金额", "fine_amount"),
        ("罚款金额（万元）", "fine_amount"),
        ("罚款金额 [单位：人民币萬元] *", "fine_amount"),
        ("＊ＦＩＮＥ＿ＡＭＯＵＮＴ", "fine_amount"),
        ("处罚\n决定日期", "decision_date"),
        ("没收违法所得、没收非法财物的金额（万元）", "confiscated_amount"),
        ("罚款金额（含税）", None),
        ("处罚决定日期（年）", None),
        ("罚款", None),
        ("", None),
    ],
)
def test_a_label_means_one_column_or_none(
    penalties: Contract, label: str, field: str | None
) -> None:
    meaning = Names(penalties).meaning(label)

    assert (meaning.field.name if meaning else None) == field


def test_a_label_that_is_like_two_columns_means_neither(penalties: Contract) -> None:
    first, second, *others = penalties.fields
    alike = [replace(first, aliases=("金额 A",)), replace(second, aliases=("金额Ａ",)), *others]
    names = Names(replace(penalties, fields=tuple(alike)))

    exact = names.meaning("金额Ａ")
    assert exact is not None
    assert exact.field.name == second.name
    assert names.meaning("金额a") is None


def test_every_contradicting_unit_is_named_in_its_place(penalties: Contract) -> None:
    labels = ["备注", "罚款金额（元）", "没收金额（亿元）"]

    with pytest.raises(UnitContradicts) as refusal:
        match(labels, penalties, lambda at: f"/cell/{'ABC'[at]}3")

    assert [fault.pointer for fault in refusal.value.faults] == ["/cell/B3", "/cell/C3"]
    assert "“没收金额（亿元）”的单位是亿元" in refusal.value.faults[1].detail.zh


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["处罚公示"], ["备注", "处罚机关"], ["甲", "乙"]], HeaderRow(1, 2)),
        ([["备注"], ["甲"]], HeaderRow(0, 1)),
        ([["甲"], ["备注"]], None),
        ([["备注", "领域"], ["remark", "sector"]], HeaderRow(0, 2, (1,))),
        ([["备注", "备注"], ["remark", "sector"]], HeaderRow(1, 2)),
        ([["x"]] * 50 + [["备注", "领域"]], None),
        ([], None),
    ],
    ids=["title", "one column", "too little", "two rows", "said twice", "too low", "nothing"],
)
def test_the_header_is_the_row_that_names_most_columns(
    penalties: Contract, rows: list[list[str]], found: HeaderRow | None
) -> None:
    assert best_header(rows, penalties) == found
