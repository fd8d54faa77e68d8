"""Erasing who asked and what was said; that something was asked and how it ended stays."""

from datetime import datetime
from uuid import UUID

from opendata.domain.erasures import StillNeeded
from opendata.domain.people import Actor, check_scope
from opendata.domain.requests import State
from opendata.stages import erasure
from opendata.stages.requests.model import SCOPE, no_such_request, of_id
from opendata.storage.home import Home


def erase(home: Home, actor: Actor, request_id: UUID, word: erasure.Word, now: datetime) -> None:
    """Erase everything sealed of a request; done again, it erases what came since.

    Raises:
        NoSuchRequest: there is none of this id, or nothing of it is sealed.
        WrongAgency, WrongCollection: see there.
        StillNeeded: the agency still has to answer it.
    """
    with home.database.read() as session:
        kept = of_id(session, request_id)
    check_scope(actor, kept.request.agency, SCOPE)
    if not kept.digests:
        raise no_such_request()
    state = kept.request.state
    if not state.is_ended and state is not State.AWAITING_CONFIRMATION:
        raise StillNeeded(
            "申请尚未办结，答复需要申请人的信息；请待办结或申请人撤回后再删除。",
            "The request is not answered yet, which needs what is sealed; erase it once it is, or "
            "once the applicant has withdrawn it.",
        )
    for each in kept.digests:
        erasure.erase(home, actor, erasure.Erasable(each, f"request {request_id}"), word, now)
