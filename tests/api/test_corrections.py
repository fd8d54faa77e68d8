"""Anybody reports a fault in a record; the agency answers, and both stand beside the record.

Nothing of who reported it is public on any path, or in any log.
"""

import logging
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from opendata.domain.people import Role
from opendata.stages import corrections
from opendata.storage.tables import AuditRow, CorrectionRow
from tests.chain import sign
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

CONTACT = {"name": "李举报", "email": "li.jubao@example.org", "phone": "13800138000"}
CLAIM = "金额应为 1208 万元，原文误作 1280 万元。"


@pytest.fixture
def published(chain):
    """Three records of a budget, and the first of them."""
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    return chain


@pytest.fixture
def record(published):
    """The address of a record."""
    return "budgets/" + published.records("budgets", limit="1", fields="_id")[0]["_id"]


def report(chain, record, **body):
    return chain.client.post(f"/api/v1/{record}/corrections", json={"claim": CLAIM, **body})


def say(chain, correction_id, kind, role="reviewer", **more):
    return chain.client.post(
        f"/api/v1/corrections/{correction_id}/words",
        json={"kind": kind, "reason": f"{kind} 的理由", **more},
        headers={**chain.as_(role), "Accept-Language": "en"},
    )


def opened(chain, correction_id, role="reviewer"):
    answer = chain.client.get(f"/api/v1/corrections/{correction_id}", headers=chain.as_(role))
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_fault_is_reported_shown_answered_and_followed(published, record):
    reported = report(
        published, record, field="explanation", evidence="某文〔2019〕3 号", contact=CONTACT
    )
    assert reported.status_code == 201, reported.text
    track = reported.json["links"]["tracking"]

    def seen():
        return published.get(record).json["corrections"]

    def followed():
        return published.client.get(track).json

    assert (followed()["state"], followed()["shown"], seen()) == ("received", False, [])
    assert say(published, reported.json["id"], "show").status_code == 201
    [shown] = seen()
    assert shown == {
        "id": reported.json["id"],
        "field": "explanation",
        "claim": CLAIM,
        "evidence": "某文〔2019〕3 号",
        "release": 1,
        "received_at": shown["received_at"],
        "state": "open",
        "answers": [],
    }
    assert say(published, reported.json["id"], "refuse", "approver").status_code == 201
    assert [each["reason"] for each in seen()[0]["answers"]] == ["refuse 的理由"]
    assert followed()["state"] == seen()[0]["state"] == "refused"
    assert published.get(f"{record}/corrections").json["data"] == seen()
    assert say(published, reported.json["id"], "hide").status_code == 201
    assert seen() == published.get(f"{record}/corrections").json["data"] == []
    assert followed()["hidden_because"] == "hide 的理由"


@on_sqlite
def test_a_correction_names_the_release_that_corrects_the_record(published, record):
    found = report(published, record).json["id"]
    say(published, found, "show")
    early = say(published, found, "correct", release=1)
    missing = say(published, found, "correct", release=2)
    assert [each.json["code"] for each in (early, missing)] == ["invalid-word"] * 2
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=published.who.agency.name.zh)
    published.publish("b", csv_of(changed(rows, explanation="已更正")))

    assert say(published, found, "correct", release=2).status_code == 201
    [shown] = published.get(record).json["corrections"]
    assert (shown["state"], shown["release"]) == ("corrected", 1)
    assert [each["release"] for each in shown["answers"]] == [2]
    page = published.client.get(f"/{record}").text
    assert CLAIM in page
    assert "/datasets/b/releases/2" in page


@on_sqlite
def test_a_release_that_is_not_public_corrects_nothing(published, record):
    found = report(published, record).json["id"]
    say(published, found, "show")
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=published.who.agency.name.zh)
    published.publish("b", csv_of(changed(rows, explanation="已更正")))
    published.suspend("b", 2)

    refusal = say(published, found, "correct", release=2)
    assert (refusal.status_code, refusal.json["code"]) == (422, "invalid-word")


@pytest.mark.parametrize("path", ["{record}", "{record}/corrections"])
def test_what_is_shown_or_hidden_is_so_at_once_for_who_has_the_answer_before(
    published, record, path
):
    found = report(published, record).json["id"]
    address = path.format(record=record)
    tags = []
    for kind in ("show", "hide", "show"):
        before = published.client.get(f"/api/v1/{address}")
        kept = {"If-None-Match": before.headers["ETag"]}
        assert published.client.get(f"/api/v1/{address}", headers=kept).status_code == 304
        assert say(published, found, kind).status_code == 201
        after = published.client.get(f"/api/v1/{address}", headers=kept)
        assert after.status_code == 200
        assert (CLAIM in after.text) is (kind == "show")
        tags.append(after.headers["ETag"])
    assert len(set(tags)) == 3


