"""What nobody may do to a request: answer for its applicant, hide a delay, or bring it back."""

from datetime import date

import pytest

from opendata.domain.people import EVERY_AGENCY, Role
from opendata.domain.requests import tally
from opendata.stages import access, requests
from tests.api.test_requests import (
    ANSWER,
    TODAY,
    answered,
    file,
    filed,
    opened,
    record,
    recorded,
)
from tests.chain import AGENCY, sign
from tests.platforms import on_sqlite

pytestmark = on_sqlite
PERSONAL = "11010519491231002X"


def refused(answer):
    """Return how an answer refuses, and where."""
    return answer.status_code, answer.json["code"], [
        each["pointer"] for each in answer.json.get("errors", [])
    ]  # fmt: skip


def register(chain, **more):
    body = {"number": "县公开〔2026〕7", "channel": "mail", "applicant_kind": "business", **more}
    return chain.client.post(
        f"/api/v1/agencies/{AGENCY.id}/requests",
        json=body,
        headers={**chain.as_("author"), "Accept-Language": "en"},
    )


def by_code(chain, tracking, kind):
    address = f"/api/v1/tracking/requests/{tracking}/events"
    return chain.client.post(address, json={"kind": kind, "statement": "某词"})


def erase(chain, request_id):
    return chain.client.post(
        f"/api/v1/requests/{request_id}/erasure",
        json={"authority": "《个人信息保护法》第四十七条", "reason": "本人要求"},
        headers=chain.as_("supervisor"),
    ).status_code


def listed(chain):
    """Return the only request, as the list has it."""
    [row] = chain.client.get("/api/v1/requests", headers=chain.as_("author")).json["data"]
    return row


def test_a_withdrawal_is_the_applicants_or_an_approvers_with_a_reason(chain):
    here, there = filed(chain)["id"], register(chain).json["id"]

    assert refused(record(chain, here, "withdrawn", "author"))[:2] == (403, "wrong-role")
    mine = record(chain, here, "withdrawn", "approver", statement="电话告知")
    assert refused(mine)[:2] == (409, "request-not-in-turn")
    wordless = record(chain, there, "withdrawn", "approver")
    assert refused(wordless) == (422, "invalid-request-event", ["/statement"])
    told = recorded(chain, there, "withdrawn", "approver", statement="来函撤回")
    assert told["state"] == "withdrawn"


def test_nobody_takes_back_what_the_applicant_did(chain):
    asked = filed(chain)
    assert by_code(chain, asked["tracking"], "withdrawn").status_code == 201

    answer = record(chain, asked["id"], "annulled", "approver", details={"number": 1})
    assert refused(answer)[:2] == (409, "request-not-in-turn")


def test_the_code_of_what_the_agency_registered_shows_it_and_no_more(chain):
    made = register(chain).json

    assert refused(by_code(chain, made["tracking"], "withdrawn"))[:2] == (
        409,
        "request-not-in-turn",
    )
    assert chain.client.get(made["links"]["tracking"]).status_code == 200
    page = chain.client.post("/requests/status", data={"code": made["tracking"]}).text
    assert made["number"] in page
    assert 'value="withdrawn"' not in page


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("fee_noticed", {"basis": "pages", "count": 31, "amount": "10"}),
        ("fee_paid", {"amount": "10"}),
        ("suspended", {}),
    ],
)
def test_no_author_alone_stops_the_term_or_begins_it_anew(chain, kind, details):
    asked = filed(chain)["id"]
    recorded(chain, asked, "received")

    alone = record(chain, asked, kind, "author", details=details, statement="某因")
    assert refused(alone)[:2] == (403, "wrong-role")


def test_an_answer_that_names_an_earlier_day_is_judged_by_the_day_it_came(chain, clock):
    asked = filed(chain)
    recorded(chain, asked["id"], "received")
    clock.set("2026-04-02T10:00:00+08:00")

    late = answered(chain, asked["id"], on="2026-03-20")
    assert late["clock"]["late_by"] == 3
    assert [(each["event"], each["rule"]) for each in late["marks"]] == [(2, "RECORDED-LATE")]
    assert listed(chain)["ended_on"] == "2026-04-02"


