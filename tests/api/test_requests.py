"""Anybody asks an agency for information; the agency answers in turn and in time.

Nothing of who asks for what is public on any path, in any log, or told to who only supervises.
"""

import logging
import threading
from datetime import date

import pytest
from sqlalchemy import select

from opendata.domain.people import Role
from opendata.domain.requests import ApplicantKind, Channel, Entry, Event, InvalidLedger, Kind
from opendata.stages import access, requests
from opendata.storage.tables import AuditRow, RequestEventRow, RequestRow
from tests.chain import AGENCY, OTHER, sign
from tests.platforms import on_sqlite

APPLICANT = {
    "name": "申请人庚某",
    "id_document": "450000190001010000",
    "email": "geng.mou@example.org",
    "phone": "13900139000",
    "address": "示例县示例路 17 号",
}
WANTED = {"information": "示例县 2025 年农村公路养护计划", "purpose": "论文写作所需"}
BODY = {
    "agency": AGENCY.id,
    "applicant_kind": "natural_person",
    "applicant": APPLICANT,
    "wanted": WANTED,
}
ANSWER = "予以公开，全文见附件三。"
TODAY = "2026-03-02"


def file(chain, **more):
    return chain.client.post("/api/v1/requests", json={**BODY, **more})


def filed(chain):
    answer = file(chain)
    assert answer.status_code == 201, answer.text
    return answer.json


def record(chain, request_id, kind, role="author", on=TODAY, **more):
    return chain.client.post(
        f"/api/v1/requests/{request_id}/events",
        json={"kind": kind, "on": on, **more},
        headers={**chain.as_(role), "Accept-Language": "en"},
    )


def recorded(chain, request_id, kind, role="author", **more):
    answer = record(chain, request_id, kind, role, **more)
    assert answer.status_code == 201, answer.text
    return answer.json


def answered(chain, request_id, **more):
    details = {"outcome": "granted"}
    return recorded(
        chain, request_id, "answered", "approver", details=details, statement=ANSWER, **more
    )


