"""Takedowns, clearances, consents, corrections, erasures; what releases and keys say more."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

from opendata.storage.base import Instant
from opendata.storage.guards import guard

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FACTS = (
    "clearance",
    "consent",
    "correction",
    "correction_word",
    "declaration",
    "departure",
    "erasure",
    "takedown",
)


def upgrade() -> None:
    """Create the tables and columns; suspensions become takedowns of their kind."""
    op.create_table(
        "attempt_count",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("minute", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_attempt_count")),
    )
    op.create_table(
        "declaration",
        sa.Column("collection", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("contract", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("treatments", sa.JSON(), nullable=False),
        sa.Column("declared_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("collection", "number", name=op.f("pk_declaration")),
    )
    op.create_table(
        "departure",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("left_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_departure_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_departure")),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("collection", sa.String(length=100), nullable=False),
        sa.Column("record_id", sa.String(length=52), nullable=False),
        sa.Column("dataset_id", sa.String(length=100), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=100), nullable=True),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("tracking_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_sha256", sa.String(length=64), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["dataset.id"], name=op.f("fk_correction_dataset_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
        sa.UniqueConstraint("tracking_hash", name=op.f("uq_correction_tracking_hash")),
    )
    op.create_index("ix_correction_record", "correction", ["collection", "record_id"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_erasure_key_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("sha256", name=op.f("uq_erasure_sha256")),
    )
    op.create_table(
        "key_use",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_key_use_key_id")),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_use")),
    )
    op.create_table(
        "clearance",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cleared_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_clearance_key_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_clearance_person_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_clearance_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_clearance")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("base_release", sa.Integer(), nullable=False),
        sa.Column("suspended", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_consent_agency_id")),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_consent_key_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_consent_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint(
            "submission_id",
            "base_release",
            "suspended",
            "agency_id",
            "number",
            name=op.f("uq_consent_submission_id"),
        ),
    )
    op.create_table(
        "correction_word",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.Column("transferred_to", sa.String(length=200), nullable=True),
        sa.Column("audit_seq", sa.BigInteger(), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["correction.id"], name=op.f("fk_correction_word_correction_id")
        ),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_correction_word_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_correction_word_person_id")
        ),
        sa.PrimaryKeyConstraint("correction_id", "number", name=op.f("pk_correction_word")),
        sa.UniqueConstraint("audit_seq", name=op.f("uq_correction_word_audit_seq")),
    )
    op.create_table(
        "takedown",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_takedown_key_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_takedown_person_id")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_takedown_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_takedown")),
        sa.UniqueConstraint("release_id", "number", name=op.f("uq_takedown_release_id")),
    )
    op.create_index(op.f("ix_takedown_release_id"), "takedown", ["release_id"], unique=False)
    _keep_suspensions()
    op.drop_table("suspension")
    op.add_column("api_key", sa.Column("collections", sa.JSON(), nullable=True))
    op.add_column("api_key", sa.Column("replaces", sa.Uuid(), nullable=True))
    _let_keys_end_twice()
    op.add_column("decision", sa.Column("basis_code", sa.String(length=40), nullable=True))
    op.add_column("decision", sa.Column("publish_at", Instant(), nullable=True))
    op.add_column("decision", sa.Column("collective", sa.JSON(), nullable=True))
    op.add_column("release", sa.Column("version", sa.String(length=20), nullable=True))
    op.add_column("release", sa.Column("supersedes", sa.Integer(), nullable=True))
    op.add_column("release", sa.Column("corrects", sa.Integer(), nullable=True))
    op.add_column("release", sa.Column("notes", sa.Text(), nullable=True))
    op.add_column("release", sa.Column("merkle_root", sa.String(length=64), nullable=True))
    op.add_column("release", sa.Column("declaration", sa.Integer(), nullable=True))
    op.add_column("report", sa.Column("flags", sa.JSON(), nullable=True))
    op.add_column("submission", sa.Column("notes", sa.Text(), nullable=True))
    op.add_column("submission", sa.Column("corrects", sa.Integer(), nullable=True))
    op.add_column("upload", sa.Column("notes", sa.Text(), nullable=True))
    op.add_column("upload", sa.Column("corrects", sa.Integer(), nullable=True))
    guard(FACTS)


def _let_keys_end_twice() -> None:
    """Make room for the end of a key at once where it was to end later."""
    columns = [sa.Column("key_id", sa.Uuid()), sa.Column("revoked_at", Instant())]
    old = sa.table("key_revocation", *(sa.column(each.name, each.type) for each in columns))
    rows = [dict(row._mapping) for row in op.get_bind().execute(sa.select(old))]
    op.drop_table("key_revocation")
    op.create_table(
        "key_revocation",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["api_key.id"], name=op.f("fk_key_revocation_key_id")),
        sa.PrimaryKeyConstraint("key_id", "revoked_at", name=op.f("pk_key_revocation")),
    )
    if rows:
        op.bulk_insert(old, rows)
    guard(["key_revocation"])


def _keep_suspensions() -> None:
    """Carry every suspension over, numbered within its release."""
    words = ("id", "release_id", "person_id", "authority", "reason")
    kinds = {"id": sa.Uuid(), "release_id": sa.Uuid(), "person_id": sa.Uuid()}
    old = sa.table(
        "suspension",
        *(sa.column(name, kinds.get(name, sa.Text())) for name in words),
        sa.column("suspended_at", Instant()),
    )
    new = sa.table(
        "takedown",
        *(sa.column(name, kinds.get(name, sa.Text())) for name in words),
        sa.column("number", sa.Integer()),
        sa.column("kind", sa.Text()),
        sa.column("basis", sa.Text()),
        sa.column("said_at", Instant()),
    )
    numbers: Counter[object] = Counter()
    rows = []
    for row in op.get_bind().execute(sa.select(old).order_by(old.c.suspended_at)):
        numbers[row.release_id] += 1
        kept = {name: getattr(row, name) for name in words}
        kept |= {"number": numbers[row.release_id], "kind": "suspend", "basis": ""}
        rows.append({**kept, "said_at": row.suspended_at})
    if rows:
        op.bulk_insert(new, rows)
