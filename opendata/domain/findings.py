"""What judging a table found: values that travel from the judge to everyone who asks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

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

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Caution":
        """Read a caution as ``as_dict`` wrote it."""
        return cls(
            code=body["code"],
            name=body["name"],
            basis=body["basis"],
            field=body["field"],
            count=body["count"],
            rows=tuple(body["rows"]),
            lines=tuple(body["lines"]),
            message=Text(**body["message"]),
        )

    def without(self, rows: Iterable[int]) -> "Caution | None":
        """Return what is left of it where ``rows`` are not public, ``None`` where nothing is.

        Which rows it is about is known of the first only: every one of ``rows`` behind these
        that it may be about is taken off its count, so that the count tells of none of them.
        """
        hidden = set(rows)
        told = zip(self.rows, self.lines, strict=True)
        left = [(row, line) for row, line in told if row not in hidden]
        untold = self.count - len(self.rows)
        behind = sum(row > self.rows[-1] for row in hidden) if self.rows else 0
        count = len(left) + untold - min(untold, behind)
        if not count:
            return None
        numbers = tuple(row for row, _ in left)
        return replace(self, count=count, rows=numbers, lines=tuple(line for _, line in left))

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


class Errors(Protocol):
    """The errors of a report in its order, however many."""

    def __len__(self) -> int:
        """Return how many there are."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield each as it stands in the report."""

    def lines(self) -> Iterator[bytes]:
        """Yield each as JSON."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one table under one contract.

    ``outline`` is the Frictionless Report with our additions, but for the errors of its task,
    which are in ``errors``: there may be more than memory holds. They may hold cell values and
    are private. ``counts`` are ``rows``, ``errors`` (all) and ``by_type``.
    """

    valid: bool
    outline: Mapping[str, Any]
    errors: Errors
    cautions: tuple[Caution, ...]
    counts: Mapping[str, Any]
    provenance: Mapping[str, Any]

    @property
    def report(self) -> dict[str, Any]:
        """The whole Report in memory."""
        task, *others = self.outline["tasks"]
        return {**self.outline, "tasks": [{**task, "errors": list(self.errors)}, *others]}
