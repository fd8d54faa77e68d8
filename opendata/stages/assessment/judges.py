"""Who may assess, and decide on an assessment: supervisors of every agency, from outside."""

from sqlalchemy.orm import Session

from opendata.domain.assessment.words import OwnAssessment
from opendata.domain.people import EVERY_AGENCY, Actor, WrongAgency, check_collection
from opendata.stages.assessment.model import SCOPE
from opendata.stages.complaints.taking_part import OF_AGENCY, agencies_of


def check_judges(session: Session, actor: Actor, agency: str) -> None:
    """Check that an actor may assess an agency, answer its appeals and confirm.

    Raises:
        WrongAgency: the key is one agency's.
        WrongCollection: see there.
        OwnAssessment: the person is of the agency, whatever key they use; see ``agencies_of``.
    """
    check_collection(actor, SCOPE)
    if actor.agency != EVERY_AGENCY:
        raise WrongAgency(
            "考核、处理申诉、确认须用所有主体（*）的主管部门密钥。",
            "Assessing, answering appeals and confirming take a supervisor's key of every agency "
            "(*).",
        )
    if agency in agencies_of(session, actor):
        raise OwnAssessment(f"{OF_AGENCY.zh}，应当回避。", f"{OF_AGENCY.en}, takes no part.")
