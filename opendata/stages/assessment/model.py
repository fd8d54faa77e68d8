"""Assessments as they are read: the row, what was computed with it, and every word on it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from opendata.domain.assessment.reading import read_scheme
from opendata.domain.assessment.schemes import Scheme
from opendata.domain.assessment.words import Assessed, Kind, State, Word, state_of
from opendata.domain.editions import local_day
from opendata.domain.errors import NotFound
from opendata.storage.home import Home
from opendata.storage.tables import AgencyRow, AssessmentRow, AssessmentWordRow, PersonRow

# Assessments are in no collection; a key that is good for some collections only is good for them
# where it names them.
SCOPE = "assessments"
# So many names at once fit into one question to the database.
_AT_ONCE = 500


class NoSuchAssessment(NotFound):
    """There is no such assessment, or it is not public yet."""

    code = "no-such-assessment"


# Without slots, so that what the vault keeps is read once.
@dataclass(frozen=True)
class Assessment:
    """One assessment of an agency by a scheme for a period; ``number`` counts its repetitions.

    ``first`` are the score and the grade before any word, ``digests`` those of the scheme's text
    and of what was computed.
    """

    id: UUID
    agency: str
    agency_name: str
    scheme_id: str
    period: str
    number: int
    assessor_id: UUID
    assessor: str
    assessed_at: datetime
    is_latest: bool
    words: tuple[Word, ...]
    digests: tuple[str, str]
    first: tuple[Decimal, str]
    home: Home

    @property
    def scheme_text(self) -> bytes:
        """The scheme as it was declared then, byte for byte."""
        return self.home.vault.read(self.digests[0])

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme as it was declared then."""
        return read_scheme(self.scheme_text)

    @property
    def day(self) -> date:
        """The day in China whose facts it was computed from."""
        return date.fromisoformat(self.computed["day"])

    @cached_property
    def computed(self) -> Mapping[str, Any]:
        """What was computed: the day, and every point with its figure and explanation."""
        found: Mapping[str, Any] = orjson.loads(self.home.vault.read(self.digests[1]))
        return found

    @cached_property
    def standing(self) -> Assessed:
        """Where it stands, as its words and points give it."""
        points = {
            each["indicator"]: None if each["points"] is None else Decimal(each["points"])
            for each in self.computed["points"]
        }
        return Assessed(
            scheme=self.scheme,
            assessor=self.assessor_id,
            assessed_on=local_day(self.assessed_at),
            points=points,
            words=self.words,
            is_latest=self.is_latest,
        )

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_of(self.words, is_latest=self.is_latest)

    @property
    def result(self) -> tuple[Decimal, str]:
        """The score and the grade in the end; the vault is asked only if points were adjusted."""
        if not any(each.kind is Kind.ADJUST for each in self.words):
            return self.first
        score = self.standing.score
        return score, self.scheme.grade_of(score).id

    @property
    def confirmed_at(self) -> datetime | None:
        """When it was confirmed, and became public."""
        return next((each.at for each in self.words if each.kind is Kind.CONFIRM), None)


def assessments_table() -> Select[AssessmentRow, str, str]:
    """Return the query for assessments, with the agency's name and the assessor's."""
    return (
        select(AssessmentRow, AgencyRow.name, PersonRow.name)
        .join(AgencyRow, AgencyRow.id == AssessmentRow.agency_id)
        .join(PersonRow, PersonRow.id == AssessmentRow.person_id)
        .order_by(AssessmentRow.assessed_at, AssessmentRow.id)
    )


def of_id(session: Session, home: Home, assessment_id: UUID) -> Assessment:
    """Return one assessment.

    Raises:
        NoSuchAssessment: there is none of this id.
    """
    found = read(session, home, assessments_table().where(AssessmentRow.id == assessment_id))
    if not found:
        raise no_such_assessment()
    return found[0]


def read(session: Session, home: Home, query: Select[AssessmentRow, str, str]) -> list[Assessment]:
    """Return what a query finds, with the words."""
    rows = session.execute(query).all()
    words = _words(session, [row.id for row, _, _ in rows])
    latest = _latest(session)
    return [
        Assessment(
            id=row.id,
            agency=row.agency_id,
            agency_name=agency,
            scheme_id=row.scheme,
            period=row.period,
            number=row.number,
            assessor_id=row.person_id,
            assessor=assessor,
            assessed_at=row.assessed_at,
            is_latest=row.number == latest[row.agency_id, row.scheme, row.period],
            words=tuple(words[row.id]),
            digests=(row.scheme_sha256, row.computed_sha256),
            first=(Decimal(row.score), row.grade),
            home=home,
        )
        for row, agency, assessor in rows
    ]


def no_such_assessment() -> NoSuchAssessment:
    """Return the refusal for an id that there is not, or that is not for who asks."""
    return NoSuchAssessment(
        "没有这项考核，或尚未公开。", "There is no such assessment, or it is not public yet."
    )


def _latest(session: Session) -> dict[tuple[str, str, str], int]:
    key = (AssessmentRow.agency_id, AssessmentRow.scheme, AssessmentRow.period)
    rows = session.execute(select(*key, func.max(AssessmentRow.number)).group_by(*key))
    return {(agency, scheme, period): number for agency, scheme, period, number in rows}


def _words(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Word]]:
    found = defaultdict[UUID, list[Word]](list)
    for first in range(0, len(ids), _AT_ONCE):
        rows = session.execute(
            select(AssessmentWordRow, PersonRow.name)
            .join(PersonRow, PersonRow.id == AssessmentWordRow.person_id)
            .where(AssessmentWordRow.assessment_id.in_(ids[first : first + _AT_ONCE]))
            .order_by(AssessmentWordRow.number)
        )
        for row, name in rows:
            found[row.assessment_id].append(_as_word(row, name))
    return found


def _as_word(row: AssessmentWordRow, name: str) -> Word:
    return Word(
        kind=Kind(row.kind),
        reason=row.reason,
        at=row.said_at,
        indicator=row.indicator,
        points=None if row.points is None else Decimal(row.points),
        person_id=row.person_id,
        person=name,
    )
