"""The facts and the few things that may change, as mapped classes."""

from opendata.storage.base import Fact
from opendata.storage.tables.changing import (
    AttemptCountRow,
    IdempotencyRow,
    KeyUseRow,
    LeaseRow,
    PointerRow,
    UploadRow,
    WriteCountRow,
)
from opendata.storage.tables.owed import (
    AssessmentRow,
    AssessmentWordRow,
    ComplaintEventRow,
    ComplaintRow,
    DeclaredFigureRow,
    FulfilmentRow,
    NarrativeRow,
    OccasionRow,
    RequestEventRow,
    RequestRow,
)
from opendata.storage.tables.registered import (
    AgencyRow,
    DatasetRow,
    DeclarationRow,
    DepartureRow,
    KeyRevocationRow,
    KeyRow,
    MetadataRow,
    PersonRow,
)
from opendata.storage.tables.released import (
    ArtefactRow,
    AuditRow,
    CorrectionRow,
    CorrectionWordRow,
    ErasureRow,
    KnownIssueRow,
    ReleaseRow,
    TakedownRow,
)
from opendata.storage.tables.submitted import (
    CancellationRow,
    CautionAnswerRow,
    ClearanceRow,
    ConsentRow,
    DecisionRow,
    PublicationFailureRow,
    ReportRow,
    SubmissionRow,
)

__all__ = [
    "AgencyRow",
    "ArtefactRow",
    "AssessmentRow",
    "AssessmentWordRow",
    "AttemptCountRow",
    "AuditRow",
    "CancellationRow",
    "CautionAnswerRow",
    "ClearanceRow",
    "ComplaintEventRow",
    "ComplaintRow",
    "ConsentRow",
    "CorrectionRow",
    "CorrectionWordRow",
    "DatasetRow",
    "DecisionRow",
    "DeclarationRow",
    "DeclaredFigureRow",
    "DepartureRow",
    "ErasureRow",
    "FulfilmentRow",
    "IdempotencyRow",
    "KeyRevocationRow",
    "KeyRow",
    "KeyUseRow",
    "KnownIssueRow",
    "LeaseRow",
    "MetadataRow",
    "NarrativeRow",
    "OccasionRow",
    "PersonRow",
    "PointerRow",
    "PublicationFailureRow",
    "ReleaseRow",
    "ReportRow",
    "RequestEventRow",
    "RequestRow",
    "SubmissionRow",
    "TakedownRow",
    "UploadRow",
    "WriteCountRow",
    "fact_tables",
]


def fact_tables() -> tuple[str, ...]:
    """Return the names of the tables that only ever grow, in a fixed order."""
    return tuple(sorted(each.__tablename__ for each in _concrete(Fact)))


def _concrete(base: type[Fact]) -> list[type[Fact]]:
    return [each for sub in base.__subclasses__() for each in (sub, *_concrete(sub))]
