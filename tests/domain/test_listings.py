"""Listings: rows in Python answer as the records of a collection do, page by page."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Category
from opendata.domain.cursors import InvalidCursor
from opendata.domain.errors import Text
from opendata.domain.listings import ListChanged, Listing, listed, selected, shown
from opendata.domain.queries import BadQuery, parse_listing
from tests import reference
from tests.domain.made import field
from tests.queries import made

SECRET = b"s" * 32
KIND = field("kind", categories=(Category("open", "未办结"), Category("closed", "已办结")))
CASES = Listing(
    name="cases",
    title=Text("事项", "Cases"),
    description=Text("测试", "For tests"),
    fields=(field("number"), KIND, field("due", "date"), field("days", "integer")),
    key=("number",),
    default_sort=("-due",),
    searchable=("number",),
    parameters=(field("as_of", "date"),),
)
ROWS = [
    {"number": "a", "kind": "open", "due": date(2025, 3, 1), "days": 3},
    {"number": "b", "kind": "closed", "due": None, "days": None},
    {"number": "c", "kind": "open", "due": date(2025, 3, 2), "days": -1},
    {"number": "d", "kind": "open", "due": date(2025, 3, 1), "days": 0},
]
COLUMNS = (field("_id"), *made.FIELDS)
EVERY_KIND = Listing("made", CASES.title, CASES.description, COLUMNS, ("_id",), ("_id",), ("note",))


def asked(**parameters):
    return parse_listing(parameters.items(), CASES.contract, CASES.parameters)[0]


def numbers(**parameters):
    return [each["number"] for each in listed(CASES, ROWS, asked(**parameters), SECRET).rows]


def faults(**parameters):
    with pytest.raises(BadQuery) as refused:
        asked(**parameters)
    return [(each.pointer, each.code) for each in refused.value.faults], refused.value.detail.en


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "cadb"),
        ({"sort": "days"}, "cdab"),
        ({"sort": "-days"}, "adcb"),
        ({"kind": "open", "days__lt": "1"}, "cd"),
        ({"kind": "未办结", "sort": "number"}, "acd"),
        ({"due__isnull": "1"}, "b"),
        ({"kind__not": "open"}, "b"),
        ({"due__between": "2025-03-01,2025-03-01"}, "ad"),
        ({"q": "A"}, "a"),
    ],
)
def test_rows_are_filtered_sorted_and_searched(parameters, expected):
    assert "".join(numbers(**parameters)) == expected


def test_a_page_has_the_fields_asked_for_the_total_and_how_often_values_occur():
    query = asked(fields="days,number", limit="1", count="exact", facet="kind,due")
    page = listed(CASES, ROWS, query, SECRET)

    assert page.rows == [{"days": -1, "number": "c"}]
    assert page.total == 4
    assert page.facets["kind"] == [
        {"value": "open", "label": "未办结", "count": 3},
        {"value": "closed", "label": "已办结", "count": 1},
    ]
    assert [each["count"] for each in page.facets["due"]] == [2, 1, 1]
    assert page.facets["due"][-1]["value"] is None


def test_a_row_has_no_columns_of_the_platform():
    assert faults(_dataset="x")[0] == [("?_dataset", "unknown-parameter")]


def test_what_is_wrong_is_located_and_the_nearest_name_is_told():
    found, said = faults(dayz="3", due__contains="x", as_off="2025-01-01", days="many")

    assert found == [
        ("?dayz", "unknown-parameter"),
        ("?due__contains", "unknown-operator"),
        ("?as_off", "unknown-parameter"),
        ("?days", "invalid-value"),
    ]
    assert "did you mean days?" in said
    assert "did you mean as_of?" in said


def test_there_are_no_releases_to_ask_for():
    assert [code for _, code in faults(release="budgets-2018@1")[0]] == ["unknown-parameter"]


def test_what_the_rows_depend_on_is_read_as_what_it_is():
    pairs = [("as_of", "2025-03-31"), ("kind", "open")]
    query, given_values = parse_listing(pairs, CASES.contract, CASES.parameters)

    assert given_values == {"as_of": date(2025, 3, 31)}
    assert [each.field.name for each in query.filters] == ["kind"]
    assert parse_listing([], CASES.contract, CASES.parameters)[1] == {"as_of": None}


@pytest.mark.parametrize("text", ["31 March", "2025-02-30"])
def test_a_parameter_that_is_none_of_its_type_is_refused(text):
    assert faults(as_of=text)[0] == [("?as_of", "invalid-value")]


def test_a_parameter_is_given_once():
    with pytest.raises(BadQuery):
        parse_listing([("as_of", "2025-03-31")] * 2, CASES.contract, CASES.parameters)


def test_paging_goes_on_behind_a_row_that_does_not_match_any_more():
    query = asked(kind="open", limit="1", sort="number")
    first = listed(CASES, ROWS, query, SECRET)
    answered = [{**ROWS[0], "kind": "closed"}, *ROWS[1:]]
    second = listed(CASES, answered, replace(query, cursor=first.next_cursor), SECRET)

    assert [each["number"] for each in second.rows] == ["c"]


@pytest.mark.parametrize(
    "changed",
    [ROWS[:2] + ROWS[3:], [*ROWS[:2], {**ROWS[2], "due": date(2025, 1, 1)}, ROWS[3]]],
    ids=["gone", "elsewhere"],
)
def test_where_the_last_row_is_not_where_it_was_the_reader_begins_again(changed):
    query = asked(limit="1")
    following = listed(CASES, ROWS, query, SECRET).next_cursor

    with pytest.raises(ListChanged):
        listed(CASES, changed, replace(query, cursor=following), SECRET)


def test_a_cursor_belongs_to_its_query_and_to_who_signed_it():
    following = listed(CASES, ROWS, asked(limit="1"), SECRET).next_cursor

    for query, secret in ((asked(sort="days", cursor=following), SECRET),
                          (asked(cursor=following), b"t" * 32)):  # fmt: skip
        with pytest.raises(InvalidCursor):
            listed(CASES, ROWS, query, secret)


@st.composite
def questions(draw):
    rows = draw(st.lists(made.records(), max_size=8))
    rows = [{**row, "_id": f"{at:03}"} for at, row in enumerate(rows)]
    query = draw(made.queries(rows, EVERY_KIND.contract))
    return rows, replace(query, limit=draw(st.integers(1, 4)))


@settings(max_examples=30)
@given(questions())
def test_a_listing_answers_as_the_slow_way_does_and_its_pages_are_the_whole(question):
    rows, query = question
    expected = reference.answer(rows, query)

    assert shown(selected(rows, query), query) == expected
    found, cursor = [], None
    while True:
        page = listed(EVERY_KIND, reversed(rows), replace(query, cursor=cursor, count=True), SECRET)
        assert page.total == len(expected)
        found += page.rows
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.rows) == query.limit
    assert found == expected
