"""Twins of the rules over the cells of one row."""

from collections.abc import Iterable, Mapping

import polars as pl

from opendata.tabular.certify.model import Column, Finding
from opendata.tabular.certify.patterns import rust_search
from opendata.tabular.certify.twins.conditions import given
from opendata.tabular.certify.twins.credit_codes import sound_codes
from opendata.tabular.certify.twins.values import (
    Inexpressible,
    Kind,
    finding,
    is_plain_number,
    strings,
    typed,
)
from opendata.tabular.checks.cells import DecimalsCheck, ExpectedCheck, MarkedCheck, UsccCheck
from opendata.tabular.checks.dependent import EmptyWhenCheck, NotAfterCheck, RequiredWhenCheck
from opendata.tabular.checks.errors import (
    DateOrderError,
    DecimalPlacesError,
    EmptyWhenError,
    NotMarkedError,
    RequiredWhenError,
    UsccInvalidError,
    ValueExpectedError,
)

_ORDERED = (Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.STRING)


def decimals(check: DecimalsCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find digits other than zero behind the last place, in the text: proven numbers are plain."""
    places = check.places
    return tuple(_decimals(columns[name], places[name]) for name in numbers(places, columns))


def uscc(check: UsccCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find texts that are no credit codes."""
    column = columns[check.field_name]
    sound = strings(column).map_batches(sound_codes, return_dtype=pl.Boolean, is_elementwise=True)
    return (
        finding(
            UsccInvalidError, check.field_name, ~column.missing & ~column.once(sound, sound_codes)
        ),
    )


def marked(check: MarkedCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find values without the pattern."""
    column = columns[check.field_name]
    pattern = rust_search(check.pattern)
    if pattern is None:
        raise Inexpressible
    bare = ~column.missing & ~column.once(strings(column).str.contains(pattern))
    return (finding(NotMarkedError, check.field_name, given(check.when, columns, bare)),)


def expected(check: ExpectedCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find empty cells: a proven cell is blank exactly if it is missing."""
    missing = columns[check.field_name].missing
    return (finding(ValueExpectedError, check.field_name, given(check.when, columns, missing)),)


def required_when(check: RequiredWhenCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find empty cells, in the order of the rule's columns."""
    return tuple(
        finding(RequiredWhenError, name, given(check.when, columns, columns[name].missing))
        for name in check.field_names
    )


def empty_when(check: EmptyWhenCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find cells that are not empty, in the order of the rule's columns."""
    return tuple(
        finding(EmptyWhenError, name, given(check.when, columns, ~columns[name].missing))
        for name in check.field_names
    )


def not_after(check: NotAfterCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find values greater than the other, where both are there."""
    first, second = columns[check.field_name], columns[check.other]
    (kind, early), (other_kind, late) = typed(first), typed(second)
    if kind is not other_kind or kind not in _ORDERED:
        raise Inexpressible
    when = ~first.missing & ~second.missing & (early > late)
    return (finding(DateOrderError, check.field_name, when),)


def numbers(names: Iterable[str], columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the names of columns of numbers; no other type is read as a decimal."""
    return tuple(each for each in names if each in columns and columns[each].field.type == "number")


def _decimals(column: Column, most: int) -> Finding:
    typed(column)
    if not is_plain_number(column.field):
        raise Inexpressible
    beyond = pl.col(column.name).str.contains(rf"\.[0-9]{{{most}}}[0-9]*[1-9]")
    return finding(DecimalPlacesError, column.field.name, ~column.missing & column.once(beyond))
