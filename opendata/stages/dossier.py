"""Dossier: everything that whoever decides on a submission should have seen, in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import Decision
from opendata.domain.catalogue import Dataset
from opendata.domain.compliance.terms import runs_from_the_end
from opendata.domain.contracts import DeadlineChoice
from opendata.domain.deadlines import Deadline, choices_of, deadlines
from opendata.domain.diffs import Summary
from opendata.domain.people import Actor
from opendata.stages import catalogue, coordinate, diff
from opendata.stages.rules import Rules
from opendata.stages.standing import Standing, standing
from opendata.storage.home import Home
from opendata.storage.tables import OccasionRow


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
        (
            diff.triggers_of_submission(session, home, by.contracts, whole),
            _begun(session, dataset, choices_of(contract)),
        ),
    )
    return Dossier(found, summary, due)


def _begun(
    session: Session, dataset: Dataset, choices: Sequence[DeadlineChoice]
) -> list[list[date]]:
    """Return on which days the terms of a dataset's period began, of rules that no record tells of.

    They are what its agency recorded of its obligations by these rules.
    """
    begun = select(OccasionRow.rule, OccasionRow.trigger_date).distinct()
    of_it = begun.filter_by(agency_id=dataset.agency.id, occasion=dataset.period)
    days = session.execute(of_it.order_by(OccasionRow.trigger_date)).all()
    # By a general rule, which runs from a period's end, other obligations are owed as well.
    asked = [
        None if each.trigger_field or runs_from_the_end(each.rule) else each for each in choices
    ]
    return [[day for rule, day in days if each and rule == each.rule] for each in asked]
