"""What is published now, for rules that compare a file with other releases."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from opendata.domain.contracts import Contract
from opendata.domain.editions import Scope
from opendata.domain.queries import SYSTEM_FIELDS, Filter, Op, whole
from opendata.domain.values import decimal_text
from opendata.stages.catalogue import Contracts
from opendata.storage import pointers
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot, files_of
from opendata.tabular.records import record_schema

ID_FIELD, DATASET_FIELD, RELEASE_FIELD = SYSTEM_FIELDS[:3]
_SYSTEM = frozenset(each.name for each in SYSTEM_FIELDS)


class PublishedRecords:
    """What collections hold now, hidden records included; see ``Releases``."""

    def __init__(
        self,
        home: Home,
        contracts: Contracts,
        contract: Contract,
        snapshot: Snapshot | None,
        merged_onto: Snapshot | None,
    ) -> None:
        """Look at ``snapshot`` of a collection; ``None`` is one without any release.

        Of the other collections in ``contracts`` what is current is looked at. ``merged_onto`` is
        the snapshot of the release that a table would be added to, ``None`` where there is none.
        """
        self._home = home
        self._contracts = contracts
        self._contract = contract.published
        self._snapshot = snapshot
        self._merged_onto = merged_onto
        self._compared: set[tuple[str, int]] = set()
        self._scope = Scope(None, None)

    @property
    def compared_with(self) -> list[tuple[str, int]]:
        """The releases whose records were compared with so far: dataset and number."""
        return sorted(self._compared)

    def leave_out(self, releases: Iterable[tuple[str, int]]) -> None:
        """Leave out the records of these releases from now on: dataset and number."""
        self._scope = Scope(None, None, frozenset(releases))

    @property
    def holds_records(self) -> bool:
        """Whether the collection has had a release."""
        return self._snapshot is not None

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Say which dataset holds each of these record ids."""
        if self._snapshot is None or not ids:
            return {}
        files = files_of(self._snapshot)
        return self._home.keys.owners(self._contract.collection, files, ids)

    def of_dataset(self, dataset: str, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the records of the release that a dataset's table would be added to."""
        if self._merged_onto is None:
            return iter(())
        own = (Filter(DATASET_FIELD, Op.EXACT, (dataset,)),)
        return self._records(self._contract, self._merged_onto, fields, own)

    def matching(
        self,
        fields: Sequence[str],
        values: Mapping[str, Sequence[Any]],
        collection: str | None = None,
    ) -> Iterator[Mapping[str, Any]] | None:
        """Yield the records that have one of ``values`` in each of its columns.

        ``None`` where there is no such column, or it is treated: its values are not those.
        """
        contract, snapshot = self._current(collection)
        if contract is None:
            return None
        filters = []
        for name, wanted in values.items():
            field = contract.field(name)
            if field is None or field.handling is not None:
                return None
            filters.append(Filter(field, Op.IN, tuple(wanted)))
        if snapshot is None or not all(values.values()):
            return iter(())
        origin = (DATASET_FIELD.name, RELEASE_FIELD.name)
        asked = tuple(dict.fromkeys((*fields, *origin)))
        return self._noted(self._records(contract, snapshot, asked, tuple(filters)))

    def _noted(self, records: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        for record in records:
            self._compared.add((record[DATASET_FIELD.name], record[RELEASE_FIELD.name]))
            yield record

    def _current(self, collection: str | None) -> tuple[Contract | None, Snapshot | None]:
        if collection is None:
            return self._contract, self._snapshot
        contract = self._contracts.get(collection)
        if contract is None:
            return None, None
        with self._home.database.read() as session:
            return contract.published, pointers.current(session, collection)

    def _records(
        self,
        contract: Contract,
        snapshot: Snapshot,
        fields: Sequence[str],
        filters: tuple[Filter, ...],
    ) -> Iterator[Mapping[str, Any]]:
        known = tuple(name for name in fields if name in _SYSTEM or contract.field(name))
        nothing = dict.fromkeys(fields)
        query = whole(contract, fields=known or (ID_FIELD.name,), filters=filters)
        source = Source(files_of(snapshot), record_schema(contract), self._scope)
        for batch in self._home.engine.batches(source, query):
            for record in batch.to_pylist():
                yield {**nothing, **{name: _read(record[name]) for name in known}}


def _read(value: Any) -> Any:
    """Return a value as a file may have had it: the lake pads decimals with idle zeros."""
    return Decimal(decimal_text(value)) if isinstance(value, Decimal) else value
