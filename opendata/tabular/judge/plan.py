"""What can be proven of a table before any row of it is looked at, compiled once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from frictionless import Check, Field

from opendata.tabular.certify.columns import column
from opendata.tabular.certify.model import Column, Finding
from opendata.tabular.certify.twins import twin
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.table import TableCheck

# Frictionless's own checks that look at one row and remember nothing.
STATELESS = frozenset({"ascii-value", "forbidden-value", "row-constraint", "truncated-value"})


class NotPlain(Exception):
    """The table or its rules are beyond what can be judged in parts."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """Where one list of rules must be asked.

    ``rows`` are the numbers of the rules that look at one row at a time, ``always`` those among
    them that nothing vectorised speaks for, ``where`` says in which rows the others must be
    asked. ``counted`` are findings so exact that nobody need be asked.
    """

    rows: tuple[int, ...]
    always: tuple[int, ...]
    where: Mapping[int, pl.Expr]
    counted: tuple[tuple[int, Finding], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The expressions that find what the judge must look at.

    ``cells`` doubts cells, by the position of their column; ``blank`` doubts rows without any
    value, where no column is required; ``gathered`` are the fields that rules over several rows
    speak of.
    """

    columns: tuple[Column, ...]
    cells: Mapping[int, pl.Expr]
    blank: pl.Expr | None
    checks: Doubts
    cautions: Doubts
    gathered: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of a block's frame."""
        return tuple(each.name for each in self.columns)


def compiled(fields: Sequence[Field], checks: Sequence[Check], cautions: Sequence[Check]) -> Plan:
    """Compile the expected fields of a table and its rules.

    Raises:
        NotPlain: a check may remember rows, and nothing here knows how.
    """
    columns = tuple(column(each, at) for at, each in enumerate(fields))
    blank = None
    if not any(each.field.required for each in columns):
        blank = pl.all_horizontal([each.missing for each in columns])
    return Plan(
        columns=columns,
        cells={at: ~each.proven for at, each in enumerate(columns) if not _certain(each)},
        blank=blank,
        checks=_doubts(checks, columns, exact=False),
        cautions=_doubts(cautions, columns, exact=True),
        gathered=_gathered([*checks, *cautions]),
    )


def _gathered(checks: Iterable[Check]) -> tuple[str, ...]:
    tables = [each for each in checks if isinstance(each, TableCheck)]
    return tuple(dict.fromkeys(name for each in tables for name in each.gathered_fields))


def _doubts(rules: Sequence[Check], columns: Sequence[Column], *, exact: bool) -> Doubts:
    """Say where ``rules`` must be asked; ``exact``: what is exactly known is counted instead."""
    rows, always = [], []
    where: dict[int, pl.Expr] = {}
    counted: list[tuple[int, Finding]] = []
    for at, check in enumerate(rules):
        if isinstance(check, TableCheck):
            continue
        rows.append(at)
        if not isinstance(check, RuleCheck) and check.type not in STATELESS:
            raise NotPlain(f"{check.type} may remember rows")
        findings = _findings(check, columns)
        doubt = _doubt(check, columns) if findings is None else None
        if findings is None and doubt is None:
            always.append(at)
            continue
        if findings is not None:
            whens = [found.when for found in findings]
            unproven = _unproven(whens, columns)
            if exact:
                counted += [(at, _where_sure(found, unproven)) for found in findings]
            doubt = unproven if exact else _any([*whens, unproven])
        if doubt is not None:
            where[at] = doubt
    return Doubts(tuple(rows), tuple(always), where, tuple(counted))


def _findings(check: Check, columns: Sequence[Column]) -> tuple[Finding, ...] | None:
    """Return all that a check would say, if that can be told."""
    return twin(check, {each.field.name: each for each in columns})


def _doubt(check: Check, columns: Sequence[Column]) -> pl.Expr | None:
    """Return where a check might say something, if at least that can be told."""
    named = {each.field.name: each for each in columns}
    if not isinstance(check, RuleCheck) or not all(name in named for name in check.named_fields()):
        return None
    doubt = check.doubt(named)
    if doubt is None:
        return None
    spoken_of = [named[name] for name in check.named_fields()]
    return _any([doubt, *(~each.proven for each in spoken_of if not _certain(each))])


def _unproven(whens: Iterable[pl.Expr], columns: Sequence[Column]) -> pl.Expr | None:
    """Say where a cell that findings look at is not proven; ``None``: nowhere."""
    read = {name for when in whens for name in when.meta.root_names()}
    return _any(~each.proven for each in columns if each.name in read and not _certain(each))


def _where_sure(found: Finding, unproven: pl.Expr | None) -> Finding:
    return found if unproven is None else replace(found, when=found.when & ~unproven)


def _certain(column: Column) -> bool:
    """Whether no text at all could be wrong in this column."""
    return column.proven.meta.eq(pl.lit(value=True))


def _any(doubts: Iterable[pl.Expr | None]) -> pl.Expr | None:
    found = [each for each in doubts if each is not None]
    return pl.any_horizontal(found) if found else None
