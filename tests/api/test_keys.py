"""Keys: whose they are, renewing them without a gap, and ending them in every process at once."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from opendata.domain.keys import spelt
from opendata.domain.people import Role
from opendata.runtime import Runtime
from opendata.stages import access, keys, limits
from opendata.storage.tables import (
    AttemptCountRow,
    AuditRow,
    DepartureRow,
    KeyRow,
    KeyUseRow,
)
from tests.chain import AGENCY, sign
from tests.platforms import close, on_sqlite

AUTHOR, REVIEWER = Role.AUTHOR, Role.REVIEWER


def current(client, secret, **more):
    return client.get("/api/v1/keys/current", headers=sign(secret), **more)


def rotated(client, secret, **body):
    return client.post("/api/v1/keys/current/rotation", json=body, headers=sign(secret))


def made(platform, people, role=AUTHOR, **terms):
    with platform.home.database.begin() as session:
        wanted = access.KeyTerms(role, AGENCY.id, **terms)
        return access.create_key(session, people.persons[role], wanted, platform.now())


def revoked(platform, secret):
    with platform.home.database.begin() as session:
        access.revoke_key(session, secret, platform.now())


def test_a_stolen_key_is_revoked_with_all_that_were_made_in_its_place(client, platform, people):
    stolen = made(platform, people)
    first = rotated(client, stolen).json["secret"]
    assert current(client, first).status_code == 200
    second = rotated(client, first).json["secret"]
    revoked(platform, stolen)

    for each in (stolen, first, second):
        assert current(client, each).status_code == 401


def test_who_renewed_a_key_may_end_the_old_one_alone(client, platform, people):
    old = made(platform, people)
    new = rotated(client, old).json["secret"]
    with platform.home.database.begin() as session:
        access.revoke_key(session, old, platform.now(), keep_successors=True)

    assert [current(client, each).status_code for each in (old, new)] == [401, 200]


def rows(platform, kind):
    with platform.home.database.read() as session:
        return session.scalars(select(kind)).all()


@pytest.fixture
def elsewhere(platform, contracts, clock):
    """Another process of the same platform, which remembers nothing of the first."""
    other = Runtime.around(platform.settings, contracts, clock)
    yield other
    close(other)


def ask_in(client, runtime, secret):
    app = client.application
    before = app.extensions["opendata"]
    app.extensions["opendata"] = runtime
    try:
        return current(client, secret).status_code
    finally:
        app.extensions["opendata"] = before


@on_sqlite
def test_a_key_says_whose_it_is_and_what_it_opens(platform, people, client, clock):
    ends = clock.moment + timedelta(days=30)
    secret = made(platform, people, expires_at=ends, collections=frozenset({"budgets"}))
    told = current(client, secret)

    assert told.status_code == 200
    assert told.headers["Cache-Control"] == "private, no-cache"
    assert secret not in told.text
    assert {
        name: value for name, value in told.json.items() if name not in ("id", "person_id")
    } == {
        "person": f"{AGENCY.id} author",
        "role": "author",
        "agency": AGENCY.id,
        "collections": ["budgets"],
        "replaces": None,
        "created_at": told.json["created_at"],
        "expires_at": ends.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "ends_at": None,
        "last_used_at": "2026-03-02T02:00:00Z",
    }


def test_a_renewed_key_goes_on_beside_the_new_one_until_its_end(platform, people, client, clock):
    old = made(platform, people, collections=frozenset({"budgets"}))
    answer = rotated(client, old, overlap_hours=48)
    new = answer.json["secret"]

    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    before, after = current(client, old).json, current(client, new).json
    assert {name: after[name] for name in ("person", "role", "agency", "collections")} == {
        name: before[name] for name in ("person", "role", "agency", "collections")
    }
    assert (after["replaces"], after["ends_at"]) == (before["id"], None)
    clock.advance(hours=47)
    assert current(client, old).status_code == 200
    clock.advance(hours=1)
    assert current(client, old).json["code"] == "not-authenticated"
    assert current(client, new).status_code == 200


@on_sqlite
def test_who_did_not_get_the_new_key_asks_again_and_the_lost_one_ends(platform, people, client):
    old = made(platform, people)
    lost, got = (rotated(client, old).json for _ in range(2))

    assert current(client, lost["secret"]).status_code == 401
    assert current(client, got["secret"]).status_code == 200
    assert lost["previous"]["ends_at"][:16] == got["previous"]["ends_at"][:16]
    # Now that it is in use there is nothing to make again.
    again = rotated(client, old)
    assert (again.status_code, again.json["code"]) == (409, "already-rotated")


@on_sqlite
def test_renewing_prolongs_no_key(platform, people, client, clock):
    old = made(platform, people, expires_at=clock.moment + timedelta(hours=1))
    new = rotated(client, old).json["secret"]
    clock.advance(hours=1)

    assert [current(client, each).json["code"] for each in (old, new)] == ["expired-key"] * 2


@on_sqlite
def test_a_key_that_has_ended_is_not_renewed(platform, people):
    secret = made(platform, people)
    revoked(platform, secret)
    with platform.home.database.begin() as session, pytest.raises(keys.KeyEnded):
        keys.rotate(session, access.find_key(session, secret), timedelta(), platform.now())


@on_sqlite
@pytest.mark.parametrize("hours", [-1, 721, 1.5, "7d", None])
def test_an_overlap_is_a_number_of_hours_up_to_thirty_days(people, client, hours):
    assert rotated(client, people.keys[AUTHOR], overlap_hours=hours).status_code == 422


@on_sqlite
def test_a_key_on_its_way_out_may_be_ended_at_once(platform, people, client):
    old = made(platform, people)
    rotated(client, old, overlap_hours=720)
    assert current(client, old).status_code == 200
    revoked(platform, old)

    assert current(client, old).status_code == 401


def test_what_one_process_ends_opens_nothing_in_any_other(platform, people, client, elsewhere):
    secret = made(platform, people)
    assert [ask_in(client, each, secret) for each in (platform, elsewhere)] == [200, 200]
    revoked(elsewhere, secret)

    assert [ask_in(client, each, secret) for each in (platform, elsewhere)] == [401, 401]


@on_sqlite
def test_a_person_who_left_has_no_key_that_counts(platform, people, client, clock):
    leaving = clock.moment + timedelta(hours=1)
    with platform.home.database.begin() as session:
        session.add(DepartureRow(person_id=people.persons[AUTHOR], left_at=leaving))
    assert current(client, people.keys[AUTHOR]).status_code == 200
    clock.advance(hours=1)

    assert current(client, people.keys[AUTHOR]).json["code"] == "not-authenticated"
    assert current(client, people.keys[REVIEWER]).status_code == 200


@on_sqlite
def test_a_key_for_some_collections_opens_no_other(platform, people, chain):
    chain.register("b", "budgets", "2019")
    secret = made(platform, people, collections=frozenset({"project-approvals"}))
    answer = chain.client.post(
        "/api/v1/datasets/b/submissions",
        data=b"x",
        content_type="text/csv",
        headers={**sign(secret), "Accept-Language": "en"},
    )

    assert (answer.status_code, answer.json["code"]) == (403, "wrong-collection")
    assert "project-approvals only" in answer.json["detail"]


@on_sqlite
def test_the_last_use_is_written_once_a_minute_whichever_process_is_asked(
    platform, people, client, elsewhere, clock, monkeypatch
):
    written = []
    note = keys.counters.note_key_use
    monkeypatch.setattr(
        keys.counters, "note_key_use", lambda *given: written.append(1) or note(*given)
    )
    secret = made(platform, people)
    for _ in range(3):
        assert ask_in(client, platform, secret) == ask_in(client, elsewhere, secret) == 200
    assert len(written) == 1
    clock.advance(minutes=1)
    ask_in(client, elsewhere, secret)

    assert len(written) == 2
    [used] = rows(platform, KeyUseRow)
    assert f"{used.used_at:%H:%M:%S}" == "02:01:00"


def test_a_use_that_cannot_be_written_is_logged_and_nobody_waits_for_it(
    platform, people, client, caplog
):
    secret = made(platform, people)
    with platform.home.database.begin() as session, caplog.at_level(logging.WARNING):
        # Somebody writes meanwhile: on SQLite nobody else can, on PostgreSQL not to this row.
        key_id = access.find_key(session, secret)
        keys.counters.note_key_use(session, key_id, platform.now())
        session.flush()
        assert current(client, secret).status_code == 200

    assert f"That the key {key_id} was used is not recorded." in caplog.messages
    assert secret not in caplog.text


@pytest.fixture
def guarded(platform, app):
    """A client of a platform that takes three keys a minute that do not count."""
    limited = replace(platform, settings=replace(platform.settings, key_attempt_limit=3))
    app.extensions["opendata"] = limited
    return app.test_client()


def guess(client, address, secret="odk_nobody"):  # noqa: S107 - it is no secret.
    return current(client, secret, environ_overrides={"REMOTE_ADDR": address})


def test_an_address_with_too_many_wrong_keys_is_told_to_wait(guarded, platform, clock):
    clock.set("2026-03-02T10:00:20+08:00")
    answers = [guess(guarded, "192.0.2.1") for _ in range(6)]

    assert [each.status_code for each in answers] == [401] * 3 + [429] * 3
    assert answers[-1].json["code"] == "too-many-attempts"
    assert answers[-1].headers["Retry-After"] == "40"
    network = limits.Subject("key", "192.0.2.1").name(platform.home.secret)
    first, limited = lines_about_keys(platform)
    assert first == ("anonymous", "key-tried-unknown", network)
    assert limited == ("anonymous", "key-attempts-limited", network)
    clock.set("2026-03-02T10:01:00+08:00")
    assert guess(guarded, "192.0.2.1").status_code == 401
    assert lines_about_keys(platform)[2:] == [first]


def lines_about_keys(platform):
    """Return who, what and about what, of the lines of the log about keys that do not count."""
    told = ("key-tried", "key-attempts", "key-lines")
    return [
        (row.actor, row.action, row.subject)
        for row in rows(platform, AuditRow)
        if row.action.startswith(told)
    ]


def test_a_known_key_tried_in_vain_is_told_with_why_once_a_minute(
    client, platform, people, clock, elsewhere
):
    ends = clock.moment + timedelta(hours=1)
    ended, expired, theirs = (
        made(platform, people, role, **terms)
        for role, terms in ((AUTHOR, {}), (AUTHOR, {"expires_at": ends}), (REVIEWER, {}))
    )
    demo = made(platform, people, loopback_only=True)
    with platform.home.database.begin() as session:
        ids = [str(access.find_key(session, each)) for each in (ended, expired, theirs, demo)]
        access.revoke_key(session, ended, platform.now())
        access.leave(session, people.persons[REVIEWER], platform.now())
    clock.advance(hours=1)
    for _ in range(2):
        for each in (ended, expired, theirs, demo):
            assert guess(client, "192.0.2.1", each).status_code == 401
            assert ask_in(client, elsewhere, each) == (200 if each == demo else 401)

    why = ("revoked", "expired", "departed", "elsewhere")
    told = [("anonymous", f"key-tried-{each}", key) for each, key in zip(why, ids, strict=True)]
    assert lines_about_keys(platform) == told
    clock.advance(minutes=1)
    guess(client, "192.0.2.1", ended)
    assert lines_about_keys(platform) == [*told, told[0]]


@on_sqlite
def test_lines_about_keys_have_a_bound_and_unknown_ones_do_not_hide_known_ones(
    client, platform, people
):
    secret = made(platform, people)
    revoked(platform, secret)
    for number in range(limits.MOST_LINES + 3):
        assert guess(client, f"192.0.2.{number}").status_code == 401
    guess(client, "192.0.2.99", secret)

    actions = [action for _, action, _ in lines_about_keys(platform)]
    unknown = ["key-tried-unknown"] * limits.MOST_LINES
    assert actions == [*unknown, "key-lines-limited", "key-tried-revoked"]


@on_sqlite
def test_nobody_with_a_key_that_counts_is_locked_out(guarded, people):
    for _ in range(5):
        guess(guarded, "192.0.2.1")

    assert guess(guarded, "192.0.2.2").status_code == 401
    for address in ("192.0.2.1", "192.0.2.2"):
        assert guess(guarded, address, people.keys[AUTHOR]).status_code == 200


@on_sqlite
def test_all_processes_count_together_and_write_no_more_once_it_is_too_much(
    guarded, platform, elsewhere
):
    for _ in range(9):
        guess(guarded, "192.0.2.1")
    guarded.application.extensions["opendata"] = replace(
        elsewhere, settings=replace(platform.settings, key_attempt_limit=3)
    )
    assert guess(guarded, "192.0.2.1").status_code == 429

    counted = rows(platform, AttemptCountRow)
    assert [each.attempts for each in counted if each.subject.startswith("key/")] == [5]
    assert not [each for each in counted if "192.0.2.1" in each.subject]
    actions = [action for _, action, _ in lines_about_keys(platform)]
    assert actions == ["key-tried-unknown", "key-attempts-limited"]


@on_sqlite
def test_subscribers_of_ipv6_are_one_address(guarded):
    statuses = [guess(guarded, f"2001:db8::{number}").status_code for number in range(1, 6)]

    assert statuses == [401] * 3 + [429] * 2


@on_sqlite
def test_where_failures_cannot_be_counted_a_wrong_key_is_refused_all_the_same(
    guarded, platform, caplog
):
    with platform.home.database.begin(), caplog.at_level(logging.WARNING):
        assert guess(guarded, "192.0.2.1").status_code == 401
    assert "A key that does not count was not counted." in caplog.messages
    assert "That a key was tried in vain is not in the log." in caplog.messages


@on_sqlite
def test_a_key_is_told_by_its_shape_and_a_slip_of_the_hand_by_its_check(platform, people, client):
    secret = made(platform, people)
    assert re.fullmatch(r"odk_[0-9A-Za-z]{49}", secret)
    other = "b" if secret[10] == "a" else "a"
    mistyped = current(client, secret[:10] + other + secret[11:])
    assert (mistyped.status_code, mistyped.json["code"]) == (401, "mistyped-key")
    unknown = current(client, spelt("A" * 43))
    assert (unknown.status_code, unknown.json["code"]) == (401, "not-authenticated")


@on_sqlite
def test_keys_from_before_there_was_a_check_still_count(platform, people, client, clock):
    old = "odk_" + "x-_9" * 10 + "abc"
    with platform.home.database.begin() as session:
        session.add(
            KeyRow(
                person_id=people.persons[AUTHOR],
                role="author",
                agency=AGENCY.id,
                secret_hash=access.hashed(old),
                loopback_only=False,
                created_at=clock(),
            )
        )

    assert current(client, old).status_code == 200
