"""A platform that is brought to a newer revision keeps its data, and goes on where it was."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from opendata.domain.people import Role
from opendata.storage import migrations
from opendata.storage.tables import AuditRow
from tests.platforms import on_sqlite
from tests.stages.test_facts import refused
from tests.tables import changed, csv_of, real_rows

NEW_IN_2 = ("known_issue", "caution_answer")
NEW_IN_5 = (
    *("takedown", "clearance", "consent", "correction_word", "correction", "erasure"),
    *("departure", "key_use", "attempt_count", "declaration"),
)
# In an order in which nothing is dropped before what refers to it.
NEW_IN_6 = (
    *("assessment_word", "assessment", "complaint_event", "complaint", "request_event"),
    *("information_request", "declared_figure", "narrative", "fulfilment", "occasion"),
)
COLUMNS_NEW_IN_5 = {
    "api_key": ("collections", "replaces"),
    "decision": ("basis_code", "publish_at", "collective"),
    "release": ("version", "supersedes", "corrects", "notes", "merkle_root", "declaration"),
    "report": ("flags",),
    "submission": ("notes", "corrects"),
}
# As revision 1 made it, but for what keeps it as it is.
SUSPENSION = """
CREATE TABLE suspension (
    id CHAR(32) PRIMARY KEY, release_id CHAR(32), person_id CHAR(32), authority TEXT, reason TEXT,
    suspended_at TIMESTAMP WITH TIME ZONE
)
"""


@pytest.fixture
def before(chain, platform):
    """A platform as revision 1 left it: a release, an approval and an opinion, nothing answered."""
    name = chain.who.agency.name.zh
    rows = {year: changed(real_rows(f"budgets-{year}"), publisher_name=name) for year in YEARS}
    for year in YEARS:
        chain.register(f"b-{year}", "budgets", year)
    chain.publish("b-2018", csv_of(rows["2018"][:3]))
    approved = chain.submitted("b-2019", csv_of(rows["2019"]))
    chain.approve(approved)
    reviewed = chain.submitted_only("b-2017", csv_of(rows["2017"][:1]))
    chain.decide(reviewed, "reviewer")
    told = chain.get("datasets/b-2018/releases/1/manifest.json").json["known_issues"]
    with platform.home.database.begin() as session:
        for table in (*NEW_IN_2, "upload", "write_count", *NEW_IN_5, *NEW_IN_6):
            session.execute(text(f"DROP TABLE {table}"))
        for table, columns in COLUMNS_NEW_IN_5.items():
            for column in columns:
                session.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        is_sqlite = platform.home.database.is_sqlite
        session.execute(text(SUSPENSION if is_sqlite else SUSPENSION.replace("CHAR(32)", "UUID")))
        session.execute(text("ALTER TABLE idempotency DROP COLUMN holder"))
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    return {"approved": approved, "reviewed": reviewed, "told": told}


YEARS = ("2017", "2018", "2019")


def test_releases_of_revision_1_keep_their_cautions_as_known_issues(chain, platform, before):
    told = before["told"]
    migrations.upgrade(platform.home.database)

    issues = chain.release("b-2018", 1)["known_issues"]
    assert issues
    assert [{**each, "answer": None} for each in told] == issues
    assert chain.get("budgets").json["meta"]["known_issues"] == {"b-2018": len(issues)}
    for table in NEW_IN_2[:1]:
        assert "is a fact" in refused(platform, f"DELETE FROM {table}")


def test_what_was_approved_by_revision_1_is_published_without_answers(chain, platform, before):
    migrations.upgrade(platform.home.database)
    chain.work()

    assert chain.submission(before["approved"])["state"] == "published"
    issues = chain.release("b-2019", 1)["known_issues"]
    assert issues
    assert {each["answer"] for each in issues} == {None}


@on_sqlite
def test_what_was_under_review_in_revision_1_waits_for_answers_now(chain, platform, before):
    migrations.upgrade(platform.home.database)

    refusal = chain.decide(before["reviewed"], "approver", reason="未经扫描，已人工核对")
    assert (refusal.status_code, refusal.json["code"]) == (409, "cautions-unanswered")
    chain.answer(before["reviewed"])
    said = chain.decide(before["reviewed"], "approver", reason="未经扫描，已人工核对")
    assert said.status_code == 201
    chain.work()
    assert chain.submission(before["reviewed"])["state"] == "published"


@on_sqlite
def test_migrating_records_nothing_in_the_log_and_changes_no_line(chain, platform, before):
    def lines() -> int | None:
        with platform.home.database.read() as session:
            return session.scalar(select(func.count()).select_from(AuditRow))

    count = lines()
    migrations.upgrade(platform.home.database)
    migrations.upgrade(platform.home.database)

    assert lines() == count


def test_what_was_suspended_stays_so_with_every_word(chain, platform, before):
    with platform.home.database.begin() as session:
        release = session.execute(text("SELECT id FROM release")).scalar_one()
        for number, name in enumerate(("reviewer", "approver")):
            row = {
                "id": new_id(platform),
                "release": release,
                "person": id_of(platform, chain.who.persons[Role(name)]),
                "at": f"2026-03-03 0{number}:00:00",
            }
            session.execute(text(INSERT), row)
    migrations.upgrade(platform.home.database)

    told = chain.get("datasets/b-2018/releases/1").json
    assert [each["person"] for each in told["takedowns"]] == [
        "county-office reviewer",
        "county-office approver",
    ]
    assert chain.get("datasets/b-2018/releases/1/data.csv").status_code == 410


@on_sqlite
def test_a_key_that_was_revoked_stays_so_and_may_be_again(chain, platform, before):
    with platform.home.database.begin() as session:
        ended = "SELECT id, created_at FROM api_key WHERE role = 'author'"
        session.execute(text(f"INSERT INTO key_revocation (key_id, revoked_at) {ended}"))
    migrations.upgrade(platform.home.database)

    def asked(role):
        return chain.client.get("/api/v1/keys/current", headers=chain.as_(role)).status_code

    assert [asked(role) for role in ("author", "reviewer")] == [401, 200]
    assert "is a fact" in refused(platform, "DELETE FROM key_revocation")


INSERT = "INSERT INTO suspension VALUES (:id, :release, :person, '示例县保密局', '误发', :at)"


def id_of(platform, value):
    return value.hex if platform.home.database.is_sqlite else str(value)


def new_id(platform):
    return id_of(platform, uuid4())
