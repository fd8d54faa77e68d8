"""Clearances: a supervisor lets a file with classification markings go on to its review.

What was a state secret is made public only after it was declassified by the rules for that
(《保守国家秘密法》第二十条 and after); the reference says by which decision.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from opendata.domain.approvals import Course, NotDue, check_may_act, state_of


@dataclass(frozen=True, slots=True)
class Clearance:
    """Who cleared a submission, by which declassification, why and when."""

    person_id: UUID
    person: str
    reference: str
    reason: str
    at: datetime


def check_may_clear(person_id: UUID, author_id: UUID, course: Course) -> None:
    """Raise unless this person may now clear the submission of ``author_id``.

    Raises:
        OwnSubmission, AlreadyDecided: see ``check_may_act``.
        NotDue: no marking holds it up, or what became of it since does.
    """
    check_may_act(person_id, author_id, course)
    if not course.is_stopped:
        label = state_of(course).label
        raise NotDue(
            f"此报送没有等待放行的国家秘密标志；状态：{label.zh}。",
            f"No classification marking of this submission awaits clearance; it is {label.en}.",
        )
