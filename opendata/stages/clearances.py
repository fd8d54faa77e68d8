"""Clearances: which submissions with classification markings were cleared, and by whom."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.clearances import Clearance
from opendata.storage.tables import ClearanceRow, PersonRow


def clearances_of(session: Session, ids: Collection[UUID]) -> dict[UUID, Clearance]:
    """Return the clearances of submissions; only of those that have one."""
    rows = session.execute(
        select(ClearanceRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ClearanceRow.person_id)
        .where(ClearanceRow.submission_id.in_(ids))
    )
    return {
        row.submission_id: Clearance(row.person_id, name, row.reference, row.reason, row.cleared_at)
        for row, name in rows
    }
