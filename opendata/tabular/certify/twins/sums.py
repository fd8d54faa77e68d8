"""The twin of the rule that a total is the sum of its parts, with exact arithmetic.

A proven number has 15 digits at most, so that 14 decimal places hold every one; counted in units
of the last of these places, sums of them and of integers fit into 128 bits with room to spare.
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
import numpy.typing as npt
import polars as pl

from opendata.domain.rounding import Verdict
from opendata.tabular.certify.model import Column, Finding
from opendata.tabular.certify.twins.conditions import given
from opendata.tabular.certify.twins.values import (
    SIGNIFICANT_DIGITS,
    Inexpressible,
    Kind,
    finding,
    is_plain_number,
    typed,
)
from opendata.tabular.checks.errors import SumBrokenError
from opendata.tabular.checks.sums import SumCheck

_PLACES = 14
_WHOLE = 10**_PLACES
_MOST_PARTS = 1000
_MILLION = 1e6
# All figures of a row together, in millionths; each has no more digits than a double tells apart.
_LARGEST = 10.0**SIGNIFICANT_DIGITS


@dataclass(frozen=True, slots=True)
class _Figure:
    """A column of figures; ``units`` and ``step`` (the last digit as written) in last places."""

    missing: pl.Expr
    units: pl.Expr
    step: pl.Expr

    @property
    def is_bare_zero(self) -> pl.Expr:
        """Where a zero is written without decimals, which says nothing of its fineness."""
        return self.units.eq(0) & self.step.eq(_WHOLE)


def sums(check: SumCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find rows whose parts do not come to their total, as far as the rule reports it."""
    if len(check.parts) > _MOST_PARTS:
        raise Inexpressible
    named = [columns[name] for name in (check.field_name, *check.parts)]
    total, *parts = (_figure(each) for each in named)
    gaps = [each.missing for each in parts]
    unknown = pl.any_horizontal(gaps) if check.absent == "unjudged" else pl.all_horizontal(gaps)
    asked = given(check.when, columns, ~total.missing & ~unknown).fill_null(False)
    reported = _reported(check, total, parts)
    read = dict.fromkeys(reported.meta.root_names())
    found = pl.map_batches(
        [asked, *map(_double, named), *map(pl.col, read)],
        partial(_judged, reported, check.relation == "=", len(named)),
        return_dtype=pl.Boolean,
        is_elementwise=True,
    )
    return (finding(SumBrokenError, check.field_name, found),)


def _double(column: Column) -> pl.Expr:
    value = typed(column)[1].cast(pl.Float64)
    return pl.when(column.missing).then(0.0).otherwise(value)


def _judged(
    reported: pl.Expr, equal: bool, figures: int, columns: Sequence[pl.Series]
) -> pl.Series:
    """Calculate exactly, which takes long, only where something may be wrong at all.

    Args:
        reported: What is exact, over the texts.
        equal: Whether the sums should be equal, or the first not below the other.
        figures: How many there are, the total first.
        columns: Where the rule applies; the figures as doubles; what ``reported`` reads.
    """
    asked, values, texts = columns[0], columns[1 : figures + 1], columns[figures + 1 :]
    excess, sure = _excess([each.to_numpy() for each in values])
    unsure = asked.to_numpy() & ~(sure & (excess == 0 if equal else excess <= 0))
    found = np.zeros(len(asked), np.bool_)
    if unsure.any():
        answers = pl.DataFrame(texts).filter(unsure).select(reported.fill_null(False))
        found[unsure] = answers.to_series().to_numpy()
    return pl.Series(found)


def _excess(
    values: Sequence[npt.NDArray[np.float64]],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Say by how many millionths the others exceed the first, and where that is surely exact.

    Doubles add whole numbers up exactly. NumPy divides as IEEE 754 demands, Polars multiplies by
    the reciprocal of a constant: only with the first does a number come back exactly if it is
    one of so many millionths.
    """
    sure = np.ones(len(values[0]), np.bool_)
    excess = np.zeros(len(values[0]))
    # What is no proven number may be too large for anything, and counts for nothing.
    with np.errstate(over="ignore", invalid="ignore"):
        for place, value in enumerate(values):
            millionths = np.rint(value * _MILLION)
            sure &= (millionths / _MILLION == value) & (np.abs(millionths) < _LARGEST / len(values))
            excess += millionths if place else -millionths
    return excess, sure


def _reported(check: SumCheck, total: _Figure, parts: Sequence[_Figure]) -> pl.Expr:
    """Compare the sums as ``rounding.compare`` does; a missing part is nothing."""
    known = [pl.when(~each.missing).then(each.units).otherwise(0) for each in parts]
    excess = reduce(operator.add, known) - total.units
    if check.relation == "=":
        excess = excess.abs()
    # Every figure is known to half of its step: twice the excess is compared with the steps.
    steps = _steps([total, *parts]).cast(pl.Int128)
    within = pl.lit(False) if check.counts else 2 * excess <= steps
    if check.report == Verdict.VIOLATED.value:
        return (excess > 0) & ~within
    return (excess > 0) & within


def _steps(figures: Sequence[_Figure]) -> pl.Expr:
    """Add up the steps; a bare zero's is that of the finest figure beside it."""
    written = [pl.when(~each.missing & ~each.is_bare_zero).then(each.step) for each in figures]
    finest = pl.min_horizontal(written)
    bare = [pl.when(~each.missing & each.is_bare_zero).then(finest) for each in figures]
    return reduce(operator.add, (each.fill_null(0) for each in [*written, *bare]))


def _figure(column: Column) -> _Figure:
    kind, value = typed(column)
    if kind is Kind.INTEGER:
        step = pl.lit(_WHOLE, dtype=pl.Int64)
        return _Figure(column.missing, value.cast(pl.Int128) * _WHOLE, step)
    if kind is not Kind.NUMBER or not is_plain_number(column.field):
        raise Inexpressible
    text = pl.col(column.name)
    places = (text.str.len_bytes() - text.str.find(".", literal=True) - 1).fill_null(0)
    step = pl.lit(10, dtype=pl.Int64).pow(_PLACES - places.cast(pl.Int64))
    digits = text.str.replace(".", "", literal=True).cast(pl.Int64, strict=False)
    return _Figure(column.missing, digits.cast(pl.Int128) * step, step)
