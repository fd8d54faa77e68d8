"""Proposed: what a submission would change, for those who decide about it.

Compared are the rows that would be published, treated and merged as they would be, with the
newest release that nobody took down, its personal data treated as the contract wants it now;
ended windows are not regarded, so that the answer follows from the facts alone. A worker
compares once and keeps the outcome until nobody decides any more.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import orjson
import pyarrow.parquet as pq
from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata import __version__
from opendata.domain.approvals import State
from opendata.domain.contracts import Mode
from opendata.domain.deadlines import Trigger
from opendata.domain.diffs import Summary
from opendata.domain.errors import Conflict, Text
from opendata.stages import catalogue
from opendata.stages.diff.between import Diff
from opendata.stages.lineage import MergeBase, merge_base
from opendata.stages.publish.base import rows_of_base
from opendata.stages.publish.prepare import Candidate, records_to_be
from opendata.stages.standing import Standing, standing, standings
from opendata.stages.timeliness import triggers
from opendata.storage import pointers
from opendata.storage.home import Home
from opendata.storage.tables import CancellationRow, ReleaseRow, ReportRow
from opendata.storage.vault import scratch_folder
from opendata.tabular.diff import append_summary, compare, read_summary, summary_text

# While it is in one of these, somebody may still be looking at what it would change.
OPEN = frozenset({State.IN_REVIEW, State.REFERRED, State.APPROVED})
ROW_GROUP = 20_000
# Stands in the place of a summary where comparing failed again and again.
_GIVEN_UP = b"null"


class NoDiff(Conflict):
    """Nobody decides about the submission: it is not valid, or has ended, or could not be read."""

    code = "no-diff"


class DiffNotReady(Conflict):
    """A worker is still comparing it."""

    code = "diff-not-ready"
    title = Text("正在比较", "It is being compared")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A submission that somebody decides about, and the release it is compared with, if any."""

    candidate: Candidate
    base: MergeBase | None

    @property
    def tag(self) -> str:
        """A validator: another one wherever the outcome could be another."""
        candidate, base = self.candidate, self.base
        said = (
            __version__,
            candidate.standing.submission.id,
            candidate.standing.submission.sha256,
            candidate.contract.digest,
            candidate.withheld,
            candidate.number,
            (base.number, base.snapshot.id, base.declared) if base else None,
        )
        told = hashlib.sha256(repr(said).encode()).hexdigest()[:32]
        # By the first part an erasure finds what was compared of a submission.
        return f"{candidate.standing.submission.id}-{told}"


def proposal(session: Session, contracts: catalogue.Contracts, found: Standing) -> Proposal | None:
    """Return what a submission proposes, ``None`` unless somebody decides about it."""
    if found.state not in OPEN or found.erasure is not None:
        return None
    submission = found.submission
    contract = catalogue.contract_of(contracts, submission.collection)
    base = merge_base(session, submission.dataset)
    candidate = Candidate(
        standing=found,
        dataset=catalogue.dataset(session, submission.dataset),
        contract=contract,
        contracts=contracts,
        pointer=pointers.current(session, submission.collection),
        onto=base if contract.mode is Mode.ADD else None,
    )
    return Proposal(candidate, base)


def due(home: Home, contracts: catalogue.Contracts) -> list[UUID]:
    """Return the submissions that are still to be compared; forget what nobody decides about."""
    with home.database.read() as session:
        open_ones = list(_proposals(session, contracts))
    home.derived.diffs.keep_only({each.tag for each in open_ones})
    return [
        each.candidate.standing.submission.id
        for each in open_ones
        if home.derived.diffs.summary(each.tag) is None
    ]


