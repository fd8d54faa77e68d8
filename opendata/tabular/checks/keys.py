"""The rule that looks at other datasets: primary keys are unique across a collection."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import attrs
import numpy as np
import polars as pl
from frictionless import Error, Field

from opendata.domain.identifiers import record_id
from opendata.tabular.certify.model import Column
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.table import Member, Statement, TableCheck
from opendata.tabular.checks.table_errors import KeyElsewhereError
from opendata.tabular.plain import plain_values
from opendata.tabular.record_ids import KeyColumn, record_ids

_BATCH = 5000


@attrs.define(kw_only=True, repr=False)
class KeyUniqueAcrossCheck(TableCheck):
    """No other dataset of the collection holds a record with the same key.

    The judge adds it to every checklist; ids are asked for in batches, and what is found is
    reported after the last row.
    """

    type = "key-unique-across"
    Errors: ClassVar[ErrorTypes] = [KeyElsewhereError]

    collection: str
    key: list[str]
    pending: list[tuple[str, Member]] = attrs.field(factory=list, init=False, eq=False)
    held: list[tuple[str, Member]] = attrs.field(factory=list, init=False, eq=False)

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["collection", "key"],
        "properties": {
            "collection": {"type": "string"},
            "key": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the key's columns."""
        return tuple(self.key)

    @property
    def lacks_context(self) -> bool:
        """Outside the platform nothing else is published."""
        return self.context is None or self.context.releases is None

    def validate_start(self) -> Iterator[Error]:
        """Begin with no row."""
        self.pending.clear()
        self.held.clear()
        yield from ()

    def take(self, member: Member) -> None:
        """Remember the row's id; a row without its whole key has none."""
        context = self.context
        values = [member.values[name] for name in self.key]
        if context is None or None in values or not self._others_exist:
            return
        self.pending.append((record_id(self.collection, values, context.secret), member))
        if len(self.pending) >= _BATCH:
            self._ask()

    def conclude(self) -> Iterator[Error]:
        """Yield what was found, in the order of rows."""
        self._ask()
        for owner, member in self.held:
            words = f'dataset "{owner}" holds a record with this key'
            yield self.table_error(
                KeyElsewhereError, [member], Statement(expected=owner, words=words)
            )

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Doubt the rows that another dataset holds, and those whose key is written unusually."""
        nothing = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
        if not self._others_exist:
            return nothing
        unsure, missing, key = nothing, nothing, []
        for name in self.key:
            field, texts = columns[name].field, frame[name]
            values = _plainly(texts, field)
            if values is None:
                return None
            missing = missing | values.is_null()
            unsure = unsure | (values.is_null() & (texts != ""))
            key.append((field.type, values))
        whole = [KeyColumn(kind, values.filter(~missing)) for kind, values in key]
        return unsure | self._held_elsewhere((~missing).arg_true(), whole, frame.height)

    @property
    def _merges(self) -> bool:
        # The current release is the dataset's own, which is no conflict.
        return False

    @property
    def _others_exist(self) -> bool:
        releases = self.context.releases if self.context else None
        return releases is not None and releases.holds_records

    def _held_elsewhere(
        self, places: pl.Series, key: Sequence[KeyColumn], height: int
    ) -> pl.Series:
        """Say which of ``height`` rows others hold; those at ``places`` have the values of key."""
        context, held = self.context, np.zeros(height, np.bool_)
        if context is not None and context.releases is not None and len(places):
            ids: list[Any] = record_ids(self.collection, key, context.secret).to_pylist()
            owners = context.releases.owner_of(ids)
            others = {each for each, owner in owners.items() if owner != context.dataset}
            if others:
                held[places.to_numpy()] = [each in others for each in ids]
        return pl.Series(held)

    def _ask(self) -> None:
        """Ask who holds the remembered ids; the dataset's own records are no conflict."""
        context = self.context
        if context is None or context.releases is None or not self.pending:
            return
        owners = context.releases.owner_of([identifier for identifier, _ in self.pending])
        for identifier, member in self.pending:
            owner = owners.get(identifier)
            if owner is not None and owner != context.dataset:
                self.held.append((owner, member))
        self.pending.clear()


def _plainly(texts: pl.Series, field: Field) -> pl.Series | None:
    """Read cells in their type's strict notation; ``None`` where they may mean something else."""
    if field.format != "default" or _gaps(field) != [""]:
        return None
    return plain_values(texts, field.type)


def _gaps(field: Field) -> list[str]:
    inherited = field.schema and not field.has_defined("missing_values")
    return list(field.schema.missing_values if inherited and field.schema else field.missing_values)