def test_an_answer_mended_on_one_day_is_not_late_by_that(chain, clock):
    asked = filed(chain)
    recorded(chain, asked["id"], "received")
    clock.set("2026-03-20T10:00:00+08:00")
    answered(chain, asked["id"], on="2026-03-20")
    clock.set("2026-04-02T10:00:00+08:00")
    mistaken = {"on": "2026-04-02", "details": {"number": 2}}
    recorded(chain, asked["id"], "annulled", "approver", **mistaken)

    again = answered(chain, asked["id"], on="2026-03-20")
    assert again["clock"]["late_by"] == 0
    assert [(each["event"], each["rule"]) for each in again["marks"]] == [(4, "RECORDED-LATE")]
    assert listed(chain)["ended_on"] == "2026-03-20"


def test_what_was_corrected_once_is_listed_as_corrected(chain, clock):
    asked = filed(chain)["id"]
    clock.set("2026-03-20T10:00:00+08:00")
    for kind, on, outcome in (
        ("review", "2026-03-05", "corrected"),
        ("review", "2026-03-10", "upheld"),
        ("review", "2026-03-11", "pending"),
        ("litigation", "2026-03-06", "other"),
        ("litigation", "2026-03-09", "upheld"),
    ):
        recorded(chain, asked, kind, on=on, details={"outcome": outcome})

    assert (listed(chain)["review"], listed(chain)["litigation"]) == ("corrected", "upheld")


def test_a_review_of_what_was_never_received_counts(chain, platform):
    asked = filed(chain)["id"]
    filed(chain)
    recorded(chain, asked, "review", details={"outcome": "corrected"})
    with platform.home.database.read() as session:
        found = requests.requests_of(session, AGENCY.id, date(2026, 12, 31))

    assert tally(found, 2026)["4", "1", "corrected"] == (f"{asked}#1",)
    assert not any(ids for (table, *_), ids in tally(found, 2026).items() if table == "3")


def test_that_the_applicant_corrected_it_is_an_approvers_to_say_with_how_that_is_known(chain):
    asked = filed(chain)["id"]
    recorded(chain, asked, "received")
    recorded(chain, asked, "correction_asked", statement="请写明年度")

    alone = record(chain, asked, "corrected", "author", statement="电话告知")
    assert refused(alone)[:2] == (403, "wrong-role")
    wordless = record(chain, asked, "corrected", "approver")
    assert refused(wordless) == (422, "invalid-request-event", ["/statement"])
    assert recorded(chain, asked, "corrected", "approver", statement="来信补正")["state"] == "open"


@pytest.mark.parametrize(
    ("kind", "role", "details"),
    [
        ("extended", "approver", {"days": 20}),
        ("third_party_asked", "author", {}),
        ("suspended", "approver", {}),
    ],
)
def test_what_is_recorded_once_the_term_is_over_does_not_stop_it(chain, clock, kind, role, details):
    asked = filed(chain)
    recorded(chain, asked["id"], "received")
    clock.set("2026-04-02T10:00:00+08:00")

    told = recorded(chain, asked["id"], kind, role, on=TODAY, details=details, statement="某因")
    assert (told["clock"]["due"], told["clock"]["remaining"]) == ("2026-03-30", -3)
    assert "recorded on 2026-04-02" in str(told["clock"]["why"])
    assert ("RECORDED-LATE", 2) in [(each["rule"], each["event"]) for each in told["marks"]]


def test_what_is_erased_is_not_received_and_its_answer_stays(chain):
    unconfirmed, ended = filed(chain)["id"], filed(chain)["id"]
    recorded(chain, ended, "received")
    answered(chain, ended)
    assert [erase(chain, each) for each in (unconfirmed, ended)] == [201, 201]

    for answer in (
        record(chain, unconfirmed, "received"),
        record(chain, ended, "annulled", "approver", details={"number": 2}),
    ):
        assert refused(answer)[:2] == (409, "request-not-in-turn")
    recorded(chain, ended, "delivered")
    assert erase(chain, ended) == 201


