"""A request for totals against the contract: by what is grouped, what is computed, what is not."""

from dataclasses import replace

import pytest

from opendata.domain.queries import BadQuery, Op, Sort, parse_aggregation
from opendata.domain.queries.aggregates import (
    DEFAULT_GROUPS,
    MAX_KEYS,
    MAX_METRICS,
    Key,
    Measuring,
    Metric,
    Part,
)
from tests.domain.made import FIELDS, contract

# Of the two figures only ``amount`` may be added up.
PUBLISHED = contract(
    fields=tuple(
        replace(each, measure="money") if each.name == "amount" else each for each in FIELDS
    )
).published

MANY_KEYS = ",".join(each.name for each in FIELDS[: MAX_KEYS + 1])
MANY_METRICS = ",".join(f"sum(f{number})" for number in range(MAX_METRICS + 1))


def parsed(*pairs):
    return parse_aggregation(pairs, PUBLISHED)


def refusal(*pairs):
    with pytest.raises(BadQuery) as refused:
        parsed(*pairs)
    return refused.value


def faults(*pairs):
    return [(each.pointer, each.code) for each in refusal(*pairs).faults]


def keys(text):
    return [(each.field.name, each.part, each.length) for each in parsed(("group_by", text)).keys]


def metrics(text):
    found = parsed(("metrics", text)).metrics
    return [(each.measuring, each.field and each.field.name) for each in found]


def test_without_parameters_all_records_are_counted_as_one_group():
    asked = parsed()

    assert asked.keys == ()
    assert asked.metrics == (Metric(Measuring.COUNT),)
    assert (asked.sort, asked.limit) == ((), DEFAULT_GROUPS)
    assert asked.query.filters == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind", [("kind", Part.WHOLE, 0)]),
        ("decided__year", [("decided", Part.YEAR, 0)]),
        ("decided__quarter", [("decided", Part.QUARTER, 0)]),
        ("seen_at__month", [("seen_at", Part.MONTH, 0)]),
        ("name__prefix3", [("name", Part.PREFIX, 3)]),
        ("name__prefix20,kind", [("name", Part.PREFIX, 20), ("kind", Part.WHOLE, 0)]),
        ("_dataset,is_open", [("_dataset", Part.WHOLE, 0), ("is_open", Part.WHOLE, 0)]),
        ("kind,kind", [("kind", Part.WHOLE, 0)]),
        ("decided,decided__year", [("decided", Part.WHOLE, 0), ("decided", Part.YEAR, 0)]),
    ],
)
def test_records_are_grouped_by_fields_and_parts_of_them(text, expected):
    assert keys(text) == expected


def test_a_key_is_called_as_it_was_asked_for():
    names = "decided__month,name__prefix3,kind,_id__prefix2"

    assert [each.name for each in parsed(("group_by", names)).keys] == names.split(",")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("knid", "unknown-field"),
        ("", "unknown-field"),
        ("secret", "unknown-field"),
        ("decided__week", "unknown-part"),
        ("decided__", "unknown-field"),
        ("decided__5", "unknown-part"),
        ("decided__year5", "unknown-part"),
        ("decided__prefix4", "unknown-part"),
        ("year__year", "unknown-part"),
        ("name__prefix", "unknown-part"),
        ("name__prefix0", "unknown-part"),
        ("name__prefix21", "unknown-part"),
        ("name__prefix999999999999", "unknown-part"),
        ("name__month", "unknown-part"),
        ("size__prefix1", "unknown-part"),
    ],
)
def test_what_cannot_be_grouped_by_is_a_fault(text, code):
    assert faults(("group_by", text)) == [("?group_by", code)]


