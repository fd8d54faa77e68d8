"""Amend: what is said of a dataset is corrected, but not behind the back of those who signed."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import State
from opendata.domain.catalogue import Dataset, Metadata
from opendata.domain.errors import Conflict
from opendata.domain.people import Actor, Role
from opendata.stages import catalogue
from opendata.stages.standing import standings
from opendata.storage.tables import (
    DecisionRow,
    PublicationFailureRow,
    ReleaseRow,
    SubmissionRow,
)


class MetadataFrozen(Conflict):
    """What a release will say of its dataset is not changed between approval and publication."""

    code = "metadata-frozen"


def amend(
    session: Session,
    actor: Actor,
    dataset_id: str,
    revise: Callable[[Metadata], Metadata],
    now: datetime,
) -> Dataset:
    """Record a new version of what people read about a dataset; see ``catalogue.amend``.

    Raises:
        MetadataFrozen: a submission is approved and not yet published, and what its release is
            to say would change. The disclosure attribute may still stop the publication.
    """

    def revised(known: Metadata) -> Metadata:
        wanted = revise(known)
        if _signed_words(wanted) != _signed_words(known):
            _check_none_approved(session, dataset_id)
        return wanted

    return catalogue.amend(session, actor, dataset_id, revised, now)


def _signed_words(metadata: Metadata) -> tuple[object, ...]:
    """Return what goes into the files of a release."""
    return metadata.title, metadata.description, metadata.sources, metadata.transcribes


def _check_none_approved(session: Session, dataset_id: str) -> None:
    """Raise if an approved submission waits; the dataset is locked, so that none comes to it."""
    approvals = session.scalars(
        select(DecisionRow.submission_id)
        .join(SubmissionRow, SubmissionRow.id == DecisionRow.submission_id)
        .where(SubmissionRow.dataset_id == dataset_id, DecisionRow.role == Role.APPROVER)
        .where(DecisionRow.submission_id.not_in(select(ReleaseRow.submission_id)))
        .where(DecisionRow.submission_id.not_in(select(PublicationFailureRow.submission_id)))
    )
    waiting = standings(session, list(set(approvals)))
    if any(each.state is State.APPROVED for each in waiting):
        raise MetadataFrozen(
            "有一份报送已批准、尚未发布，此时不能改变发布版本将载明的说明；请在发布之后更正，"
            "或先取消该报送。",
            "A submission is approved and not yet published: what its release will say does not "
            "change now. Correct it after the publication, or cancel the submission first.",
        )
