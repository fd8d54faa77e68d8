"""What a check finds: what does not fit, what could not be checked, and how much was looked at."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from opendata.domain.errors import Refusal, Text


class Unusable(Refusal):
    """There is nothing here that could be checked."""

    code = "nothing-to-verify"
    title = Text("没有可核验的内容", "Nothing to verify")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a thing something does not fit, as far as that can be told.

    ``line`` counts from 1; ``byte`` is an offset from the thing's beginning; ``pointer`` is a JSON
    Pointer (RFC 6901).
    """

    line: int | None = None
    byte: int | None = None
    pointer: str | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Misfit:
    """One thing that is not what it should be; ``what`` is as ``budgets-2016@1 data.csv``."""

    code: str
    what: str
    said: Text
    place: Place = NOWHERE

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON tells it; what is not known of its place is left out."""
        found = {name: getattr(self.place, name) for name in ("line", "byte", "pointer")}
        known = {name: value for name, value in found.items() if value is not None}
        return {"code": self.code, "what": self.what, **known, "detail": self.said._asdict()}


def unwatched(_what: str, _size: int) -> None:
    """Watch nothing."""


@dataclass(slots=True)
class Inspection:
    """What was found so far. ``watch`` is told what is being read, and how many bytes were.

    ``record`` is the line that a proof was checked for, as it stands there.
    """

    watch: Callable[[str, int], None] = unwatched
    misfits: list[Misfit] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    record: str | None = None

    @property
    def fits(self) -> bool:
        """Whether everything that was looked at is what it should be."""
        return not self.misfits

    @property
    def verified(self) -> bool:
        """Whether all of it fits, and a key signed every manifest that was looked at."""
        return self.fits and self.counts["signatures"] >= self.counts["manifests"]

    def wrong(self, code: str, what: str, said: Text, place: Place = NOWHERE) -> None:
        """Record what does not fit."""
        self.misfits.append(Misfit(code, what, said, place))

    def note(self, zh: str, en: str) -> None:
        """Record what has to be known to understand the outcome, once."""
        text = Text(zh, en)
        if text not in self.notes:
            self.notes.append(text)

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as JSON tells it."""
        return {
            "fits": self.fits,
            "verified": self.verified,
            **({} if self.record is None else {"record": self.record}),
            "checked": dict(sorted(self.counts.items())),
            "misfits": [each.as_dict() for each in self.misfits],
            "notes": [each._asdict() for each in self.notes],
        }
