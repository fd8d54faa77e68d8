"""What must be disclosed, what it runs from, by what it was met: values, and what is refused."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from opendata.domain.errors import Conflict, NotFound, Text, Unprocessable
from opendata.domain.takedowns import State

# What is told in the place of every text of a catalogue that is hidden now.
WITHHELD = " ".join(State.SUSPENDED.label)


class Frequency(StrEnum):
    """How often an obligation has to be met."""

    ANNUAL = "annual"
    SEMIANNUAL = "semiannual"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    AD_HOC = "ad_hoc"

    @property
    def label(self) -> Text:
        """Its name in both languages."""
        return _FREQUENCIES[self]


class Kind(StrEnum):
    """By what an obligation is met on one occasion; ``annulment`` takes the word before it back."""

    RELEASE = "release"
    DOCUMENT = "document"
    EXEMPTION = "exemption"
    ANNULMENT = "annulment"


class Status(StrEnum):
    """Where a case stands on a day."""

    DUE = "due"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    EXEMPT = "exempt"
    INDETERMINATE = "indeterminate"

    @property
    def label(self) -> Text:
        """Its name in both languages."""
        return _STATUSES[self]


_FREQUENCIES = {
    Frequency.ANNUAL: Text("每年", "annual"),
    Frequency.SEMIANNUAL: Text("每半年", "semiannual"),
    Frequency.QUARTERLY: Text("每季度", "quarterly"),
    Frequency.MONTHLY: Text("每月", "monthly"),
    Frequency.AD_HOC: Text("随时", "as it happens"),
}
_STATUSES = {
    Status.DUE: Text("未到期", "not yet due"),
    Status.ON_TIME: Text("按时公开", "on time"),
    Status.LATE: Text("迟延公开", "late"),
    Status.OVERDUE: Text("逾期未公开", "overdue"),
    Status.EXEMPT: Text("说明理由免予公开", "exempt"),
    Status.INDETERMINATE: Text("期限未定", "indeterminate"),
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """One item of a catalogue of what must be disclosed, as it was published.

    ``agency`` is who answers for it here; ``publisher`` the name the catalogue gives, which is
    ``agency``'s own where ``is_own``. ``rule`` names a deadline rule or a family of them,
    ``collection`` the one whose datasets meet it by themselves. ``since`` and ``until`` are the
    first and the last day on which it is in force. ``region`` is the catalogue's, ``seat`` the
    one that the agency is registered in, where it is the publisher. Where ``is_withheld``, texts
    are not the catalogue's: see ``withheld``.
    """

    id: str
    agency: str
    publisher: str
    code: str
    field: str
    item: str
    subitem: str
    region: str | None
    frequency: Frequency
    rule: str | None
    collection: str | None
    since: date
    until: date | None = None
    is_own: bool = True
    seat: str | None = None
    is_withheld: bool = False

    @property
    def place(self) -> str | None:
        """The region whose calendar and rules its terms follow: its agency's, where it has one."""
        return self.region if self.seat is None else self.seat

    def withheld(self) -> "Obligation":
        """Return it as it is told while its catalogue is hidden: it counts as it did, untold."""
        return replace(
            self,
            publisher=WITHHELD,
            code=WITHHELD,
            field=WITHHELD,
            item=WITHHELD,
            subitem="",
            region=WITHHELD,
            seat=self.place,
            is_withheld=True,
        )


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something happened on ``trigger`` that the term of an obligation runs from."""

    name: str
    title: str
    rule: str
    trigger: date


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was public, and the day of it in China."""

    dataset: str
    number: int
    on: date


@dataclass(frozen=True, slots=True)
class Word:
    """What an agency says of one case; ``on`` is the day on which it was met.

    ``dataset`` and ``release`` belong to a release, ``url`` to a document; ``said_on`` is the day
    on which it was recorded.
    """

    kind: Kind
    on: date | None = None
    dataset: str | None = None
    release: int | None = None
    url: str | None = None
    basis: str = ""
    reason: str = ""
    said_on: date | None = None


class NoSuchCase(NotFound):
    """The obligation has no such occasion: none was recorded, and no period is called so."""

    code = "no-such-case"


class OccasionExists(Conflict):
    """The occasion is recorded already."""

    code = "occasion-exists"


class OccasionTooLate(Conflict):
    """The term has ended: what would begin it anew comes too late."""

    code = "occasion-too-late"


class NothingToAnnul(Conflict):
    """There is no word left that could be taken back."""

    code = "nothing-to-annul"


class InvalidOccasion(Unprocessable):
    """An occasion cannot be recorded so."""

    code = "invalid-occasion"


class InvalidFulfilment(Unprocessable):
    """What is said to meet an obligation lacks what its kind needs, or has what it may not."""

    code = "invalid-fulfilment"


class TooManyCases(Unprocessable):
    """More cases are asked about than are worked out at once."""

    code = "too-many-cases"
