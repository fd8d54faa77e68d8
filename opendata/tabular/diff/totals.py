"""Totals: what columns came to before and after, added up only where a measure allows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from itertools import chain
from typing import Any

import polars as pl

from opendata.domain.contracts import Contract, Field, Measure
from opendata.domain.diffs import Total
from opendata.tabular.diff.abreast import abreast
from opendata.tabular.diff.sides import Side
from opendata.tabular.export.layout import cell_text

# So many groups of a column are told, those that moved most.
MAX_TOLD = 20
# A slice of numbers with fewer digits has a sum that a column of 38 digits holds.
_SMALL_DIGITS = 33
_EXACT = Context(prec=100, traps=[Inexact])

# What a group has in common, by column, in the measure's order.
_Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Adding:
    """A column, and within what its values may be added up."""

    field: Field
    measure: Measure

    @property
    def within(self) -> tuple[str, ...]:
        """The columns that are equal within a group, those of stricter rules last."""
        more = [name for also in self.measure.also for name in (also.field, *also.within)]
        return tuple(dict.fromkeys((*self.measure.within, *more)))

    def told(self, key: _Key) -> dict[str, str | None]:
        """Return what a group has in common, without the columns of rules that spare it."""
        group = dict(zip(self.within, key, strict=True))
        spared = {
            name
            for also in self.measure.also
            for name in also.within
            if group[also.field] not in also.values and name not in self.measure.within
        }
        return {name: value for name, value in group.items() if name not in spared}

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that is looked at."""
        return tuple(dict.fromkeys((self.field.name, *self.within, *self.measure.never)))


def moved_totals(old: Side, new: Side, contract: Contract) -> tuple[tuple[Total, ...], int]:
    """Return the groups whose sum differs, at most some of each column, and how many there are."""
    told: list[Total] = []
    moved = 0
    for adding in _addings(contract):
        if all(_has(side, adding) for side in (old, new)):
            found = _moved(adding, _sums(old, adding), _sums(new, adding))
            moved += len(found)
            told += found[:MAX_TOLD]
    return tuple(told), moved


def _addings(contract: Contract) -> Iterator[_Adding]:
    for field in contract.fields:
        measure = contract.measures.get(field.measure or "")
        if measure is not None:
            yield _Adding(field, measure)


def _has(side: Side, adding: _Adding) -> bool:
    """Whether a file has all it takes, the column in a form that can be added up."""
    kinds = {each.name: each.type for each in side.layout.fields}
    fits = kinds.get(adding.field.name) in ("number", "integer", "year")
    return side.path is None or (fits and set(adding.named) <= set(kinds))


def _moved(adding: _Adding, before: dict[_Key, Decimal], after: dict[_Key, Decimal]) -> list[Total]:
    name = adding.field.name
    found = [
        Total(name, adding.told(key), before.get(key), after.get(key))
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]
    return sorted(found, key=lambda each: (-each.moved_by, str(each.within)))


def _sums(side: Side, adding: _Adding) -> dict[_Key, Decimal]:
    def of_slice(begin: int, end: int) -> list[tuple[_Key, Decimal]]:
        return list(_grouped(side.frame(adding.named, begin, end), side, adding))

    sums: dict[_Key, Decimal] = {}
    for key, values in chain.from_iterable(abreast(of_slice, side.slices())):
        sums[key] = _EXACT.add(sums.get(key, Decimal(0)), values)
    return sums


def _grouped(frame: pl.DataFrame, side: Side, adding: _Adding) -> Iterator[tuple[_Key, Decimal]]:
    """Yield the groups of some records, each with its sum; a number is never cut short."""
    name = adding.field.name
    kept = frame.filter(pl.col(name).is_not_null(), *_not_never(adding.measure))
    kept = kept.with_columns(_where_strict(adding.measure))
    numbers = kept[name] if kept[name].dtype.is_decimal() else kept[name].cast(pl.Decimal(38, 0))
    keys = kept.select(pl.col(each).alias(f"key{at}") for at, each in enumerate(adding.within))
    kept = pl.DataFrame([*keys, numbers.alias("sum")])
    is_small = numbers.abs() < Decimal(10) ** (_SMALL_DIGITS - _scale(numbers))
    sums = kept.filter(is_small)
    if adding.within:
        sums = sums.group_by(keys.columns, maintain_order=True).sum()
    elif sums.height:
        sums = sums.sum()
    writers = [cell_text(each, use_labels=False) for each in _fields(side, adding.within)]
    for row in chain(sums.iter_rows(), kept.filter(~is_small).iter_rows()):
        yield tuple(_told(write, cell) for write, cell in zip(writers, row, strict=False)), row[-1]


def _told(write: Callable[[Any], str], cell: Any) -> str | None:
    return None if cell is None else write(cell)


def _scale(numbers: pl.Series) -> int:
    kind = numbers.dtype
    return kind.scale if isinstance(kind, pl.Decimal) else 0


def _fields(side: Side, names: tuple[str, ...]) -> list[Field]:
    known = {each.name: each for each in side.layout.fields}
    return [known[name] for name in names]


def _not_never(measure: Measure) -> Iterator[pl.Expr]:
    for name, values in measure.never.items():
        yield ~pl.col(name).is_in(values).fill_null(value=False)


def _where_strict(measure: Measure) -> list[pl.Expr]:
    """Return the columns of stricter rules, empty for records that the rule does not speak of."""
    return [
        pl.when(pl.col(also.field).is_in(also.values)).then(pl.col(name)).alias(name)
        for also in measure.also
        for name in also.within
        if name not in measure.within
    ]
