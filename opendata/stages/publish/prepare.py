"""Prepare: what is to be published, and the rows of the release."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import State, Withheld, embargo_of, withheld_of
from opendata.domain.catalogue import Dataset
from opendata.domain.cautions import CautionKind, KnownIssue
from opendata.domain.contracts import Contract, Mode
from opendata.domain.errors import Conflict
from opendata.domain.findings import Caution, Judgement
from opendata.domain.people import Role
from opendata.domain.privacy import Where, is_marked
from opendata.stages import catalogue, validate
from opendata.stages.issues import publishable
from opendata.stages.lineage import MergeBase, merge_base
from opendata.stages.publish.base import rows_of_base
from opendata.stages.published import PublishedRecords
from opendata.stages.standing import Standing, standing, standings
from opendata.storage import pointers
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot
from opendata.storage.tables import DecisionRow, PublicationFailureRow, ReleaseRow
from opendata.storage.vault import scratch_folder
from opendata.tabular.privacy import columns_with_identifiers
from opendata.tabular.public_report import public_report
from opendata.tabular.readers import Unreadable, open_table
from opendata.tabular.records import record_schema
from opendata.tabular.treatments import dataset_secret
from opendata.tabular.typed import Secrets, typed_table

# Cautions that depend on what else is published, and may come up at any time.
_OF_OTHER_RELEASES = frozenset({"bound-elsewhere", "continuity-broken"})


class NotPublishable(Conflict):
    """What was approved no longer passes against what is published now."""

    code = "not-publishable"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An approved submission and the state of the collection it is to be published on.

    ``onto`` is the release it is merged onto, in mode ``add``; ``contracts`` are those of all
    collections, as rules may compare with another one. ``since`` are cautions that what was
    published after its validation gives rise to.
    """

    standing: Standing
    dataset: Dataset
    contract: Contract
    contracts: catalogue.Contracts
    pointer: Snapshot | None
    onto: MergeBase | None
    since: tuple[Caution, ...] = ()

    @property
    def number(self) -> int:
        """The number the release will have."""
        return self.standing.course.base_release + 1

    @property
    def withheld(self) -> Withheld:
        """What the approver keeps back."""
        return withheld_of(self.standing.round)

    @property
    def known_issues(self) -> tuple[KnownIssue, ...]:
        """The cautions and their answers, but for those about what is not published as it was.

        Those that came up since validation stand without an answer.
        """
        issues = self.standing.cautions.issues
        since = (KnownIssue(each, None) for each in self.since)
        return publishable((*issues, *since), self.contract.personal, self.withheld)


def pending(session: Session, now: datetime) -> list[UUID]:
    """Return the submissions that are approved and not yet published, first approved first.

    Those that are to be public from a later moment on are not among them.
    """
    approvals = session.scalars(
        select(DecisionRow.submission_id)
        .where(DecisionRow.role == Role.APPROVER)
        .where(DecisionRow.submission_id.not_in(select(ReleaseRow.submission_id)))
        .where(DecisionRow.submission_id.not_in(select(PublicationFailureRow.submission_id)))
        .order_by(DecisionRow.decided_at, DecisionRow.id)
    )
    ids = list(dict.fromkeys(approvals))
    by_id = {each.submission.id: each for each in standings(session, ids)}
    approved = [each for each in ids if _is_due(by_id[each], now)]
    # Publication waits while the dataset is not 主动公开, whoever approved it before.
    datasets = {by_id[each].submission.dataset for each in approved}
    open_to = {each: catalogue.dataset(session, each).is_proactive for each in datasets}
    return [each for each in approved if open_to[by_id[each].submission.dataset]]


def gather(
    home: Home, contracts: catalogue.Contracts, submission_id: UUID, now: datetime
) -> Candidate | None:
    """Return the candidate, or ``None`` if it may not be published as the facts are now."""
    with home.database.read() as session:
        found = standing(session, submission_id)
        dataset = catalogue.dataset(session, found.submission.dataset)
        if not _is_due(found, now) or not dataset.is_proactive:
            return None
        found.check_kept()
        contract = catalogue.contract_of(contracts, found.submission.collection)
        onto = merge_base(session, dataset.id) if contract.mode is Mode.ADD else None
        pointer = pointers.current(session, contract.collection)
    return Candidate(found, dataset, contract, contracts, pointer, onto)


def judged_again(home: Home, candidate: Candidate) -> Candidate:
    """Judge the file against what is published now; return the candidate with what that adds.

    Raises:
        NotPublishable: the verdict is no longer that it is valid.
    """
    judged = _verdict_now(home, candidate)
    known = {CautionKind.of(each) for each in candidate.standing.cautions.found}
    since = (each for each in judged.cautions if each.code in _OF_OTHER_RELEASES)
    return replace(candidate, since=tuple(e for e in since if CautionKind.of(e) not in known))


def records_of(home: Home, candidate: Candidate) -> pa.Table:
    """Return the rows of the release, typed, in the published contract's columns.

    What is left of the file after withholding is looked at once more.

    Raises:
        NotPublishable: something would be published that must not be whatever was decided.
    """
    _check_words(home, candidate)
    sent = _rows_of_file(home, candidate)
    left = _without_withheld(sent, candidate.withheld)
    _check_no_identifiers(left, candidate.contract)
    return _released(home, candidate, left, sent.column("_id"))


def records_to_be(home: Home, candidate: Candidate) -> pa.Table:
    """Return what ``records_of`` does, of a file that was judged valid, without judging again."""
    sent = _rows_of_file(home, candidate)
    left = _without_withheld(sent, candidate.withheld)
    return _released(home, candidate, left, sent.column("_id"))


