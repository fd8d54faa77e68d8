"""Saying: an agency appeals points, and another supervisor answers and confirms."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.assessment.schemes import Scheme
from opendata.domain.assessment.words import (
    InvalidAssessmentWord,
    Kind,
    Word,
    check_may_follow,
    word_faults,
)
from opendata.domain.editions import local_day
from opendata.domain.people import Actor, Role, check_own_agency, check_role, check_scope
from opendata.domain.values import decimal_text
from opendata.stages.assessment.judges import check_judges
from opendata.stages.assessment.model import SCOPE, Assessment, of_id
from opendata.stages.personal import personal_faults
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.home import Home
from opendata.storage.tables import AgencyRow, AssessmentWordRow

# Who says which word: the agency's approver appeals, a supervisor decides.
SPEAKERS = {
    Kind.APPEAL: frozenset({Role.APPROVER}),
    Kind.UPHOLD: frozenset({Role.SUPERVISOR}),
    Kind.ADJUST: frozenset({Role.SUPERVISOR}),
    Kind.CONFIRM: frozenset({Role.SUPERVISOR}),
}


def say(home: Home, actor: Actor, assessment_id: UUID, word: Word) -> Assessment:
    """Record one word, in turn, as the actor's; ``word`` says when.

    Raises:
        NoSuchAssessment, WrongRole, WrongCollection, InvalidAssessmentWord: see there.
        WrongAgency: an appeal takes a key of the agency itself; for the rest see
            ``check_judges``.
        OwnAssessment: who decides is of the agency, see ``check_judges``.
        Whatever ``check_may_follow`` raises.
    """
    said = replace(word, person_id=actor.person_id)
    with home.database.read() as session:
        known = of_id(session, home, assessment_id)
    check_scope(actor, known.agency, SCOPE)
    _check_word(said, known.scheme)
    check_role(actor, SPEAKERS[word.kind])
    if word.kind is Kind.APPEAL:
        check_own_agency(actor, known.agency)
    else:
        with home.database.read() as session:
            check_judges(session, actor, known.agency)
    # What the vault keeps of it never changes, and is read before the database is locked.
    standing = known.standing
    with home.database.begin() as session:
        # Who assesses anew takes the same lock: nothing is said of what is superseded meanwhile.
        session.get(AgencyRow, known.agency, with_for_update=True)
        found = of_id(session, home, assessment_id)
        now = replace(standing, words=found.words, is_latest=found.is_latest)
        check_may_follow(said, now, local_day(word.at))
        _add(session, actor, found, said)
        return of_id(session, home, assessment_id)


def _check_word(word: Word, scheme: Scheme) -> None:
    faults = (*word_faults(word, scheme), *personal_faults("/reason", word.reason))
    if faults:
        zh = "".join(each.detail.zh for each in faults)
        raise InvalidAssessmentWord(zh, " ".join(each.detail.en for each in faults), faults)


def _add(session: Session, actor: Actor, found: Assessment, word: Word) -> None:
    row = AssessmentWordRow(
        assessment_id=found.id,
        number=len(found.words) + 1,
        kind=word.kind,
        indicator=word.indicator,
        points=None if word.points is None else decimal_text(word.points),
        reason=word.reason,
        person_id=actor.person_id,
        key_id=actor.key_id,
        said_at=word.at,
    )
    row.audit_seq = audit.append(session, str(actor.person_id), *bound(row), word.at)
    session.add(row)
    session.flush()
