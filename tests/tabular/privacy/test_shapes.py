"""Cells of one shape hold the same: what whole columns are told is what the close look tells."""

import random

import polars as pl
import pytest

from opendata.tabular.privacy.scanning import signs_in, verdicts
from opendata.tabular.privacy.shapes import shapes_of
from tests.tabular.privacy.test_labelled import CASES
from tests.tabular.privacy.test_persons import PERSON

EVERY_CELL = "(?s:.)"
HINTS = ["", "counterparty_reg_no 工商注册号", "id_no 证件号码", "home_address 家庭住址"]
HAN = "张某李王赵示例市红星远山的在於查获"
SIGNS = ["，", "、", "；", "（", "）", "：", " ", "-", "\n", ",", ".", "x", "X", "A"]
SAID = ["身份证号", "证件号码：", "台胞证", "军官证", "注册号", "许可证号", "编号：", "电话", "元"]
PLACES = ["小区", "号楼", "单元", "室", "村", "组", "号", "住址：", "粤B", "@qq.com", "机密★", "年"]
PIECES = [*SIGNS, *SAID, *PLACES]


def number(draw: random.Random) -> str:
    """Return digits, many of which are nearly a number of some kind."""
    year, month, last = (
        draw.choice([1880, 1949, 2024, 2100]),
        draw.randrange(14),
        draw.randrange(33),
    )
    day = f"{year}{month:02}{last:02}"
    body = draw.choice(["110101", "350121", "999999", "911101"]) + f"{day}{draw.randrange(1000):03}"
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(body))
    person = body + ("10X98765432"[total % 11] if draw.random() < 0.8 else "7")
    kinds = [
        *(person, person, person.lower(), f"1{person}", f"{person}23", body[:6] + body[8:17]),
        f"1{draw.randrange(10**10):010}",
        f"1{draw.randrange(3, 10)}{draw.randrange(10**9):09}",
        f"86{draw.randrange(13 * 10**9, 20 * 10**9)}",
        f"62{draw.randrange(10 ** draw.randrange(14, 18))}",
        f"4{draw.randrange(10**15):015}",
        *(day, f"E{draw.randrange(10**8):08}"),
        str(draw.randrange(10 ** draw.randrange(1, 25))),
    ]
    return draw.choice(kinds)


def made(draw: random.Random) -> str:
    parts = [
        draw.choice([number(draw), draw.choice(PIECES), draw.choice(HAN)])
        for _ in range(draw.randrange(1, 7))
    ]
    return "".join(parts)


def changed(draw: random.Random, text: str) -> str:
    """Another text of nearly the same kind: digits, and characters of names, are exchanged."""
    return "".join(
        draw.choice("0123456789")
        if each.isdigit() and each.isascii() and draw.random() < 0.3
        else draw.choice(HAN)
        if each in HAN
        else each
        for each in text
    )


@pytest.mark.parametrize("hint", HINTS)
def test_every_cell_is_told_what_it_holds(hint):
    draw = random.Random(hint)  # noqa: S311 - nothing here is secret.
    texts = [case["text"] for case in CASES] + [made(draw) for _ in range(600)]
    texts += [changed(draw, each) for each in texts for _ in range(2)]
    texts += [f"{draw.choice(HAN)}的电话{number(draw)}，住址不详" for _ in range(300)]
    cells = pl.Series(texts)

    told = {
        at: signs
        for signs, found in verdicts(cells, EVERY_CELL, lambda each: signs_in(each, hint))
        for at in found
    }

    wrong = [
        text
        for at, text in enumerate(texts)
        if len(text.encode()) >= 6 and told.get(at, frozenset()) != signs_in(text, hint)
    ]
    assert not wrong
    assert shapes_of(cells).n_unique() < len(set(texts)) * 0.9


def test_what_differs_only_in_names_and_numbers_has_one_shape():
    cells = [
        "王伟，电话13900001234，住红星小区3号楼2单元501室",
        "李娜，电话18612345678，住远光小区1号楼4单元202室",
    ]
    persons = [PERSON, "110101189708162523"]
    cards = ["6225886909512186", "6225886909512194"]

    assert [shapes_of(pl.Series(each)).n_unique() for each in (cells, persons, cards)] == [1, 1, 1]
    assert shapes_of(pl.Series([PERSON, PERSON[:-1] + "0"])).n_unique() == 2
