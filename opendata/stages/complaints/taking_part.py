"""Who takes part in a case: supervisors from outside, and the body once it knows of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.complaints.refusals import Involved, no_such_complaint
from opendata.domain.people import EVERY_AGENCY, Actor, Role, check_collection
from opendata.stages.complaints.model import SCOPE, Complaint
from opendata.storage.tables import KeyRow

# Who answers for the body complained about.
BODY = frozenset({Role.REVIEWER, Role.APPROVER})


def check_not_involved(session: Session, actor: Actor, agency: str) -> None:
    """Raise ``Involved`` where a person has, or ever had, a key of an agency; keys do not count."""
    if agency in agencies_of(session, actor):
        raise Involved(
            "持有或者曾持有被举报机关密钥的人员，应当回避。",
            "Whoever has, or had, a key of the agency complained about takes no part.",
        )


def check_handles(session: Session, actor: Actor, found: Complaint) -> None:
    """Check that an actor may handle a complaint, or erase what is sealed of it.

    Raises:
        WrongCollection: see there.
        NoSuchComplaint: the key is one agency's; whether there is a complaint is not told.
        Involved: see there.
    """
    check_collection(actor, SCOPE)
    check_not_involved(session, actor, found.agency.id)
    if actor.agency != EVERY_AGENCY:
        raise no_such_complaint()


def check_answers(actor: Actor, found: Complaint) -> None:
    """Check that an actor answers for the body, and that the body knows of the complaint.

    Raises:
        WrongCollection: see there.
        NoSuchComplaint: neither the one nor the other is told.
    """
    check_collection(actor, SCOPE)
    if not answers_for(actor, found) or not found.status.known_to_body:
        raise no_such_complaint()


def answers_for(actor: Actor, found: Complaint) -> bool:
    """Whether an actor stands for the body complained about."""
    return actor.role in BODY and actor.agency == found.agency.id


def agencies_of(session: Session, actor: Actor) -> set[str]:
    """Return the agencies that a person has, or ever had, a key of."""
    query = select(KeyRow.agency).where(
        KeyRow.person_id == actor.person_id, KeyRow.agency != EVERY_AGENCY
    )
    return set(session.scalars(query.distinct()))
