"""Erasing who asked and what was said; that something was asked and how it ended stays."""

from datetime import datetime
from uuid import UUID

from opendata.domain.erasures import StillNeeded
from opendata.domain.people import Actor, check_scope
from opendata.domain.requests import Kind, Request
from opendata.stages import erasure
from opendata.stages.requests.model import SCOPE, no_such_request, of_id
from opendata.storage.home import Home
from opendata.storage.tables import RequestRow


def erase(home: Home, actor: Actor, request_id: UUID, word: erasure.Word, now: datetime) -> None:
    """Erase everything sealed of a request; done again, it erases what came since.

    Raises:
        NoSuchRequest: there is none of this id, or nothing of it is sealed.
        WrongAgency, WrongCollection: see there.
        StillNeeded: the agency still has to answer it.
    """
    with home.database.begin() as session:
        # Nothing is recorded of it in between, after which it would have to be answered.
        session.get(RequestRow, request_id, with_for_update=True)
        kept = of_id(session, request_id)
        check_scope(actor, kept.request.agency, SCOPE)
        if not kept.digests:
            raise no_such_request()
        _check_nobody_answers(kept.request)
        for each in kept.digests:
            what = erasure.Erasable(each, f"request {request_id}")
            erasure.record(session, actor, what, word, now)
    erasure.remove(home, kept.digests)


def _check_nobody_answers(request: Request) -> None:
    # That a receipt was annulled does not say that the request never came.
    was_received = any(each.kind is Kind.RECEIVED for each in request.events)
    if was_received and not request.state.is_ended:
        raise StillNeeded(
            "申请尚未办结，答复需要申请人的信息；请待办结或申请人撤回后再删除。",
            "The request is not answered yet, which needs what is sealed; erase it once it is, or "
            "once the applicant has withdrawn it.",
        )
