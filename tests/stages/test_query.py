"""Query: whatever is asked, the answer is the one that sorting all rows in Python gives."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.queries import SYSTEM_FIELDS, Op, operators, parse, value_text
from opendata.web.json import to_bytes
from tests.platforms import on_sqlite, runtime_of
from tests.stages import oracle
from tests.tables import changed, csv_of, real_rows

COLLECTIONS = ("budgets", "disclosure-statistics", "project-approvals", "administrative-penalties")
LISTS = (Op.IN, Op.NOTIN)


@pytest.fixture(scope="module")
def shelves(library):
    """Every record of the library, by collection, as values."""
    runtime = runtime_of(library.client)
    held = {name: runtime.contracts[name] for name in COLLECTIONS}
    return {name: oracle.everything(runtime, contract) for name, contract in held.items()}


def asked(library, collection, query):
    """Return what a query means to the parser, whose own tests are elsewhere."""
    contract = runtime_of(library.client).contracts[collection].published
    return parse(query, contract)


@st.composite
def filters(draw, rows, fields):
    """Draw a condition whose operands occur in the data, or nearly."""
    field = draw(st.sampled_from(fields))
    op = draw(st.sampled_from(operators(field)))
    if op in (Op.ISNULL, Op.NOTNULL):
        return f"{field.name}__{op}", "1"
    known = [row[field.name] for row in rows if row[field.name] is not None]
    values = draw(st.lists(st.sampled_from(known or [""]), min_size=2, max_size=4)) if known else []
    texts = [value_text(each) for each in values]
    if not texts:
        return f"{field.name}__notnull", "1"
    if op in (Op.CONTAINS, Op.NOTCONTAINS, Op.STARTSWITH, Op.ENDSWITH):
        begin = draw(st.integers(0, max(0, len(texts[0]) - 1)))
        length = draw(st.integers(0, 4))
        return f"{field.name}__{op}", texts[0][begin : begin + length]
    if op in LISTS:
        return f"{field.name}__{op}", json.dumps(texts, ensure_ascii=False)
    if op is Op.BETWEEN:
        return f"{field.name}__{op}", json.dumps(texts[:2], ensure_ascii=False)
    return (field.name if op is Op.EXACT else f"{field.name}__{op}"), texts[0]


@st.composite
def questions(draw, library, shelves):
    """Draw a collection and a query: conditions, order, search, fields."""
    collection = draw(st.sampled_from(COLLECTIONS))
    contract = runtime_of(library.client).contracts[collection].published
    fields = (*SYSTEM_FIELDS, *contract.fields)
    rows = shelves[collection]
    pairs = draw(st.lists(filters(rows, fields), max_size=2))
    named = st.sampled_from([each.name for each in fields])
    names = draw(st.lists(named, max_size=3, unique=True))
    if names:
        signs = [draw(st.sampled_from(["", "-"])) + each for each in names]
        pairs.append(("sort", ",".join(signs)))
    if draw(st.integers(0, 3)) == 0:
        word = draw(st.sampled_from([row[contract.searchable[0]] or "" for row in rows]))
        pairs.append(("q", word[:2]))
    shown = draw(st.lists(named, max_size=4, unique=True))
    if shown:
        pairs.append(("fields", ",".join(shown)))
    return collection, pairs


def walk(library, collection, pairs, limit):
    """Follow the next links from the first page to the last; return the records and the pages."""
    query = [*pairs, ("limit", str(limit))]
    records, pages = [], 0
    while query:
        answer = library.client.get(f"/api/v1/{collection}", query_string=query)
        assert answer.status_code == 200, answer.text
        found = answer.json["data"]
        assert len(found) <= limit
        records += found
        pages += 1
        following = answer.json["links"].get("next")
        query = following and parse_qsl(urlsplit(following).query, keep_blank_values=True)
    return records, pages


def as_json(rows):
    return json.loads(to_bytes(rows))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_walking_the_pages_gives_every_record_once_and_in_order(library, shelves, data):
    collection, pairs = data.draw(questions(library, shelves))
    expected = as_json(oracle.answer(shelves[collection], asked(library, collection, pairs)))
    least = max(1, len(expected) // 5)
    limit = data.draw(st.integers(least, least + 10))

    found, pages = walk(library, collection, pairs, limit)

    assert found == expected
    assert pages == max(1, -(-len(expected) // limit))


def test_sorting_by_each_column_pages_over_missing_values(library, shelves):
    """Every column with gaps, both ways, one record a page where the gap begins."""
    for collection in COLLECTIONS:
        rows = shelves[collection]
        gaps = [name for name in rows[0] if 0 < sum(row[name] is None for row in rows) < len(rows)]
        for name in gaps:
            for sort in (name, f"-{name}"):
                pairs = [("sort", sort), ("fields", f"_id,{name}")]
                expected = oracle.answer(rows, asked(library, collection, pairs))
                found, _ = walk(library, collection, pairs, max(7, len(rows) // 4))
                assert found == as_json(expected), (collection, sort)


def test_a_page_has_a_hundred_records_unless_said_otherwise(library):
    assert len(library.records("disclosure-statistics")) == 100


def test_fields_are_answered_in_the_order_asked_for(library):
    records = library.records("budgets", fields="unit,_id,fiscal_year", limit="2")

    assert [list(each) for each in records] == [["unit", "_id", "fiscal_year"]] * 2


def test_a_coded_field_takes_its_code_or_its_label(library):
    by_code = library.records("budgets", document_type="budget", fields="_id")
    by_label = library.records("budgets", document_type="预算", fields="_id")

    assert by_code
    assert by_code == by_label


def test_the_total_is_told_only_when_asked_for(library, shelves):
    def meta(**query):
        return library.get("budgets", limit="1", **query).json["meta"]

    assert "total" not in meta()
    assert "total" not in meta(count="none")
    assert meta(count="exact")["total"] == len(shelves["budgets"])


def test_an_empty_list_is_in_nothing(library, shelves):
    def total(op):
        answer = library.get("budgets", count="exact", **{f"line_no__{op}": "[]"})
        assert answer.status_code == 200, answer.text
        return answer.json["meta"]["total"]

    assert total("in") == 0
    assert total("notin") == len(shelves["budgets"])


def test_a_cursor_belongs_to_its_query_and_cannot_be_forged(library):
    query = {"limit": "2", "sort": "line_no"}
    following = library.get("budgets", **query).json["links"]["next"]
    cursor = dict(parse_qsl(urlsplit(following).query))["cursor"]

    for other in (
        {"sort": "-line_no", "cursor": cursor},
        {"sort": "line_no", "fiscal_year": "2016", "cursor": cursor},
        {"sort": "line_no", "cursor": cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")},
        {"sort": "line_no", "cursor": cursor[::-1]},
        {"sort": "line_no", "cursor": ""},
    ):
        answer = library.get("budgets", limit="2", **other)
        assert (answer.status_code, answer.json["code"]) == (400, "invalid-cursor"), other
    answer = library.get("disclosure-statistics", limit="2", cursor=cursor)
    assert answer.status_code == 400


@pytest.fixture
def two_releases(chain, clock):
    """A budget of five lines, two days later corrected to two."""
    rows = changed(real_rows("budgets-2019"), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    clock.advance(days=2)
    chain.publish("b", csv_of(rows[:2]))
    return chain


def test_the_past_is_asked_for_by_snapshot_day_or_instant(two_releases):
    def lines(as_of):
        return len(two_releases.records("budgets", as_of=as_of))

    first, second = two_releases.release("b", 1), two_releases.release("b", 2)
    assert [lines(first["snapshot"]), lines(second["snapshot"])] == [5, 2]
    assert [lines("2026-03-02"), lines("2026-03-03"), lines("2026-03-04")] == [5, 5, 2]
    assert lines(first["released_at"]) == 5
    assert lines(second["released_at"]) == 2
    assert lines("2026-03-03T00:00:00+08:00") == 5


@on_sqlite
def test_the_future_is_what_is_now_and_before_the_first_release_there_is_nothing(two_releases):
    assert len(two_releases.records("budgets", as_of="2999-01-01")) == 2
    for never in ("2026-03-01", "123456789012", "99999999999999999999999"):
        answer = two_releases.get("budgets", as_of=never)
        assert (answer.status_code, answer.json["code"]) == (404, "no-such-snapshot")
    for no_date in ("20260302", "2026-W10-1"):
        assert two_releases.get("budgets", as_of=no_date).status_code == 400


def test_a_cursor_stays_on_its_snapshot_while_a_new_release_appears(chain, clock):
    rows = changed(real_rows("budgets-2019"), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    page = chain.get("budgets", limit="2", sort="line_no").json
    seen = page["data"]
    chain.publish("b", csv_of(changed(rows, explanation="更正")))
    while "next" in page["links"]:
        page = chain.client.get(page["links"]["next"].removeprefix("http://localhost")).json
        seen += page["data"]

    assert [row["line_no"] for row in seen] == [1, 2, 3, 4, 5]
    assert {row["_release"] for row in seen} == {1}
    assert {row["_release"] for row in chain.records("budgets")} == {2}


@on_sqlite
def test_what_is_cited_gives_the_same_rows_later(two_releases):
    cite = two_releases.get("budgets", line_no__lte="2").json
    rows = changed(real_rows("budgets-2019", 3, 5), publisher_name=two_releases.who.agency.name.zh)
    two_releases.publish("b", csv_of(rows))
    again = two_releases.client.get(cite["links"]["cite"].removeprefix("http://localhost")).json

    assert again["data"] == cite["data"] != []
    assert again["meta"]["snapshot"] == cite["meta"]["snapshot"]


@on_sqlite
def test_a_collection_before_its_first_release_is_empty_and_not_an_error(chain):
    answer = chain.get("budgets", count="exact").json

    assert (answer["data"], answer["meta"]["snapshot"], answer["meta"]["total"]) == ([], None, 0)
    assert chain.get("budgets.csv").data.count(b"\n") == 1
    assert chain.get("budgets/" + "a" * 52).status_code == 404
