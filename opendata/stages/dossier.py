"""Dossier: everything that whoever decides on a submission should have seen, in one place."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.approvals import Decision
from opendata.domain.deadlines import Deadline, deadline
from opendata.domain.diffs import Summary
from opendata.domain.people import Actor
from opendata.stages import catalogue, coordinate, diff
from opendata.stages.standing import Standing, standing
from opendata.storage.home import Home


@dataclass(frozen=True, slots=True)
class Dossier:
    """A submission, what it would change, by when it is due, and what was said in which round.

    ``summary`` is ``None`` while or where it is not known what would change.
    """

    found: Standing
    summary: Summary | None
    deadline: Deadline

    @property
    def now(self) -> tuple[Decision, ...]:
        """What was said in the round that counts."""
        return self.found.round

    @property
    def earlier(self) -> tuple[Decision, ...]:
        """What was said in rounds before."""
        return tuple(each for each in self.found.decisions if each not in self.found.round)


def dossier(
    session: Session, home: Home, contracts: catalogue.Contracts, actor: Actor, submission_id: UUID
) -> Dossier:
    """Return the dossier of a submission, as far as the actor is shown it; see ``coordinate``."""
    found = coordinate.visible(session, actor, submission_id)
    contract = catalogue.contract_of(contracts, found.submission.collection)
    period = catalogue.dataset(session, found.submission.dataset).period
    # What the approver withholds decides what would change, whoever looks.
    whole = standing(session, submission_id)
    summary = diff.summary_of_submission(session, home, contracts, whole)
    return Dossier(found, summary, deadline(contract.deadline_rule, period))
