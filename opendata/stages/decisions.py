"""Decisions: what persons said of submissions, read from the facts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import Decision, Verdict, Withheld
from opendata.domain.collective import CollectiveDecision
from opendata.domain.people import Role
from opendata.storage.tables import DecisionRow, PersonRow


def decisions_of(session: Session, ids: Sequence[UUID]) -> defaultdict[UUID, list[Decision]]:
    """Return what persons said of submissions, in the order of time."""
    found: defaultdict[UUID, list[Decision]] = defaultdict(list)
    rows = session.execute(
        select(DecisionRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == DecisionRow.person_id)
        .where(DecisionRow.submission_id.in_(ids))
        .order_by(DecisionRow.decided_at, DecisionRow.id)
    )
    for row, name in rows:
        found[row.submission_id].append(_as_decision(row, name))
    return found


def _as_decision(row: DecisionRow, name: str) -> Decision:
    return Decision(
        person_id=row.person_id,
        person=name,
        role=Role(row.role),
        verdict=Verdict(row.verdict),
        basis=row.basis,
        reason=row.reason,
        base_release=row.base_release,
        suspended=row.suspended,
        at=row.decided_at,
        withheld=as_withheld(row.withheld),
        basis_code=row.basis_code,
        publish_at=row.publish_at,
        collective=None if row.collective is None else CollectiveDecision.of(row.collective),
    )


def as_withheld(body: Mapping[str, Any]) -> Withheld:
    """Read what a decision or a release recorded as kept back."""
    return Withheld(tuple(body.get("columns", ())), tuple(body.get("rows", ())))
