"""A list of facts is queried, paged and exported over HTTP like the records of a collection."""

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask

from opendata.domain.contracts import Category
from opendata.domain.errors import Text
from opendata.domain.listings import Listing
from opendata.domain.people import Role
from opendata.runtime import Runtime
from opendata.web import problems
from opendata.web.description import DescribedApi
from opendata.web.json import ExactJSON
from opendata.web.listings import add_listing
from opendata.web.room import Room
from tests.chain import AGENCY, Clock, cast, sign
from tests.domain.made import field
from tests.platforms import BEGINNING, close, settings_of

CASES = Listing(
    name="made-cases",
    title=Text("事项", "Cases"),
    description=Text("测试用的事项。", "Cases for tests."),
    fields=(
        replace(field("number"), example="0001"),
        field("kind", categories=(Category("open", "未办结"), Category("closed", "已办结"))),
        replace(field("due", "date"), example="2025-03-01"),
        field("fee", "number", decimal_places=2, unit="元"),
        field("seen_at", "datetime"),
        field("is_late", "boolean"),
    ),
    key=("number",),
    default_sort=("due",),
    searchable=("number",),
    parameters=(replace(field("as_of", "date"), example="2025-03-31"),),
)
ROWS = [
    {
        "number": "0001",
        "kind": "open",
        "due": date(2025, 3, 1),
        "fee": Decimal("12.50"),
        "seen_at": datetime(2025, 3, 1, 1, 2, 3, tzinfo=UTC),
        "is_late": True,
    },
    {
        "number": "=1+1",
        "kind": "closed",
        "due": None,
        "fee": None,
        "seen_at": None,
        "is_late": None,
    },
]
SHOWN = (
    {
        "number": "0001",
        "kind": "open",
        "due": "2025-03-01",
        "fee": 12.5,
        "seen_at": "2025-03-01T01:02:03Z",
        "is_late": True,
    },
    {
        "number": "=1+1",
        "kind": "closed",
        "due": None,
        "fee": None,
        "seen_at": None,
        "is_late": None,
    },
)


@pytest.fixture(scope="module")
def runtime(tmp_path_factory, template_home, contracts):
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("listings") / "home")
    held = Runtime.around(settings_of(home), contracts, Clock(BEGINNING))
    yield held
    close(held)


@pytest.fixture(scope="module")
def signed(runtime):
    """The headers of a key, by its role."""
    keys = cast(runtime, AGENCY).keys
    return lambda role: sign(keys[Role(role)])


@pytest.fixture(scope="module")
def listing_app(runtime):
    """A web process with the list at three addresses: open, protected, and below another thing."""
    app = Flask("opendata.web")
    app.json = ExactJSON(app)
    app.config.from_mapping(API_TITLE="t", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    app.extensions["opendata"] = runtime
    problems.register(app)
    room = Room("made", __name__, label="事项 Cases", url_prefix="/api/v1")
    add_listing(room, "/cases", CASES, lambda as_of: ROWS if as_of is None else ROWS[:1])
    sealed = replace(CASES, name="sealed", parameters=())
    add_listing(room, "/sealed", sealed, lambda: ROWS, Role.APPROVER)
    below = replace(sealed, name="cases-of-one")
    add_listing(
        room,
        "/of/<number>/cases",
        below,
        lambda number: [each for each in ROWS if each["number"] == number],
    )
    api = DescribedApi(app, [])
    api.register_room(room)
    app.extensions["document"] = api.document
    return app


@pytest.fixture
def get(listing_app):
    client = listing_app.test_client()

    def got(path, **parameters):
        headers = {"Accept-Language": "en"}
        return client.get(f"/api/v1/{path}", query_string=parameters, headers=headers)

    return got


def test_rows_are_told_with_their_total_and_links_to_every_form(get):
    answer = get("cases", count="exact", facet="kind")

    assert answer.json["data"] == list(SHOWN)
    assert answer.json["meta"]["listing"] == "made-cases"
    assert answer.json["meta"]["total"] == 2
    assert [each["label"] for each in answer.json["meta"]["facets"]["kind"]] == ["已办结", "未办结"]
    assert answer.json["links"]["csv"] == "http://localhost/api/v1/cases.csv"
    assert {"self", "csv", "xlsx", "ndjson"} <= set(answer.json["links"])
    assert answer.headers["ETag"]
    assert get("cases.json", count="exact", facet="kind").json["data"] == list(SHOWN)


def test_pages_are_followed_by_their_links(listing_app, get):
    first = get("cases", limit="1", as_of="")
    assert first.status_code == 400
    first = get("cases", limit="1")
    assert [each["number"] for each in first.json["data"]] == ["0001"]
    assert f'<{first.json["links"]["next"]}>; rel="next"' in first.headers["Link"]

    second = listing_app.test_client().get(first.json["links"]["next"])
    assert [each["number"] for each in second.json["data"]] == ["=1+1"]
    assert "next" not in second.json["links"]


def test_a_cursor_is_for_one_list_only(get):
    following = get("cases", limit="1").json["links"]["next"].rpartition("cursor=")[2]

    assert get("sealed", cursor=following).status_code == 401
    for path, more in (("cases", {"as_of": "2025-03-31"}), ("of/0001/cases", {})):
        answer = get(path, cursor=following, limit="1", **more)
        assert answer.json["code"] == "invalid-cursor"


def test_a_list_below_another_thing_is_handed_its_name(get):
    assert [each["number"] for each in get("of/0001/cases").json["data"]] == ["0001"]
    csv_link = get("of/=1+1/cases").json["links"]["csv"]
    assert csv_link == "http://localhost/api/v1/of/%3D1%2B1/cases.csv"
    assert get("of/=1+1/cases.csv", fields="number").text == "number\n=1+1\n"


def test_what_is_not_asked_rightly_is_refused_where_it_stands(get):
    answer = get("cases", kindd="open", due__contains="1", _release="1")

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json["errors"]] == [
        "?kindd", "?due__contains", "?_release",
    ]  # fmt: skip
    assert "did you mean kind?" in answer.json["detail"]
    assert get("cases.csv", limit="1").json["errors"][0]["code"] == "not-for-exports"


