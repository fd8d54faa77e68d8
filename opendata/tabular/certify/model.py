"""What the column engine can say of a table: which cells are proven, and what rules find."""

from dataclasses import dataclass

import polars as pl
from frictionless import Error, Field


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block, as the column engine sees it.

    ``name`` is the column in the block's frame, its position as text: labels may repeat.
    ``missing`` and ``proven`` are Boolean and never null. A proven cell is one for which
    Frictionless's cell reader has no note; nothing is said of the others. Where a cell is proven
    and not missing, ``value`` compares as the typed value does (Int64 for integers and years,
    Float64 for numbers of at most 15 significant digits, text for strings and for dates, which
    are then written YYYY-MM-DD); ``None`` where that cannot be had. Where a cell is proven,
    ``key`` is a text, null for a missing cell, and two keys are equal exactly if the typed values
    are; ``None`` where that cannot be said.
    """

    field: Field
    name: str
    missing: pl.Expr
    proven: pl.Expr
    value: pl.Expr | None = None
    key: pl.Expr | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of error a row rule reports, as an expression.

    ``when`` is Boolean, never null, and exact in every row whose named cells are all proven.
    ``field`` is ``None`` for an error of the whole row.
    """

    error: type[Error]
    field: str | None
    when: pl.Expr
