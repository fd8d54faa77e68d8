"""The condition of a rule, as an expression over the column it speaks of."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.twins.values import Kind, one_of, typed
from opendata.tabular.checks.conditions import Condition


def given(when: Mapping[str, Any] | None, columns: Mapping[str, Column], found: pl.Expr) -> pl.Expr:
    """Restrict what is found to the rows in which a condition holds, if there is one.

    Raises:
        Inexpressible: its column cannot be compared as Python would.
    """
    if not when:
        return found
    condition = Condition.of(when)
    column = columns[condition.field]
    kind, value = typed(column)
    if condition.contains is None:
        holds = one_of(kind, value, list(condition.equals))
    elif kind is Kind.STRING:
        holds = value.str.contains(condition.contains, literal=True)
    else:
        holds = pl.lit(False)
    return ~column.missing & column.once(holds) & found
