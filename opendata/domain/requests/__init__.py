"""Requests for information 依申请公开 (《政府信息公开条例》第二十七条至第四十五条), in facts.

A request is what happened to it: received, corrected, heard, extended, answered. Where it stands,
what may come next, what its clock says and what annual reports count all follow from that.
"""

from opendata.domain.requests.annexed import annexed
from opendata.domain.requests.course import Course, course_of, effective, state_of
from opendata.domain.requests.events import (
    NEEDS_WORDS,
    SAID_BY_APPLICANTS,
    Event,
    as_kept,
    event_faults,
)
from opendata.domain.requests.kinds import (
    ApplicantKind,
    Channel,
    Delivery,
    FeeBasis,
    FeeDeviation,
    Form,
    Kind,
    Named,
    Opinion,
    Ruling,
    Source,
    State,
)
from opendata.domain.requests.ledger import Entry, InvalidLedger, Judged, in_order, judge
from opendata.domain.requests.listing import REQUESTS
from opendata.domain.requests.marks import Mark, marks
from opendata.domain.requests.outcomes import Outcome
from opendata.domain.requests.proceedings import Proceeding
from opendata.domain.requests.request import Request, clock_events, waiting_days
from opendata.domain.requests.tally import Cell, fees_collected, row_of, tally
from opendata.domain.requests.turns import (
    InvalidApplication,
    InvalidRequestEvent,
    NoSuchRequest,
    NumberTaken,
    RequestNotInTurn,
    check_may_follow,
    may_follow,
)

__all__ = [
    "NEEDS_WORDS",
    "REQUESTS",
    "SAID_BY_APPLICANTS",
    "ApplicantKind",
    "Cell",
    "Channel",
    "Course",
    "Delivery",
    "Entry",
    "Event",
    "FeeBasis",
    "FeeDeviation",
    "Form",
    "InvalidApplication",
    "InvalidLedger",
    "InvalidRequestEvent",
    "Judged",
    "Kind",
    "Mark",
    "Named",
    "NoSuchRequest",
    "NumberTaken",
    "Opinion",
    "Outcome",
    "Proceeding",
    "Request",
    "RequestNotInTurn",
    "Ruling",
    "Source",
    "State",
    "annexed",
    "as_kept",
    "check_may_follow",
    "clock_events",
    "course_of",
    "effective",
    "event_faults",
    "fees_collected",
    "in_order",
    "judge",
    "marks",
    "may_follow",
    "row_of",
    "state_of",
    "tally",
    "waiting_days",
]
