"""What may be added up: which demands a question makes, and how it is refused."""

import pytest

from opendata.domain.contracts import Also, Measure
from opendata.domain.errors import Text
from opendata.domain.queries import parse_aggregation
from opendata.domain.queries.adding import Mixed, NotAdditive, demands
from tests.domain import made

MONEY = Measure(
    Text("金额", "Money"),
    within=("unit", "level"),
    never={"level": ("of_which",)},
    also=(Also("kind", ("fine",), ("name",)),),
)
FIELDS = (
    *made.FIELDS[:-1],
    made.field("unit"),
    made.field("level"),
    made.field("cost", "number", decimal_places=2, unit_field="unit", measure="money"),
)
CONTRACT = made.contract(fields=FIELDS, personal={}, measures={"money": MONEY})


def asked(**query):
    """Return a question for totals, checked."""
    return parse_aggregation(query.items(), CONTRACT)


def demanded(**query):
    """Return the columns that a question's demands are about."""
    found = []
    for each in demands(CONTRACT, asked(**query)):
        among = each.among and (each.among[0].name, each.among[1])
        found.append((each.column and each.column.name, among))
    return found


OF_WHICH = (None, ("level", ("of_which",)))
FINES = ("name", ("kind", ("fine",)))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, []),
        ({"metrics": "count_distinct(cost)"}, []),
        ({"metrics": "max(size)"}, []),  # It has no unit.
        ({"metrics": "max(cost)"}, [("unit", None)]),
        ({"metrics": "median(cost),p90(cost)"}, [("unit", None)]),
        ({"metrics": "sum(cost)"}, [("unit", None), ("level", None), OF_WHICH, FINES]),
        ({"metrics": "avg(cost)", "group_by": "unit,level,name"}, [OF_WHICH]),
        ({"metrics": "avg(cost)", "unit": "元", "level": "x", "name": "y"}, [OF_WHICH]),
        ({"metrics": "max(cost)", "unit__isnull": "1"}, []),
        ({"metrics": "max(cost)", "unit__startswith": "万"}, [("unit", None)]),
        ({"metrics": "max(cost)", "group_by": "unit__prefix1"}, [("unit", None)]),
    ],
)
def test_a_question_demands_what_its_keys_and_filters_do_not_ensure(query, expected):
    assert demanded(**query) == expected


def refusal(question, *mixed):
    """Return the refusal of a question for which ``mixed`` was found."""
    found = demands(CONTRACT, question)
    return NotAdditive([Mixed(found[at], values) for at, values in mixed], question)


def test_a_refusal_names_the_column_its_values_and_two_ways_out():
    question = asked(metrics="sum(cost)", group_by="name")
    [fault] = refusal(question, (0, ("万元", "元", None))).faults

    assert (fault.pointer, fault.code) == ("?unit", "not-additive")
    assert fault.detail.zh == (
        "unit 不同的 cost 不得合并计算，这里有 万元、元、空；"
        "请加上 group_by=name,unit 或 unit=万元。"
    )
    assert fault.detail.en == (
        "Values of cost may not be taken together across unit; there are 万元, 元, nothing. "
        "Add group_by=name,unit or unit=万元."
    )


def test_with_four_keys_already_only_a_filter_is_advised():
    question = asked(metrics="sum(cost)", group_by="name,year,decided,is_open")
    [fault] = refusal(question, (0, (None,))).faults

    assert fault.detail.en.endswith("Add unit__isnull=1.")


def test_rows_that_are_never_added_are_to_be_left_out():
    [fault] = refusal(asked(metrics="sum(cost)", group_by="unit"), (1, ("of_which",))).faults

    assert fault.pointer == "?level"
    assert "level__notin=of_which" in fault.detail.en
    assert "level 为 of_which 的记录" in fault.detail.zh


def test_a_stricter_rule_says_of_which_records_it_speaks():
    [fault] = refusal(asked(metrics="sum(cost)", group_by="unit,level"), (1, ("a", "b"))).faults

    assert "在 kind 为 fine（罚款） 的记录中，name 不同的 cost" in fault.detail.zh
    assert "where kind is fine (罚款)" in fault.detail.en


def test_what_more_there_is_is_hinted_at():
    detail = refusal(asked(metrics="max(cost)"), (0, tuple("abcde"))).detail

    assert "a、b、c、d、e 等" in detail.zh
    assert "a, b, c, d, e and more" in detail.en


def test_many_columns_are_named_at_once_and_explained_one_by_one():
    question = asked(metrics="sum(cost)")
    found = refusal(question, (0, ("元", "万元")), (1, ("a", "b")), (2, ("of_which",)))

    assert found.detail.en.startswith(
        "Records are mixed that may not be taken together, in unit, level;"
    )
    assert [each.pointer for each in found.faults] == ["?unit", "?level", "?level"]
