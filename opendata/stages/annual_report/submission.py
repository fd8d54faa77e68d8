"""Submitting a report: its figures go the way of every file, validated, reviewed, approved."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.annual.model import AnnualReport, Severity
from opendata.domain.annual.templates import template_of
from opendata.domain.catalogue import Dataset
from opendata.domain.errors import Conflict, Fault, Text, Unprocessable
from opendata.domain.people import Actor, check_scope
from opendata.stages import catalogue, receive, validate
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.reading import opened
from opendata.stages.annual_report.table import MEDIA_TYPE, table_of
from opendata.stages.annual_words import COLLECTION
from opendata.stages.annual_words.facts import Named
from opendata.stages.annual_words.submitted import bind, digest_of_said
from opendata.stages.published import PublishedRecords
from opendata.stages.standing import Standing as Submitted
from opendata.storage import pointers
from opendata.storage.tables import DatasetRow
from opendata.storage.turns import take_turn
from opendata.storage.vault import scratch_folder
from opendata.tabular.judge import Means as Ways
from opendata.tabular.judge import judge
from opendata.tabular.readers import Declared, open_table

MOST_FAULTS = 100


class NotRegisteredForYear(Conflict):
    """The agency has no dataset of disclosure statistics for the year; the problem says how."""

    code = "statistics-not-registered"
    title = Text("该年度的数据集尚未登记", "No dataset is registered for the year")


class UnfitReport(Unprocessable):
    """The report is not complete, or breaks what the judge would refuse it for."""

    code = "annual-report-unfit"
    title = Text("年度报告尚不能报送", "The annual report cannot be submitted yet")


class ReportChanged(Conflict):
    """Something was declared or written while the report was being submitted."""

    code = "annual-report-changed"
    title = Text("年度报告刚有改动", "The annual report has just changed")


@dataclass(frozen=True, slots=True)
class _Sent:
    """What is sent in: the table, and the digest of what was said when it was compiled."""

    named: Named
    said: str
    table: bytes


@dataclass(frozen=True, slots=True)
class Sending:
    """How a report is submitted: what is said of the release, and the idempotency key."""

    remarks: receive.Remarks
    idempotency_key: str | None = None


def submit(means: Means, actor: Actor, named: Named, sending: Sending) -> Submitted:
    """Submit the report's figures to the agency's dataset of that year, with what was said of them.

    The same facts give the same bytes; what the judge would refuse is refused before.

    Raises:
        NotRegisteredForYear, UnfitReport, ReportChanged: see there.
        NoSuchReport, NoSuchAgency: see there.
        WrongAgency, WrongCollection, NotForPublication, NothingToCorrect: see there.
        IdempotencyMismatch, StillInFlight: see there.
    """
    home = means.home
    check_scope(actor, named.agency, COLLECTION)
    template_of(named.year)
    with home.database.read() as session:
        said = digest_of_said(session, named)
    report = opened(means, actor, named)
    with home.database.read() as session:
        dataset = _dataset(session, report)
        receive.check_may_submit(session, actor, dataset.id)
    table = table_of(means.contract, report)
    upload = receive.Upload(
        dataset=dataset.id,
        media_type=MEDIA_TYPE,
        filename=f"annual-report-{report.agency.id}-{report.year}.csv",
        length=len(table),
        digest=None,
        idempotency_key=sending.idempotency_key,
        remarks=_with_words(sending.remarks, named),
    )
    _check_fits(means, report, dataset, table)
    with home.database.begin() as session:
        receive.begin(session, actor, upload, means.now)
    return _taken(means, actor, upload, _Sent(named, said, table))


def _taken(means: Means, actor: Actor, upload: receive.Upload, sent: _Sent) -> Submitted:
    home, table = means.home, sent.table
    try:
        blob = receive.store(home.vault, [table], upload, len(table))
        with home.database.begin() as session:
            # Nobody says anything of the report between this look and the record.
            take_turn(session, sent.named.turn)
            if digest_of_said(session, sent.named) != sent.said:
                raise _changed()
            found, is_new = receive.record(session, actor, upload, blob, means.now)
            if is_new:
                bind(session, actor, found.submission.id, sent.said, means.now)
            return found
    except Exception:
        with home.database.begin() as session:
            receive.abandon(session, actor, upload)
        raise


def _changed() -> ReportChanged:
    return ReportChanged(
        "报送时有人正在申报数字或撰写文字，没有报送；请核对后重新报送。",
        "Something was declared or written meanwhile, and nothing is submitted; look, and submit "
        "again.",
    )


def _with_words(remarks: receive.Remarks, named: Named) -> receive.Remarks:
    """Return the remarks with where those who review read the words: they are in no file."""
    report = f"/api/v1/annual-reports/{named.agency}/{named.year}"
    words = f"报告的文字和说明一并送审 With the words and explanations of {report}"
    return replace(remarks, notes=f"{remarks.notes}\n{words}" if remarks.notes else words)


def _dataset(session: Session, report: AnnualReport) -> Dataset:
    named = select(DatasetRow.id).filter_by(
        agency_id=report.agency.id, collection=COLLECTION, period=str(report.year)
    )
    found = session.scalar(named)
    if found is None:
        body = (
            f'{{"collection": "{COLLECTION}", "agency": "{report.agency.id}", '
            f'"period": "{report.year}", …}}'
        )
        raise NotRegisteredForYear(
            f"{report.agency.name.zh}尚未登记 {report.year} 年度的政府信息公开统计。"
            f"请先登记：POST /api/v1/datasets {body}",
            f"{report.agency.name.en} has no disclosure statistics registered for {report.year}. "
            f"Register them first: POST /api/v1/datasets {body}",
        )
    return catalogue.dataset(session, found)


def _check_fits(means: Means, report: AnnualReport, dataset: Dataset, table: bytes) -> None:
    faults = list(_faults(report)) or list(_judged(means, dataset, table))
    if not faults:
        return
    raise UnfitReport(
        f"年度报告有 {len(faults)} 处须先补正：{faults[0].detail.zh}",
        f"{len(faults)} things of the annual report are to be mended first: {faults[0].detail.en}",
        tuple(faults[:MOST_FAULTS]),
    )


def _faults(report: AnnualReport) -> Iterator[Fault]:
    for place in report.missing:
        name = report.template.row(place).name
        text = Text(
            f"表 {place.table}“{name}”（{place.row}）的 {place.column} 列没有数字，没有的申报 0。",
            f"Table {place.table}, row {place.row}, column {place.column} has no figure; declare "
            "0 where there was none.",
        )
        yield Fault(f"/cells/{place.table}/{place.row}/{place.column}", text, "missing-figure")
    for breach in report.breaches:
        if breach.severity is Severity.ERROR and not breach.explained:
            places = breach.cells[:1]
            pointer = "".join(f"/cells/{'/'.join(each)}" for each in places)
            yield Fault(pointer, breach.message, breach.rule)


def _judged(means: Means, dataset: Dataset, table: bytes) -> Iterator[Fault]:
    """Yield what the judge finds in the file as it would be sent in."""
    home, contract = means.home, means.contract
    with home.database.read() as session:
        snapshot = pointers.current(session, COLLECTION)
    releases = PublishedRecords(home, means.contracts, contract, snapshot, None)
    context = validate.context_of(home, contract, dataset, releases)
    with scratch_folder(home.scratch) as folder:
        path = folder / "report.csv"
        path.write_bytes(table)
        opened = open_table(path, contract, folder / "table.csv", Declared(MEDIA_TYPE, path.name))
        errors: list[dict[str, Any]] = list(
            judge(opened, contract, context, Ways(folder=folder)).errors
        )
    for error in errors:
        where = f"/line/{error['source_line']}" if error.get("source_line") else ""
        yield Fault(where, Text(**error["messages"]), error["type"])
