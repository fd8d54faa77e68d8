"""The log: whether the chain of its lines is whole, and ends where the manifests say it did."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.errors import Text
from opendata.stages.verify.lines import RELEASED, Line, Told, line_of, told_of
from opendata.stages.verify.model import Inspection, Place
from opendata.storage.audit import GENESIS, Fault, fault_in
from opendata.storage.tables import AuditRow

WHAT = "audit"
_AT_ONCE = 2_000


@dataclass(slots=True)
class Log:
    """What the log says: its last line, and the facts that it tells of, in its order.

    ``told`` are those of which each row has its digest there; ``released`` are the releases that
    have one, by name, as their lines tell them.
    """

    last: int = 0
    said: Counter[Line] = field(default_factory=Counter)
    told: Counter[Told] = field(default_factory=Counter)
    released: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """A manifest says that a line of the log has a hash; ``what`` names the manifest."""

    what: str
    hash: str


def check_log(
    session: Session, heads: Mapping[int, Sequence[Claim]], inspection: Inspection
) -> Log:
    """Walk along the whole log; the first line that breaks the chain is recorded."""
    log, previous, whole = Log(), GENESIS, True
    ordered = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=_AT_ONCE)
    for row in session.scalars(ordered):
        fault = fault_in(row, log.last + 1, previous) if whole else None
        if fault is not None:
            whole, at = False, log.last + 1
            inspection.wrong(f"audit-line-{fault}", WHAT, _told(fault, at), _line(at))
        for head in heads.get(row.seq, ()):
            if head.hash != row.hash:
                inspection.wrong("audit-rewritten", WHAT, _rewritten(row.seq, head), _line(row.seq))
        _take_in(log, row)
        log.last, previous = row.seq, row.hash
        inspection.counts["audit lines"] += 1
    for seq in sorted(each for each in heads if each > log.last):
        inspection.wrong("audit-cut-off", WHAT, _cut(log.last, heads[seq][0], seq), _line(log.last))
    return log


def _take_in(log: Log, row: AuditRow) -> None:
    told, line = told_of(row), line_of(row)
    if told is not None:
        log.told[told] += 1
    if line is not None:
        log.said[line] += 1
        if line[0] == RELEASED and row.subject != line[1]:
            log.released[line[1]] = row.subject


def _told(fault: Fault, seq: int) -> Text:
    if fault is Fault.MISSING:
        return Text(f"缺少第 {seq} 行。", f"Line {seq} is missing.")
    if fault is Fault.CHANGED:
        return Text(f"第 {seq} 行的内容被改动。", f"Line {seq} was changed.")
    return Text(
        f"第 {seq} 行所接的不是现有的第 {seq - 1} 行：其间有行被改写、插入或删除。",
        f"Line {seq} does not follow the line {seq - 1} that is there: a line was rewritten, put "
        "in or taken out.",
    )


def _rewritten(seq: int, head: Claim) -> Text:
    return Text(
        f"第 {seq} 行不是 {head.what} 所载的那一行：日志在此之前被改写。",
        f"Line {seq} is not the one that {head.what} tells of: the log was rewritten up to there.",
    )


def _cut(last: int, head: Claim, seq: int) -> Text:
    return Text(
        f"日志止于第 {last} 行，而 {head.what} 载有第 {seq} 行：其后的行被删除。",
        f"The log ends with line {last}, but {head.what} tells of line {seq}: the end is gone.",
    )


def _line(number: int) -> Place:
    return Place(line=number)
