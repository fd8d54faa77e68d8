"""Submitting a report: its figures go the way of every file, validated, reviewed, approved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.annual.model import AnnualReport, Severity
from opendata.domain.catalogue import Dataset
from opendata.domain.errors import Conflict, Fault, Text, Unprocessable
from opendata.domain.people import Actor
from opendata.stages import catalogue, receive, validate
from opendata.stages.annual_report.model import COLLECTION, Means
from opendata.stages.annual_report.table import MEDIA_TYPE, table_of
from opendata.stages.published import PublishedRecords
from opendata.stages.standing import Standing as Submitted
from opendata.storage import pointers
from opendata.storage.tables import DatasetRow
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


@dataclass(frozen=True, slots=True)
class Sending:
    """How a report is submitted: what is said of the release, and the idempotency key."""

    remarks: receive.Remarks
    idempotency_key: str | None = None


def submit(means: Means, actor: Actor, report: AnnualReport, sending: Sending) -> Submitted:
    """Submit the report's figures to the agency's dataset of that year.

    The same facts give the same bytes; what the judge would refuse is refused before.

    Raises:
        NotRegisteredForYear, UnfitReport: see there.
        WrongAgency, WrongCollection, NotForPublication, NothingToCorrect: see there.
        IdempotencyMismatch, StillInFlight: see there.
    """
    home, now = means.home, means.now
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
        remarks=sending.remarks,
    )
    _check_fits(means, report, dataset, table)
    with home.database.begin() as session:
        receive.begin(session, actor, upload, now)
    return _taken(means, actor, upload, table)


def _taken(means: Means, actor: Actor, upload: receive.Upload, table: bytes) -> Submitted:
    home = means.home
    try:
        blob = receive.store(home.vault, [table], upload, len(table))
        with home.database.begin() as session:
            return receive.record(session, actor, upload, blob, means.now)[0]
    except Exception:
        with home.database.begin() as session:
            receive.abandon(session, actor, upload)
        raise


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
