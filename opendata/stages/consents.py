"""Consents: which agencies were asked about a submission, since when, and what they answered."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from opendata.domain.coordination import (
    ANSWER_WORKING_DAYS,
    Consent,
    Consultation,
    Coordination,
    Stance,
)
from opendata.domain.editions import local_day
from opendata.domain.working_days import nth_working_day
from opendata.stages.holidays import is_working
from opendata.storage.tables import (
    ConsentRow,
    MetadataRow,
    PersonRow,
    ReleaseRow,
    TakedownRow,
)


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A submission as far as it decides who is asked: its round, and since when it is valid."""

    id: UUID
    dataset: str
    received_at: datetime
    reported_at: datetime
    round: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Version:
    """The agencies that one version of a dataset's metadata names, and while it was the newest."""

    agencies: tuple[str, ...]
    since: datetime
    until: datetime | None


def coordinations(session: Session, submissions: Sequence[UnderReview]) -> dict[UUID, Coordination]:
    """Return how other agencies were asked about submissions; only of those that name any.

    An agency is asked if it was named at any time since the submission was received: naming it
    no longer spares nobody its consent. Every round asks anew, as the decisions do.
    """
    versions = _versions(session, {each.dataset for each in submissions})
    naming = [each for each in submissions if versions.get(each.dataset)]
    if not naming:
        return {}
    answers = _answers(session, [each.id for each in naming])
    begun = _round_begun(session, {each.dataset for each in naming})
    return {
        each.id: _coordination(
            each,
            dict(_named(versions[each.dataset], each.received_at)),
            max(each.reported_at, begun.get(each.dataset, each.reported_at)),
            [given for given in answers[each.id] if _round(given) == each.round],
        )
        for each in naming
    }


def naming(session: Session, datasets: Collection[str]) -> dict[str, frozenset[str]]:
    """Return the agencies that datasets ever named; only of datasets that named any."""
    return {
        name: frozenset(agency for each in versions for agency in each.agencies)
        for name, versions in _versions(session, datasets).items()
    }


def _coordination(
    submission: UnderReview,
    named: Mapping[str, datetime],
    begun: datetime,
    answers: Sequence[Consent],
) -> Coordination:
    last = {each.agency: each for each in answers}
    asked = []
    for agency, since in named.items():
        asked_at = max(begun, since)
        due = nth_working_day(local_day(asked_at), ANSWER_WORKING_DAYS, is_working)
        asked.append(Consultation(agency, asked_at, due, last.get(agency)))
    return Coordination(tuple(asked), frozenset(each.person_id for each in answers))


def _named(versions: Sequence[_Version], received_at: datetime) -> Iterator[tuple[str, datetime]]:
    """Yield each agency named since ``received_at``, with the instant it first was."""
    seen = set()
    for version in versions:
        if version.until is not None and version.until <= received_at:
            continue
        for agency in version.agencies:
            if agency not in seen:
                seen.add(agency)
                yield agency, version.since


def _versions(session: Session, datasets: Collection[str]) -> dict[str, list[_Version]]:
    """Return the versions of datasets' metadata, oldest first; of those that ever named anybody."""
    rows = session.execute(
        select(MetadataRow.dataset_id, MetadataRow.body, MetadataRow.recorded_at)
        .where(MetadataRow.dataset_id.in_(datasets))
        .order_by(MetadataRow.dataset_id, MetadataRow.version.desc())
    )
    found: defaultdict[str, list[_Version]] = defaultdict(list)
    for dataset, body, since in rows:
        newer = found[dataset][0].since if found[dataset] else None
        named = tuple(body.get("coordinates_with", ()))
        found[dataset].insert(0, _Version(named, since, newer))
    return {
        name: versions
        for name, versions in found.items()
        if any(each.agencies for each in versions)
    }


def _answers(session: Session, ids: Sequence[UUID]) -> defaultdict[UUID, list[Consent]]:
    rows = session.execute(
        select(ConsentRow, PersonRow.name)
        .join(PersonRow, PersonRow.id == ConsentRow.person_id)
        .where(ConsentRow.submission_id.in_(ids))
        .order_by(ConsentRow.agency_id, ConsentRow.number)
    )
    found: defaultdict[UUID, list[Consent]] = defaultdict(list)
    for row, name in rows:
        found[row.submission_id].append(
            Consent(
                agency=row.agency_id,
                stance=Stance(row.verdict),
                person_id=row.person_id,
                person=name,
                reference=row.reference,
                reason=row.reason,
                base_release=row.base_release,
                suspended=row.suspended,
                at=row.answered_at,
            )
        )
    return found


def _round_begun(session: Session, datasets: Collection[str]) -> dict[str, datetime]:
    """Return when the present round of datasets began, where a release or a takedown began it."""
    released = session.execute(
        select(ReleaseRow.dataset_id, func.max(ReleaseRow.released_at))
        .where(ReleaseRow.dataset_id.in_(datasets))
        .group_by(ReleaseRow.dataset_id)
    )
    taken_down = session.execute(
        select(ReleaseRow.dataset_id, func.max(TakedownRow.said_at))
        .join(TakedownRow, TakedownRow.release_id == ReleaseRow.id)
        .where(ReleaseRow.dataset_id.in_(datasets))
        .group_by(ReleaseRow.dataset_id)
    )
    found: dict[str, datetime] = {}
    for dataset, at in (*released, *taken_down):
        found[dataset] = max(at, found.get(dataset, at))
    return found


def _round(given: Consent) -> tuple[int, int]:
    return given.base_release, given.suspended
