"""What the files of a release are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from opendata.domain.approvals import Withheld
from opendata.domain.catalogue import Dataset
from opendata.domain.cautions import KnownIssue
from opendata.domain.contracts import Contract
from opendata.domain.editions import edition
from opendata.storage.lake import Snapshot


@dataclass(frozen=True, slots=True)
class Subject:
    """What the files of a release are about. ``contract`` is the published one.

    ``version`` is unknown of early releases. ``treatments`` says of columns with personal data
    what publication did to them.
    """

    dataset: Dataset
    contract: Contract
    number: int
    version: str | None
    corrects: int | None
    notes: str | None
    snapshot: Snapshot
    released_at: datetime
    window_ends: tuple[date, ...]
    withheld: Withheld
    known_issues: tuple[KnownIssue, ...]
    treatments: Mapping[str, str]

    @property
    def supersedes(self) -> int | None:
        """The release that it takes the place of."""
        return self.number - 1 or None

    @property
    def has_private_part(self) -> bool:
        """Whether the received file holds anything that the release does not, or will not.

        Records leave a release when their window ends.
        """
        is_limited = self.contract.window_field is not None
        return is_limited or bool(self.treatments) or bool(self.withheld)

    def edition(self, on: date) -> date:
        """Return the first day of the edition that is public ``on`` a day."""
        return edition(self.released_at, self.window_ends, on)
