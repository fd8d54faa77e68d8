"""Validate: the judge's verdict on what was received, found outside and recorded inside."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.approvals import State
from opendata.domain.catalogue import Dataset
from opendata.domain.contracts import Contract, Mode
from opendata.domain.errors import Text
from opendata.domain.findings import Judgement
from opendata.domain.privacy import Flag, Where
from opendata.stages import catalogue
from opendata.stages.lineage import merge_base
from opendata.stages.published import PublishedRecords
from opendata.stages.standing import Submission, standing
from opendata.storage import audit, pointers
from opendata.storage.home import Home
from opendata.storage.tables import CancellationRow, ReportRow, SubmissionRow
from opendata.storage.vault import scratch_folder
from opendata.tabular.context import Context
from opendata.tabular.judge import Means, judge, report_chunks
from opendata.tabular.privacy import PrivacyScan, kinds_in
from opendata.tabular.readers import Declared, OpenTable, Unreadable, open_table
from opendata.tabular.refused_report import refused_provenance, refused_report

log = logging.getLogger(__name__)
# A file that has stopped the worker this often is not tried again.
MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Examination:
    """What validation found about one submission, ready to be recorded."""

    verdict: State
    counts: Mapping[str, Any]
    cautions: Sequence[Mapping[str, Any]]
    provenance: Mapping[str, Any]
    problem: Mapping[str, Any] | None
    report_sha256: str | None
    contract: Contract
    # What the scan raised, ``None`` where no table could be scanned.
    flags: Sequence[Flag] | None = None


def pending(session: Session) -> list[UUID]:
    """Return the submissions that await their verdict, oldest first."""
    query = (
        select(SubmissionRow.id)
        .where(SubmissionRow.id.not_in(select(ReportRow.submission_id)))
        .where(SubmissionRow.id.not_in(select(CancellationRow.submission_id)))
        .order_by(SubmissionRow.received_at, SubmissionRow.id)
    )
    return list(session.scalars(query))


def examine(home: Home, contracts: catalogue.Contracts, submission_id: UUID) -> Examination:
    """Read and judge a submission; nothing is recorded yet."""
    with home.database.read() as session:
        found = standing(session, submission_id)
        found.check_kept()
        submission = found.submission
        dataset = catalogue.dataset(session, submission.dataset)
        snapshot = pointers.current(session, submission.collection)
        base = merge_base(session, dataset.id)
    contract = catalogue.contract_of(contracts, submission.collection)
    try:
        onto = base.snapshot if base else None
        releases = PublishedRecords(home, contracts, contract, snapshot, onto)
        with received(home, contract, submission) as (table, folder):
            scan = PrivacyScan(table, contract)
            context = context_of(home, contract, dataset, releases)
            judgement = judge(table.shown_to(scan.see), contract, context, Means(folder=folder))
            flags = (*scan.flags(submission.filename), *flags_of_notes(submission))
    except Unreadable as refusal:
        return _unreadable(home, contract, submission_id, refusal)
    return Examination(
        verdict=State.IN_REVIEW if judgement.valid else State.INVALID,
        counts=judgement.counts,
        cautions=[each.as_dict() for each in judgement.cautions],
        provenance={**judgement.provenance, **_comparison(releases)},
        problem=None,
        report_sha256=_keep(home, report_chunks(judgement, _of(submission_id))),
        contract=contract,
        flags=flags,
    )


def verdict(
    home: Home,
    contract: Contract,
    dataset: Dataset,
    submission: Submission,
    releases: PublishedRecords,
) -> Judgement:
    """Judge what was received against the contract and against what is published now.

    Raises:
        Unreadable: the file is no table that can be read without guessing.
    """
    with received(home, contract, submission) as (table, folder):
        context = context_of(home, contract, dataset, releases)
        return judge(table, contract, context, Means(folder=folder))


def scanned(home: Home, contract: Contract, submission: Submission) -> tuple[Flag, ...]:
    """Return the flags of a file that was judged before there was a scan.

    Raises:
        Unreadable: the file is no table that can be read without guessing.
    """
    with received(home, contract, submission) as (table, _):
        scan = PrivacyScan(table, contract)
        with closing(table.blocks()) as blocks:
            for block in blocks:
                scan.see(block)
        return (*scan.flags(submission.filename), *flags_of_notes(submission))


def flags_of_notes(submission: Submission) -> tuple[Flag, ...]:
    """Return what the author's notes raise, which are published with the release."""
    found = kinds_in(submission.notes or "")
    return tuple(
        Flag(kind, "notes", 1, (), (), strong, Where.SUBMISSION_NOTES)
        for kind, strong in found.items()
    )


@contextmanager
def received(
    home: Home, contract: Contract, submission: Submission
) -> Iterator[tuple[OpenTable, Path]]:
    """Open what was received, in a scratch folder that is gone afterwards.

    Raises:
        Unreadable: the file is no table that can be read without guessing.
    """
    with scratch_folder(home.scratch) as folder:
        path = home.vault.path(submission.sha256)
        yield open_table(path, contract, folder / "table.csv", declared(submission)), folder


