"""Reports: the whole Report of a submission, for those who may see its cells."""

import json
from collections.abc import Iterator
from pathlib import Path, PurePath

from opendata.domain.contracts import Contract
from opendata.domain.editions import CHINA
from opendata.domain.errors import Conflict, Text
from opendata.domain.people import Actor, Role, check_role
from opendata.stages import catalogue
from opendata.stages.reported import Report
from opendata.stages.standing import Standing
from opendata.stages.validate import declared
from opendata.storage.home import Home
from opendata.tabular.annotate import (
    MOST_SHOWN,
    Fact,
    Outcome,
    Received,
    account_of,
    report_page,
)
from opendata.tabular.judge.kept import KeptErrors

# Whoever runs the platform has no part in what is not public.
LOOKING = frozenset(Role) - {Role.ADMIN}
# Of a file that may hold a state secret: who sent it in, and who decides about the marking.
_TRUSTED = frozenset({Role.AUTHOR, Role.SUPERVISOR})
_PIECE = 1024 * 1024
_NAME = "校验结果"


class NotReported(Conflict):
    """The submission has no report yet, or processing it failed."""

    code = "not-reported"


def check_shown(actor: Actor, found: Standing) -> None:
    """Raise ``WrongRole`` unless the actor's role is shown the cells of a submission.

    A classification marking that nobody has cleared shuts out whoever has no word about it, what
    became of the submission since included.
    """
    check_role(actor, _TRUSTED if found.course.stopped else LOOKING)


def report(home: Home, found: Standing) -> tuple[int, Iterator[bytes]]:
    """Return the Frictionless Report with the cautions and their answers beside it, as JSON.

    Returns:
        How many bytes it takes, and these in pieces: a report of a large file with many errors
        is larger than the file.

    Raises:
        NotReported: validation has not ended, or it failed without a report.
        Erased: it was erased with the received bytes.
    """
    path, told = _kept(home, found)
    beside = {
        "cautions": _cautions(found),
        "flags": [
            {**each.as_dict(), "message": each.message._asdict()} for each in told.flags or ()
        ],
        "provenance": dict(told.provenance),
    }
    # What was kept is an object: its closing brace makes room for what stands beside it.
    end = b"," + json.dumps(beside, ensure_ascii=False).encode()[1:]
    kept = path.stat().st_size - 1
    return kept + len(end), _joined(path, kept, end)


def page(home: Home, found: Standing) -> str:
    """Return the report as a page that shows the first findings.

    Raises:
        NotReported: validation has not ended, or it failed without a report.
    """
    submission = found.submission
    received = submission.received_at.astimezone(CHINA)
    facts = [
        Fact(Text("报送编号", "submission"), str(submission.id)),
        Fact(Text("数据集", "dataset"), submission.dataset),
        Fact(Text("状态", "state"), f"{found.state.label.zh} {found.state.label.en}"),
        Fact(Text("承办人", "author"), submission.author),
        Fact(Text("收到时间（北京）", "received, UTC+8"), f"{received:%Y-%m-%d %H:%M}"),
        Fact(Text("文件的 SHA-256", "SHA-256 of the file"), submission.sha256),
    ]
    return report_page(account_of(outcome(home, found), MOST_SHOWN), facts)


def outcome(home: Home, found: Standing) -> Outcome:
    """Return what validation made of a submission, as what is given back tells it.

    Raises:
        NotReported: validation has not ended, or it failed without a report.
    """
    path, told = _kept(home, found)
    return Outcome(
        filename=found.submission.filename,
        valid=not told.counts["errors"],
        counts=told.counts,
        errors=KeptErrors(path),
        cautions=_cautions(found),
        provenance=told.provenance,
        flags=told.flags or (),
    )


def received(home: Home, contract: Contract, found: Standing) -> Received:
    """Return the file of a submission as it was received."""
    submission = found.submission
    return Received(home.vault.path(submission.sha256), contract, declared(submission))


def given_back(
    home: Home, contracts: catalogue.Contracts, found: Standing
) -> tuple[Received, Outcome]:
    """Return what a marked workbook is made of.

    Raises:
        NotReported: validation has not ended, or it failed without a report.
    """
    contract = catalogue.contract_of(contracts, found.submission.collection)
    return received(home, contract, found), outcome(home, found)


def marked_name(filename: str, suffix: str) -> str:
    """Return what the marked workbook of a file is called.

    >>> marked_name("2018年预算.xls", ".xlsx")
    '2018年预算-校验结果.xlsx'
    """
    return f"{PurePath(filename).stem or _NAME}-{_NAME}{suffix}"


def _kept(home: Home, found: Standing) -> tuple[Path, Report]:
    found.check_kept()
    if found.report is None or found.report.report_sha256 is None:
        raise NotReported(
            f"尚无校验报告；状态：{found.state.label.zh}。",
            f"There is no report; the submission is {found.state.label.en}.",
        )
    return home.vault.path(found.report.report_sha256), found.report


def _cautions(found: Standing) -> list[dict[str, object]]:
    return [each.as_dict() for each in found.cautions.issues]


def _joined(path: Path, kept: int, end: bytes) -> Iterator[bytes]:
    with path.open("rb") as file:
        while kept > 0 and (piece := file.read(min(kept, _PIECE))):
            kept -= len(piece)
            yield piece
    yield end