def test_files_hold_every_row_in_the_order_asked_for(get):
    told = get("cases.csv", sort="-number", use_labels="1", with_bom="1", kind__in="open,closed")
    rows = list(csv.DictReader(io.StringIO(told.data.decode("utf-8-sig"))))
    lines = get("cases.ndjson").text.splitlines()

    assert told.data.startswith(b"\xef\xbb\xbf")
    assert [each["kind列"] for each in rows] == ["已办结", "未办结"]
    assert rows[1]["is_late列"] == "是"
    assert [json.loads(each) for each in lines] == list(SHOWN)
    assert "12.5," in lines[0]


def test_a_workbook_keeps_numbers_of_documents_as_text_and_runs_no_formula(get):
    answer = get("cases.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = [[each.value for each in row] for row in book["数据"].iter_rows(min_row=2, max_col=1)]

    assert cells == [["0001"], ["=1+1"]]
    assert {each.data_type for row in book["数据"]["A2:A3"] for each in row} == {"s"}
    notes = [row[1] for row in book["说明"].iter_rows(values_only=True, max_col=2)]
    assert "测试用的事项。" in notes
    assert "made-cases.xlsx" in answer.headers["Content-Disposition"]


def test_accept_asks_for_a_file_as_well(listing_app):
    client = listing_app.test_client()
    answer = client.get("/api/v1/cases", headers={"Accept": "text/csv"})

    assert answer.text.splitlines()[0] == "number,kind,due,fee,seen_at,is_late"
    assert client.get("/api/v1/cases", headers={"Accept": "image/png"}).status_code == 406


def test_a_reader_who_has_it_is_told_so(listing_app, get):
    client = listing_app.test_client()
    for path in ("cases", "cases.csv"):
        tag = get(path).headers["ETag"]
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["sealed", "sealed.json", "sealed.csv", "sealed.xlsx"])
def test_a_protected_list_opens_to_its_roles_and_is_kept_by_no_cache(listing_app, signed, path):
    client = listing_app.test_client()
    refused = client.get(f"/api/v1/{path}")
    wrong = client.get(f"/api/v1/{path}", headers=signed("author"))
    opened = client.get(f"/api/v1/{path}", headers=signed("approver"))

    assert (refused.status_code, wrong.status_code, opened.status_code) == (401, 403, 200)
    assert opened.headers["Cache-Control"] == "no-store"


def test_every_operator_of_every_field_is_documented(listing_app):
    document = listing_app.extensions["document"]()
    page = document["paths"]["/api/v1/cases"]["get"]
    named = {each["$ref"].rpartition("/")[2] for each in page["parameters"]}

    assert page["operationId"] == "list_made_cases"
    assert {"made-cases.as_of", "made-cases.due__between", "limit", "made-cases.q"} <= named
    assert not [each for each in named if "record." in each or each in ("release", "digest")]
    row = document["components"]["schemas"]["MadeCasesRow"]
    assert list(row["properties"]) == [each.name for each in CASES.fields]
    assert set(document["paths"]) >= {"/api/v1/cases.json", "/api/v1/cases.{format_name}"}
