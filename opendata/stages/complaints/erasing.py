"""Erasing what is sealed of a complaint; that it was made, and every step, stays."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from opendata.domain.complaints.procedure import Place
from opendata.domain.complaints.refusals import no_such_complaint
from opendata.domain.erasures import StillNeeded
from opendata.domain.people import Actor
from opendata.stages import erasure
from opendata.stages.complaints.model import Complaint, of_id
from opendata.stages.complaints.reading import reporter_sealed
from opendata.stages.complaints.taking_part import check_handles
from opendata.storage.home import Home


class Sealed(StrEnum):
    """What may be erased: who reported it, what they said, or the words of one step."""

    REPORTER = "reporter"
    STATEMENT = "statement"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class What:
    """What is to be erased of a complaint; ``number`` is that of a step."""

    complaint: UUID
    part: Sealed
    number: int | None = None


def erase(home: Home, actor: Actor, what: What, word: erasure.Word, now: datetime) -> None:
    """Erase one part of what is sealed; done again it changes nothing.

    Who reported it may be forgotten at any time. What was said is evidence until the case is
    closed, and again while it is reviewed.

    Raises:
        NoSuchComplaint: there is none of this id, or nothing of this kind was sealed with it.
        WrongCollection, Involved: see ``taking_part``.
        StillNeeded: the case is open, or under review.
    """
    with home.database.read() as session:
        found = of_id(session, what.complaint)
        check_handles(session, actor, found)
    sealed = _sealed(found, what)
    if sealed is None:
        raise no_such_complaint()
    is_over = found.status.place is Place.CLOSED and not found.status.under_review
    if what.part is not Sealed.REPORTER and not is_over:
        raise StillNeeded(
            "案件尚未办结，或者正在复核，举报内容和各步骤的记载仍需使用。",
            "The case is open, or under review: what was reported and said is still needed.",
        )
    subject = f"complaint {what.complaint} {what.part}"
    erasure.erase(home, actor, erasure.Erasable(sealed, subject), word, now)


def _sealed(found: Complaint, what: What) -> str | None:
    if what.part is Sealed.STATEMENT:
        return found.sealed
    if what.part is Sealed.REPORTER:
        return reporter_sealed(found)
    return None if what.number is None else found.words.get(what.number)
