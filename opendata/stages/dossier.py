"""Dossier: everything that whoever decides on a submission should have seen, in one place."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from opendata.domain.approvals import Decision
from opendata.domain.deadlines import Deadline, deadlines
from opendata.domain.diffs import Summary
from opendata.domain.people import Actor
from opendata.stages import catalogue, coordinate, diff
from opendata.stages.rules import Rules
from opendata.stages.standing import Standing, standing
from opendata.storage.home import Home


@dataclass(frozen=True, slots=True)
class By:
    """What a dossier is put together by: the contracts, the operator's rules, and the day."""

    contracts: catalogue.Contracts
    rules: Rules
    today: date


@dataclass(frozen=True, slots=True)
class Dossier:
    """A submission, what it would change, by when it is due, and what was said in which round.

    ``summary`` is ``None`` while or where it is not known what would change.
    """

    found: Standing
    summary: Summary | None
    deadlines: tuple[Deadline, ...]

    @property
    def now(self) -> tuple[Decision, ...]:
        """What was said in the round that counts."""
        return self.found.round

    @property
    def earlier(self) -> tuple[Decision, ...]:
        """What was said in rounds before."""
        return tuple(each for each in self.found.decisions if each not in self.found.round)


def dossier(session: Session, home: Home, by: By, actor: Actor, submission_id: UUID) -> Dossier:
    """Return the dossier of a submission, as far as the actor is shown it; see ``coordinate``."""
    found = coordinate.visible(session, actor, submission_id)
    contract = catalogue.contract_of(by.contracts, found.submission.collection)
    dataset = catalogue.dataset(session, found.submission.dataset)
    # What the approver withholds decides what would change, whoever looks.
    whole = standing(session, submission_id)
    summary = diff.summary_of_submission(session, home, by.contracts, whole)
    agency = dataset.agency
    due = deadlines(
        contract,
        dataset.period,
        by.today,
        lambda rule, day: by.rules.due(rule, day, agency.id, agency.region_code),
    )
    return Dossier(found, summary, due)