def test_the_fault_of_a_part_says_which_there_are_and_which_is_near():
    [fault] = refusal(("group_by", "decided__yaer")).faults

    assert "decided__month" in fault.detail.en
    assert fault.detail.en.endswith("did you mean year?")
    assert "name__prefix{1–20}" in refusal(("group_by", "name__year")).faults[0].detail.zh


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count", [(Measuring.COUNT, None)]),
        ("count,sum(amount)", [(Measuring.COUNT, None), (Measuring.SUM, "amount")]),
        ("avg(amount),avg(amount)", [(Measuring.AVG, "amount")]),
        ("median(size),p90(size)", [(Measuring.MEDIAN, "size"), (Measuring.P90, "size")]),
        ("min(decided),max(year)", [(Measuring.MIN, "decided"), (Measuring.MAX, "year")]),
        ("max(name)", [(Measuring.MAX, "name")]),
        ("count_distinct(is_open)", [(Measuring.COUNT_DISTINCT, "is_open")]),
        ("count_distinct(_dataset)", [(Measuring.COUNT_DISTINCT, "_dataset")]),
    ],
)
def test_metrics_are_computed_of_fields_that_they_fit(text, expected):
    assert metrics(text) == expected
    names = dict.fromkeys(text.split(","))
    assert [each.name for each in parsed(("metrics", text)).metrics] == list(names)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("total(amount)", "unknown-metric"),
        ("sum", "unknown-metric"),
        ("count(amount)", "unknown-metric"),
        ("count()", "unknown-metric"),
        ("sum(amount", "unknown-metric"),
        ("sum(amount))", "unknown-metric"),
        (" count", "unknown-metric"),
        ("", "unknown-metric"),
        ("sum()", "unknown-field"),
        ("sum(amuont)", "unknown-field"),
        ("sum(secret)", "unknown-field"),
        ("sum(name)", "unfit-metric"),
        ("sum(size)", "unfit-metric"),
        ("avg(_row)", "unfit-metric"),
        ("median(year)", "unfit-metric"),
        ("p90(decided)", "unfit-metric"),
        ("min(kind)", "unfit-metric"),
        ("max(is_open)", "unfit-metric"),
    ],
)
def test_what_is_no_metric_is_a_fault(text, code):
    assert faults(("metrics", text)) == [("?metrics", code)]


def test_the_fault_of_a_metric_says_what_there_is_and_what_is_near():
    assert refusal(("metrics", "smu(amount)")).faults[0].detail.en.endswith("did you mean sum?")
    assert "count_distinct(field)" in refusal(("metrics", "count(kind)")).faults[0].detail.en
    assert "did you mean amount?" in refusal(("metrics", "sum(amuont)")).faults[0].detail.en
    unfit = refusal(("metrics", "sum(size)")).faults[0].detail
    assert "within what it may be added" in unfit.en
    assert "count_distinct, min, max, median, p90" in unfit.zh


def test_groups_are_sorted_by_keys_and_metrics_and_then_by_the_other_keys():
    asked = parsed(
        ("sort", "-sum(amount),year"),
        ("group_by", "kind,year,decided__year"),
        ("metrics", "sum(amount)"),
    )

    assert asked.sort == (
        Sort("sum(amount)", descending=True),
        Sort("year"),
        Sort("kind"),
        Sort("decided__year"),
    )
    assert parsed(("group_by", "year,kind")).sort == (Sort("year"), Sort("kind"))


@pytest.mark.parametrize(
    ("sort", "code"),
    [
        ("kind", "unknown-column"),
        ("sum(amount)", "unknown-column"),
        ("", "unknown-column"),
        ("year,-year", "invalid-parameter"),
    ],
)
def test_groups_are_sorted_by_nothing_else(sort, code):
    assert faults(("group_by", "year"), ("sort", sort)) == [("?sort", code)]


def test_a_wrong_key_is_one_fault_and_not_one_of_the_sort_too():
    assert faults(("group_by", "yaer"), ("sort", "yaer")) == [("?group_by", "unknown-field")]


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (("group_by", MANY_KEYS), "invalid-parameter"),
        (("metrics", MANY_METRICS), "invalid-parameter"),
        (("limit", "0"), "invalid-parameter"),
        (("limit", "10001"), "invalid-parameter"),
        (("fields", "name"), "misplaced-parameter"),
        (("cursor", "x"), "misplaced-parameter"),
        (("count", "exact"), "misplaced-parameter"),
        (("facet", "name"), "misplaced-parameter"),
        (("gruop_by", "name"), "unknown-parameter"),
    ],
)
def test_each_fault_has_its_code(pair, code):
    assert faults(pair) == [(f"?{pair[0]}", code)]


def test_records_are_chosen_as_in_lists():
    asked = parsed(
        ("kind", "罚款"),
        ("decided__gte", "2020-01-01"),
        ("q", "张"),
        ("release", "things-2020@3"),
        ("limit", "7"),
    )

    assert [each.op for each in asked.query.filters] == [Op.EXACT, Op.GTE]
    assert (asked.query.search, asked.query.release) == ("张", ("things-2020", 3))
    assert asked.limit == 7
    assert parsed(("as_of", "2026-01-01")).query.as_of == "2026-01-01"


def test_the_names_of_keys_and_metrics_are_those_of_the_answer():
    field = PUBLISHED.field("decided")

    assert Key(field, Part.MONTH).name == "decided__month"
    assert Metric(Measuring.P90, field).name == "p90(decided)"
