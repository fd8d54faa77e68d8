"""Showing corrections: those that the agency shows, beside the records they are about.

What was said of a release or a column may quote it, and is shown no longer than it is itself.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.corrections import Kind, Word
from opendata.stages.corrections.model import Correction, read, reported
from opendata.stages.declare import Declared, declarations
from opendata.stages.lineage import hidden_in_collection
from opendata.storage.tables import CorrectionRow, CorrectionWordRow


@dataclass(frozen=True, slots=True)
class Shown:
    """The corrections shown beside one record, oldest first, and what names just these words."""

    told: tuple[dict[str, Any], ...] = ()
    version: str = ""


def shown_in(session: Session, collection: str) -> Mapping[str, Shown]:
    """Return what is shown of a collection's corrections, by record; a few queries in all."""
    hidden = hidden_in_collection(session, collection)
    known = declarations(session, [collection]).get(collection, ())
    ever = select(CorrectionWordRow.correction_id).where(CorrectionWordRow.kind == Kind.SHOW)
    query = (
        reported()
        .where(CorrectionRow.collection == collection, CorrectionRow.id.in_(ever))
        .order_by(CorrectionRow.received_at, CorrectionRow.id)
    )
    found = defaultdict[str, list[Correction]](list)
    for each in read(session, query):
        named = each.dataset, each.release
        if each.status.shown and named not in hidden and _is_open(each.field, known):
            found[each.record_id].append(each)
    return {record_id: _shown(each) for record_id, each in found.items()}


def _is_open(field: str | None, known: Declared) -> bool:
    """Whether a column is published as it is, by the newest declaration; so is no column."""
    if field is None or not known:
        return field is None
    return field in known[-1].columns and field not in known[-1].treatments


def _shown(found: list[Correction]) -> Shown:
    version = ",".join(f"{each.id}:{each.serial}" for each in found)
    return Shown(tuple(_told(each) for each in found), version)


def _told(each: Correction) -> dict[str, Any]:
    """Return what anybody may read: the fault, and what came of it; nothing of who reported it."""
    return {
        "id": str(each.id),
        "field": each.field,
        "claim": each.claim,
        "evidence": each.evidence,
        "release": each.release,
        "received_at": each.received_at,
        "state": each.status.state,
        "answers": [answer_told(word) for word in each.status.answers],
    }


def answer_told(word: Word) -> dict[str, Any]:
    """Return an answer as anybody may read it."""
    return {
        "kind": word.kind,
        "reason": word.reason,
        "release": word.release,
        "transferred_to": word.transferred_to,
        "at": word.at,
    }
