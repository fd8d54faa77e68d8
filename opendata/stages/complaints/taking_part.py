"""Who takes part in a case: supervisors from outside, and the body once it knows of it."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, union
from sqlalchemy.orm import Session

from opendata.domain.collective import CollectiveDecision
from opendata.domain.complaints.refusals import Involved, no_such_complaint
from opendata.domain.complaints.views import BY_BODY
from opendata.domain.errors import Text
from opendata.domain.people import EVERY_AGENCY, Actor, Role, check_collection
from opendata.stages.complaints.model import SCOPE, Complaint, Part, Subject
from opendata.storage.tables import (
    CautionAnswerRow,
    ClearanceRow,
    ConsentRow,
    CorrectionRow,
    CorrectionWordRow,
    DatasetRow,
    DecisionRow,
    DeclaredFigureRow,
    FulfilmentRow,
    KeyRow,
    MetadataRow,
    NarrativeRow,
    OccasionRow,
    ReleaseRow,
    SubmissionRow,
)

# Who answers for the body complained about.
BODY = frozenset({Role.REVIEWER, Role.APPROVER})
# What is recorded for an agency, and names it.
_RECORDED = (OccasionRow, FulfilmentRow, DeclaredFigureRow, NarrativeRow)
# By what a person has a part in a submission besides sending it in.
_SPOKEN = (DecisionRow, ClearanceRow, ConsentRow)

# Who that is, as who is refused is told; see ``agencies_of``.
OF_AGENCY = Text(
    "持有或者曾持有该机关密钥的人员，以及不论用什么密钥，为其登记、报送、说明、审查、批准过数据，"
    "答复过更正申请，申报、撰写过年度报告，或者记录过公开事项的起算日、履行情况的人员",
    "Whoever has, or had, a key of the agency, or by any key registered, prepared, explained, "
    "reviewed or approved data for it, answered a correction, declared or wrote of its annual "
    "report, or recorded an occasion or a fulfilment of its obligations",
)


def check_not_involved(session: Session, actor: Actor, agency: str, subject: Subject) -> None:
    """Raise ``Involved`` where a person is of the agency or signed; by which key does not count.

    See ``agencies_of`` for who is of the agency. Who ruled on what it is about, or consented to
    it, is of another one, and judges nothing of their own either.
    """
    if agency in agencies_of(session, actor):
        raise Involved(f"{OF_AGENCY.zh}，应当回避。", f"{OF_AGENCY.en}, takes no part.")
    if subject.dataset is None:
        return
    if subject.is_of(parts_of(session, actor, SubmissionRow.dataset_id == subject.dataset)):
        raise Involved(
            "参与过被举报内容的报送、审查、放行、征询答复、裁定或者批准的人员，应当回避。",
            "Whoever prepared, reviewed, cleared, answered about for another agency, ruled on or "
            "approved what it is about takes no part.",
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


def check_did_not_handle(actor: Actor, found: Complaint) -> None:
    """Raise ``Involved`` if who records for the body has handled the case, before they were of it.

    What a supervisor may have recorded on the body's behalf is no handling.
    """
    handled = {each.by for each in found.events if each.step.kind not in BY_BODY}
    if actor.person_id in handled | {found.registered_by}:
        raise Involved(
            "办理过此件的人员，不得再代表被举报机关说明情况、申请复核或者报告整改。",
            "Whoever handled the case does not explain, ask for a review or report for the body.",
        )


def agencies_of(session: Session, actor: Actor) -> set[str]:
    """Return the agencies that a person is of, whatever key they use now.

    Those that they have, or ever had, a key of, and those for which they acted, as a key for all
    agencies allows: registered or described a dataset, sent in, answered a caution, reviewed,
    approved, answered a correction, declared or wrote of a report, or recorded an occasion or a
    fulfilment of an obligation. What a supervisor says of a submission is not said for its agency.
    """
    person = actor.person_id
    dataset = select(DatasetRow.agency_id)
    sent = dataset.join(SubmissionRow, SubmissionRow.dataset_id == DatasetRow.id)
    decided = sent.join(DecisionRow, DecisionRow.submission_id == SubmissionRow.id)
    explained = sent.join(CautionAnswerRow, CautionAnswerRow.submission_id == SubmissionRow.id)
    reported = dataset.join(CorrectionRow, CorrectionRow.dataset_id == DatasetRow.id)
    answered = reported.join(CorrectionWordRow, CorrectionWordRow.correction_id == CorrectionRow.id)
    described = dataset.join(MetadataRow, MetadataRow.dataset_id == DatasetRow.id)
    acted = (
        select(KeyRow.agency).where(KeyRow.person_id == person, KeyRow.agency != EVERY_AGENCY),
        described.where(MetadataRow.recorded_by == person),
        sent.where(SubmissionRow.author_id == person),
        explained.where(CautionAnswerRow.person_id == person),
        decided.where(DecisionRow.person_id == person, DecisionRow.role != Role.SUPERVISOR),
        answered.where(CorrectionWordRow.person_id == person),
        *(select(each.agency_id).filter_by(person_id=person) for each in _RECORDED),
    )
    return set(session.scalars(union(*acted)))


def parts_of(session: Session, actor: Actor, *which: ColumnElement[bool]) -> set[Part]:
    """Return the submissions that a person had a part in, published or not.

    Of a body that decided, the members are on record by name alone; who has the name of one is
    taken for them.
    """
    person = actor.person_id
    spoken = (select(each.submission_id).filter_by(person_id=person) for each in _SPOKEN)
    signed = or_(SubmissionRow.author_id == person, SubmissionRow.id.in_(union(*spoken)))
    query = (
        select(SubmissionRow.dataset_id, ReleaseRow.number, signed, DecisionRow.collective)
        .outerjoin(ReleaseRow, ReleaseRow.submission_id == SubmissionRow.id)
        .outerjoin(DecisionRow, DecisionRow.submission_id == SubmissionRow.id)
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
