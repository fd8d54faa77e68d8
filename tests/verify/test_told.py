"""No fact can be changed, taken out or put in behind the platform's back: the log tells of each."""

import shutil
from uuid import UUID

import pytest

from opendata.storage.bound import KINDS, TABLES
from opendata.storage.tables import (
    ArtefactRow,
    AuditRow,
    CancellationRow,
    ConsentRow,
    DecisionRow,
    ErasureRow,
    KnownIssueRow,
    PublicationFailureRow,
    ReleaseRow,
    ReportRow,
    SubmissionRow,
    TakedownRow,
    fact_tables,
)
from tests.verify.lived import Life
from tests.verify.published import Copy, copy_of, rewrite, told

# What manifests tell of, and what has a line without a digest.
OTHERS = (
    ArtefactRow, CancellationRow, ConsentRow, DecisionRow, ErasureRow, KnownIssueRow,
    PublicationFailureRow, ReleaseRow, ReportRow, SubmissionRow, TakedownRow,
)  # fmt: skip
# Of each table a column, and what it might be made to say.
CHANGES = {
    "person": "name = '另一人'",
    "departure": "left_at = '2030-01-01 00:00:00'",
    "agency": "name = '另一机关'",
    "api_key": "role = 'supervisor'",
    "key_revocation": "revoked_at = '2030-01-01 00:00:00'",
    "declaration": "treatments = '{}', columns = '[]'",
    "dataset": "period = '2031'",
    "dataset_metadata": "body = json_set(body, '$.title', '另有标题')",
    "clearance": "reference = '另一文号'",
    "caution_answer": "reason = '另有原因'",
    "correction": "claim = '另有主张'",
    "correction_word": "reason = '另有原因'",
    "occasion": "trigger_date = '2026-02-27'",
    "fulfilment": "fulfilled_on = '2026-02-03'",
    "information_request": "applicant_kind = 'other'",
    "request_event": "happened_on = '2026-02-03'",
    "complaint": "ground = 'other'",
    "complaint_event": "happened_on = '2026-02-03'",
    "declared_figure": "value = '7'",
    "narrative": "text = '另有说法'",
    "assessment": "score = '1.25'",
    "assessment_word": "indicator = 'other'",
}
# Without these, nothing can be said of a release.
PUBLISHED = ("person", "api_key", "agency", "dataset", "dataset_metadata")


@pytest.fixture(scope="module")
def lived(tmp_path_factory, template_home):
    """A home in which a little of everything happened; an applicant's words are erased."""
    folder = shutil.copytree(template_home, tmp_path_factory.mktemp("lived") / "home")
    Life(folder).live()
    return folder


@pytest.fixture
def copy(lived, tmp_path):
    """A copy of it, for one test to tamper with."""
    return copy_of(lived, tmp_path / "home")


def test_a_whole_life_fits_what_was_erased_too(copy):
    for table in (*CHANGES, "erasure"):
        assert copy.one(f"SELECT count(*) AS many FROM {table}")["many"], table

    assert told(copy.check()) == []


def test_every_table_of_facts_is_told_of():
    known = {each.__tablename__ for each in (*KINDS, *OTHERS, AuditRow)}

    assert known == set(fact_tables())
    assert {each.__tablename__ for each in KINDS} == set(CHANGES)
    assert len(TABLES) == sum(len(each.actions) for each in KINDS.values())


def lines_of(copy, table):
    """Return how the lines of a table's rows are called."""
    [kind] = [kind for each, kind in KINDS.items() if each.__tablename__ == table]
    actions = "', '".join(kind.actions)
    found = copy.all(f"SELECT subject, action FROM audit WHERE action IN ('{actions}')")
    return {f"{each['subject'].partition(' ')[0]} {each['action']}" for each in found}


@pytest.fixture(scope="module")
def changed(lived, tmp_path_factory):
    """What is found where something was changed in each table: the lines of what was changed."""
    copy = copy_of(lived, tmp_path_factory.mktemp("changed") / "home")
    for table, change in CHANGES.items():
        copy.sql(table, f"UPDATE {table} SET {change}")
    return {what for code, what in told(copy.check()) if code == "fact-changed"}


@pytest.mark.parametrize("table", CHANGES)
def test_a_row_that_was_changed_is_found_and_named(lived, changed, table):
    assert changed & lines_of(Copy(lived), table)


def test_rows_that_were_taken_out_are_still_in_the_log(copy):
    gone = [each for each in CHANGES if each not in PUBLISHED]
    for table in gone:
        copy.sql(table, f"DELETE FROM {table}")
    missed = {what for code, what in told(copy.check()) if code == "line-without-fact"}

    for table in gone:
        assert lines_of(copy, table) <= missed, table


@pytest.mark.parametrize("table", PUBLISHED)
def test_what_no_release_can_be_described_without_is_missed_by_name(copy, table):
    copy.sql(table, f"DELETE FROM {table}")
    missed = {what for code, what in told(copy.check()) if code == "line-without-fact"}

    assert lines_of(copy, table) <= missed


def test_a_row_that_was_put_in_has_no_line(copy):
    given = copy.one("SELECT * FROM request_event WHERE kind = 'received'")
    forged = {**given, "number": 9, "kind": "withdrawn", "audit_seq": 10_000}
    marks = ", ".join("?" * len(forged))
    copy.sql("request_event", f"INSERT INTO request_event VALUES ({marks})", *forged.values())

    event = f"{UUID(given['request_id'])}#9 request-withdrawn"
    assert told(copy.check()) == [("fact-without-line", event)]


def test_what_was_said_first_does_not_become_the_last_word(copy):
    """The order of words is that of their lines."""
    copy.sql("request_event", "UPDATE request_event SET audit_seq = audit_seq + 10000")

    assert {what for _, what in told(copy.check())} == lines_of(copy, "request_event")


def test_early_lines_have_no_digest_and_still_each_its_row(copy):
    rewrite(copy, lambda rows: [(*row[:4], row[4].partition(" ")[0], *row[5:]) for row in rows])
    assert {code for code, _ in told(copy.check())} == {"audit-rewritten"}

    copy.sql("request_event", "DELETE FROM request_event WHERE kind = 'delivered'")
    [gone] = [what for code, what in told(copy.check()) if code == "line-without-fact"]
    assert gone.endswith("#3 request-delivered")
