"""Answers to cautions, and the known issues that releases are published with."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from opendata.storage.base import Instant
from opendata.storage.guards import guard

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FACTS = ("caution_answer", "known_issue")


def upgrade() -> None:
    """Create the two tables; releases there are keep the cautions they came with, unanswered."""
    op.create_table(
        "caution_answer",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_caution_answer_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_caution_answer_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_caution_answer_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "number", name=op.f("pk_caution_answer")),
    )
    known_issue = op.create_table(
        "known_issue",
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("caution", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_known_issue_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", "number", name=op.f("pk_known_issue")),
    )
    rows = _published_before()
    if rows:
        op.bulk_insert(known_issue, rows)
    guard(FACTS)


def _published_before() -> list[dict[str, object]]:
    """Return the cautions that each release's manifest already tells as its known issues."""
    release = sa.table("release", sa.column("id", sa.Uuid()), sa.column("submission_id", sa.Uuid()))
    report = sa.table(
        "report", sa.column("submission_id", sa.Uuid()), sa.column("cautions", sa.JSON())
    )
    found: list[tuple[UUID, list[object]]] = [
        (row.id, row.cautions)
        for row in op.get_bind().execute(
            sa.select(release.c.id, report.c.cautions).join(
                report, report.c.submission_id == release.c.submission_id
            )
        )
    ]
    return [
        {"release_id": release_id, "number": number, "caution": caution}
        for release_id, cautions in found
        for number, caution in enumerate(cautions, start=1)
    ]
