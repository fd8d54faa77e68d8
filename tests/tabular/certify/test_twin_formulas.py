"""A formula compiled for columns fails exactly where Frictionless, row by row, says it fails."""

import pytest
from frictionless import checks
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.tabular.certify.twins import named_cells, twin
from tests.tabular.certify.test_twins import ROWS
from tests.tabular.certify.twin_tables import KINDS, both_ways, columns

ROW_BY_ROW = [tuple(cells[at % len(cells)] for _, cells, _ in KINDS.values()) for at in range(90)]

EXACT = [
    "name == 'a'",
    "text == 'a'",
    "text != 'a'",
    "text < 'b'",
    "'a' <= text < name",
    "text is None or text == name",
    "text == None",
    "text in ['a', 'b', None]",
    "text not in ('a',)",
    "text in {'a', '罚款'}",
    "'罚' in text",
    "'' not in name",
    "text in 'ab'",
    "not text",
    "text and name",
    "text or count or day",
    "not (text and count)",
    "count + limit * 2 - 1 > 0",
    "count % 2 == 0",
    "count % limit == 1",
    "-count < 5",
    "count == -3",
    "serial > 0",
    "serial == count",
    "1 < count <= limit",
    "amount >= 0 or name == 'a'",
    "amount % 1 == 0",
    "amount % 1 > 0",
    "not amount % 1",
    "-(amount % 1) <= 0",
    "amount == total",
    "amount < count",
    "amount == 434",
    "day < until",
    "day == until",
    "day == '2020-01-01'",
    "year >= 2020",
    "year % 4 == 0",
    "flag",
    "not sure",
    "flag == sure",
    "flag < sure",
    "flag == True",
    "(name == 'a') == (sure != True)",
    "(name == 'a') == (sure and year == 2020)",
    "count == 'a'",
    "count != text",
]
DOUBTED = [
    "amount + total == 3",
    "amount * 2 > 1",
    "amount % 2 == 0",
    "amount == 0.5",
    "amount == serial",
    "serial + 1 > 0",
    "serial % 2 == 0",
    "count / 2 > 1",
    "count ** 2 > 1",
    "count // 2 > 1",
    "flag == 1",
    "flag + 1",
    "(text or name) == 'a'",
    "name + text == 'ab'",
    "count % 2 % limit == serial % limit",
    "(name == 'a') == (flag and sure)",
    "amount % 1 == total % 1",
    "int(text) == 1",
    "text.upper() == 'A'",
    "text[0] == 'a'",
    "f'{text}' == 'a'",
    "'a' if flag else 'b'",
    "[text] == ['a']",
    "text is 'a'",
    "elsewhere == 1",
    "+count > 1",
    "day < '2020-01-01'",
    "name == 'a' or 1 < text",
    "text < None",
    "1 == 1",
    "name != None",
    "name == 'a'; name == 'b'",
    "name = 'a'",
    "name ==",
    "",
]


@pytest.mark.parametrize("formula", EXACT)
def test_a_formula_fails_where_its_evaluation_does(formula: str) -> None:
    found = both_ways(checks.row_constraint(formula=formula), ROW_BY_ROW)

    assert found is not None
    assert found[0] == found[1]
    assert len(found[0]) > 20


@pytest.mark.parametrize("formula", DOUBTED)
def test_what_cannot_be_said_exactly_is_left_to_frictionless(formula: str) -> None:
    assert twin(checks.row_constraint(formula=formula), columns()) is None


def test_a_formula_names_its_columns_once_and_no_others() -> None:
    check = checks.row_constraint(formula="count > limit or count < limit or elsewhere")

    assert named_cells(check, columns()) == ("count", "limit")
    assert named_cells(checks.row_constraint(formula="count >"), columns()) == ()


def test_a_formula_deeper_than_a_reader_follows_is_left_to_frictionless() -> None:
    deep = "not " * 60 + "flag"

    assert twin(checks.row_constraint(formula=deep), columns()) is None


ATOMS = st.one_of(
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(["0", "1", "2", "31", "2020", "True", "False", "None"]),
    st.sampled_from(["'a'", "'b'", "''", "'罚款'", "'2020'"]),
)
COMPARISONS = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "is", "is not"])


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Put formulas together."""
    return st.one_of(
        st.builds("({} {} {})".format, parts, st.sampled_from(["and", "or"]), parts),
        st.builds("({} {} {})".format, parts, COMPARISONS, parts),
        st.builds("({} {} {} {} {})".format, parts, COMPARISONS, parts, COMPARISONS, parts),
        st.builds("({} {} {})".format, parts, st.sampled_from("+-*%"), parts),
        st.builds("({} in [{}, {}])".format, parts, parts, parts),
        st.builds("({} not in {})".format, parts, parts),
        st.builds("(not {})".format, parts),
        st.builds("(- {})".format, parts),
    )


@settings(max_examples=200, deadline=None)
@given(formula=st.recursive(ATOMS, larger, max_leaves=8), rows=ROWS)
@pytest.mark.filterwarnings('ignore:"is" with:SyntaxWarning')
def test_any_formula_that_compiles_agrees_with_its_evaluation(
    formula: str, rows: list[tuple[str, ...]]
) -> None:
    found = both_ways(checks.row_constraint(formula=formula), rows)
    if found is not None:
        assert found[0] == found[1]
