"""A request's parameters against the contract: what each means, and what is wrong with each."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from opendata.domain.queries import (
    MAX_LIST,
    SYSTEM_FIELDS,
    BadQuery,
    Op,
    Sort,
    moment_text,
    operators,
    parse,
    value_text,
    whole,
)
from opendata.domain.queries.faults import MAX_FAULTS
from opendata.domain.queries.reading import MAX_FILTERS, MAX_TEXT_FILTERS
from tests.domain.made import contract

PUBLISHED = contract().published
TEXT_OPS = ("contains", "notcontains", "startswith", "endswith")
ORDER_OPS = ("gt", "gte", "lt", "lte")
SAMPLES = {
    "name": ("张三", "张三"),
    "size": ("-7", -7),
    "amount": ("434.70", Decimal("434.7")),
    "decided": ("2020-02-29", date(2020, 2, 29)),
    "seen_at": ("2020-02-29T08:00:00+08:00", datetime(2020, 2, 29, tzinfo=UTC)),
    "year": ("2020", 2020),
    "is_open": ("true", True),
    "kind": ("罚款", "fine"),
}


PAIRS = (("year", "2020"), ("amount", "1.50"))


def parsed(*pairs):
    return parse(pairs, PUBLISHED)


def faults(*pairs):
    with pytest.raises(BadQuery) as refused:
        parsed(*pairs)
    return [(each.pointer, each.code) for each in refused.value.faults]


def only_filter(name, text):
    [condition] = parsed((name, text)).filters
    return condition.op, condition.values


def ops_for(name):
    field = PUBLISHED.field(name)
    text = TEXT_OPS if field.type == "string" else ()
    order = () if field.type == "boolean" or field.categories else (*ORDER_OPS, "between")
    lists = () if field.type == "boolean" else ("in", "notin")
    return ("exact", "not", *text, *order, *lists, "isnull", "notnull")


@pytest.mark.parametrize("name", SAMPLES)
def test_each_type_has_its_operators(name):
    assert sorted(operators(PUBLISHED.field(name))) == sorted(ops_for(name))


@pytest.mark.parametrize(
    ("name", "op"), [(name, op) for name in SAMPLES for op in (*ORDER_OPS, "not")]
)
def test_an_operand_is_read_as_the_fields_type(name, op):
    text, value = SAMPLES[name]
    if op in ops_for(name):
        assert only_filter(f"{name}__{op}", text) == (Op(op), (value,))
    else:
        assert faults((f"{name}__{op}", text)) == [(f"?{name}__{op}", "unknown-operator")]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_bare_name_means_exactly(name):
    text, value = SAMPLES[name]

    assert only_filter(name, text) == only_filter(f"{name}__exact", text) == (Op.EXACT, (value,))


@pytest.mark.parametrize("op", TEXT_OPS)
def test_parts_of_a_text_are_taken_as_they_are(op):
    assert only_filter(f"name__{op}", "[1,2") == (Op(op), ("[1,2",))
    assert only_filter(f"kind__{op}", "ning") == (Op(op), ("ning",))


@pytest.mark.parametrize(
    ("op", "text", "meant"),
    [
        ("isnull", "1", Op.ISNULL),
        ("isnull", "", Op.ISNULL),
        ("isnull", "true", Op.ISNULL),
        ("isnull", "0", Op.NOTNULL),
        ("notnull", "1", Op.NOTNULL),
        ("notnull", "false", Op.ISNULL),
    ],
)
def test_a_missing_value_is_asked_for_by_yes_or_no(op, text, meant):
    assert only_filter(f"name__{op}", text) == (meant, ())


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("size__in", "1,2,2", (1, 2, 2)),
        ("size__notin", '["1","2"]', (1, 2)),
        ("name__in", '["a,b","c"]', ("a,b", "c")),
        ("name__in", "[]", ()),
        ("name__in", "", ("",)),
        ("kind__in", "fine,警告", ("fine", "warning")),
        ("decided__between", "2020-01-01,2020-12-31", (date(2020, 1, 1), date(2020, 12, 31))),
        ("amount__between", '["1","2.50"]', (Decimal(1), Decimal("2.5"))),
        ("_row__between", "1,9", (1, 9)),
        ("_dataset__in", "a,b", ("a", "b")),
    ],
)
def test_lists_are_written_with_commas_or_as_json(name, text, values):
    assert only_filter(name, text)[1] == values


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("size", "1.0"),
        ("size", ""),
        ("size", "9223372036854775808"),
        ("size", "１"),
        ("size__in", "1,x"),
        ("size__in", ","),
        ("size__between", "1"),
        ("size__between", "1,2,3"),
        ("size__in", ",".join(["1"] * (MAX_LIST + 1))),
        ("name__in", "[1]"),
        ("name__in", "[broken"),
        ("name__in", '["\\ud800"]'),
        ("name__in", '["\\u0000"]'),
        ("name__in", "[" * 5000),
        ("name__isnull", "maybe"),
        ("amount", "1,5"),
        ("amount", "NaN"),
        ("amount", "0.123"),
        ("amount", "1" * 39),
        ("decided", "2020-02-30"),
        ("decided", "20200201"),
        ("seen_at", "2020-02-01T00:00:00"),
        ("seen_at", "0001-01-01T00:00:00+08:00"),
        ("seen_at", "soon"),
        ("is_open", "perhaps"),
        ("kind", "fines"),
    ],
)
def test_an_operand_that_is_none_is_a_fault_of_its_parameter(name, text):
    assert faults((name, text)) == [(f"?{name}", "invalid-value")]


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (("nmae", "x"), "unknown-parameter"),
        (("secret", "x"), "unknown-parameter"),
        (("__", "x"), "unknown-parameter"),
        (("", "x"), "unknown-parameter"),
        (("size__near", "x"), "unknown-operator"),
        (("is_open__in", "true"), "unknown-operator"),
        (("kind__gt", "fine"), "unknown-operator"),
        (("fields", "name,secret"), "unknown-field"),
        (("fields", ""), "unknown-field"),
        (("sort", "--name"), "unknown-field"),
        (("sort", "name,-name"), "invalid-parameter"),
        (("limit", "0"), "invalid-parameter"),
        (("limit", "10001"), "invalid-parameter"),
        (("limit", "00000000000010001"), "invalid-parameter"),
        (("limit", "²"), "invalid-parameter"),
        (("count", "all"), "invalid-parameter"),
        (("facet", "name,secret"), "unknown-field"),
        (("facet", ""), "unknown-field"),
        (("facet", ",".join(f"f{number}" for number in range(11))), "invalid-parameter"),
        (("facet_size", "0"), "invalid-parameter"),
        (("facet_size", "1001"), "invalid-parameter"),
        (("release", "things"), "invalid-value"),
        (("release", "things@0"), "invalid-value"),
        (("release", "things@01"), "invalid-value"),
        (("release", "Things@1"), "invalid-value"),
        (("release", "@1"), "invalid-value"),
        (("release", "things@" + "9" * 30), "invalid-value"),
        (("group_by", "name"), "misplaced-parameter"),
        (("metrics", "count"), "misplaced-parameter"),
        (("name", "a\x00b"), "invalid-parameter"),
    ],
)
def test_each_fault_has_its_code(pair, code):
    assert faults(pair) == [(f"?{pair[0]}", code)]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("nmae", "name"), ("decidde", "decided"), ("ordre", None), ("srot", "sort")],
)
def test_the_nearest_name_is_suggested(wrong, meant):
    with pytest.raises(BadQuery) as refused:
        parsed((wrong, "x"))
    detail = refused.value.faults[0].detail

    assert ("did you mean" in detail.en) is (meant is not None)
    assert meant is None or meant in detail.en


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("size__gtt", "size__gt"),
        ("name__contians", "name__contains"),
        ("name__like", "name__contains"),
        ("size__like", "size__exact"),
        ("size__eq", "size__exact"),
        ("decided__since", "decided__gte"),
        ("decided__startswith", "decided__between"),
        ("size__startwith", None),
        ("is_open__in", "is_open__exact"),
        ("kind__gt", "kind__in"),
        ("name__blank", "name__isnull"),
        ("name__zzz", None),
    ],
)
def test_the_fault_of_an_operator_names_field_operators_and_the_nearest(wrong, meant):
    with pytest.raises(BadQuery) as refused:
        parsed((wrong, "1"))
    [fault] = refused.value.faults
    field = PUBLISHED.field(wrong.partition("__")[0])

    assert (fault.pointer, fault.code) == (f"?{wrong}", "unknown-operator")
    for said in fault.detail:
        assert field.name in said
        assert ", ".join(ops for ops in operators(field)) in said
        assert (meant or "?") in said or meant is None
    assert ("did you mean" in fault.detail.en) is (meant is not None)


def test_a_state_is_named_once():
    both = (("as_of", "2026-01-01"), ("release", "things@1"))

    assert faults(*both) == [("?release", "invalid-parameter")]


def test_a_field_that_is_unknown_in_a_list_has_a_suggestion_too():
    with pytest.raises(BadQuery) as refused:
        parsed(("fields", "nmae"), ("sort", "zzzzzz"))

    assert "name" in refused.value.faults[0].detail.zh
    assert refused.value.faults[1].detail.en.endswith("zzzzzz.")


def test_all_faults_are_told_together_up_to_a_limit():
    many = [(f"x{number}", "1") for number in range(500)]

    assert len(faults(("nmae", "x"), ("limit", "x"), ("year", "x"))) == 3
    assert len(faults(*many)) == MAX_FAULTS + 1
    assert len(faults(("fields", ",".join(name for name, _ in many)))) == MAX_FAULTS + 1


def test_a_control_is_given_once():
    assert faults(("limit", "1"), ("limit", "1")) == [("?limit", "invalid-parameter")]


def test_controls_are_read():
    query = parsed(
        ("fields", "year,name,year"),
        ("sort", "-year,name"),
        ("limit", "7"),
        ("cursor", "c"),
        ("as_of", "2026-01-01"),
        ("q", "张"),
        ("count", "exact"),
    )

    assert query.fields == ("year", "name")
    assert query.count is True
    assert query.sort == (Sort("year", True), Sort("name"), Sort("_id"))
    assert (query.limit, query.cursor, query.as_of, query.search) == (7, "c", "2026-01-01", "张")


def test_without_parameters_everything_is_asked_for_in_the_default_order():
    query = parsed()

    assert query.fields == tuple(each.name for each in (*SYSTEM_FIELDS, *PUBLISHED.fields))
    assert query.sort == (Sort("year", True), Sort("name"), Sort("_id"))
    assert (query.limit, query.count, query.search) == (100, False, None)


def test_a_sort_goes_on_with_the_default_one_and_ends_in_the_unique_key():
    default = (Sort("year", True), Sort("name"), Sort("_id"))

    assert parsed(("sort", "amount")).sort == (Sort("amount"), *default)
    assert parsed(("sort", "year,size")).sort == (
        Sort("year"),
        Sort("size"),
        Sort("name"),
        Sort("_id"),
    )


def test_behind_the_unique_key_nothing_is_sorted():
    assert parsed(("sort", "-_id,name")).sort == (Sort("_id", True),)
    assert parsed(("sort", "name,_id")).sort == (Sort("name"), Sort("_id"))


def test_values_of_fields_are_counted_beside_the_records():
    query = parsed(("facet", "kind,year,kind,_dataset"), ("facet_size", "5"))

    assert [each.name for each in query.facets] == ["kind", "year", "_dataset"]
    assert query.facet_size == 5
    assert (parsed().facets, parsed().facet_size) == ((), 20)


def test_a_release_is_a_dataset_and_a_number():
    assert parsed(("release", "things-2020@12")).release == ("things-2020", 12)
    assert parsed(("release", "things-2020@12"), ("cursor", "c")).cursor == "c"


def test_an_empty_search_finds_everything_and_a_search_needs_columns():
    assert parsed(("q", "")).search is None
    with pytest.raises(BadQuery):
        parse([("q", "x")], contract(searchable=()).published)


def test_a_request_has_so_many_filters_and_no_more():
    most = [("year__not", f"{2000 + at}") for at in range(MAX_FILTERS)]

    assert len(parsed(*most).filters) == MAX_FILTERS
    assert faults(*most, *[("size", "1")] * 200) == [("?size", "too-many-filters")]


@pytest.mark.parametrize("op", ["contains", "notcontains", "endswith"])
def test_few_filters_of_a_request_may_look_at_every_text(op):
    most = [("name__contains", "x")] * MAX_TEXT_FILTERS
    others = [("name__startswith", "x"), ("name", "x")]

    assert len(parsed(*most, *others).filters) == MAX_TEXT_FILTERS + 2
    assert faults(*most, *others, *[(f"kind__{op}", "x")] * 9) == [
        (f"?kind__{op}", "too-many-filters")
    ]


def test_a_query_has_one_canonical_text_whatever_the_order_of_its_filters():
    one = parsed(*PAIRS)
    other = parsed(("amount", "1.5"), ("year", "2020"))

    assert one.canonical == other.canonical
    assert one.canonical != parsed(("year", "2020")).canonical
    assert json.loads(one.canonical)[0] == "things"
    paged = parsed(("year", "2020"), ("amount", "1.5"), ("limit", "3"), ("cursor", "x"))
    assert paged.canonical == one.canonical
    assert one.canonical != parsed(*PAIRS, ("release", "things@1")).canonical


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (Decimal("1.50"), "1.5"),
        (date(2020, 1, 2), "2020-01-02"),
        (datetime(2020, 1, 2, tzinfo=UTC), "2020-01-02T00:00:00+00:00"),
        (7, "7"),
        ("x", "x"),
    ],
)
def test_a_value_is_written_as_a_query_spells_it(value, text):
    assert value_text(value) == text


def test_an_instant_is_written_in_utc():
    moment = datetime.fromisoformat("2020-01-01T08:00:00+08:00")

    assert moment_text(moment) == "2020-01-01T00:00:00Z"


def test_a_whole_collection_may_be_asked_for_in_some_fields():
    assert whole(PUBLISHED, fields=("_id",)).fields == ("_id",)
