"""Trees of codes, added up at once: a group is proven where every parent is there and fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.cells import figures, is_plain_figure, typed_text
from opendata.tabular.certify.tables.grouped import Grouped, Grouping, grouped


@dataclass(frozen=True, slots=True)
class Levels:
    """Where codes and figures are, and how long codes are.

    With a ``depth`` it is asked whether codes are broken down so far, not whether they add up.
    """

    code_field: str
    value_fields: Sequence[str]
    lengths: Sequence[int]
    depth: int | None = None


def doubtful_levels(
    frame: pl.DataFrame, columns: Mapping[str, Column], grouping: Grouping, levels: Levels
) -> pl.Series | None:
    """Return the rows of all groups that are not proven to add up level by level."""
    if not all(is_plain_figure(columns[name]) for name in levels.value_fields):
        return None
    codes = typed_text(frame[levels.code_field], columns[levels.code_field])
    if codes is None:
        return None
    within = grouped(frame.with_columns(codes.alias("code")), grouping, columns)
    if within is None:
        return None
    rows = within.rows.filter(pl.col("code").str.len_chars().is_in(list(levels.lengths)))
    rows = rows.with_columns(
        _parent(levels).alias("parent"),
        pl.lit(0).alias("all"),
        *(
            each
            for number, name in enumerate(levels.value_fields)
            for each in figures(name, f"f{number}")
        ),
    )
    keys = [*within.keys, "all"]
    joined = _with_parts(rows, keys, len(levels.value_fields))
    broken = joined.filter(_suspicious(levels)).select(keys)
    if levels.depth is None:
        broken = pl.concat([_orphans(rows, keys), broken])
    return Grouped(rows, within.keys, within.height).marked(broken)


def _parent(levels: Levels) -> pl.Expr:
    code = pl.col("code")
    parent = pl.lit(None, dtype=pl.String)
    for shorter, length in zip(levels.lengths, levels.lengths[1:], strict=False):
        parent = (
            pl.when(code.str.len_chars() == length)
            .then(code.str.slice(0, shorter))
            .otherwise(parent)
        )
    return parent


def _orphans(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    children = rows.filter(pl.col("parent").is_not_null())
    return children.join(
        rows,
        left_on=[*keys, "parent"],
        right_on=[*keys, "code"],
        how="anti",
        nulls_equal=True,
    ).select(keys)


def _with_parts(rows: pl.DataFrame, keys: list[str], count: int) -> pl.DataFrame:
    """Put beside every code the sum of the codes right below it, null where there is none."""
    parts = (
        rows.filter(pl.col("parent").is_not_null())
        .group_by([*keys, "parent"])
        .agg(
            pl.len().alias("parts"),
            *(
                each
                for number in range(count)
                for each in (
                    pl.col(f"f{number}v").sum().alias(f"f{number}s"),
                    pl.col(f"f{number}d").any().alias(f"f{number}pd"),
                    pl.col(f"f{number}n").any().alias(f"f{number}pn"),
                )
            ),
        )
    )
    return rows.join(
        parts,
        left_on=[*keys, "code"],
        right_on=[*keys, "parent"],
        how="left",
        nulls_equal=True,
    )


def _suspicious(levels: Levels) -> pl.Expr:
    has_parts = pl.col("parts").is_not_null()
    if levels.depth is not None:
        return ~has_parts & (pl.col("code").str.len_chars() < levels.depth)
    doubt = pl.lit(value=False)
    for number in range(len(levels.value_fields)):
        unjudged = pl.col(f"f{number}n") | pl.col(f"f{number}pn")
        unread = pl.col(f"f{number}d") | pl.col(f"f{number}pd")
        broken = pl.col(f"f{number}s") != pl.col(f"f{number}v")
        doubt = doubt | (~unjudged & (unread | broken).fill_null(value=True))
    return has_parts & doubt.fill_null(value=True)
