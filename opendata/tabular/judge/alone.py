"""Frictionless alone: the slow and trusted way, from which the verdict must never differ."""

from typing import Any

from frictionless import Report
from frictionless.table import Row

from opendata.tabular.judge.cautions import CautionKinds
from opendata.tabular.judge.log import ErrorLog
from opendata.tabular.judge.parts import Case
from opendata.tabular.judge.words import locate
from opendata.tabular.text_table import SourceLines


def judged_alone(case: Case, lines: SourceLines | None) -> tuple[dict[str, Any], ErrorLog]:
    """Let Frictionless validate the whole file and find the cautions in the same pass.

    Returns its Report without the errors, and the errors; ``lines`` is where rows begin in the
    file as received, ``None`` where a row's number is its line.
    """
    for check in case.kinds.checks:
        check.connect(case.resource)
    seen = _Seen(case)
    report: Report = case.resource.validate(case.checklist, limit_errors=0, on_row=seen.see)
    case.kinds.finish()
    outline = report.to_descriptor()
    log = ErrorLog(case.folder)
    for part in (outline, *outline["tasks"]):
        for error in part["errors"]:
            row = error.get("rowNumber")
            line = row if row is None or lines is None else lines.line_of(row)
            locate(error, int if lines is None else lines.line_of)
            log.at_end(case.words.add(error, line))
        part["errors"] = []
    return outline, log


class _Seen:
    """Shows every row to the cautions, and says how far the judge has come."""

    def __init__(self, case: Case) -> None:
        self._kinds: CautionKinds = case.kinds
        self._case = case

    def see(self, row: Row) -> None:
        """Take one row; where the file ends is known in bytes only."""
        self._kinds.see_all(row)
        if self._case.progress is not None:
            self._case.progress(self._case.resource.stats.bytes or 0)
