"""Assessing: a supervisor has the facts reckoned by a scheme, and the outcome is recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy.orm import Session

from opendata.domain.assessment.periods import check_over, read_period
from opendata.domain.assessment.points import Figure, Outcome, Point, assessed
from opendata.domain.assessment.words import AssessmentClosed, State
from opendata.domain.editions import local_day
from opendata.domain.people import Actor
from opendata.domain.values import decimal_text
from opendata.stages import catalogue
from opendata.stages.assessment.judges import check_judges
from opendata.stages.assessment.measuring import Subject, figures
from opendata.stages.assessment.model import Assessment, assessments_table, of_id, read
from opendata.stages.comply import Sources
from opendata.stages.schemes import Declared
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.tables import AgencyRow, AssessmentRow


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be assessed: whom, by which scheme, for which period."""

    agency: str
    declared: Declared
    period: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What a scheme comes to; ``content`` is what is kept of it, the same for the same facts."""

    outcome: Outcome
    content: bytes


def computed(sources: Sources, asked: Asked, now: datetime) -> Computed:
    """Reckon an agency's points as the facts are now; nothing is recorded.

    Raises:
        InvalidAssessedPeriod: it is none, or is not over.
        NoSuchAgency: there is none of this id.
        NothingToAssess: there is nothing that any indicator could be measured by.
    """
    period = read_period(asked.period)
    today = local_day(now)
    check_over(period, today)
    with sources.home.database.read() as session:
        agency = catalogue.agency(session, asked.agency)
    subject = Subject(sources, agency, period, today, now)
    scheme = asked.declared.scheme
    outcome = assessed(scheme, figures(scheme, subject))
    said = {
        "agency": agency.id,
        "scheme": {"id": scheme.id, "sha256": scheme.sha256},
        "period": {"name": period.name, "first": period.first, "last": period.last},
        "day": today,
        "score": decimal_text(outcome.score),
        "grade": outcome.grade.id,
        "points": [_point(each) for each in outcome.points],
    }
    return Computed(outcome, orjson.dumps(said, option=orjson.OPT_SORT_KEYS))


def assess(sources: Sources, actor: Actor, asked: Asked, now: datetime) -> Assessment:
    """Reckon an agency's points, and record them as a supervisor's assessment.

    Raises:
        WrongAgency, WrongCollection, OwnAssessment: see there.
        AssessmentClosed: one by this scheme for this period is confirmed, or was spoken of.
        Whatever ``computed`` raises.
    """
    home = sources.home
    with home.database.read() as session:
        check_judges(session, actor, asked.agency)
    found = computed(sources, asked, now)
    # Both are in the vault before anything names them.
    home.vault.put(asked.declared.content)
    digest = home.vault.put(found.content).sha256
    with home.database.begin() as session:
        session.get(AgencyRow, asked.agency, with_for_update=True)
        number = _next_number(session, sources, asked)
        row = AssessmentRow(
            id=uuid4(),
            agency_id=asked.agency,
            scheme=asked.declared.scheme.id,
            period=asked.period,
            number=number,
            scheme_sha256=asked.declared.scheme.sha256,
            computed_sha256=digest,
            score=decimal_text(found.outcome.score),
            grade=found.outcome.grade.id,
            person_id=actor.person_id,
            key_id=actor.key_id,
            assessed_at=now,
        )
        row.audit_seq = audit.append(session, str(actor.person_id), *bound(row), now)
        session.add(row)
        session.flush()
        return of_id(session, home, row.id)


def _next_number(session: Session, sources: Sources, asked: Asked) -> int:
    """Return the number of one more; what was confirmed, or appealed, is not assessed again."""
    query = assessments_table().where(
        AssessmentRow.agency_id == asked.agency,
        AssessmentRow.scheme == asked.declared.scheme.id,
        AssessmentRow.period == asked.period,
    )
    before = read(session, sources.home, query)
    if any(each.state is State.CONFIRMED for each in before):
        raise AssessmentClosed(
            "这一考核期按此方案的考核已确认，不能重新考核。",
            "The assessment by this scheme for this period is confirmed; there is no other.",
        )
    if any(each.words for each in before):
        raise AssessmentClosed(
            "这一考核期按此方案的考核已有申诉或处理意见，不能重新考核；请处理申诉后确认。",
            "Something was said of the assessment by this scheme for this period, and another one "
            "would undo it; answer the appeals and confirm.",
        )
    return 1 + max((each.number for each in before), default=0)


def _point(point: Point) -> dict[str, Any]:
    own = point.indicator
    return {
        "indicator": own.id,
        "measure": own.measure,
        "weight": decimal_text(own.weight),
        "points": None if point.points is None else decimal_text(point.points),
        "figure": _figure(point.figure),
        "explanation": {"zh": point.explanation.zh, "en": point.explanation.en},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "counted": figure.counted,
        "among": figure.among,
        "cases": [
            {"zh": each.label.zh, "en": each.label.en, "address": each.address}
            for each in figure.cases
        ],
    }
