"""Keys that occur more than once, found at once."""

from collections.abc import Mapping, Sequence

import polars as pl

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.cells import typed_text


def doubtful_keys(
    frame: pl.DataFrame, columns: Mapping[str, Column], keys: Sequence[Sequence[str]]
) -> pl.Series | None:
    """Return the rows that agree with another one in all columns of one of ``keys``."""
    doubt = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    for key in keys:
        texts = []
        for number, name in enumerate(key):
            text = typed_text(frame[name], columns[name])
            if text is None:
                return None
            texts.append(text.alias(f"key{number}"))
        values = pl.DataFrame(texts)
        whole = ~pl.any_horizontal(pl.all().is_null())
        doubt = doubt | values.select(whole & pl.struct(pl.all()).is_duplicated()).to_series()
    return doubt
