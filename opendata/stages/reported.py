"""Reported: what validation recorded about submissions, without the Report itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opendata.domain.approvals import State
from opendata.domain.findings import Caution
from opendata.domain.privacy import Flag, is_marked, need_reason
from opendata.storage.tables import ReportRow


@dataclass(frozen=True, slots=True)
class Report:
    """What validation recorded about a submission.

    ``flags`` are what the scan raised, ``None`` where no table was scanned.
    """

    verdict: State
    counts: Mapping[str, Any]
    cautions: tuple[Caution, ...]
    provenance: Mapping[str, Any]
    problem: Mapping[str, Any] | None
    table_sha256: str | None
    report_sha256: str | None
    contract: str
    reported_at: datetime
    flags: tuple[Flag, ...] | None

    @property
    def is_marked(self) -> bool:
        """Whether the file carries a classification marking."""
        return is_marked(self.flags or ())

    @property
    def needs_reason(self) -> bool:
        """Whether nothing of it is released without a reason; so it is where nobody looked."""
        return self.flags is None or need_reason(self.flags)


def report_of(row: ReportRow) -> Report:
    """Read what was recorded."""
    return Report(
        verdict=State(row.verdict),
        counts=row.counts,
        cautions=tuple(map(Caution.of, row.cautions)),
        provenance=row.provenance,
        problem=row.problem,
        table_sha256=row.table_sha256,
        report_sha256=row.report_sha256,
        contract=row.contract,
        reported_at=row.reported_at,
        flags=None if row.flags is None else tuple(map(Flag.of, row.flags)),
    )
