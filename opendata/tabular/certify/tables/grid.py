"""Forms counted at once: one is proven where it has as many different cells as it must."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.cells import typed_text
from opendata.tabular.certify.tables.grouped import Grouping, grouped


@dataclass(frozen=True, slots=True)
class Cells:
    """The two columns that say which cell a row is, and all cells a form must have."""

    row_field: str
    column_field: str
    needed: Sequence[tuple[str, str]]


def doubtful_grids(
    frame: pl.DataFrame, columns: Mapping[str, Column], grouping: Grouping, cells: Cells
) -> pl.Series | None:
    """Return the rows of all forms that are not proven to be whole."""
    texts = [
        typed_text(frame[name], columns[name]) for name in (cells.row_field, cells.column_field)
    ]
    if texts[0] is None or texts[1] is None:
        return None
    named = frame.with_columns(texts[0].alias("cell_row"), texts[1].alias("cell_column"))
    within = grouped(named, grouping, columns)
    if within is None:
        return None
    needed = pl.DataFrame(
        {
            "cell_row": [row for row, _ in cells.needed],
            "cell_column": [column for _, column in cells.needed],
        },
        schema={"cell_row": pl.String, "cell_column": pl.String},
    ).unique()
    keys = [*within.keys, "all"]
    rows = within.rows.with_columns(pl.lit(0).alias("all"))
    whole = (
        rows.join(needed, on=["cell_row", "cell_column"], how="semi")
        .select([*keys, "cell_row", "cell_column"])
        .unique()
        .group_by(keys)
        .len()
        .filter(pl.col("len") == needed.height)
    )
    broken = rows.select(keys).unique().join(whole, on=keys, how="anti", nulls_equal=True)
    return within.marked(broken)
