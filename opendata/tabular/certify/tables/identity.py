"""Identities of all groups at once: a group is proven where its two sums are equal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.cells import figures, is_plain_figure, mapped
from opendata.tabular.certify.tables.grouped import Grouping, grouped


@dataclass(frozen=True, slots=True)
class Sums:
    """Two sums to compare in each group.

    ``slot`` says of a typed item which one it is: parts first, ``border`` of them, then what is
    stated, ``wanted`` together. With ``alone`` an item has one row, and all of them are there;
    otherwise any number of rows add up. ``bounded`` is ``<=`` instead of ``=``.
    """

    item_field: str
    value_fields: Sequence[str]
    slot: Callable[[Any], int | None]
    border: int
    wanted: int
    alone: bool
    all_needed: bool
    bounded: bool


def doubtful_sums(
    frame: pl.DataFrame, columns: Mapping[str, Column], grouping: Grouping, sums: Sums
) -> pl.Series | None:
    """Return the rows of all groups whose sums are not proven to agree."""
    if not all(is_plain_figure(columns[name]) for name in sums.value_fields):
        return None
    slots = mapped(frame[sums.item_field], columns[sums.item_field], sums.slot, pl.Int64)
    if slots is None:
        return None
    chosen = frame.with_columns(slots.alias("slot"))
    within = grouped(chosen, grouping, columns)
    if within is None:
        return None
    rows = within.rows.filter(pl.col("slot").is_not_null())
    side = pl.when(pl.col("slot") < sums.border).then(1).otherwise(-1)
    rows = rows.with_columns(
        side.alias("side"),
        *(
            each
            for number, name in enumerate(sums.value_fields)
            for each in figures(name, f"f{number}")
        ),
    )
    within = type(within)(rows, within.keys, within.height)
    groups = rows.group_by(within.keys or [pl.lit(0).alias("all")]).agg(
        pl.len().alias("rows"),
        pl.col("slot").n_unique().alias("slots"),
        *(each for number in range(len(sums.value_fields)) for each in _sums(f"f{number}")),
    )
    return within.marked(groups.filter(_suspicious(sums)))


def _sums(prefix: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    value = pl.col(f"{prefix}v")
    signed = pl.when(pl.col("side") > 0).then(value).otherwise(-value)
    return (
        signed.sum().alias(f"{prefix}s"),
        pl.col(f"{prefix}d").any().alias(f"{prefix}d"),
        pl.col(f"{prefix}n").any().alias(f"{prefix}n"),
    )


def _suspicious(sums: Sums) -> pl.Expr:
    doubt = pl.lit(value=False)
    for number in range(len(sums.value_fields)):
        excess = pl.col(f"f{number}s")
        broken = excess > 0 if sums.bounded else excess != 0
        # A figure that is missing leaves the relation unjudged.
        doubt = doubt | (~pl.col(f"f{number}n") & (pl.col(f"f{number}d") | broken))
    if sums.all_needed:
        doubt = doubt & (pl.col("slots") == sums.wanted)
    if sums.alone:
        doubt = doubt | (pl.col("rows") > pl.col("slots"))
    return doubt
