"""Rows about natural persons, as the contract's own columns tell them.

What is only like the number of an identity document counts as one there.
"""

from collections.abc import Mapping

import polars as pl

from opendata.domain.contracts import Contract
from opendata.domain.privacy import BARRED
from opendata.tabular.privacy.signs import Sign

_NATURAL = "自然人"
Telling = Mapping[str, frozenset[str]]


def telling(contract: Contract) -> Telling:
    """Return the columns that tell what a row is about, and what they say of a natural person."""
    values = {
        field.name: frozenset(
            [each for each in field.constraints.get("enum", ()) if field.label(each) == _NATURAL]
        )
        for field in contract.fields
    }
    return {name: told for name, told in values.items() if told}


def rows_about_persons(columns: Mapping[str, pl.Series], told: Telling, rows: int) -> pl.Series:
    """Return which of so many rows are about natural persons, by the texts of ``columns``.

    A row that does not say counts as one; where the contract tells nothing, none is.
    """
    about = pl.repeat(value=False, n=rows, dtype=pl.Boolean, eager=True)
    for name, values in told.items():
        texts = columns.get(name, pl.repeat(None, rows, dtype=pl.String, eager=True))
        about |= texts.str.strip_chars().is_in([*values, ""]).fill_null(value=True)
    return about


def as_of_person(signs: frozenset[Sign]) -> frozenset[Sign]:
    """Return the signs of a cell in a row about a natural person: no likeness is left in doubt."""
    return frozenset(
        each._replace(strong=True) if each.kind in BARRED and not each.failed else each
        for each in signs
    )
