"""An agency's own ledger comes as a file: all of it is recorded, or nothing, and it is not kept."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from opendata.domain.people import EVERY_AGENCY, Role, WrongAgency
from opendata.stages import access, requests
from opendata.storage.tables import RequestEventRow, RequestRow
from opendata.tabular.ledgers import request_ledger
from tests.chain import AGENCY, OTHER, sign
from tests.platforms import on_sqlite
from tests.tables import csv_of

pytestmark = on_sqlite
FIELDS = request_ledger().fields
ANSWERED = {"answered_on": "2025-03-20", "outcome": "granted"}


def row(number="2025-1", **values):
    given = {
        "publisher_name": AGENCY.name.zh,
        "number": number,
        "channel": "internet",
        "applicant_kind": "natural_person",
        "received_on": "2025-03-03",
    }
    return {**dict.fromkeys((each.name for each in FIELDS), ""), **given, **values}


def workbook(*rows):
    book = openpyxl.Workbook()
    book.active.append([each.title.zh for each in FIELDS])
    for each in rows:
        book.active.append(list(each.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def send(chain):
    """Send a ledger in."""

    def sent(content, role="author", **query):
        headers = {**chain.as_(role), "Content-Type": "application/octet-stream"}
        return chain.client.post(
            "/api/v1/requests/ledger", data=content, headers=headers, query_string=query
        )

    return sent


def recorded(platform):
    with platform.home.database.read() as session:
        tables = (RequestRow, RequestEventRow)
        return tuple(session.scalar(select(func.count()).select_from(each)) for each in tables)


def kept(platform):
    return [each for each in platform.home.vault.objects.rglob("*") if each.is_file()]


def test_a_ledger_is_recorded_once_and_its_later_state_goes_on(send, platform):
    before = kept(platform)
    first = send(csv_of([row(), row("2025-2", **ANSWERED)]))
    assert first.status_code == 200, first.text
    assert {name: first.json[name] for name in ("rows", "new", "continued", "known", "events")} == {
        "rows": 2, "new": 2, "continued": 0, "known": 0, "events": 3,
    }  # fmt: skip

    again = send(workbook(row(**ANSWERED), row("2025-2", **ANSWERED)))
    assert [again.json[name] for name in ("new", "continued", "known", "events")] == [0, 1, 1, 1]
    assert recorded(platform) == (2, 4)
    assert kept(platform) == before


@pytest.mark.parametrize(
    ("wrong", "code", "place"),
    [
        ({"outcome": "granted"}, "invalid-ledger-file", "/line/3/answered_on"),
        ({"received_on": "去年"}, "invalid-ledger-file", "/line/3/received_on"),
        ({"publisher_name": OTHER.name.zh}, "invalid-ledger-file", "/line/3/publisher_name"),
        ({"extended_days": "5"}, "invalid-ledger", "/line/3/extended_on"),
        ({"extended_on": "2025-03-10"}, "invalid-ledger", "/line/3/extended_days"),
        ({"received_on": "2099-01-01"}, "invalid-ledger", "/line/3/received_on"),
        ({"number": "11010519491231002X"}, "persons-in-ledger", "/line/3/number"),
    ],
)
def test_one_fault_and_nothing_is_recorded(send, platform, wrong, code, place):
    answer = send(csv_of([row(), {**row("2025-2"), **wrong}]))

    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert place in [each["pointer"] for each in answer.json["errors"]]
    assert recorded(platform) == (0, 0)
    if code == "invalid-ledger-file":
        assert not answer.json["report"]["valid"]
        assert answer.json["report"]["complete"]


def test_a_column_for_the_applicant_is_no_column_of_a_ledger(send, platform):
    named = {**row(), "申请人姓名": "李申请"}
    before = kept(platform)
    answer = send(csv_of([named]))

    assert answer.json["code"] == "invalid-ledger-file"
    assert "extra-label" in {each["code"] for each in answer.json["errors"]}
    assert recorded(platform) == (0, 0)
    assert kept(platform) == before
    assert list(platform.settings.scratch.iterdir()) == []


def test_what_is_no_table_is_refused_as_such(send):
    answer = send(b"\x00\x01\x02")

    assert answer.status_code == 422
    assert send(b"").json["code"] == "empty-upload"


def test_a_ledger_is_its_own_agencys(send):
    assert send(csv_of([row()]), agency=OTHER.id).json["code"] == "wrong-agency"
    assert send(csv_of([row()]), role="reviewer").json["code"] == "wrong-role"


def test_a_key_for_every_agency_sends_no_ledger(chain, platform, people):
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.AUTHOR, EVERY_AGENCY)
        key = access.create_key(session, people.persons[Role.ADMIN], terms, platform.now())
        actor = access.authenticate(session, key, platform.now(), loopback=True)
    headers = {**sign(key), "Content-Type": "application/octet-stream"}
    for query in ("", f"?agency={AGENCY.id}", "?agency=*"):
        address = f"/api/v1/requests/ledger{query}"
        answer = chain.client.post(address, data=csv_of([row()]), headers=headers)
        assert (answer.status_code, answer.json["code"]) == (403, "wrong-agency"), query
    with pytest.raises(WrongAgency):
        requests.record_ledger(platform.home, actor, AGENCY.id, (), platform.now())
    assert recorded(platform) == (0, 0)