def test_a_receipt_is_taken_back_on_its_day_and_hides_no_request(chain, clock):
    slipped, overdue = filed(chain)["id"], filed(chain)["id"]
    for each in (slipped, overdue):
        recorded(chain, each, "received")
    mistake = {"details": {"number": 1}}
    told = recorded(chain, slipped, "annulled", "approver", **mistake)
    assert told["state"] == "awaiting_confirmation"
    clock.set("2026-04-02T10:00:00+08:00")

    # Neither a day that it names nor a receipt that is gone makes it another request.
    hidden = record(chain, overdue, "annulled", "approver", on=TODAY, **mistake)
    assert refused(hidden)[:2] == (409, "request-not-in-turn")
    assert "2026-03-02" in hidden.json["detail"]
    assert [erase(chain, each) for each in (slipped, overdue)] == [409, 409]
    recorded(chain, slipped, "received", on="2026-04-02")
    answered(chain, slipped, on="2026-04-02")
    assert erase(chain, slipped) == 201


def test_a_receipt_of_what_the_agency_registered_is_taken_back_later_too(chain, clock):
    made = register(chain, received_on=TODAY).json["id"]
    clock.set("2026-03-03T10:00:00+08:00")

    told = recorded(chain, made, "annulled", "approver", details={"number": 1})
    assert told["state"] == "awaiting_confirmation"


def test_a_key_for_every_agency_works_on_no_request(chain, platform, people):
    asked = filed(chain)
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.APPROVER, EVERY_AGENCY)
        key = access.create_key(session, people.persons[Role.ADMIN], terms, platform.now())
    address = f"/api/v1/requests/{asked['id']}/events"

    answer = chain.client.post(address, json={"kind": "received", "on": TODAY}, headers=sign(key))
    assert refused(answer)[:2] == (403, "wrong-agency")
    body = {"number": "7", "channel": "mail", "applicant_kind": "business"}
    address = f"/api/v1/agencies/{AGENCY.id}/requests"
    answer = chain.client.post(address, json=body, headers=sign(key))
    assert refused(answer)[:2] == (403, "wrong-agency")


def test_an_amount_is_kept_with_two_decimals(chain):
    asked = filed(chain)
    recorded(chain, asked["id"], "received")
    fee = {"basis": "requests", "count": 1, "before": 10, "amount": "100"}

    noticed = recorded(chain, asked["id"], "fee_noticed", "approver", details=fee)
    assert noticed["events"][-1]["details"]["amount"] == "100.00"


def test_no_persons_number_stands_where_nothing_is_sealed(chain):
    assert refused(register(chain, number=PERSONAL)) == (422, "invalid-application", ["/number"])
    asked = filed(chain)["id"]
    recorded(chain, asked, "received")
    details = {"days": 5, "approved_by": f"负责人 {PERSONAL}"}

    answer = record(chain, asked, "extended", "approver", details=details, statement=ANSWER)
    assert refused(answer) == (422, "invalid-request-event", ["/details/approved_by"])
    assert PERSONAL not in answer.text
    assert len(opened(chain, asked, chain.as_("author"))["events"]) == 1


@pytest.fixture
def limited(platform):
    object.__setattr__(platform.settings, "request_limit", 1)


def test_what_cannot_be_filed_uses_nothing_up(chain, limited):
    assert [file(chain, wanted={}).status_code for _ in range(3)] == [422, 422, 422]
    assert [file(chain).status_code for _ in range(2)] == [201, 429]


def test_a_site_has_ten_times_what_one_of_its_networks_has(chain, limited):
    tell = "/api/v1/tracking/requests/nobody/events"

    def told(address):
        origin = {"REMOTE_ADDR": address}
        answer = chain.client.post(tell, json={"kind": "withdrawn"}, environ_overrides=origin)
        return answer.status_code

    assert [told("2001:db8:0:1::1"), told("2001:db8:0:1::2")] == [404, 429]
    assert [told(f"2001:db8:0:{each}::1") for each in range(2, 12)] == [404] * 9 + [429]
    assert told("2001:db8:1:1::1") == 404
