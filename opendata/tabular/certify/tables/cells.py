"""The cells of a whole column as what they are read as, without reading each of them."""

from collections.abc import Callable
from typing import Any

import polars as pl
from frictionless import Field

from opendata.tabular.certify.model import Column

# How many different texts of one column are read one by one before everything is doubted.
_MOST_READ = 50_000
# Texts that are written just as the value they are read as.
_CANONICAL = {
    "integer": r"^(0|-?[1-9][0-9]{0,17})$",
    "year": r"^[1-9][0-9]{3}$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
}
# Figures that Frictionless reads as what is written; the sum of a billion of them is exact.
_FIGURE = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"
_DECIMAL = pl.Decimal(38, 6)


def typed_text(texts: pl.Series, column: Column) -> pl.Series | None:
    """Return texts that are equal exactly where the typed values are; null for no value.

    ``None`` where that cannot be said.
    """
    field = column.field
    if field.format not in (None, "default"):
        return None
    if field.type == "string":
        missing = texts.is_in(_missing_values(field)).fill_null(value=False)
        return texts.to_frame("text").select(pl.when(~missing).then("text")).to_series()
    pattern = _CANONICAL.get(field.type)
    if pattern is None:
        return None
    canonical = texts.str.contains(pattern)
    if field.type == "date":
        canonical = canonical & texts.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    odd = ~canonical.fill_null(value=True)
    if not odd.any():
        return texts
    read = mapped(texts.filter(odd), column, _text, pl.String)
    return None if read is None else texts.clone().scatter(odd.arg_true(), read)


def mapped(
    texts: pl.Series,
    column: Column,
    function: Callable[[Any], Any],
    kind: pl.DataType | type[pl.DataType],
) -> pl.Series | None:
    """Apply a function to what Frictionless reads each text as, once for each different text.

    ``None`` where there are too many of them.
    """
    different = texts.unique()
    if different.len() > _MOST_READ:
        return None
    read = column.field.create_cell_reader()
    results = [function(read(text)[0]) for text in different.to_list()]
    table = pl.DataFrame({"text": different, "result": pl.Series(results, dtype=kind)})
    asked = texts.to_frame("text")
    joined = asked.join(table, on="text", how="left", nulls_equal=True, maintain_order="left")
    return joined["result"]


def is_plain_figure(column: Column) -> bool:
    """Say whether the texts of a column are figures as everyone writes them."""
    field: Any = column.field
    if field.type == "number":
        return bool(field.bare_number and field.decimal_char == "." and not field.group_char)
    return bool(field.type == "integer" and field.bare_number)


def figures(name: str, prefix: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return a column of texts as figures, which of them are doubtful, and which are no value.

    A doubtful one is nothing until Frictionless has read it. The three are named ``<prefix>v``,
    ``<prefix>d`` and ``<prefix>n``.
    """
    text = pl.col(name)
    plain = text.str.contains(_FIGURE)
    none = text.is_null() | (text == "")
    value = pl.when(plain).then(text).str.to_decimal(scale=6).cast(_DECIMAL)
    return (
        value.alias(f"{prefix}v"),
        (~none & ~plain).fill_null(value=False).alias(f"{prefix}d"),
        none.alias(f"{prefix}n"),
    )


def _missing_values(field: Field) -> list[str]:
    if not field.has_defined("missing_values") and field.schema:
        return list(field.schema.missing_values)
    return list(field.missing_values)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
