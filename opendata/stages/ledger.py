"""Ledger: an agency's own file of requests, read and judged like any other, and taken in whole.

The file is not kept. Everything a valid one says becomes facts, so that nothing is lost with it;
an invalid one may hold what the platform must not have, and is gone with the answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.findings import Judgement
from opendata.domain.people import Actor, check_own_agency, check_scope
from opendata.domain.privacy import Flag
from opendata.domain.requests import InvalidLedger
from opendata.domain.requests.ledger_rows import Read, read_row, undated
from opendata.stages import catalogue, receive, requests
from opendata.stages.requests import SCOPE, Taken
from opendata.storage.home import Home
from opendata.storage.vault import Vault, scratch_folder
from opendata.tabular.context import Context
from opendata.tabular.judge import Means, judge
from opendata.tabular.ledgers import request_ledger
from opendata.tabular.privacy import PrivacyScan
from opendata.tabular.readers import Declared, OpenTable, open_table
from opendata.tabular.typed import typed_table

# More than most agencies have in a year; all of a file is one transaction, of some seconds.
MOST_BYTES, MOST_ROWS = 2 * 1024 * 1024, 5_000
MOST_FAULTS = 1_000
ROLLING = "rolling"


class InvalidLedgerFile(Unprocessable):
    """The file does not fit the ledger's contract; the problem holds the report."""

    code = "invalid-ledger-file"
    title = Text("台账文件不合格", "The ledger's file is not valid")


class PersonsInLedger(Unprocessable):
    """The file holds personal data of natural persons, which a ledger has no column for."""

    code = "persons-in-ledger"
    title = Text("台账中有个人信息", "There is personal data in the ledger")


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """A file that an agency sends: whose it is said to be, what is said of it, its bytes."""

    agency: str
    upload: receive.Upload
    sent: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: its digest and rows, and what of them was new."""

    sha256: str
    rows: int
    taken: Taken


def take_in(home: Home, actor: Actor, file: LedgerFile, now: datetime) -> Imported:
    """Judge a file and record all of it, or nothing; it is gone afterwards.

    Raises:
        WrongAgency, WrongCollection, NoSuchAgency: see there.
        TooLarge, TruncatedUpload, DigestMismatch, InvalidDigest, EmptyUpload: see there.
        Unreadable: the file is no table that can be read without guessing.
        InvalidLedgerFile, PersonsInLedger, InvalidLedger: see there.
    """
    check_scope(actor, file.agency, SCOPE)
    check_own_agency(actor, file.agency)
    with home.database.read() as session:
        name = catalogue.agency(session, file.agency).name.zh
    with scratch_folder(home.scratch) as folder:
        passing = Vault(folder / "passing")
        blob = receive.store(passing, file.sent, file.upload, MOST_BYTES)
        read = _read(passing.path(blob.sha256), folder, file.upload, name)
    try:
        entries = [each.entry for each in read]
        taken = requests.record_ledger(home, actor, file.agency, entries, now)
    except InvalidLedger as refusal:
        raise InvalidLedger(*refusal.detail, tuple(_located(refusal, read))) from refusal
    return Imported(blob.sha256, len(read), taken)


def _read(path: Path, folder: Path, upload: receive.Upload, agency: str) -> list[Read]:
    contract = request_ledger()
    declared = Declared(upload.media_type, upload.filename)
    table = open_table(path, contract, folder / "table.csv", declared)
    scan = PrivacyScan(table, contract)
    context = Context(frozenset({agency}), ROLLING)
    judgement = judge(table.shown_to(scan.see), contract, context, Means(folder=folder))
    _check_valid(judgement)
    _check_nobody_named(scan.flags(upload.filename))
    return _rows(open_table(path, contract, folder / "table.csv", declared))


def _rows(table: OpenTable) -> list[Read]:
    """Return every row of a valid table; raises ``InvalidLedger`` if a value would be lost."""
    typed = typed_table(table, request_ledger()).to_pylist()
    placed = [(each, f"/line/{table.lines.line_of(each['_row'] + 1)}") for each in typed]
    faults = [fault for row, place in placed for fault in undated(row, place)]
    if faults:
        raise InvalidLedger(
            f"台账有 {len(faults)} 处填写不全，全部未予记录；详见 errors。",
            f"The ledger lacks {len(faults)} days, and nothing of it is recorded; see errors.",
            tuple(faults[:MOST_FAULTS]),
        )
    return [read_row(row, place) for row, place in placed]


def _check_valid(judgement: Judgement) -> None:
    count = judgement.counts["rows"]
    if judgement.valid and count <= MOST_ROWS:
        return
    if judgement.valid:
        raise InvalidLedgerFile(
            f"台账有 {count} 行，一次至多 {MOST_ROWS} 行；请分批导入。",
            f"The ledger has {count} rows, {MOST_ROWS} at most are taken at once; split it.",
        )
    errors = list(_first(judgement.errors))
    refusal = InvalidLedgerFile(
        f"台账有 {len(judgement.errors)} 处错误，全部未予记录；详见 report。",
        f"The ledger has {len(judgement.errors)} errors, and nothing of it is recorded; see "
        "report.",
        tuple(_fault(each) for each in errors),
    )
    task, *others = judgement.outline["tasks"]
    complete = len(errors) == len(judgement.errors)
    report = {**judgement.outline, "tasks": [{**task, "errors": errors}, *others]}
    refusal.members = {"report": report | {"complete": complete}}
    raise refusal


def _first(errors: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for number, each in enumerate(errors):
        if number == MOST_FAULTS:
            return
        yield each


def _fault(error: Mapping[str, Any]) -> Fault:
    """Return an error of the report as a part of a problem."""
    parts = [f"/line/{error['source_line']}"] if error.get("source_line") else []
    if error.get("fieldName"):
        parts.append(f"/{error['fieldName']}")
    return Fault("".join(parts), Text(**error["messages"]), error["type"])


def _check_nobody_named(flags: Iterable[Flag]) -> None:
    """Refuse identifiers of natural persons, wherever in the file; none is quoted."""
    found = [each for each in flags if each.strong]
    if not found:
        return
    zh, en = [], []
    for each in found:
        where = f"“{each.field}”列" if each.field else each.where.label.zh
        zh.append(f"{where}有{each.kind.label.zh}（第 {'、'.join(map(str, each.lines))} 行）")
        place = f"column {each.field}" if each.field else each.where.label.en
        en.append(f"{each.kind.label.en} in {place} (lines {', '.join(map(str, each.lines))})")
    faults = tuple(
        Fault(f"/line/{line}/{each.field or ''}", Text(told, said), str(each.kind))
        for each, told, said in zip(found, zh, en, strict=True)
        for line in each.lines or (1,)
    )
    raise PersonsInLedger(
        f"台账不得含申请人的个人信息：{'；'.join(zh)}。文件没有保存，请删去后重新导入。",
        f"A ledger holds no personal data of applicants: {'; '.join(en)}. The file was not kept; "
        "take it out and import it again.",
        faults,
    )


def _located(refusal: InvalidLedger, read: Iterable[Read]) -> Iterator[Fault]:
    """Yield the faults with the columns of the file in the places of the events."""
    by_place = {each.entry.pointer: each for each in read}
    for fault in refusal.faults[:MOST_FAULTS]:
        place = "/".join(fault.pointer.split("/")[:3])
        known = by_place.get(place)
        yield fault if known is None else known.located(fault)