@on_sqlite
def test_the_tags_of_other_records_and_of_lists_stay(published, record):
    paths = [
        f"/api/v1/budgets/{each['_id']}"
        for each in published.records("budgets", fields="_id")
        if each["_id"] not in record
    ]
    before = [published.client.get(each).headers["ETag"] for each in (*paths, "/api/v1/budgets")]
    say(published, report(published, record).json["id"], "show")

    after = [published.client.get(each).headers["ETag"] for each in (*paths, "/api/v1/budgets")]
    assert after == before


@on_sqlite
def test_what_stands_beside_records_is_read_once_for_all_until_a_word_is_said(published, record):
    say(published, report(published, record).json["id"], "show")
    asked = []

    def counted(*given):
        asked.append(given)
        return shown_in(*given)

    shown_in = corrections.shown_in
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("opendata.stages.query.corrected.shown_in", counted)
        for host in ("a", "b", "c"):
            told = published.client.get(f"/api/v1/{record}", headers={"Host": f"{host}.example"})
            assert len(told.json["corrections"]) == 1
    assert len(asked) == 1


@on_sqlite
def test_what_is_said_of_a_record_goes_with_it(published, record):
    say(published, report(published, record).json["id"], "show")
    published.suspend("b", 1)

    for path in (record, f"{record}/corrections"):
        assert published.get(path).status_code == 410
    assert report(published, record).status_code == 410
    assert published.get(f"budgets/{'a' * 52}/corrections").json["code"] == "no-such-record"


REFUSED = [
    ({"claim": ""}, "/claim"),
    ({"claim": "x" * 2001}, "/claim"),
    ({"claim": None}, "/claim"),
    ({"field": "no_such_field"}, "/field"),
    ({"evidence": "x" * 2001}, "/evidence"),
    ({"contact": {"name": "李举报"}}, "/contact"),
    ({"contact": {}}, "/contact"),
    ({"claim": " "}, "/claim"),
    ({"contact": {"email": "x" * 255}}, "/contact/email"),
    ({"contact": {"address": "x"}}, "/contact/address"),
    ({"more": 1}, "/more"),
]


@on_sqlite
def test_a_report_that_cannot_be_taken_is_told_where(published, record):
    for body, pointer in REFUSED:
        refusal = report(published, record, **body)

        assert refusal.status_code == 422, body
        assert [each["pointer"] for each in refusal.json["errors"]] == [pointer]


@on_sqlite
def test_who_reported_it_is_told_to_those_alone_who_answer_for_the_agency(
    published, record, platform, others, caplog
):
    with caplog.at_level(logging.DEBUG):
        found = report(published, record, contact=CONTACT)
        correction_id = found.json["id"]
        say(published, correction_id, "show")
        say(published, correction_id, "refuse")
        public = [
            published.client.get(path).text
            for path in (
                f"/api/v1/{record}",
                f"/api/v1/{record}/corrections",
                f"/{record}",
                "/api/v1/budgets",
                "/feed.atom",
                found.json["links"]["tracking"],
            )
        ]
    told = {role: opened(published, correction_id, role)["contact"] for role in Role}

    assert told.pop(Role.REVIEWER) == told.pop(Role.APPROVER) == CONTACT
    assert set(told.values()) == {None}
    listing = published.client.get("/api/v1/corrections", headers=published.as_("reviewer"))
    assert [each["has_contact"] for each in listing.json["data"]] == [True]
    assert (
        published.client.get(
            f"/api/v1/corrections/{correction_id}", headers=sign(others.keys[Role.REVIEWER])
        ).status_code
        == 403
    )
    files = platform.settings.home.glob("opendata.db*")
    written = [*public, listing.text, caplog.text, *(repr(path.read_bytes()) for path in files)]
    for secret in (*CONTACT.values(), repr(CONTACT["name"].encode())[2:-1]):
        assert not [text for text in written if secret in text]
    assert found.json["tracking"] not in "".join([*written[1:], caplog.text])


@on_sqlite
def test_equal_contacts_are_not_kept_as_equal_bytes(published, record, platform):
    for _ in range(2):
        report(published, record, contact=CONTACT)
    with platform.home.database.read() as session:
        digests = session.scalars(select(CorrectionRow.contact_sha256)).all()

    assert len(set(digests)) == 2


