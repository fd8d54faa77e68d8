"""Twins of Frictionless's own rules over one row that keep no state."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from frictionless import checks, errors
from frictionless.checks.cell.truncated_value import (
    TRUNCATED_INTEGER_VALUES,
    TRUNCATED_STRING_LENGTHS,
)

from opendata.tabular.certify.model import Column, Finding
from opendata.tabular.certify.twins.values import (
    Inexpressible,
    Kind,
    finding,
    one_of,
    typed,
)


def forbidden_value(
    check: checks.forbidden_value, columns: Mapping[str, Column]
) -> tuple[Finding, ...]:
    """Find forbidden values, an empty cell being the value ``None``."""
    column = columns.get(check.field_name)
    if column is None:
        raise Inexpressible
    kind, value = typed(column)
    # Python takes True for 1, and a decimal for none of the floats that are not exact.
    if not all(_is_plain(kind, each) for each in check.values):
        raise Inexpressible
    when = ~column.missing & one_of(kind, value, check.values)
    if None in check.values:
        when = when | column.missing
    return (finding(errors.ForbiddenValueError, check.field_name, when),)


def ascii_value(_: checks.ascii_value, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find texts with a character beyond ASCII."""
    found = []
    for name in strings(columns):
        value = typed(columns[name])[1]
        beyond = value.str.len_bytes() != value.str.len_chars()
        found.append(finding(errors.AsciiValueError, name, ~columns[name].missing & beyond))
    return tuple(found)


def truncated_value(
    _: checks.truncated_value, columns: Mapping[str, Column]
) -> tuple[Finding, ...]:
    """Find texts and integers that look cut off at the end of a store's range."""
    return tuple(
        finding(errors.TruncatedValueError, name, ~column.missing & _is_cut(*typed(column)))
        for name, column in columns.items()
    )


def strings(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the names of the columns of type ``string``."""
    return tuple(name for name, column in columns.items() if column.field.type == "string")


def _is_plain(kind: Kind, value: Any) -> bool:
    if isinstance(value, bool):
        return kind in (Kind.STRING, Kind.BOOLEAN)
    if isinstance(value, int):
        return kind is not Kind.BOOLEAN
    return value is None or (isinstance(value, str) and kind is not Kind.DATE)


def _is_cut(kind: Kind, value: pl.Expr) -> pl.Expr:
    if kind is Kind.STRING:
        return value.str.len_chars().is_in(TRUNCATED_STRING_LENGTHS)
    if kind is Kind.INTEGER:
        return one_of(kind, value, TRUNCATED_INTEGER_VALUES)
    return pl.lit(False)
