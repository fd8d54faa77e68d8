"""Handling complaints: every step in its turn, by a supervisor or by the body itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.complaints.attribution import departure_faults, departures
from opendata.domain.complaints.order import (
    check_by_body,
    check_may_follow,
    check_may_tell,
    day_faults,
)
from opendata.domain.complaints.procedure import Kind, Result
from opendata.domain.complaints.refusals import check_step, no_such_complaint
from opendata.domain.complaints.steps import Party, Step, Words, step_faults
from opendata.domain.complaints.terms import rule_faults
from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.people import Actor, Role, check_role
from opendata.stages.access import hashed
from opendata.stages.complaints.attributing import facts_of_release
from opendata.stages.complaints.filing import public_since, publisher
from opendata.stages.complaints.model import Complaint, of_code, of_id
from opendata.stages.complaints.recording import By, add_step
from opendata.stages.complaints.taking_part import (
    answers_for,
    check_answers,
    check_did_not_handle,
    check_handles,
)
from opendata.stages.sealing import sealing
from opendata.storage.home import Home
from opendata.storage.tables import ComplaintRow

# What binds the body is an approver's to say.
_SIGNS = frozenset({Role.APPROVER})
# Recorded with the complaint, or by the reporter.
_NOT_BY_ACTORS = frozenset({Kind.REPORTER_NAMED, Kind.SUPPLEMENTED})


@dataclass(frozen=True, slots=True)
class Said:
    """A step as somebody records it, and what is said with it, which is sealed."""

    step: Step
    words: Words = field(default_factory=Words)


def record(home: Home, actor: Actor, complaint_id: UUID, said: Said, now: datetime) -> Complaint:
    """Record a step, in turn: the complaint's lock makes persons go one after the other.

    Raises:
        NoSuchComplaint, WrongCollection, WrongRole, Involved: see ``taking_part``.
        InvalidStep: it lacks something, or a decision departs and does not say why.
        Whatever ``check_may_follow`` raises.
    """
    with sealing(home, _sealed(said.words)) as sealed, home.database.begin() as session:
        if session.get(ComplaintRow, complaint_id, with_for_update=True) is None:
            raise no_such_complaint()
        found = of_id(session, complaint_id)
        _check_actor(session, actor, found)
        if answers_for(actor, found):
            check_by_body(found.status, said.step, local_day(now))
        step = _checked(session, actor, found, said, now)
        number = len(found.events) + 1
        add_step(session, (complaint_id, number), step, By.actor(actor, sealed), now)
        return of_id(session, complaint_id)


def supplement(home: Home, tracking: str, text: str, now: datetime) -> Complaint:
    """Record what the reporter tells besides, by the tracking code.

    Raises:
        NoSuchComplaint: the code was given for none.
        InvalidStep, NotInTurn: nothing is said, or it is decided already.
    """
    said = Said(Step(Kind.SUPPLEMENTED, local_day(now)), Words(text))
    code = hashed(tracking.strip().lower())
    with sealing(home, _sealed(said.words)) as sealed, home.database.begin() as session:
        query = select(ComplaintRow).where(ComplaintRow.tracking_hash == code).with_for_update()
        if session.scalars(query).first() is None:
            raise no_such_complaint()
        found = of_code(session, tracking)
        check_step(step_faults(said.step, said.words))
        check_may_tell(found.status)
        named = found.id, len(found.events) + 1
        add_step(session, named, said.step, By(sealed=sealed), now)
        return of_code(session, tracking)


def _check_actor(session: Session, actor: Actor, found: Complaint) -> None:
    if answers_for(actor, found):
        check_answers(actor, found)
        check_role(actor, _SIGNS)
        check_did_not_handle(actor, found)
        return
    if actor.role is not Role.SUPERVISOR:
        raise no_such_complaint()
    check_handles(session, actor, found)


def _checked(session: Session, actor: Actor, found: Complaint, said: Said, now: datetime) -> Step:
    """Return the step as it is kept, once nothing is wrong in it and it may follow."""
    step, words, today = said.step, said.words, local_day(now)
    check_step(_faults(session, found, said))
    check_step(day_faults(found.status, step.on, found.received_on, today))
    check_may_follow(found.status, step, actor.person_id, is_named=found.is_named)
    if step.kind is not Kind.DECIDED and step.result is not Result.CHANGED:
        return step
    finding = found.status.finding
    gravity = None if finding is None else finding.step.gravity
    facts = facts_of_release(session, found, now)
    departing = departures(step, words.names, gravity, facts)
    check_step(departure_faults(departing, words))
    return replace(step, departs=bool(departing))


def _faults(session: Session, found: Complaint, said: Said) -> Sequence[Fault]:
    step, words = said.step, said.words
    faults = [*step_faults(step, words), *rule_faults(step)]
    if step.kind in _NOT_BY_ACTORS:
        text = Text("这一步只能由举报人作出。", "Only the reporter does this.")
        faults.append(Fault("/kind", text, "unfit-value"))
    if len(words.names) != len(step.persons) or not all(each.strip() for each in words.names):
        text = Text("请写明每个人的姓名。", "Name each person.")
        faults.append(Fault("/persons", text, "value-needed"))
    if step.dataset is not None and not _is_proof(session, found, step):
        text = Text(
            "被举报机关自收到举报之日起没有公开过这一数据集的这一版本，或者该版本现已不公开。",
            "The agency has no release of this number in this dataset that is public now and was "
            "published since the day on which the complaint was received.",
        )
        faults.append(Fault("/release", text, "no-such-release"))
    if step.party is Party.REPORTER and not found.is_reachable:
        text = Text("没有可答复的举报人。", "There is no reporter who could be answered.")
        faults.append(Fault("/party", text, "unfit-value"))
    return faults


def _is_proof(session: Session, found: Complaint, step: Step) -> bool:
    if step.dataset is None or step.release is None:
        return True
    released_on = public_since(session, step.dataset, step.release)
    own = publisher(session, step.dataset) == found.agency.id
    return own and released_on is not None and released_on >= found.received_on


def _sealed(words: Words) -> dict[str, str | list[str]] | None:
    said: dict[str, str | list[str]] = {
        "text": words.text,
        "names": list(words.names),
        "departure": words.departure,
        "reference": words.reference,
        "url": words.url,
    }
    kept = {name: value for name, value in said.items() if value}
    return kept or None
