"""A check and its twin find the same errors, in the same order, wherever cells are proven."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from frictionless import Check, Checklist, Schema, checks
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

import opendata
from opendata.tabular.certify.columns import column
from opendata.tabular.certify.twins import named_cells, twin
from opendata.tabular.certify.twins.credit_codes import sound_codes
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.cells import DecimalsCheck, ExpectedCheck, MarkedCheck, UsccCheck
from opendata.tabular.checks.codes import ProjectCodeCheck
from opendata.tabular.checks.dependent import EmptyWhenCheck, NotAfterCheck, RequiredWhenCheck
from opendata.tabular.checks.overrides import RowConstraint
from opendata.tabular.checks.plugin import register
from opendata.tabular.checks.registration import AgencyCheck, PeriodCheck
from opendata.tabular.checks.sums import SumCheck
from opendata.tabular.checks.table import TableCheck
from opendata.tabular.context import Context
from tests.tabular.certify.twin_tables import (
    CONTEXT,
    DATES,
    INTEGERS,
    KINDS,
    NUMBERS,
    TEXTS,
    both_ways,
    columns,
)

HAVE_TWINS = {
    AgencyCheck,
    PeriodCheck,
    DecimalsCheck,
    UsccCheck,
    RequiredWhenCheck,
    EmptyWhenCheck,
    NotAfterCheck,
    MarkedCheck,
    ExpectedCheck,
    SumCheck,
    ProjectCodeCheck,
    RowConstraint,
}
SCHEMAS = Path(opendata.__file__).parent.parent / "schemas"
FIELDS = st.sampled_from(sorted(KINDS))
STRINGS = st.sampled_from(["text", "other_text", "name"])
# Now and then a column that the file does not have.
FIGURES = st.sampled_from(["amount", "total", "part", "count", "limit", "serial"])
ANY_FIELD = st.one_of(FIELDS, FIELDS, FIELDS, st.just("elsewhere"))
ROWS = st.lists(st.tuples(*(st.sampled_from(cells) for _, cells, _ in KINDS.values())), max_size=8)
JSON_VALUES = st.one_of(
    st.booleans(),
    st.sampled_from([0, 1, 2020, -3, 2**63, 10**400, 0.5, 1.0, 1.5, -2.25, 434.72, 1e300]),
    st.sampled_from([*TEXTS, *DATES, *INTEGERS, *NUMBERS]),
)
CONDITIONS = st.one_of(
    st.fixed_dictionaries({"fieldName": ANY_FIELD, "equals": JSON_VALUES}),
    st.fixed_dictionaries(
        {"fieldName": ANY_FIELD, "equals": st.lists(JSON_VALUES, min_size=1, max_size=8)}
    ),
    st.fixed_dictionaries(
        {"fieldName": ANY_FIELD, "contains": st.sampled_from(["罚款", "a", ";", " ", ".", "["])}
    ),
)
MAYBE_CONDITIONS = st.one_of(st.none(), CONDITIONS)
CONTEXTS = st.one_of(
    st.none(),
    st.builds(
        Context,
        publishers=st.frozensets(st.sampled_from(TEXTS), max_size=6),
        period=st.sampled_from(
            [None, "rolling", "2020", "2020-02", "2020-02-29", "2019", "0007", "7", "20", " 2020"]
        ),
    ),
)
RULES: dict[str, st.SearchStrategy[Check]] = {
    "agency": st.builds(AgencyCheck, field_name=ANY_FIELD, context=CONTEXTS),
    "period": st.builds(PeriodCheck, field_name=ANY_FIELD, context=CONTEXTS),
    "decimals": st.builds(
        DecimalsCheck, places=st.dictionaries(ANY_FIELD, st.integers(0, 6), max_size=4)
    ),
    "required-when": st.builds(
        RequiredWhenCheck,
        field_names=st.lists(ANY_FIELD, min_size=1, max_size=3),
        when=CONDITIONS,
    ),
    "empty-when": st.builds(
        EmptyWhenCheck, field_names=st.lists(ANY_FIELD, min_size=1, max_size=3), when=CONDITIONS
    ),
    "marked": st.builds(
        MarkedCheck,
        field_name=STRINGS,
        pattern=st.sampled_from(["[*＊某]", "^a", "^a$", "罚款", "^(a|罚款)(;警告)*$", ".", "^$"]),
        when=MAYBE_CONDITIONS,
    ),
    "expected": st.builds(ExpectedCheck, field_name=ANY_FIELD, when=MAYBE_CONDITIONS),
    "sum": st.builds(
        SumCheck,
        field_name=FIGURES,
        parts=st.lists(FIGURES, min_size=1, max_size=3),
        relation=st.sampled_from(["=", "<="]),
        absent=st.sampled_from(["unjudged", "zero"]),
        counts=st.booleans(),
        report=st.sampled_from(["violated", "within_rounding"]),
        when=MAYBE_CONDITIONS,
    ),
    "forbidden-value": st.builds(
        checks.forbidden_value,
        field_name=FIELDS,
        values=st.lists(st.one_of(st.none(), JSON_VALUES), max_size=8),
    ),
    "ascii-value": st.just(checks.ascii_value()),
    "truncated-value": st.just(checks.truncated_value()),
}
ORDERED = [
    ("day", "until"),
    ("until", "day"),
    ("count", "limit"),
    ("year", "count"),
    ("amount", "total"),
    ("text", "name"),
]


@pytest.mark.parametrize("rule", RULES)
def test_a_twin_finds_what_its_check_reports(rule: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(check=RULES[rule], rows=ROWS)
    def judge(check: Check, rows: list[tuple[str, ...]]) -> None:
        found = both_ways(check, rows)
        if found is not None:
            assert found[0] == found[1]

    judge()


@settings(max_examples=40, deadline=None)
@given(fields=st.sampled_from(ORDERED), rows=ROWS)
def test_the_order_of_two_values_is_that_of_python(
    fields: tuple[str, str], rows: list[tuple[str, ...]]
) -> None:
    found = both_ways(NotAfterCheck(field_name=fields[0], other=fields[1]), rows)

    assert found is not None
    assert found[0] == found[1]


def test_values_of_two_types_have_no_order() -> None:
    assert twin(NotAfterCheck(field_name="day", other="count"), columns()) is None


def credit_code(begin: str, rest: str) -> str:
    """Return a code with its check character."""
    return begin + rest + str(uscc.calc_check_digit(begin + rest))


SOUND = st.builds(
    credit_code,
    st.text("0123456789", min_size=8, max_size=8),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
)
ODD = "09AHIOSVZaz０Ａ٣६–- \u3000\n\t\x0b*ßıſ\U0001d7d8"


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    """Change a sound code a little."""
    code = draw(SOUND)
    at = draw(st.integers(0, 18))
    cut = draw(st.integers(0, 1))
    return code[:at] + draw(st.text(ODD, max_size=2)) + code[at + cut :]


CODES = st.one_of(
    SOUND, spoiled(), SOUND.map(str.lower), st.just("0" * 18), st.text(ODD, max_size=20)
)


PROJECT_CODE = (
    "(20(1[0-9]|2[01])|2[0156][01][0-9]|9912|１２)-(450[23]00|320193|100000|[0-9]{6})"
    "-(0[1-3]|47)-(0[0-4]|99)-[0-9]{5}[0-9A-Zb](-[0-9]{2,3}|\n)?"
)


@settings(max_examples=60, deadline=None)
@given(codes=st.lists(CODES.filter(bool), min_size=1, max_size=12))
def test_a_credit_code_is_sound_where_the_check_says_so(codes: list[str]) -> None:
    register()
    check = UsccCheck(field_name="text")
    others = [cells[0] for _, cells, _ in KINDS.values()][1:]
    found = both_ways(check, [(code, *others) for code in codes])

    assert found is not None
    assert found[0] == found[1]


@settings(max_examples=60, deadline=None)
@given(
    aspect=st.sampled_from(["form", "region", "procedure"]),
    codes=st.lists(
        st.tuples(
            st.from_regex(PROJECT_CODE, fullmatch=True), st.sampled_from(["", "filing", "approval"])
        ),
        min_size=1,
        max_size=12,
    ),
)
def test_a_project_s_code_is_taken_apart_as_the_check_does_it(
    aspect: str, codes: list[tuple[str, str]]
) -> None:
    approval = "other_text" if aspect == "procedure" else None
    check = ProjectCodeCheck(field_name="text", aspect=aspect, approval_field=approval)
    others = [cells[0] for _, cells, _ in KINDS.values()][2:]
    found = both_ways(check, [(*each, *others) for each in codes])

    assert found is not None
    assert found[0] == found[1]


def test_a_missing_code_is_neither_sound_nor_an_obstacle() -> None:
    code = "91110000600037341L"
    texts = pl.Series("code", [code, None, "", code[:-1] + "M", code])

    assert sound_codes(texts).to_list() == [True, False, False, False, True]
    assert sound_codes(texts.head(0)).to_list() == []


def test_a_line_break_among_the_digits_of_a_code_is_an_error_and_no_accident() -> None:
    others = [cells[0] for _, cells, _ in KINDS.values()][1:]
    found = both_ways(UsccCheck(field_name="text"), [("1234567\n0000000000", *others)])

    assert found is not None
    assert found[0] == found[1] != [[]]


@pytest.mark.parametrize("folder", sorted(SCHEMAS.glob("*/v*")), ids=lambda path: path.parent.name)
@pytest.mark.parametrize("list_", ["checklist.json", "cautions.json"])
def test_no_row_rule_that_ships_has_to_look_at_every_row(folder: Path, list_: str) -> None:
    register()
    schema = Schema.from_descriptor(described(folder / "table-schema.json"))
    shipped = {each.name: column(each, at) for at, each in enumerate(schema.fields)}
    rules = Checklist.from_descriptor(described(folder / list_)).checks
    for check in rules:
        if hasattr(check, "context"):
            check.context = CONTEXT

    of_rows = [each for each in rules if not isinstance(each, TableCheck)]
    unspoken = [each for each in of_rows if not twin(each, shipped)]
    assert not [
        each.name
        for each in unspoken
        if not isinstance(each, RuleCheck) or each.doubt(shipped) is None
    ]
    assert not [each.type for each in unspoken if type(each) in HAVE_TWINS]


def test_a_rule_without_its_context_or_a_column_finds_nothing() -> None:
    assert twin(AgencyCheck(field_name="text"), columns()) == ()
    assert twin(UsccCheck(field_name="elsewhere"), columns()) == ()


def test_a_check_that_keeps_state_has_no_twin() -> None:
    check = checks.duplicate_row()

    assert twin(check, columns()) is None
    with pytest.raises(KeyError):
        named_cells(check, columns())


def test_a_subclass_that_may_judge_otherwise_has_no_twin() -> None:
    class Lenient(UsccCheck):
        """A rule of somebody else's."""

    assert twin(Lenient(field_name="text"), columns()) is None


def described(path: Path) -> dict[str, Any]:
    """Read a descriptor."""
    descriptor: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return descriptor
