"""Answerable: who would have to answer for a release, by the facts of how it came about."""

from datetime import datetime

from sqlalchemy.orm import Session

from opendata.domain.people import Actor, check_scope
from opendata.domain.responsibility import Case, Responsibility, responsibility
from opendata.stages import releases


def answerable(
    session: Session, actor: Actor, dataset: str, number: int, now: datetime
) -> Responsibility:
    """Return who is answerable for a release of the actor's scope, whether it is public or not.

    Raises:
        NoSuchRelease, WrongAgency, WrongCollection: see there.
    """
    found = releases.release(session, dataset, number, now)
    signed = releases.signers(session, found)
    submission = signed.submission
    check_scope(actor, submission.agency, submission.collection)
    return responsibility(Case(submission.author, submission.received_at, signed.decisions))
