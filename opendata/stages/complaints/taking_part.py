"""Who takes part in a case: supervisors from outside, and the body once it knows of it."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import Session

from opendata.domain.collective import CollectiveDecision
from opendata.domain.complaints.refusals import Involved, no_such_complaint
from opendata.domain.people import EVERY_AGENCY, Actor, Role, check_collection
from opendata.stages.complaints.model import SCOPE, Complaint, Part, Subject
from opendata.storage.tables import (
    ClearanceRow,
    DecisionRow,
    FulfilmentRow,
    KeyRow,
    OccasionRow,
    ReleaseRow,
    SubmissionRow,
)

# Who answers for the body complained about.
BODY = frozenset({Role.REVIEWER, Role.APPROVER})


def check_not_involved(session: Session, actor: Actor, agency: str, subject: Subject) -> None:
    """Raise ``Involved`` where a person is of the agency or signed; by which key does not count.

    Of an agency is who has, or ever had, a key of it, or recorded for it how it met what it owes.
    Who signed by a key for all agencies has none of it, and judges nothing of their own either.
    """
    if agency in agencies_of(session, actor):
        raise Involved(
            "持有或者曾持有被举报机关密钥的人员，以及为其记录过公开事项的起算日或者履行情况的人员，应当回避。",
            "Whoever has, or had, a key of the agency complained about, or recorded an occasion or "
            "a fulfilment of its obligations, takes no part.",
        )
    if subject.dataset is None:
        return
    if subject.is_of(parts_of(session, actor, SubmissionRow.dataset_id == subject.dataset)):
        raise Involved(
            "参与过被举报内容的报送、审查、裁定或者批准的人员，应当回避。",
            "Whoever prepared, reviewed, ruled on or approved what it is about takes no part.",
        )


def check_handles(session: Session, actor: Actor, found: Complaint) -> None:
    """Check that an actor may handle a complaint, or erase what is sealed of it.

    Raises:
        WrongCollection: see there.
        NoSuchComplaint: the key is one agency's; whether there is a complaint is not told.
        Involved: see there.
    """
    check_collection(actor, SCOPE)
    check_not_involved(session, actor, found.agency.id, found.subject)
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
    """Return the agencies that a person is of, whatever key they use now.

    Those that they have, or ever had, a key of, and those for which they recorded an occasion or a
    fulfilment of an obligation: a key for all agencies does that too.
    """
    person = actor.person_id
    keys = select(KeyRow.agency).where(KeyRow.person_id == person, KeyRow.agency != EVERY_AGENCY)
    occasions = select(OccasionRow.agency_id).filter_by(person_id=person)
    fulfilments = select(FulfilmentRow.agency_id).filter_by(person_id=person)
    return set(session.scalars(union(keys, occasions, fulfilments)))


def parts_of(session: Session, actor: Actor, *which: ColumnElement[bool]) -> set[Part]:
    """Return the submissions that a person had a part in, published or not.

    Of a body that decided, the members are on record by name alone; who has the name of one is
    taken for them.
    """
    person = actor.person_id
    signed = or_(
        SubmissionRow.author_id == person,
        DecisionRow.person_id == person,
        ClearanceRow.person_id == person,
    )
    query = (
        select(SubmissionRow.dataset_id, ReleaseRow.number, signed, DecisionRow.collective)
        .outerjoin(ReleaseRow, ReleaseRow.submission_id == SubmissionRow.id)
        .outerjoin(DecisionRow, DecisionRow.submission_id == SubmissionRow.id)
        .outerjoin(ClearanceRow, ClearanceRow.submission_id == SubmissionRow.id)
        .where(or_(signed, DecisionRow.collective.is_not(None)), *which)
    )
    return {
        (dataset, number)
        for dataset, number, is_own, body in session.execute(query)
        if is_own or actor.name in _members(body)
    }


def _members(body: dict[str, Any] | None) -> set[str]:
    members = () if body is None else CollectiveDecision.of(body).members
    return {each.name for each in members}