def opened(chain, request_id, headers):
    answer = chain.client.get(f"/api/v1/requests/{request_id}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_request_is_filed_confirmed_answered_and_followed(chain, clock):
    asked = filed(chain)
    track = asked["links"]["tracking"]

    def followed():
        return chain.client.get(track).json

    first = followed()
    assert (first["number"], first["state"]) == ("P2026-0001", "awaiting_confirmation")
    assert (first["clock"], first["received_on"], first["events"]) == (None, None, [])
    assert first["received_when"]["zh"] == "双方确认之日"
    assert first["applicant"] == APPLICANT
    assert first["wanted"]["information"] == WANTED["information"]
    recorded(chain, asked["id"], "received")
    clock.set("2026-03-20T10:00:00+08:00")
    told = {"days": 20}
    recorded(chain, asked["id"], "extended", "approver", details=told, statement="量大")
    assert (followed()["clock"]["due"], followed()["clock"]["remaining"]) == ("2026-04-28", 26)
    clock.set("2026-04-29T10:00:00+08:00")
    assert followed()["clock"]["remaining"] == -1
    answered(chain, asked["id"], on="2026-04-29")
    recorded(chain, asked["id"], "delivered", on="2026-04-29")

    last = followed()
    assert (last["state"], last["outcome"]) == ("delivered", "granted")
    assert last["clock"]["late_by"] == 1
    assert [(each["kind"], each["statement"]) for each in last["events"]] == [
        ("received", None),
        ("extended", "量大"),
        ("answered", ANSWER),
        ("delivered", None),
    ]
    assert last["events"][1]["details"] == {"days": 20, "approved_by": "county-office approver"}


REFUSED = [
    ({"agency": None}, ["/agency"]),
    ({"applicant_kind": "king"}, ["/applicant_kind"]),
    ({"applicant": {}}, ["/applicant/name", "/applicant/id_document", "/applicant"]),
    ({"applicant": {**APPLICANT, "name": " "}}, ["/applicant/name"]),
    ({"applicant": {**APPLICANT, "name": "x" * 201}}, ["/applicant/name"]),
    ({"applicant": {**APPLICANT, "shoe_size": "43"}}, ["/applicant/shoe_size"]),
    ({"applicant": {**APPLICANT, "name": "a\0b"}}, ["/applicant/name"]),
    ({"wanted": {}}, ["/wanted/information"]),
    ({"wanted": {"information": "x" * 5001}}, ["/wanted/information"]),
    ({"wanted": {**WANTED, "form": "marble"}}, ["/wanted/form"]),
    ({"wanted": None}, ["/wanted"]),
    ({"more": 1}, ["/more"]),
]
NOT_RECORDED = [
    ("author", {"kind": "delivered"}, 409, "request-not-in-turn", []),
    ("author", {"kind": "received", "on": "2026-03-03"}, 422, "invalid-request-event", ["/on"]),
    ("author", {"kind": "received", "on": "2026-02-30"}, 422, "invalid-body", ["/on"]),
    ("author", {"kind": "received", "on": "2026-03-01"}, 422, "invalid-request-event", ["/on"]),
    (
        "author",
        {"kind": "received", "details": {"days": 1}},
        422,
        "invalid-request-event",
        ["/details/days"],
    ),
    ("author", {"kind": "received", "details": {"x": 1}}, 422, "invalid-body", ["/details/x"]),
    (
        "author",
        {"kind": "received", "statement": "x" * 20_001},
        422,
        "invalid-body",
        ["/statement"],
    ),
    ("author", {"kind": "vanished"}, 422, "invalid-body", ["/kind"]),
    ("reviewer", {"kind": "answered"}, 403, "wrong-role", []),
    (
        "approver",
        {"kind": "answered"},
        422,
        "invalid-request-event",
        ["/details/outcome", "/statement"],
    ),
]


@on_sqlite
def test_a_request_that_cannot_be_taken_is_told_where(chain):
    for body, pointers in REFUSED:
        refusal = file(chain, **body)

        assert refusal.status_code == 422, body
        assert [each["pointer"] for each in refusal.json["errors"]] == pointers
        assert APPLICANT["phone"] not in refusal.text
    nobody = file(chain, agency="none")
    assert (nobody.status_code, nobody.json["code"]) == (404, "no-such-agency")
    assert [each["pointer"] for each in nobody.json["errors"]] == ["/agency"]


@on_sqlite
def test_an_event_that_cannot_be_recorded_is_told_where_and_leaves_nothing(chain, platform):
    asked = filed(chain)
    for role, event, status, code, pointers in NOT_RECORDED:
        refusal = record(chain, asked["id"], role=role, **event)
        assert (refusal.status_code, refusal.json["code"]) == (status, code), refusal.text
        assert [each["pointer"] for each in refusal.json.get("errors", [])] == pointers

    assert opened(chain, asked["id"], chain.as_("author"))["events"] == []
    assert list(platform.home.vault.drafts.iterdir()) == []


@on_sqlite
def test_who_asks_for_what_is_told_to_the_agency_and_the_applicant_alone(
    chain, others, platform, caplog
):
    with caplog.at_level(logging.DEBUG):
        asked = filed(chain)
        recorded(chain, asked["id"], "received")
        recorded(chain, asked["id"], "third_party_asked", statement="致第三方辛某")
        recorded(
            chain, asked["id"], "third_party_answered", details={"opinion": "objection"},
            statement="辛某不同意",
        )  # fmt: skip
        answered(chain, asked["id"])
        refused = [
            record(chain, asked["id"], "answered", "approver", statement=ANSWER).text,
            chain.client.get(f"/api/v1/requests/{asked['id']}").text,
        ]
        told = {role: opened(chain, asked["id"], chain.as_(role)) for role in Role}
        lists = [
            chain.client.get(f"/api/v1/requests{suffix}", headers=chain.as_("author")).text
            for suffix in ("", ".csv")
        ]
        public = [chain.client.get(path).text for path in ("/", "/feed.atom", "/catalog.jsonld")]
        track = chain.client.get(asked["links"]["tracking"])

    knowing = {role for role, each in told.items() if each["applicant"] is not None}
    assert knowing == {Role.AUTHOR, Role.REVIEWER, Role.APPROVER}
    assert told[Role.AUTHOR]["applicant"] == APPLICANT
    assert [each["statement"] for each in told[Role.AUTHOR]["events"]][1:] == [
        "致第三方辛某", "辛某不同意", ANSWER,
    ]  # fmt: skip
    theirs = sign(others.keys[Role.AUTHOR])
    stranger = chain.client.get(f"/api/v1/requests/{asked['id']}", headers=theirs)
    assert (stranger.status_code, stranger.json["code"]) == (403, "wrong-agency")
    assert track.headers["Cache-Control"] == "no-store"
    assert "辛某" not in track.text
    assert APPLICANT["name"] in track.text

    masked = [str(told[role]) for role in (Role.SUPERVISOR, Role.ADMIN)]
    files = platform.settings.home.glob("opendata.db*")
    kept = [repr(path.read_bytes()) for path in files]
    with platform.home.database.read() as session:
        kept += [
            f"{each.actor} {each.action} {each.subject}"
            for each in session.scalars(select(AuditRow))
        ]
    written = [*masked, *refused, *lists, *public, stranger.text, caplog.text, *kept]
    for secret in (*APPLICANT.values(), *WANTED.values(), ANSWER, "辛某"):
        for spelt in (secret, repr(secret.encode())[2:-1]):
            assert not [text for text in written if spelt in text], secret
    assert asked["tracking"] not in "".join(written)


@on_sqlite
def test_equal_words_are_not_kept_as_equal_bytes(chain, platform):
    for _ in range(2):
        recorded(chain, filed(chain)["id"], "received", statement="已电话确认")
    with platform.home.database.read() as session:
        asked = session.scalars(select(RequestRow.sealed_sha256)).all()
        said = session.scalars(select(RequestEventRow.sealed_sha256)).all()

    assert len({*asked, *said}) == 4


@on_sqlite
def test_an_applicant_corrects_and_withdraws_by_the_code_and_nothing_else(chain):
    asked = filed(chain)
    address = asked["links"]["tracking"] + "/events"

    def tell(kind, **more):
        return chain.client.post(address, json={"kind": kind, **more})

    recorded(chain, asked["id"], "received")
    assert tell("corrected", statement="2024 年的").json["code"] == "request-not-in-turn"
    recorded(
        chain, asked["id"], "correction_asked", details={"until": "2026-03-12"},
        statement="请写明年度",
    )  # fmt: skip
    assert [each["pointer"] for each in tell("corrected").json["errors"]] == ["/statement"]
    assert [each["pointer"] for each in tell("answered").json["errors"]] == ["/kind"]
    assert tell("corrected", statement="2024 年的").json["state"] == "open"
    seen = opened(chain, asked["id"], chain.as_("author"))["events"][-1]
    assert (seen["statement"], seen["person"]) == ("2024 年的", None)
    assert tell("withdrawn").json["state"] == "withdrawn"
    unknown = chain.client.get("/api/v1/tracking/requests/nobody-knows")
    assert (unknown.status_code, unknown.json["code"]) == (404, "no-such-request")


@on_sqlite
def test_what_an_applicant_left_is_erased_once_it_is_answered_and_the_facts_stay(chain, platform):
    asked = filed(chain)
    recorded(chain, asked["id"], "received")

    def erase():
        return chain.client.post(
            f"/api/v1/requests/{asked['id']}/erasure",
            json={"authority": "《个人信息保护法》第四十七条", "reason": "本人要求"},
            headers=chain.as_("admin"),
        )

    assert (erase().status_code, erase().json["code"]) == (409, "still-needed")
    answered(chain, asked["id"])
    objects = len([each for each in platform.home.vault.objects.rglob("*") if each.is_file()])
    assert erase().status_code == 201
    left = [each for each in platform.home.vault.objects.rglob("*") if each.is_file()]
    assert objects - len(left) == 2
    for seen in (
        opened(chain, asked["id"], chain.as_("author")),
        chain.client.get(asked["links"]["tracking"]).json,
    ):
        assert (seen["applicant"], seen["wanted"], seen["outcome"]) == (None, None, "granted")
        assert seen["erasure"]["reason"] == "本人要求"
        assert {each["statement"] for each in seen["events"]} == {None}


@on_sqlite
def test_who_is_stopped_before_the_fact_is_recorded_leaves_nothing(chain, platform, monkeypatch):
    def stopped(*_given):
        raise RuntimeError

    monkeypatch.setattr("opendata.stages.requests.filing.audit.append", stopped)
    before = set(platform.home.vault.objects.rglob("*"))
    assert file(chain).status_code == 500

    assert set(platform.home.vault.objects.rglob("*")) == before
    assert list(platform.home.vault.drafts.iterdir()) == []


@on_sqlite
def test_an_agency_registers_what_reached_it_another_way(chain):
    def register(role="author", **more):
        body = {
            "number": "县公开〔2026〕7",
            "channel": "mail",
            "applicant_kind": "business",
            **more,
        }
        return chain.client.post(
            f"/api/v1/agencies/{AGENCY.id}/requests", json=body, headers=chain.as_(role)
        )

    made = register(applicant={"name": "某公司"})
    assert made.status_code == 201, made.text
    assert chain.client.get(made.json["links"]["tracking"]).json["state"] == "awaiting_confirmation"
    assert register().json["code"] == "number-taken"
    in_person = register(number="8", channel="in_person")
    assert [each["pointer"] for each in in_person.json["errors"]] == ["/received_on"]
    tomorrow = register(number="8", channel="in_person", received_on="2026-03-03")
    assert [each["pointer"] for each in tomorrow.json["errors"]] == ["/received_on"]
    assert register(number=" ").json["errors"][0]["pointer"] == "/number"
    handed_in = register(number="8", channel="in_person", received_on="2026-02-27")
    seen = opened(chain, handed_in.json["id"], chain.as_("author"))
    assert (seen["state"], seen["received_on"], seen["applicant"]) == ("open", "2026-02-27", None)


@on_sqlite
def test_numbers_filed_here_pass_by_those_that_an_agency_gave(chain):
    body = {"number": "P2026-0002", "channel": "fax", "applicant_kind": "other"}
    chain.client.post(
        f"/api/v1/agencies/{AGENCY.id}/requests", json=body, headers=chain.as_("author")
    )

    assert [filed(chain)["number"] for _ in range(2)] == ["P2026-0003", "P2026-0004"]


@on_sqlite
def test_lists_say_what_is_due_soon_and_overdue_and_for_how_many_working_days(chain, others, clock):
    ids = [filed(chain)["id"] for _ in range(3)]
    for each in ids[:2]:
        recorded(chain, each, "received")
    clock.set("2026-03-26T10:00:00+08:00")
    recorded(chain, ids[2], "received", on="2026-03-26")
    answered(chain, ids[0], on="2026-03-26")

    def listed(headers=None, **asked):
        answer = chain.client.get(
            "/api/v1/requests", query_string=asked, headers=headers or chain.as_("supervisor")
        )
        assert answer.status_code == 200, answer.text
        return answer.json["data"]

    [soon] = listed(remaining__lte=5, is_overdue="false")
    assert (soon["id"], soon["due"], soon["remaining"]) == (ids[1], "2026-03-30", 2)
    clock.set("2026-04-02T10:00:00+08:00")
    [overdue] = listed(is_overdue="true")
    assert (overdue["id"], overdue["remaining"], overdue["late_by"]) == (ids[1], -3, 3)
    assert [each["late_by"] for each in listed(state="answered")] == [0]
    assert len(listed(sign(others.keys[Role.AUTHOR]))) == 0
    assert len(listed(chain.as_("author"))) == 3


@on_sqlite
def test_lists_say_how_long_a_receipt_has_waited_and_what_was_confirmed_late(chain, clock):
    waits, late = filed(chain)["id"], filed(chain)["id"]
    clock.set("2026-03-20T10:00:00+08:00")

    def listed(**asked):
        headers = chain.as_("supervisor")
        answer = chain.client.get("/api/v1/requests", query_string=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return [
            (each["id"], each["filed_on"], each["waiting_days"], each["marks"])
            for each in answer.json["data"]
        ]

    assert {each[1:] for each in listed(waiting_days__gte=14)} == {(TODAY, 14, 0)}
    assert listed(waiting_days__gt=14) == []
    told = recorded(chain, late, "received", on="2026-03-20")
    assert [(each["rule"], each["late_by"]) for each in told["marks"]] == [("CONFIRMED-LATE", 13)]
    assert listed(waiting_days__gte=1) == [(waits, TODAY, 14, 0)]
    assert listed(marks__gte=1) == [(late, TODAY, None, 1)]


@on_sqlite
def test_how_many_one_address_may_file_in_an_hour_is_limited(chain, platform, clock):
    object.__setattr__(platform.settings, "request_limit", 2)
    statuses = [file(chain).status_code for _ in range(3)]
    clock.advance(hours=1)

    assert [*statuses, file(chain).status_code] == [201, 201, 429, 201]


def test_of_two_answers_at_once_one_is_recorded(chain, platform):
    asked = filed(chain)
    recorded(chain, asked["id"], "received")
    at_once = threading.Barrier(2)
    found = []

    def answer(outcome):
        at_once.wait()
        told = {"details": {"outcome": outcome}, "statement": ANSWER}
        found.append(record(chain, asked["id"], "answered", "approver", **told).status_code)

    clerks = [threading.Thread(target=answer, args=(each,)) for each in ("granted", "other_other")]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join()

    assert sorted(found) == [201, 409]
    kinds = [each["kind"] for each in opened(chain, asked["id"], chain.as_("author"))["events"]]
    assert kinds == ["received", "answered"]


def entry(number, *told):
    events = tuple(Event(kind, date.fromisoformat(on), *details) for kind, on, *details in told)
    return Entry(number, Channel.MAIL, ApplicantKind.BUSINESS, events, pointer=f"/rows/{number}")


def test_a_ledger_is_taken_in_whole_or_not_at_all_and_again_changes_nothing(platform, people):
    with platform.home.database.read() as session:
        key = people.keys[Role.AUTHOR]
        actor = access.authenticate(session, key, platform.now(), loopback=True)
    received = (Kind.RECEIVED, "2026-02-02")
    answer = (Kind.ANSWERED, "2026-02-27", {"outcome": "unable_not_held"})

    def take(*entries):
        now = platform.now()
        return requests.record_ledger(platform.home, actor, AGENCY.id, entries, now)

    def known():
        with platform.home.database.read() as session:
            found = requests.requests_of(session, AGENCY.id)
        return {each.number: len(each.events) for each in found}

    first = take(entry("1", received), entry("2", received, answer))
    assert (first.new, first.continued, first.known, first.events) == (2, 0, 0, 3)
    again = take(entry("1", received, answer), entry("2", received, answer))
    assert (again.new, again.continued, again.known, again.events) == (0, 1, 1, 1)
    wrong = entry("2", received, (Kind.ANSWERED, "2026-02-27", {"outcome": "granted"}))
    with pytest.raises(InvalidLedger) as refused:
        take(entry("3", received), wrong, entry("3", received))
    assert [(each.pointer, each.code) for each in refused.value.faults] == [
        ("/rows/3/number", "number-taken"),
        ("/rows/2/events/1", "contradicts-record"),
    ]
    assert known() == {"1": 2, "2": 2}
    with platform.home.database.read() as session:
        early = requests.requests_of(session, AGENCY.id, date(2026, 2, 20))
        none = requests.requests_of(session, AGENCY.id, date(2026, 1, 31))
        assert requests.requests_of(session, OTHER.id) == []
    assert ([each.state for each in early], none) == (["open", "open"], [])
