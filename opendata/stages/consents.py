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
from opendata.stages.holidays import announced
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
    author_id: UUID
    received_at: datetime
    reported_at: datetime
    round: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Version:
    """The agencies that one version of a dataset's metadata names, while it was the newest.

    ``ended_by`` is who recorded the version after it.
    """

    agencies: tuple[str, ...]
    since: datetime
    until: datetime | None
    ended_by: UUID | None
    recorded_by: UUID


def coordinations(session: Session, submissions: Sequence[UnderReview]) -> dict[UUID, Coordination]:
    """Return how other agencies were asked about submissions; only of those that name any.

    An agency is asked if it was named at any time since the submission was received, or if the
    submission's own author struck it out before: only another person's striking it out spares a
    submission its consent. Every round asks anew, as the decisions do.
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
            dict(_named(versions[each.dataset], each)),
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
        due = nth_working_day(local_day(asked_at), ANSWER_WORKING_DAYS, announced())
        asked.append(Consultation(agency, asked_at, due, last.get(agency)))
    return Coordination(tuple(asked), frozenset(each.person_id for each in answers))


def _named(versions: Sequence[_Version], submission: UnderReview) -> Iterator[tuple[str, datetime]]:
    """Yield each agency that is asked about a submission, with the instant it was first named."""
    for agency in dict.fromkeys(each for version in versions for each in version.agencies):
        naming = [each for each in versions if agency in each.agencies]
        counting = [
            each for each in naming if each.until is None or each.until > submission.received_at
        ]
        if not counting and naming[-1].ended_by == submission.author_id:
            counting = naming
        if counting:
            yield agency, counting[0].since


def _versions(session: Session, datasets: Collection[str]) -> dict[str, list[_Version]]:
    """Return the versions of datasets' metadata, oldest first; of those that ever named anybody."""
    rows = session.scalars(
        select(MetadataRow)
        .where(MetadataRow.dataset_id.in_(datasets))
        .order_by(MetadataRow.dataset_id, MetadataRow.version.desc())
    )
    found: defaultdict[str, list[_Version]] = defaultdict(list)
    for row in rows:
        newer = found[row.dataset_id][0] if found[row.dataset_id] else None
        version = _Version(
            agencies=tuple(row.body.get("coordinates_with", ())),
            since=row.recorded_at,
            until=newer.since if newer else None,
            ended_by=newer.recorded_by if newer else None,
            recorded_by=row.recorded_by,
        )
        found[row.dataset_id].insert(0, version)
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
