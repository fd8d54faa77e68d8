"""Treatments, whole columns at once: typed values to what of them is published.

``masked`` and ``generalised_region`` in the domain say the same of single values; a test compares.
"""

import hashlib
import hmac
from typing import Any

import polars as pl
import pyarrow as pa

from opendata.domain.contracts import Contract
from opendata.domain.treatments import (
    LONG,
    MASKED,
    NOTHING,
    REGION_LENGTH,
    SHORT,
    Handling,
    Level,
    Treatment,
)
from opendata.tabular.record_ids import KeyColumn, base32

_PURPOSE = b"opendata:treatment:hash:"


def dataset_secret(secret: bytes, dataset: str) -> bytes:
    """Return what the hashes of one dataset are keyed with, made of the home's secret."""
    return hmac.digest(secret, _PURPOSE + dataset.encode(), hashlib.sha256)


def treated(
    values: pl.Series, kind: str, handling: Handling, secret: bytes | None = None
) -> pl.Series:
    """Return what is published of a column's values; a missing one stays missing.

    Args:
        values: Values of the type ``kind``, as they were judged.
        kind: The Table Schema type of the column as it is sent in.
        handling: Any but ``drop``.
        secret: The dataset's, with the column's name; needed for a hash alone.

    Raises:
        ValueError: a hash has no secret: without one it could be found by trying.
    """
    if handling.treatment is Treatment.MASK:
        return _masked(values)
    if handling.treatment is Treatment.HASH:
        if not secret:
            message = "A hash needs the dataset's secret."
            raise ValueError(message)
        return _hashed(KeyColumn(kind, values), secret)
    if handling.region_digits:
        left = values.str.slice(0, handling.region_digits)
        return left.str.pad_end(REGION_LENGTH, "0")
    if handling.to is Level.YEAR:
        return values.dt.year()
    return values.dt.strftime("%Y-%m")


def treated_column(
    column: "pa.ChunkedArray[Any]", kept: "pa.Field[Any]", contract: Contract, secret: bytes
) -> "pa.ChunkedArray[Any]":
    """Return what is published of a column that is kept as ``kept``, under a whole contract."""
    field, handling = contract.field(kept.name), contract.personal[kept.name]
    kind = "string" if field is None else field.type
    values = pl.Series(kept.name, pl.from_arrow(column))
    left = treated(values, kind, handling, column_secret(secret, kept.name))
    return pa.chunked_array([left.to_arrow().cast(kept.type)], kept.type)


def column_secret(secret: bytes, name: str) -> bytes:
    """Return what keys one column: equal values of two columns have different hashes."""
    return hmac.digest(secret, name.encode(), hashlib.sha256)


def _masked(values: pl.Series) -> pl.Series:
    text = pl.col(values.name)

    def whole(pattern: str) -> pl.Expr:
        return text.str.contains(f"^(?:{pattern})$")

    hidden = (
        pl.when(text.is_null())
        .then(None)
        .when(whole(MASKED))
        .then(text)
        .when(whole(SHORT))
        .then(text.str.replace(f"^(?:{SHORT})$", f"${{1}}{NOTHING}"))
        .when(whole(LONG))
        .then(text.str.replace(f"^(?:{LONG})$", f"${{1}}{NOTHING}${{2}}"))
        .otherwise(pl.lit(NOTHING))
    )
    return values.to_frame().select(hidden.alias(values.name)).to_series()


def _hashed(column: KeyColumn, secret: bytes) -> pl.Series:
    """Hash each value that occurs once, by its one canonical text."""
    texts = column.canonical()
    occurring = texts.drop_nulls().unique()
    digests = [hmac.digest(secret, each.encode(), hashlib.sha256) for each in occurring]
    hashes = pl.Series(values=pl.from_arrow(base32(digests)), dtype=pl.String)
    return texts.replace_strict(occurring, hashes, default=None, return_dtype=pl.String)
