"""What judging a table found: values that travel from the judge to everyone who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opendata.domain.errors import Text


@dataclass(frozen=True, slots=True)
class Caution:
    """Everything one caution found, as one kind: an author or reviewer answers it with a reason.

    ``code`` is the kind of the finding (``value-expected``), ``name`` the rule in the contract
    that found it, ``field`` the column it is about (``None`` for whole rows); ``rows`` are the
    first row numbers concerned, at most 20, and ``lines`` their lines in the file as received.
    """

    code: str
    name: str | None
    basis: str | None
    field: str | None
    count: int
    rows: tuple[int, ...]
    lines: tuple[int, ...]
    message: Text

    def as_dict(self) -> dict[str, Any]:
        """Return the caution as it is stored and answered; it holds no cell values."""
        return {
            "code": self.code,
            "name": self.name,
            "basis": self.basis,
            "field": self.field,
            "count": self.count,
            "rows": list(self.rows),
            "lines": list(self.lines),
            "message": {"zh": self.message.zh, "en": self.message.en},
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one table under one contract.

    ``report`` is the Frictionless Report with our additions; it may hold cell
    values and is private. ``counts`` are ``rows``, ``errors`` (all) and ``by_type``.
    """

    valid: bool
    report: Mapping[str, Any]
    cautions: tuple[Caution, ...]
    counts: Mapping[str, Any]
    provenance: Mapping[str, Any]
