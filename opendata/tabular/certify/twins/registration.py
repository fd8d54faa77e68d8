"""Twins of the rules that compare a row with the registration of its dataset."""

from collections.abc import Mapping

import polars as pl

from opendata.domain.contracts import PeriodKind
from opendata.tabular.certify.model import Column, Finding
from opendata.tabular.certify.twins.values import (
    INT64,
    Inexpressible,
    Kind,
    finding,
    one_of,
    strings,
    typed,
)
from opendata.tabular.checks.errors import AgencyMismatchError, PeriodMismatchError
from opendata.tabular.checks.registration import AgencyCheck, PeriodCheck


def agency(check: AgencyCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find names that are none of the dataset's publishers."""
    if check.context is None:
        return ()
    column = columns[check.field_name]
    known = one_of(Kind.STRING, strings(column), sorted(check.context.publishers))
    return (finding(AgencyMismatchError, check.field_name, ~column.missing & ~known),)


def period(check: PeriodCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find values outside the dataset's period."""
    text = check.context.period if check.context else None
    if text is None or text == PeriodKind.ROLLING:
        return ()
    column = columns[check.field_name]
    within = _within(column, text)
    return (finding(PeriodMismatchError, check.field_name, ~column.missing & ~within),)


def _within(column: Column, period: str) -> pl.Expr:
    """Compare values with a period as the check does, which writes each as text."""
    kind, value = typed(column)
    if kind is Kind.DATE:
        return value.str.starts_with(period)
    if kind is Kind.STRING:
        return value == period
    if kind is not Kind.INTEGER:
        raise Inexpressible
    number = _year(period)
    return pl.lit(False) if number is None else value == number


def _year(period: str) -> int | None:
    """Return the integer that is written like the period, in four digits at least."""
    try:
        number = int(period)
    except ValueError:
        return None
    return number if f"{number:04d}" == period and INT64[0] <= number <= INT64[1] else None
