"""Unique keys besides the primary one (Table Schema v2 ``uniqueKeys``, unknown to Frictionless)."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.unique import doubtful_keys
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.groups import NAMES, group_text
from opendata.tabular.checks.table import Member, Statement, TableCheck
from opendata.tabular.checks.table_errors import KeyNotUniqueError


@attrs.define(kw_only=True, repr=False)
class UniqueKeysCheck(TableCheck):
    """No two rows agree in all columns of one of ``keys``.

    As in SQL an empty cell is like no other: a row that lacks a part of a key is not compared.
    One error names all rows that agree; it is about the second of them.
    """

    type = "unique-keys"
    Errors: ClassVar[ErrorTypes] = [KeyNotUniqueError]

    keys: list[list[str]]

    _rows: dict[tuple[int, tuple[Any, ...]], list[Member]] = attrs.field(
        factory=dict, init=False, eq=False
    )

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["keys"],
        "properties": {"keys": {"type": "array", "minItems": 1, "items": NAMES}},
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the columns of all keys."""
        return tuple(dict.fromkeys(name for key in self.keys for name in key))

    def validate_start(self) -> Iterator[Error]:
        """Begin with no row."""
        self._rows.clear()
        yield from ()

    def take(self, member: Member) -> None:
        """Remember what the row has in each key."""
        for number, key in enumerate(self.keys):
            values = tuple(member.values[name] for name in key)
            if None not in values:
                self._rows.setdefault((number, values), []).append(Member(member.row_number, {}))

    def conclude(self) -> Iterator[Error]:
        """Report what more than one row has, in the order in which it first appeared."""
        for (number, values), members in self._rows.items():
            if len(members) > 1:
                relation = " + ".join(self.keys[number])
                group = group_text(values)
                words = f"{relation}: {len(members)} rows have {group}"
                said = Statement(relation=relation, group=group, words=words)
                yield self.table_error(KeyNotUniqueError, members, said, members[1])

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Find what occurs twice at once."""
        return doubtful_keys(frame, columns, self.keys)