def declared(submission: Submission) -> Declared:
    """Return what the author said of the file that was sent in."""
    return Declared(submission.media_type, submission.filename)


def context_of(
    home: Home, contract: Contract, dataset: Dataset, releases: PublishedRecords
) -> Context:
    """Return what the checks may know of the registration and of other releases."""
    return Context(
        publishers=dataset.publishers,
        period=dataset.period,
        dataset=dataset.id,
        releases=releases,
        secret=key_secret(home, contract),
        merged_by=contract.primary_key if contract.mode is Mode.ADD else (),
    )


def key_secret(home: Home, contract: Contract) -> bytes | None:
    """Return what keys the records' identifiers where a key column is personal, else ``None``."""
    return home.secret if set(contract.primary_key) & set(contract.personal) else None


def record(session: Session, submission_id: UUID, found: Examination, now: datetime) -> bool:
    """Record the verdict; return whether it was still awaited."""
    session.get(SubmissionRow, submission_id, with_for_update=True)
    if session.get(ReportRow, submission_id) or session.get(CancellationRow, submission_id):
        return False
    session.add(
        ReportRow(
            submission_id=submission_id,
            verdict=found.verdict,
            contract=found.contract.name,
            contract_digest=found.contract.digest,
            table_sha256=found.provenance.get("sha256"),
            report_sha256=found.report_sha256,
            counts=dict(found.counts),
            cautions=list(found.cautions),
            provenance=dict(found.provenance),
            flags=None if found.flags is None else [each.as_dict() for each in found.flags],
            problem=None if found.problem is None else dict(found.problem),
            reported_at=now,
        )
    )
    session.flush()
    action = "submission-valid" if found.verdict is State.IN_REVIEW else "submission-invalid"
    audit.append(session, "system", action, str(submission_id), now)
    return True


class Reason(StrEnum):
    """Why a file was given up without a finding; the value is the problem's code."""

    FAILED = "processing-failed"
    MEMORY = "memory-limit"
    TIME = "time-limit"
    CRASHED = "crashed"

    @property
    def is_final(self) -> bool:
        """Whether the same file would meet the same end, so that it is not tried again."""
        return self in (Reason.MEMORY, Reason.TIME)


_GIVEN_UP: Mapping[Reason, Text] = {
    Reason.FAILED: Text(
        "处理此文件时系统多次出错；文件已保存，系统管理员会检查。",
        "Processing this file failed several times; it is kept, and an administrator looks at it.",
    ),
    Reason.MEMORY: Text(
        "处理此文件所需的内存超过上限；文件已保存。请按时段或单位拆分后重新报送，或联系系统管理员。",
        "Processing this file takes more memory than there may be; it is kept. Split it and send "
        "the parts, or ask the administrator.",
    ),
    Reason.TIME: Text(
        "处理此文件所需的时间超过上限；文件已保存。请按时段或单位拆分后重新报送，或联系系统管理员。",
        "Processing this file takes longer than it may; it is kept. Split it and send the parts, "
        "or ask the administrator.",
    ),
    Reason.CRASHED: Text(
        "读取此文件的程序几次异常中止；文件已保存。请用 Excel 或 WPS 另存后重新报送，"
        "或联系系统管理员。",
        "The program that reads this file ended abnormally several times; it is kept. Save it anew "
        "and send that, or ask the administrator.",
    ),
}


def given_up(contract: Contract, reason: Reason = Reason.FAILED) -> Examination:
    """Return the finding about a submission that cannot be processed, and why."""
    problem = {"code": str(reason), "detail": _GIVEN_UP[reason]._asdict()}
    return Examination(State.FAILED, {}, (), {}, problem, None, contract)


def _unreadable(
    home: Home, contract: Contract, submission_id: UUID, refusal: Unreadable
) -> Examination:
    report = {**refused_report(refusal), **_of(submission_id)}
    return Examination(
        verdict=State.INVALID,
        counts=report["counts"],
        cautions=(),
        provenance=refused_provenance(refusal),
        problem={"code": refusal.code, "detail": refusal.detail._asdict()},
        report_sha256=_keep(home, [json.dumps(report, ensure_ascii=False).encode()]),
        contract=contract,
    )


def _comparison(releases: PublishedRecords) -> dict[str, Any]:
    """Return which releases the file was compared with, if with any."""
    found = [{"dataset": each, "release": number} for each, number in releases.compared_with]
    return {"compared_with": found} if found else {}


def _of(submission_id: UUID) -> dict[str, str]:
    """Return what makes a kept report that of one submission: erasing it takes no other's."""
    return {"submission": str(submission_id)}


def _keep(home: Home, report: Iterable[bytes]) -> str:
    with home.vault.draft() as draft:
        for chunk in report:
            draft.write(chunk)
        return draft.keep().sha256
