"""What can be proven of a table before any row of it is looked at, compiled once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from frictionless import Check, Field

from opendata.tabular.certify.basis import Basis
from opendata.tabular.certify.columns import column, unproven
from opendata.tabular.certify.model import Column, Finding, columns_read
from opendata.tabular.certify.twins import sure, twin
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

    ``columns`` speak of the text itself, and say only what is missing. The other expressions
    speak of ``staged`` columns: what they read of the ``basis`` is to be evaluated first.
    """

    columns: tuple[Column, ...]
    staged: tuple[Column, ...]
    basis: Basis
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
    basis = Basis()
    columns = tuple(unproven(each, at) for at, each in enumerate(fields))
    staged = tuple(column(each, at, basis) for at, each in enumerate(fields))
    blank = None
    if not any(each.field.required for each in columns):
        blank = pl.all_horizontal([each.missing for each in staged])
    return Plan(
        columns=columns,
        staged=staged,
        basis=basis,
        cells={at: ~each.proven for at, each in enumerate(staged) if not _certain(each.proven)},
        blank=blank,
        checks=_doubts(checks, staged, exact=False),
        cautions=_doubts(cautions, staged, exact=True),
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
            unsure = _unsure(check, whens, columns)
            if exact:
                counted += [(at, _where_sure(found, unsure)) for found in findings]
            doubt = unsure if exact else _any([*whens, unsure])
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
    told = [sure(check, named[name]) for name in check.named_fields()]
    return _any([doubt, *(~each for each in told if not _certain(each))])


def _unsure(check: Check, whens: Iterable[pl.Expr], columns: Sequence[Column]) -> pl.Expr | None:
    """Say where a cell that findings look at is not sure; ``None``: nowhere."""
    read = {name for when in whens for name in columns_read(when)}
    told = [sure(check, each) for each in columns if each.name in read]
    return _any(~each for each in told if not _certain(each))


def _where_sure(found: Finding, unsure: pl.Expr | None) -> Finding:
    return found if unsure is None else replace(found, when=found.when & ~unsure)


def _certain(told: pl.Expr) -> bool:
    """Whether something is true of every text."""
    return told.meta.eq(pl.lit(value=True))


def _any(doubts: Iterable[pl.Expr | None]) -> pl.Expr | None:
    found = [each for each in doubts if each is not None]
    return pl.any_horizontal(found) if found else None
