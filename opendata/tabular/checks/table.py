"""What rules over several rows share: they gather what they name and judge after the last row."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import attrs
import polars as pl
from frictionless import Error
from frictionless.table import Row

from opendata.domain.rounding import Comparison
from opendata.tabular.certify.model import Column
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.table_errors import RuleTableError

# The number of a row that is not in the file but in the dataset's current release.
RELEASED = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One gathered row: its number and the typed values of the columns the rule names."""

    row_number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is wrong, in the words of figures: see ``RuleTableError``."""

    relation: str = ""
    expected: str = ""
    found: str = ""
    difference: str = ""
    comparison: str = ""
    group: str = ""
    field: str | None = None
    words: str = ""

    @classmethod
    def of(cls, comparison: Comparison, relation: str, group: str, field: str) -> "Statement":
        """Spell out a comparison of figures."""
        return cls(
            relation=relation,
            expected=plain(comparison.expected),
            found=plain(comparison.found),
            difference=plain(comparison.difference),
            comparison=comparison.verdict.value,
            group=group,
            field=field,
        )

    @property
    def note(self) -> str:
        """The statement in one English line: ``words`` where there are any."""
        if self.words:
            return self.words
        where = f"{self.field} of {self.group}" if self.field else self.group
        said = f"expected {self.expected}, found {self.found}"
        by = f", difference {self.difference} ({self.comparison})" if self.difference else ""
        return f"{where}: {self.relation}: {said}{by}"


@attrs.define(kw_only=True, repr=False)
class TableCheck(RuleCheck):
    """A rule that needs more than one row.

    A subclass says what it takes (``take``) and what is wrong with it (``conclude``). Where the
    table is added to a current release, it judges the file's rows laid over that release.
    """

    _keys: set[tuple[Any, ...]] = attrs.field(factory=set, init=False, eq=False)

    @property
    def gathered_fields(self) -> tuple[str, ...]:
        """Return the columns ``collect`` wants: those named, and the key where it merges."""
        key = self.context.merged_by if self.context and self._merges else ()
        return tuple(dict.fromkeys((*self.named_fields(), *key)))

    def validate_row(self, row: Row) -> Iterator[Error]:
        """Gather the row's cells; what is wrong is said after the last row."""
        if not self.lacks_context and all(name in row for name in self.gathered_fields):
            self.collect(row.row_number, {name: row[name] for name in self.gathered_fields})
        yield from ()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Yield nothing: no row is wrong by itself."""
        yield from ()

    def collect(self, row_number: int, values: Mapping[str, Any]) -> None:
        """Take one row of the file.

        Args:
            row_number: Its number as Frictionless counts.
            values: ``gathered_fields`` as Frictionless types them; ``None`` is empty or unreadable.
        """
        if self._merges and self.context:
            self._keys.add(tuple(values[name] for name in self.context.merged_by))
        self.take(Member(row_number, values))

    @abstractmethod
    def take(self, member: Member) -> None:
        """Remember what of a row the rule needs."""

    @abstractmethod
    def conclude(self) -> Iterable[Error]:
        """Yield what is wrong with the rows taken, in the order in which they came."""

    def validate_end(self) -> Iterator[Error]:
        """Lay the rows over the current release, and say what is wrong."""
        if self._merges:
            for member in self._released():
                self.take(member)
        yield from self.conclude()

    def suspects(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Say which rows must be collected so that nothing that is wrong goes unseen.

        Args:
            frame: ``row``, and the text of each of ``gathered_fields`` under its name.
            columns: The columns of the file by name.

        Returns:
            A Boolean for each row of ``frame``: whole groups, too many rather than too few.
            ``None``: all of them.
        """
        return None if self._merges else self.doubtful(frame, columns)

    def doubtful(
        self,
        frame: pl.DataFrame,
        columns: Mapping[str, Column],
    ) -> pl.Series | None:
        """Return ``suspects`` for a table that stands alone."""
        return None

    def table_error(
        self,
        kind: type[RuleTableError],
        members: Iterable[Member],
        said: Statement,
        stated: Member | None = None,
    ) -> RuleTableError:
        """Return an error about ``members``; ``stated`` is the row to begin with."""
        numbers = [each.row_number for each in members]
        inside = sorted({number for number in numbers if number != RELEASED})
        first = stated.row_number if stated else next(iter(inside), RELEASED)
        return kind(
            note=said.note,
            rule=self.name,
            basis=self.basis,
            field_name=said.field,
            row_number=first or next(iter(inside), None),
            row_numbers=inside,
            released=numbers.count(RELEASED) or None,
            group=said.group or None,
            relation=said.relation or None,
            expected=said.expected or None,
            found=said.found or None,
            difference=said.difference or None,
            comparison=said.comparison or None,
        )

    @property
    def _merges(self) -> bool:
        context = self.context
        return bool(
            context is not None
            and context.merged_by
            and context.dataset
            and context.releases is not None
            and context.releases.holds_records
        )

    def _released(self) -> Iterator[Member]:
        context = self.context
        if context is None or context.releases is None or context.dataset is None:
            return
        for values in context.releases.of_dataset(context.dataset, self.gathered_fields):
            if tuple(values[name] for name in context.merged_by) not in self._keys:
                yield Member(RELEASED, values)


def plain(number: Decimal) -> str:
    """Write a figure with the digits it has, never with an exponent.

    >>> plain(Decimal("434.70")), plain(Decimal("1E+3"))
    ('434.70', '1000')
    """
    return format(number, "f")
