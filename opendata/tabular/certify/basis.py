"""What is asked of the text of one column alone: asked once, whatever refers to the answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from opendata.tabular.certify.model import columns_read


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, what it may be recognised by, and how many others must be answered before."""

    expr: pl.Expr
    level: int
    function: Callable[[pl.Series], pl.Series] | None = None


class Basis:
    """Expressions over one column each, which are evaluated first and known by name from then on.

    The column engine takes expressions apart anew for every block, and the same question in many
    of them as often: a name costs next to nothing.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._asked: dict[str, _Asked] = {}

    def once(
        self, expr: pl.Expr, function: Callable[[pl.Series], pl.Series] | None = None
    ) -> pl.Expr:
        """Have an expression evaluated that reads one column alone, and return its name.

        Any other is returned as it is. One that calls a ``function`` is known by that.
        """
        read = columns_read(expr)
        if len(read) != 1 or expr.meta.is_column():
            return expr
        (column,) = read
        for name, known in self._asked.items():
            of_this = name.startswith(f"{column}.") and known.function is function
            if of_this and (function is not None or known.expr.meta.eq(expr)):
                return pl.col(name)
        name = f"{column}.{len(self._asked)}"
        self._asked[name] = _Asked(expr, self._level(expr), function)
        return pl.col(name)

    def read_by(self, told: Iterable[pl.Expr]) -> list[list[pl.Expr]]:
        """Return what must be evaluated before ``told``, one list after the other."""
        needed: set[str] = set()
        waiting = [name for expr in told for name in expr.meta.root_names()]
        while waiting:
            name = waiting.pop()
            if name in self._asked and name not in needed:
                needed.add(name)
                waiting += self._asked[name].expr.meta.root_names()
        levels = sorted({self._asked[name].level for name in needed})
        return [
            [
                known.expr.alias(name)
                for name, known in self._asked.items()
                if known.level == level and name in needed
            ]
            for level in levels
        ]

    def _level(self, expr: pl.Expr) -> int:
        before = (self._asked.get(name) for name in expr.meta.root_names())
        return max((each.level + 1 for each in before if each is not None), default=0)