def prepare(home: Home, contracts: catalogue.Contracts, submission_id: UUID) -> bool:
    """Compare a submission and keep the outcome; return whether there was anything to compare."""
    wanted = _found(home, contracts, submission_id)
    if wanted is None:
        return False
    contract = wanted.candidate.contract.published
    with scratch_folder(home.scratch) as folder:
        before, after, into = (folder / each for each in ("before", "after", "changes"))
        pq.write_table(records_to_be(home, wanted.candidate), after, row_group_size=ROW_GROUP)
        known = before if _write_base(home, wanted, before) else None
        summary = compare(known, after, contract, into)
        append_summary(into, summary)
        days = [
            [(each.day, each.records) for each in of_rule]
            for of_rule in triggers(after, known, contract)
        ]
        home.derived.diffs.keep_triggers(wanted.tag, orjson.dumps(days))
        home.derived.diffs.keep(wanted.tag, summary_text(summary), into)
    return True


def give_up(home: Home, contracts: catalogue.Contracts, submission_id: UUID) -> None:
    """Remember that a submission cannot be compared, as long as the facts stay as they are."""
    wanted = _found(home, contracts, submission_id)
    if wanted is not None:
        home.derived.diffs.keep(wanted.tag, _GIVEN_UP, None)


def kept(home: Home, wanted: Proposal) -> Diff:
    """Return what a submission would change.

    Raises:
        NoDiff: it could not be compared.
        DiffNotReady: no worker has compared it so far.
    """
    text = home.derived.diffs.summary(wanted.tag)
    if text == _GIVEN_UP:
        raise no_diff()
    # Between two looks it may have been forgotten, as facts went on.
    with suppress(FileNotFoundError):
        if text is not None:
            return Diff(read_summary(text), home.derived.diffs.lines(wanted.tag))
    raise DiffNotReady(
        "正在与当前版本比较，请稍后再取。",
        "It is being compared with the current release; ask again in a while.",
    )


def no_diff() -> NoDiff:
    """Return the refusal that says so."""
    return NoDiff(
        "只有等待意见或等待发布的报送有变动可看；已发布的，请比较发布版本。",
        "Only what awaits a word or its publication has a diff; of what is published, compare "
        "the releases.",
    )


def summary_of_submission(
    session: Session, home: Home, contracts: catalogue.Contracts, found: Standing
) -> Summary | None:
    """Return how much a submission would change, ``None`` while or where that is not known."""
    wanted = proposal(session, contracts, found)
    if wanted is None:
        return None
    with suppress(NoDiff, DiffNotReady):
        return kept(home, wanted).summary
    return None


def triggers_of_submission(
    session: Session, home: Home, contracts: catalogue.Contracts, found: Standing
) -> list[list[Trigger]] | None:
    """Return from which days the terms of the records run that a submission would add.

    For each rule of its contract; ``None`` while or where it is not known what would change.
    """
    wanted = proposal(session, contracts, found)
    text = None if wanted is None else home.derived.diffs.triggers(wanted.tag)
    if text is None:
        return None
    return [
        [Trigger(None if day is None else date.fromisoformat(day), count) for day, count in rule]
        for rule in orjson.loads(text)
    ]


def _found(home: Home, contracts: catalogue.Contracts, submission_id: UUID) -> Proposal | None:
    with home.database.read() as session:
        return proposal(session, contracts, standing(session, submission_id))


def _proposals(session: Session, contracts: catalogue.Contracts) -> Iterator[Proposal]:
    query = (
        select(ReportRow.submission_id)
        .where(ReportRow.verdict == State.IN_REVIEW)
        .where(ReportRow.submission_id.not_in(select(ReleaseRow.submission_id)))
        .where(ReportRow.submission_id.not_in(select(CancellationRow.submission_id)))
        .order_by(ReportRow.reported_at)
    )
    for each in standings(session, list(session.scalars(query))):
        found = proposal(session, contracts, each)
        if found is not None:
            yield found


def _write_base(home: Home, wanted: Proposal, path: Path) -> bool:
    """Write the records of the release it is compared with, if any, as they may be shown now."""
    candidate, base = wanted.candidate, wanted.base
    if base is None:
        return False
    rows = rows_of_base(home, candidate.contract, candidate.dataset.id, base)
    pq.write_table(rows, path, row_group_size=ROW_GROUP)
    return True
