"""Answerable: who would have to answer for a release, by the facts of how it came about."""

from datetime import datetime

from sqlalchemy.orm import Session

from opendata.domain.people import Actor, check_scope
from opendata.domain.responsibility import Case, Responsibility, responsibility
from opendata.stages import releases
from opendata.stages.standing import Standing


def answerable(
    session: Session, actor: Actor, dataset: str, number: int, now: datetime
) -> Responsibility:
    """Return who is answerable for a release of the actor's scope, whether it is public or not.

    Raises:
        NoSuchRelease, WrongAgency, WrongCollection: see there.
    """
    signed = _signed(session, dataset, number, now)
    check_scope(actor, signed.submission.agency, signed.submission.collection)
    return _of(signed)


def by_the_facts(session: Session, dataset: str, number: int, now: datetime) -> Responsibility:
    """Return who is answerable for a release, for a stage that checks by itself who may know.

    Raises:
        NoSuchRelease: see there.
    """
    return _of(_signed(session, dataset, number, now))


def _signed(session: Session, dataset: str, number: int, now: datetime) -> Standing:
    return releases.signers(session, releases.release(session, dataset, number, now))


def _of(signed: Standing) -> Responsibility:
    submission = signed.submission
    return responsibility(Case(submission.author, submission.received_at, signed.decisions))
