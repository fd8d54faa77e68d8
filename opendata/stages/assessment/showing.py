"""Showing assessments: confirmed ones to everybody, others to the agency and its supervisors."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.assessment.words import State
from opendata.domain.editions import local_day
from opendata.domain.people import Actor, is_within
from opendata.stages.assessment.model import (
    SCOPE,
    Assessment,
    assessments_table,
    no_such_assessment,
    of_id,
    read,
)
from opendata.storage.home import Home


def rows(session: Session, home: Home, reader: Actor | None) -> list[dict[str, Any]]:
    """Return the assessments that a reader may see, as rows of the list."""
    found = read(session, home, assessments_table())
    return [_row(each) for each in found if _is_shown(each, reader)]


def opened(session: Session, home: Home, reader: Actor | None, assessment_id: UUID) -> Assessment:
    """Return one assessment, if the reader may see it.

    Raises:
        NoSuchAssessment: there is none, or not for this reader.
    """
    found = of_id(session, home, assessment_id)
    if not _is_shown(found, reader):
        raise no_such_assessment()
    return found


def is_inside(found: Assessment, reader: Actor | None) -> bool:
    """Whether a reader is of the agency, or has it in scope."""
    return reader is not None and is_within(reader, found.agency, SCOPE)


def _is_shown(found: Assessment, reader: Actor | None) -> bool:
    return found.state is State.CONFIRMED or is_inside(found, reader)


def _row(found: Assessment) -> dict[str, Any]:
    score, grade = found.result
    confirmed_at = found.confirmed_at
    return {
        "id": str(found.id),
        "agency": found.agency,
        "agency_name": found.agency_name,
        "scheme": found.scheme_id,
        "period": found.period,
        "number": found.number,
        "state": found.state.value,
        "score": score,
        "grade": grade,
        "assessed_on": local_day(found.assessed_at),
        "confirmed_on": None if confirmed_at is None else local_day(confirmed_at),
    }