@on_sqlite
def test_a_contact_is_erased_and_the_fact_stays(published, record, platform):
    correction_id = report(published, record, contact=CONTACT).json["id"]
    with platform.home.database.read() as session:
        sealed = session.scalars(select(CorrectionRow.contact_sha256)).one()
    assert platform.home.vault.path(sealed).exists()
    erased = published.client.post(
        f"/api/v1/corrections/{correction_id}/erasure",
        json={"authority": "某法第四十七条", "reason": "本人要求"},
        headers=published.as_("admin"),
    )

    assert erased.status_code == 201, erased.text
    assert not platform.home.vault.path(sealed).exists()
    found = opened(published, correction_id)
    assert (found["contact"], found["has_contact"]) == (None, True)
    assert found["contact_erasure"]["reason"] == "本人要求"
    assert found["claim"] == CLAIM


@on_sqlite
def test_who_is_stopped_before_the_fact_is_recorded_leaves_no_contact(
    published, record, platform, monkeypatch
):
    def stopped(*_given):
        raise RuntimeError

    monkeypatch.setattr("opendata.stages.corrections.reporting.audit.append", stopped)
    before = set(platform.home.vault.objects.rglob("*"))
    assert report(published, record, contact=CONTACT).status_code == 500

    assert set(platform.home.vault.objects.rglob("*")) == before
    assert list(platform.home.vault.drafts.iterdir()) == []


def test_an_agency_lists_its_own_by_state_and_dataset(published, record, others):
    ids = [report(published, record).json["id"] for _ in range(3)]
    say(published, ids[0], "show")
    say(published, ids[1], "show")
    say(published, ids[1], "transfer", transferred_to="示例市财政局")

    def listed(headers=None, **asked):
        answer = published.client.get(
            "/api/v1/corrections",
            query_string=asked,
            headers=headers or published.as_("author"),
        )
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json["data"]]

    assert listed() == ids[::-1]
    assert listed(limit=2) == ids[:0:-1]
    assert listed(state="received") == ids[2:]
    assert listed(state="open", limit=1) == ids[:1]
    assert listed(state="transferred", dataset="b") == [ids[1]]
    assert listed(dataset="none") == []
    assert listed(sign(others.keys[Role.AUTHOR])) == []
    assert listed(sign(others.keys[Role.SUPERVISOR])) == ids[::-1]


@on_sqlite
def test_words_take_their_turn_and_each_leaves_a_line(published, record, platform):
    found = report(published, record).json["id"]
    answers = [
        say(published, found, kind, **more)
        for kind, more in (
            ("refuse", {}),
            ("show", {}),
            ("show", {}),
            ("correct", {}),
            ("transfer", {"transferred_to": "示例市财政局"}),
            ("transfer", {"transferred_to": "示例市财政局"}),
        )
    ]

    codes = [each.json.get("code") for each in answers]
    assert codes == [
        "not-moderated", None, "already-answered", "invalid-word", None, "already-answered",
    ]  # fmt: skip
    with platform.home.database.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.seq)).all()
    told = [
        (row.action, row.subject.partition(" ")[0])
        for row in rows
        if row.action.startswith("correction-")
    ]
    assert told == [
        ("correction-received", found),
        ("correction-show", f"{found}#1"),
        ("correction-transfer", f"{found}#2"),
    ]


@on_sqlite
def test_there_is_nothing_under_another_code_or_id(published):
    for path in (f"corrections/{uuid4()}", "tracking/nothing"):
        answer = published.client.get(f"/api/v1/{path}", headers=published.as_("reviewer"))
        assert (answer.status_code, answer.json["code"]) == (404, "no-such-correction")
    assert say(published, UUID(int=1), "show").status_code == 404


def test_an_address_reports_so_often_an_hour_and_a_record_takes_twice_as_many(
    published, record, platform, clock
):
    app = published.client.application
    app.extensions["opendata"] = replace(
        platform, settings=replace(platform.settings, correction_limit=2)
    )

    def sent(address):
        return published.client.post(
            f"/api/v1/{record}/corrections",
            json={"claim": CLAIM},
            environ_overrides={"REMOTE_ADDR": address},
        )

    clock.set("2026-03-02T12:10:00+08:00")
    first = [sent("192.0.2.1") for _ in range(3)]
    assert [each.status_code for each in first] == [201, 201, 429]
    assert first[-1].json["code"] == "rate-limited"
    assert first[-1].headers["Retry-After"] == "3000"
    others = [sent(f"192.0.2.{number}").status_code for number in range(2, 6)]
    assert others == [201, 201, 429, 429]
    clock.set("2026-03-02T13:00:00+08:00")
    assert sent("192.0.2.1").status_code == 201
