"""What the column engine can say of a table: which cells are proven, and what rules find."""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import TYPE_CHECKING

import polars as pl
from frictionless import Error, Field

if TYPE_CHECKING:
    from opendata.tabular.certify.basis import Basis


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

    ``value`` and ``key`` hold for ``legible`` cells as well: Frictionless may note of these that
    they break a constraint, but their type is beyond doubt, and a row has their value.
    """

    field: Field
    name: str
    missing: pl.Expr
    proven: pl.Expr
    value: pl.Expr | None = None
    key: pl.Expr | None = None
    readable: pl.Expr | None = None
    basis: "Basis | None" = attribute(default=None, repr=False, compare=False)

    def once(
        self, expr: pl.Expr, function: Callable[[pl.Series], pl.Series] | None = None
    ) -> pl.Expr:
        """Return an expression over this column alone, evaluated once if there is a basis.

        Two that call the same ``function`` must be the same.
        """
        return expr if self.basis is None else self.basis.once(expr, function)

    @property
    def legible(self) -> pl.Expr:
        """Boolean, never null; true of every proven cell."""
        return self.proven if self.readable is None else self.readable


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of error a row rule reports, as an expression.

    ``when`` is Boolean, never null, and exact in every row whose named cells are all proven.
    ``field`` is ``None`` for an error of the whole row.
    """

    error: type[Error]
    field: str | None
    when: pl.Expr


def columns_read(expr: pl.Expr) -> set[str]:
    """Return the columns an expression reads, itself or by the name of an answer about them."""
    return {name.partition(".")[0] for name in expr.meta.root_names()}
