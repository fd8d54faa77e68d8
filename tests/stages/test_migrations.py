"""A platform that is brought to a newer revision keeps its data, and goes on where it was."""

import pytest
from sqlalchemy import func, select, text

from opendata.storage import migrations
from opendata.storage.tables import AuditRow
from tests.stages.test_facts import refused
from tests.tables import changed, csv_of, real_rows

NEW_IN_2 = ("known_issue", "caution_answer")


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
    with platform.home.database.begin() as session:
        for table in (*NEW_IN_2, "upload", "write_count"):
            session.execute(text(f"DROP TABLE {table}"))
        session.execute(text("ALTER TABLE idempotency DROP COLUMN holder"))
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    return {"approved": approved, "reviewed": reviewed}


YEARS = ("2017", "2018", "2019")


def test_releases_of_revision_1_keep_their_cautions_as_known_issues(chain, platform, before):
    told = chain.get("datasets/b-2018/releases/1/manifest.json").json["known_issues"]
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


def test_what_was_under_review_in_revision_1_waits_for_answers_now(chain, platform, before):
    migrations.upgrade(platform.home.database)

    refusal = chain.decide(before["reviewed"], "approver")
    assert (refusal.status_code, refusal.json["code"]) == (409, "cautions-unanswered")
    chain.answer(before["reviewed"])
    assert chain.decide(before["reviewed"], "approver").status_code == 201
    chain.work()
    assert chain.submission(before["reviewed"])["state"] == "published"


def test_migrating_records_nothing_in_the_log_and_changes_no_line(chain, platform, before):
    def lines() -> int | None:
        with platform.home.database.read() as session:
            return session.scalar(select(func.count()).select_from(AuditRow))

    count = lines()
    migrations.upgrade(platform.home.database)
    migrations.upgrade(platform.home.database)

    assert lines() == count
