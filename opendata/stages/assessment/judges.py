"""Who may assess, and decide on an assessment: supervisors of every agency, from outside."""

from sqlalchemy.orm import Session

from opendata.domain.assessment.words import OwnAssessment
from opendata.domain.people import EVERY_AGENCY, Actor, WrongAgency, check_collection
from opendata.stages.assessment.model import SCOPE
from opendata.stages.complaints.taking_part import agencies_of


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
        raise OwnAssessment(
            "持有或者曾持有被考核主体密钥的人员，以及为其记录过公开事项的起算日或者履行情况的人员，应当回避。",
            "Whoever has, or had, a key of the agency assessed, or recorded an occasion or a "
            "fulfilment of its obligations, takes no part.",
        )
