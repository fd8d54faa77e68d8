"""Foreign keys within a table: every key that is spoken of must be there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from opendata.tabular.certify.canonical import canonical_key
from opendata.tabular.certify.model import Column
from opendata.tabular.judge.plan import NotPlain

_ROW = "row"


@dataclass(frozen=True, slots=True)
class Reference:
    """One foreign key: values of ``fields`` must be values of ``source`` in some row.

    ``resource`` is the name the schema gives the table itself, mostly none.
    """

    fields: tuple[str, ...]
    source: tuple[str, ...]
    resource: str


class Referring:
    """The keys of one reference in all rows, as texts that are equal where the values are."""

    def __init__(self, reference: Reference, columns: Mapping[str, Column]) -> None:
        """Watch one reference.

        Raises:
            NotPlain: its values cannot be compared as texts.
        """
        named = [columns.get(name) for name in (*reference.fields, *reference.source)]
        self._columns = [each for each in named if each is not None]
        width = len(reference.fields)
        kinds = [(each.field.type, each.field.format) for each in self._columns]
        if (
            len(self._columns) < len(named)
            or len(named) != 2 * width
            or any(each.key is None for each in self._columns)
            or kinds[:width] != kinds[width:]
        ):
            raise NotPlain("foreign keys that are no plain texts")
        self._width = width
        self._texts = [str(at) for at in range(2 * width)]
        self._schema: dict[str, Any] = {_ROW: pl.UInt64, **dict.fromkeys(self._texts, pl.String)}
        self._held: list[pl.DataFrame] = []
        self._odd: list[int] = []
        self.names = reference.fields + reference.source

    def expressions(self, alias: str) -> Iterator[pl.Expr]:
        """Yield ``{alias}.sure``, whether the keys are told by the text, and then the keys."""
        yield pl.all_horizontal([each.legible for each in self._columns]).alias(f"{alias}.sure")
        for text, each in zip(self._texts, self._columns, strict=True):
            if each.key is not None:
                yield each.key.alias(f"{alias}.{text}")

    def see(self, first_row: int, told: pl.DataFrame, alias: str) -> None:
        """Take in the rows of a block, as ``expressions`` tell of them."""
        rows = pl.int_range(first_row, first_row + told.height, dtype=pl.UInt64).alias(_ROW)
        keys = [pl.col(f"{alias}.{text}").alias(text) for text in self._texts]
        sure = told[f"{alias}.sure"]
        self._held.append(told.select(rows, *keys).filter(sure))

    def see_values(self, values: Mapping[int, Sequence[Any]]) -> None:
        """Take in rows, by number, whose keys had to be read cell by cell."""
        rows = [(row, *map(canonical_key, key)) for row, key in values.items()]
        self._held.append(pl.DataFrame(rows, schema=self._schema, orient="row"))
        # Something that does not even equal itself is nowhere to be found.
        self._odd += [
            row for row, key in values.items() if any(each != each for each in key[: self._width])
        ]

    def suspects(self) -> NDArray[np.uint64]:
        """Return the numbers of the rows whose key no row has."""
        held = pl.concat([pl.DataFrame(schema=self._schema), *self._held])
        fields, source = self._texts[: self._width], self._texts[self._width :]
        given = ~pl.all_horizontal([pl.col(text).is_null() for text in fields])
        there = ~pl.all_horizontal([pl.col(text).is_null() for text in source])
        missing = held.filter(given).join(
            held.filter(there).select(source).unique(),
            left_on=fields,
            right_on=source,
            how="anti",
            nulls_equal=True,
        )
        return np.concatenate([missing[_ROW].to_numpy(), np.array(self._odd, np.uint64)])
