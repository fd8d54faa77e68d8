"""The code list of legal bases: what an opinion may rest on, and which must rest on something."""

import pytest

from opendata.domain.bases import BASES, InvalidBasis, check_basis
from opendata.domain.transitions import Verdict

DISCLOSE, IN_PART, WITHHOLD, REFER, RETURN = Verdict


def test_codes_are_unlike_and_short_enough_to_be_recorded():
    assert len({each.code for each in BASES.values()}) == len(BASES) == 29
    assert max(map(len, BASES)) <= 40
    assert {each.item for each in BASES.values() if each.article == 20} == {None, *range(1, 16)}


@pytest.mark.parametrize("basis", BASES.values(), ids=lambda each: each.code)
def test_every_basis_is_told_in_both_languages_and_suits_some_verdict(basis):
    assert not basis.title.zh.isascii()
    assert basis.title.en.isascii()
    assert basis.citation.zh.startswith("《政府信息公开条例》第")
    assert basis.citation.en.isascii()
    assert basis.verdicts


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("gk2019-13", "第十三条"),
        ("gk2019-20", "第二十条"),
        ("gk2019-20-7", "第二十条第（七）项"),
        ("gk2019-20-10", "第二十条第（十）项"),
        ("gk2019-37", "第三十七条"),
    ],
)
def test_articles_are_counted_as_the_regulation_counts_them(code, zh):
    assert BASES[code].citation.zh == f"《政府信息公开条例》{zh}"


@pytest.mark.parametrize(
    ("verdict", "code", "text"),
    [
        (DISCLOSE, None, ""),
        (RETURN, None, ""),
        (DISCLOSE, "gk2019-20-7", ""),
        (WITHHOLD, "gk2019-14", ""),
        (WITHHOLD, None, "保守国家秘密法第九条"),
        (IN_PART, "gk2019-37", ""),
        (REFER, "gk2019-17", "又及"),
        (DISCLOSE, "gk2019-15", ""),  # 第三方同意公开，或者不公开会对公共利益造成重大影响
    ],
)
def test_a_verdict_that_rests_on_what_suits_it_is_taken(verdict, code, text):
    check_basis(verdict, code, text)


@pytest.mark.parametrize(
    ("verdict", "code", "text", "fault"),
    [
        (WITHHOLD, None, " ", "basis-required"),
        (IN_PART, None, "", "basis-required"),
        (REFER, None, "", "basis-required"),
        (WITHHOLD, "gk2019-19", "", "basis-not-suited"),
        (DISCLOSE, "gk2019-14", "依据", "basis-not-suited"),
        (WITHHOLD, "gk2019-37", "", "basis-not-suited"),
        (DISCLOSE, "gk2019-20-16", "", "unknown-basis"),
        (DISCLOSE, "GK2019-19", "", "unknown-basis"),
        (DISCLOSE, "", "", "unknown-basis"),
    ],
)
def test_any_other_is_refused_and_the_fault_located(verdict, code, text, fault):
    with pytest.raises(InvalidBasis) as refused:
        check_basis(verdict, code, text)

    assert [(each.pointer, each.code) for each in refused.value.faults] == [("/basis_code", fault)]
