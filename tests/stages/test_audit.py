"""The audit log: every fact leaves a line with it, and no line can be changed unnoticed."""

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, text, update

from opendata.stages import access
from opendata.storage import audit
from opendata.storage.bound import KINDS, NotWhole, bound, told
from opendata.storage.tables import AuditRow, DatasetRow, MetadataRow, PersonRow
from tests.tables import csv_of, real_rows

AT = datetime(2026, 1, 1, tzinfo=UTC)
DECLARED = "contract-declared"
WRITER = """
import sys
from datetime import UTC, datetime
from opendata.stages import access
from opendata.storage.db import Database
database = Database(sys.argv[1])
for number in range(int(sys.argv[2])):
    with database.begin() as session:
        access.add_person(session, f"somebody {number}", datetime.now(UTC))
"""


def lines(platform) -> list[AuditRow]:
    """Return the lines but those about the contracts, which every home's first start declares."""
    query = select(AuditRow).where(AuditRow.action != DECLARED).order_by(AuditRow.seq)
    with platform.home.database.read() as session:
        return list(session.scalars(query))


def all_lines(platform) -> list[AuditRow]:
    with platform.home.database.read() as session:
        return list(session.scalars(select(AuditRow)))


def broken_at(platform) -> int | None:
    """Return which of the lines after the declarations does not fit."""
    with platform.home.database.read() as session:
        found = audit.first_break(session)
    return None if found is None else found - declared(platform)


def declared(platform) -> int:
    """Return how many lines are about the contracts; they are the first."""
    query = select(func.count()).select_from(AuditRow).where(AuditRow.action == DECLARED)
    with platform.home.database.read() as session:
        return session.scalars(query).one()


def line(platform, number: int):
    """Return the condition that names one of the lines after the declarations."""
    return AuditRow.seq == declared(platform) + number


@pytest.fixture
def five_lines(platform):
    """A chain of five lines."""
    for number in range(5):
        with platform.home.database.begin() as session:
            audit.append(session, "system", "person-added", str(number), AT)
    return platform


def tamper(platform, statement) -> None:
    """Change the log as somebody would who owns the database: without its triggers."""
    with platform.home.database.begin() as session:
        if platform.home.database.is_sqlite:
            for kind in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER audit_refuse_{kind}"))
        else:
            session.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        session.execute(statement)


def test_every_step_of_the_chain_leaves_its_line(chain, platform):
    answered = chain.publish_rows("b", "budgets", "2019", real_rows("budgets-2019"))["known_issues"]
    broken = chain.submitted("b", csv_of([{"no": "such"}]))
    waiting = chain.submitted("b", csv_of(real_rows("budgets-2019")[:3]))
    chain.client.post(
        f"/api/v1/submissions/{waiting}/cancellation", json={}, headers=chain.as_("author")
    )
    chain.client.patch("/api/v1/datasets/b", json={"title": "改"}, headers=chain.as_("author"))
    chain.suspend("b", 1, "reviewer")
    chain.suspend("b", 1, "approver")

    assert chain.submission(broken)["state"] == "invalid"
    assert Counter(line.action for line in lines(platform)) == {
        "agency-added": 1,
        "person-added": 5,
        "key-created": 5,
        "dataset-registered": 1,
        "dataset-amended": 1,
        "submission-received": 3,
        "submission-valid": 2,
        "submission-invalid": 1,
        "caution-answered": len(answered),
        "decision-disclose": 2,
        "released": 1,
        "submission-cancelled": 1,
        "release-suspended": 1,
        "suspension-confirmed": 1,
    }
    assert broken_at(platform) is None


def test_a_row_that_is_read_has_the_digest_of_its_line(chain, platform):
    """Whichever database kept it: instants, numbers and JSON are what they were."""
    assert chain.register("b", "budgets", "2019").status_code == 201
    with platform.home.database.read() as session:
        [first] = session.scalars(select(MetadataRow))
        rows = [row for table in KINDS for row in session.scalars(select(table))]
        fixed = {
            told(row, first) if isinstance(row, DatasetRow) else told(row)
            for row in rows
            if row is not first
        }

    assert fixed == {(line.action, line.subject) for line in all_lines(platform)}


def test_a_row_is_told_once_it_says_all_that_it_is_going_to_say():
    with pytest.raises(NotWhole, match=r"person\.id"):
        bound(PersonRow(name="某人", added_at=AT))


def test_the_log_holds_no_free_text(chain, platform):
    rows = real_rows("budgets-2019")
    names = sorted({row["publisher_name"] for row in rows})
    said = {"title": "某某人的标题", "description": "不应进入日志的说明"}
    chain.register("b", "budgets", "2019", transcribes=names, **said)
    submission = chain.submitted("b", csv_of(rows))
    chain.answer(submission, "不应进入日志的说明")
    chain.decide(submission, "reviewer", "return", reason="不应进入日志的理由")

    written = " ".join(f"{line.actor} {line.action} {line.subject}" for line in lines(platform))
    assert written.isascii()


def test_a_fact_and_its_line_are_kept_or_lost_together(platform):
    def interrupted() -> None:
        with platform.home.database.begin() as session:
            access.add_person(session, "某人", AT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    with platform.home.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 0
    assert lines(platform) == []


def test_an_untouched_log_verifies(five_lines):
    assert broken_at(five_lines) is None


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "somebody-else"},
        {"action": "person-lost"},
        {"subject": "4"},
        {"at": datetime(2026, 1, 2, tzinfo=UTC)},
        {"previous": "0" * 64},
        {"hash": "f" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_line_is_found(five_lines, change):
    tamper(five_lines, update(AuditRow).where(line(five_lines, 3)).values(**change))

    assert broken_at(five_lines) == 3


def test_a_line_that_was_rewritten_with_a_fitting_hash_is_found_at_the_next(five_lines):
    forged = AuditRow(seq=declared(five_lines) + 3, at=AT, actor="x", action="y", subject="z")
    forged.previous = lines(five_lines)[1].hash
    said = {"actor": "x", "action": "y", "subject": "z", "hash": audit.line_hash(forged)}
    tamper(five_lines, update(AuditRow).where(line(five_lines, 3)).values(**said))

    assert broken_at(five_lines) == 4


@pytest.mark.parametrize(("gone", "found_at"), [(1, 1), (3, 3), (4, 4)])
def test_a_missing_line_is_found(five_lines, gone, found_at):
    tamper(five_lines, delete(AuditRow).where(line(five_lines, gone)))

    assert broken_at(five_lines) == found_at


def test_threads_that_write_at_once_make_one_chain(platform):
    def write(number: int) -> UUID:
        with platform.home.database.begin() as session:
            return access.add_person(session, f"somebody {number}", AT)

    with ThreadPoolExecutor(8) as threads:
        made = set(threads.map(write, range(48)))

    assert len(made) == 48
    told_of = {line.subject.partition(" ")[0] for line in lines(platform)}
    assert told_of == {str(each) for each in made}
    assert broken_at(platform) is None


def test_processes_that_write_at_once_make_one_chain(platform):
    url = platform.settings.database_url
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, url, "15"], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    said = [writer.communicate(timeout=120)[1].decode() for writer in writers]

    assert [writer.returncode for writer in writers] == [0, 0, 0], said
    assert len(lines(platform)) == 45
    assert broken_at(platform) is None
