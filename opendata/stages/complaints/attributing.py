"""Attributing: who is on record for what a complaint names, for those who handle it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from opendata.domain.complaints.deeds import (
    Attribution,
    Deed,
    of_no_request,
    of_nothing,
    of_obligation,
    of_release,
    of_request,
)
from opendata.domain.compliance import Kind as Fulfilled
from opendata.domain.editions import local_day
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.domain.requests import Kind, Outcome, Source
from opendata.domain.responsibility import Responsibility
from opendata.stages import answerable
from opendata.stages.complaints.model import Complaint
from opendata.storage.tables import (
    FulfilmentRow,
    KeyRow,
    OccasionRow,
    PersonRow,
    RequestEventRow,
    RequestRow,
)

_REGISTERED = Text("登记申请", "registered the request")
_AGREED = Text("同意延长答复期限", "agreed to prolong the term for the answer")


def attributions(
    session: Session, found: Complaint, request: str | None, now: datetime
) -> tuple[Attribution, ...]:
    """Return what the facts say of each thing that a complaint names, or why they say nothing.

    ``request`` is the number that the reporter gave, unsealed; ``None`` where it is erased.
    """
    told, subject = [], found.subject
    release = facts_of_release(session, found, now)
    if release is not None:
        told.append(of_release(f"{subject.dataset}#{subject.release}", release))
    if request:
        told.append(_of_request(session, found, request.strip()))
    if subject.obligation is not None:
        told.append(_of_obligation(session, subject.obligation))
    return tuple(told) or (of_nothing(subject.dataset, is_erased=request is None),)


def facts_of_release(session: Session, found: Complaint, now: datetime) -> Responsibility | None:
    """Return who is answerable by the facts, where it is about a release."""
    dataset, release = found.subject.dataset, found.subject.release
    if dataset is None or release is None:
        return None
    return answerable.by_the_facts(session, dataset, release, now)


def _of_request(session: Session, found: Complaint, named: str) -> Attribution:
    row = session.scalars(
        select(RequestRow).filter_by(agency_id=found.agency.id, number=named)
    ).first()
    if row is None:
        return of_no_request(named)
    events = session.execute(
        _signed(RequestEventRow)
        .where(RequestEventRow.request_id == row.id)
        .order_by(RequestEventRow.number)
    ).all()
    undone = {each.details["number"] for each, *_ in events if each.kind == Kind.ANNULLED}
    return of_request(
        row.number,
        [*_registered(session, row), *(deed for each in events for deed in _deeds(*each))],
        is_answered=any(
            each.kind == Kind.ANSWERED and each.number not in undone for each, *_ in events
        ),
        from_ledger=row.source == Source.LEDGER,
    )


def _registered(session: Session, row: RequestRow) -> Iterator[Deed]:
    """Yield who registered a request; nobody did where the applicant filed it here."""
    for _, name, role in session.execute(_signed(RequestRow).where(RequestRow.id == row.id)):
        if name is not None:
            yield Deed(name, Role(role), _REGISTERED, local_day(row.filed_at), row.filed_at)


def _deeds(row: RequestEventRow, name: str | None, role: str | None) -> Iterator[Deed]:
    """Yield what a person recorded, and who agreed to it by name; nothing of the applicant's."""
    if name is None or role is None:
        return
    what = Kind(row.kind).label
    if row.kind == Kind.ANSWERED:
        given = Outcome(row.details["outcome"]).label
        what = Text(f"{what.zh}：{given.zh}", f"{what.en}: {given.en}")
    yield Deed(name, Role(role), what, row.happened_on, row.recorded_at)
    agreed = row.details.get("approved_by")
    if agreed is not None:
        yield Deed(agreed, None, _AGREED, row.happened_on, row.recorded_at)


def _of_obligation(session: Session, named: str) -> Attribution:
    deeds: list[Deed] = []
    last: dict[str, str] = {}
    for row, name, role in session.execute(
        _signed(OccasionRow).filter_by(obligation=named).order_by(OccasionRow.audit_seq)
    ):
        what = Text(f"记录起算日（{row.occasion}）", f"recorded when a term began ({row.occasion})")
        deeds.append(_recorded(row, what, row.trigger_date, (name, role)))
    for row, name, role in session.execute(
        _signed(FulfilmentRow).filter_by(obligation=named).order_by(FulfilmentRow.audit_seq)
    ):
        last[row.occasion] = row.kind
        what = Text(
            f"记录履行情况（{row.occasion}，{row.kind}）",
            f"recorded by what it was met ({row.occasion}, {row.kind})",
        )
        on = row.fulfilled_on or local_day(row.recorded_at)
        deeds.append(_recorded(row, what, on, (name, role)))
    is_met = any(each != Fulfilled.ANNULMENT for each in last.values())
    return of_obligation(named, deeds, is_met=is_met)


def _recorded(row: OccasionRow | FulfilmentRow, what: Text, on: date, by: tuple[str, str]) -> Deed:
    name, role = by
    return Deed(name, Role(role), what, on, row.recorded_at)


def _signed(facts: type[Any]) -> Select[Any, str, str]:
    """Ask for facts of a kind with who recorded each, and the role of the key it was by."""
    return (
        select(facts, PersonRow.name, KeyRow.role)
        .outerjoin(PersonRow, PersonRow.id == facts.person_id)
        .outerjoin(KeyRow, KeyRow.id == facts.key_id)
    )
