"""Export: whole answers as files, the same records as the API's, digit for digit."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from opendata.domain.queries import SYSTEM_FIELDS
from opendata.domain.values import decimal_text
from tests.platforms import runtime_of
from tests.tables import read_csv, rows_of

COLLECTIONS = ("budgets", "disclosure-statistics", "project-approvals", "administrative-penalties")
FORMATS = ("csv", "ndjson", "parquet", "xlsx", "arrow")
# A whole collection comes in these as its releases' files stand, one behind the other.
JOINED = ("csv", "ndjson")


def as_text(value):
    """Write a value of any file as CSV does; what is missing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, float):
        return decimal_text(Decimal(repr(value)))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def everything(library, collection, **query):
    """Return all records as texts, as the JSON answer spells them."""
    answer = library.get(collection, limit="10000", **query)
    records = json.loads(answer.data, parse_float=Decimal)["data"]
    return [{name: as_text(value) for name, value in row.items()} for row in records]


def exported(library, collection, kind, **query):
    answer = library.get(f"{collection}.{kind}", **query)
    assert answer.status_code == 200, answer.text
    rows = rows_of(kind, answer.data)
    return [{name: as_text(value) for name, value in row.items()} for row in rows]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_an_export_has_the_records_of_the_api_row_for_row(library, collection, kind):
    order = {"sort": "_dataset,_row"} if kind in JOINED else {}

    assert exported(library, collection, kind) == everything(library, collection, **order)


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_keeps_conditions_order_and_columns(library, kind):
    query = {
        "fiscal_year": "2016",
        "amount_total__gt": "100",
        "sort": "-amount_total,_id",
        "fields": "subject_name,amount_total,unit",
        "q": "预算",
    }
    found = exported(library, "budgets", kind, **query)

    assert found == everything(library, "budgets", **query) != []
    assert list(found[0]) == ["subject_name", "amount_total", "unit"]


@pytest.mark.parametrize("media_type", ["text/csv", "application/x-ndjson"])
def test_the_format_may_be_asked_for_by_accept(library, media_type):
    answer = library.client.get("/api/v1/budgets", headers={"Accept": media_type}, buffered=True)

    assert answer.mimetype == media_type
    assert "Accept" in answer.headers["Vary"]


def test_a_format_that_does_not_exist_is_not_acceptable(library):
    answer = library.client.get("/api/v1/budgets", headers={"Accept": "image/png"})

    assert answer.status_code == 406
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_numbers_have_their_exact_digits_in_json(library, collection):
    """Read as text, since a float would hide what was lost."""
    contract = runtime_of(library.client).contracts[collection]
    numbers = [each.name for each in contract.published.fields if each.type == "number"]
    answer = library.get(collection, limit="10000", sort="_dataset,_row")
    texts = json.loads(answer.data, parse_float=str, parse_int=str)["data"]
    csv_rows = read_csv(library.get(f"{collection}.csv").data)

    assert numbers
    for row, plain in zip(texts, csv_rows, strict=True):
        for name in numbers:
            assert (row[name] or "") == plain[name]
            assert "e" not in plain[name].lower()


def test_a_bom_and_labels_are_for_those_who_ask(library):
    plain = library.get("budgets.csv").data
    for_excel = library.get("budgets.csv", with_bom="1", use_labels="1").data
    contract = runtime_of(library.client).contracts["budgets"].published

    assert not plain.startswith(b"\xef\xbb\xbf")
    assert for_excel.startswith(b"\xef\xbb\xbf")
    fields = (*SYSTEM_FIELDS, *contract.fields)
    [header, *rows] = csv.reader(io.StringIO(for_excel.decode("utf-8-sig"), newline=""))
    assert header == [each.title.zh for each in fields]
    codes = contract.field("document_type")
    at = header.index(codes.title.zh)
    assert {row[at] for row in rows} <= {each.label for each in codes.categories}


@pytest.mark.parametrize(
    ("name", "sign"), [(";", ";"), ("semicolon", ";"), ("tab", "\t"), ("|", "|"), ("comma", ",")]
)
def test_a_delimiter_may_be_chosen(library, name, sign):
    content = library.get("budgets.csv", delimiter=name).data.decode()
    rows = list(csv.DictReader(io.StringIO(content, newline=""), delimiter=sign))

    assert rows == read_csv(library.get("budgets.csv").data)


@pytest.mark.parametrize(
    "query",
    [
        {"delimiter": "x"},
        {"with_bom": "yes"},
        {"use_labels": "2"},
        {"limit": "10"},
        {"cursor": "x"},
        {"count": "exact"},
    ],
)
def test_what_is_not_for_an_export_is_refused(library, query):
    answer = library.get("budgets.csv", **query)

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json["errors"]] == [f"?{next(iter(query))}"]


def test_a_link_of_the_answer_leads_to_the_same_question_as_a_file(library):
    links = library.get("budgets", fiscal_year="2018", limit="1").json["links"]
    answer = library.client.get(links["csv"].removeprefix("http://localhost"), buffered=True)

    assert {row["fiscal_year"] for row in read_csv(answer.data)} == {"2018"}


def test_an_export_is_sent_as_a_file_with_a_name(library):
    answer = library.get("budgets.xlsx")

    assert "filename=budgets" in answer.headers["Content-Disposition"].replace('"', "")
    assert answer.content_length == len(answer.data)
