"""Published records for tests: what a rule may ask of the platform, kept in lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from opendata.tabular.context import Context

Record = Mapping[str, Any]


@dataclass
class Shelf:
    """Records by dataset, and those of other collections; see ``Releases``."""

    datasets: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    others: Mapping[str, Sequence[Record]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    asked: list[Mapping[str, Sequence[Any]]] = field(default_factory=list)

    @property
    def holds_records(self) -> bool:
        """Whether any dataset has records."""
        return bool(self.datasets or self.owners)

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the owners that are known."""
        return {each: self.owners[each] for each in ids if each in self.owners}

    def of_dataset(self, dataset: str, fields: Sequence[str]) -> Iterable[Record]:
        """Return a dataset's records."""
        for record in self.datasets.get(dataset, ()):
            yield {name: record.get(name) for name in fields}

    def matching(
        self,
        fields: Sequence[str],
        values: Mapping[str, Sequence[Any]],
        collection: str | None = None,
    ) -> Iterable[Record] | None:
        """Return the records that have one of ``values`` in each column."""
        self.asked.append(values)
        if collection is None:
            records = [record for each in self.datasets.values() for record in each]
        elif collection in self.others:
            records = list(self.others[collection])
        else:
            return None
        return [
            {name: record.get(name) for name in fields}
            for record in records
            if all(record.get(name) in wanted for name, wanted in values.items())
        ]


def context(shelf: Shelf | None, *, merged_by: tuple[str, ...] = ()) -> Context:
    """Return a context in which ``shelf`` is published and the table belongs to ``own``."""
    return Context(
        publishers=frozenset({"某局"}),
        period="2020",
        dataset="own",
        releases=shelf,
        merged_by=merged_by,
    )