def _released(
    home: Home, candidate: Candidate, rows: pa.Table, sent: "pa.ChunkedArray[Any]"
) -> pa.Table:
    """Add what the release keeps of the one it is merged onto, in the published columns."""
    if candidate.onto is not None:
        # A record withheld now is gone, its version from an earlier release included.
        contract, dataset = candidate.contract, candidate.dataset.id
        base = rows_of_base(home, contract, dataset, candidate.onto)
        rows = _added_to(base, rows, sent)
    schema = record_schema(candidate.contract.published)
    count = rows.num_rows
    system = {
        "_dataset": pa.array([candidate.dataset.id] * count, pa.string()),
        "_release": pa.array([candidate.number] * count, schema.field("_release").type),
    }
    columns = [system[name] if name in system else rows.column(name) for name in schema.names]
    return pa.table(columns, schema=schema)


def public_report_of(home: Home, candidate: Candidate) -> dict[str, Any]:
    """Return what of the submission's Report is public: positions and rules, no cell values."""
    report = candidate.standing.report
    if report is None or report.report_sha256 is None:
        return {}
    return public_report(json.loads(home.vault.read(report.report_sha256)))


def window_ends(rows: pa.Table, contract: Contract) -> list[date]:
    """Return the last public days that occur in ``rows``, in order."""
    if contract.window_field is None:
        return []
    days = pc.unique(rows.column(contract.window_field)).to_pylist()
    return sorted(each for each in days if each is not None)


def _is_due(found: Standing, now: datetime) -> bool:
    """Whether a submission is approved, and the time has come that its approver named, if any."""
    if found.state is not State.APPROVED:
        return False
    embargo = embargo_of(found.round)
    return embargo is None or embargo <= now


def _verdict_now(home: Home, candidate: Candidate) -> Judgement:
    submission = candidate.standing.submission
    try:
        onto = candidate.onto.snapshot if candidate.onto else None
        releases = PublishedRecords(
            home, candidate.contracts, candidate.contract, candidate.pointer, onto
        )
        judged = validate.verdict(home, candidate.contract, candidate.dataset, submission, releases)
    except Unreadable as refusal:
        raise NotPublishable(refusal.detail.zh, refusal.detail.en) from refusal
    if not judged.valid:
        found = "、".join(judged.counts["by_type"])
        raise NotPublishable(
            f"按当前规范和已发布的数据再次校验未通过（{found}）；请重新报送。",
            f"Judged again against what is published now it is not valid ({found}).",
        )
    return judged


def _check_words(home: Home, candidate: Candidate) -> None:
    """Raise if the notes may not be published, or the file is marked and nobody has looked.

    What was validated before there was a scan, or before notes were scanned, has no flags.
    """
    found, submission = candidate.standing, candidate.standing.submission
    is_scanned = found.report is not None and found.report.flags is not None
    flags = (
        validate.flags_of_notes(submission)
        if is_scanned
        else validate.scanned(home, candidate.contract, submission)
    )
    if is_marked(flags) and found.clearance is None:
        raise NotPublishable(
            "文件或说明中有国家秘密标志，且未经主管部门放行；请重新报送。",
            "There is a classification marking that no supervisor has cleared; send it in anew.",
        )
    if any(each.is_barred and each.where is Where.SUBMISSION_NOTES for each in flags):
        raise NotPublishable(
            "报送的说明（notes）中有证件号码；请删去后重新报送。",
            "The notes hold the number of an identity document; send it in anew without.",
        )


def _check_no_identifiers(rows: pa.Table, contract: Contract) -> None:
    columns = columns_with_identifiers(rows, contract)
    if columns:
        raise NotPublishable(
            f"将要公开的内容中仍有证件号码（列：{'、'.join(columns)}）；请删去后重新报送。",
            "What would be published still holds numbers of identity documents (columns: "
            f"{', '.join(columns)}); send it in anew without.",
        )


def _rows_of_file(home: Home, candidate: Candidate) -> pa.Table:
    contract, submission = candidate.contract, candidate.standing.submission
    with scratch_folder(home.scratch) as folder:
        path = home.vault.path(submission.sha256)
        table = open_table(path, contract, folder / "table.csv", validate.declared(submission))
        own = dataset_secret(home.secret, candidate.dataset.id)
        return typed_table(table, contract, Secrets(home.secret, own))


def _without_withheld(rows: pa.Table, withheld: Withheld) -> pa.Table:
    """Take out what the approver withheld; its rows count from the header, which is row 1."""
    if withheld.rows:
        records = pa.array([row - 1 for row in withheld.rows], pa.int64())
        rows = rows.filter(pc.invert(pc.is_in(rows.column("_row"), records)))
    for name in withheld.columns:
        at = rows.schema.get_field_index(name)
        empty = pa.nulls(rows.num_rows, rows.schema.field(name).type)
        rows = rows.set_column(at, name, empty)
    return rows


def _added_to(base: pa.Table, new: pa.Table, spoken_of: "pa.ChunkedArray[Any]") -> pa.Table:
    """Merge by record: what was sent in decides on every record it speaks of."""
    kept = base.filter(pc.invert(pc.is_in(base.column("_id"), spoken_of)))
    merged = pa.concat_tables([kept.select(new.column_names), new], promote_options="permissive")
    at = merged.schema.get_field_index("_row")
    numbers = pa.array(range(1, merged.num_rows + 1), merged.schema.field("_row").type)
    return merged.set_column(at, "_row", numbers)
