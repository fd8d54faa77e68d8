"""What the public can read of the collections, for rules that compare a report with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from opendata.domain.contracts import Contract
from opendata.domain.queries import Filter, Op, whole
from opendata.domain.values import decimal_text
from opendata.stages import query
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_words import COLLECTION


class PublicRecords:
    """What is public today, as ``Releases`` for the judge: nothing hidden shows in a report."""

    def __init__(self, means: Means) -> None:
        """Look at what is public at the time of ``means``."""
        self._means = means

    @property
    def holds_records(self) -> bool:
        """Whether any statistics were ever published."""
        view = query.shown(self._means.home, self._means.contract, None, self._means.now)
        return view.snapshot is not None

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Say that nobody holds them: a report is no submission, and takes nobody's place."""
        return {}

    def of_dataset(self, dataset: str, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Return nothing: a report replaces what was published, it is added to nothing."""
        return iter(())

    def matching(
        self,
        fields: Sequence[str],
        values: Mapping[str, Sequence[Any]],
        collection: str | None = None,
    ) -> Iterator[Mapping[str, Any]] | None:
        """Yield the public records that have one of ``values`` in each of its columns.

        ``None`` where there is no such column, or it is treated: its values are not those.
        """
        contract = self._means.contracts.get(collection or COLLECTION)
        if contract is None:
            return None
        published = contract.published
        found = [published.field(name) for name in values]
        known = [each for each in found if each is not None and each.handling is None]
        if len(known) < len(found):
            return None
        if not all(values.values()):
            return iter(())
        wanted = zip(known, values.values(), strict=True)
        filters = tuple(Filter(field, Op.IN, tuple(each)) for field, each in wanted)
        return self.selected(contract, fields, filters)

    def selected(
        self,
        contract: Contract,
        fields: Sequence[str],
        filters: tuple[Filter, ...],
        *,
        ended: bool = False,
    ) -> Iterator[Mapping[str, Any]]:
        """Yield what is public of some columns where it passes the filters.

        With ``ended`` also what was public until its window ended: to be counted, never shown.
        """
        view = query.shown(self._means.home, contract, None, self._means.now)
        if view.snapshot is None:
            return
        known = tuple(name for name in fields if view.contract.field(name) is not None)
        nothing = dict.fromkeys(fields)
        asked = whole(view.contract, fields=known, filters=filters)
        source = view.source
        if ended:
            source = replace(source, scope=replace(source.scope, window_field=None, on=None))
        for batch in self._means.home.engine.batches(source, asked):
            for record in batch.to_pylist():
                yield {**nothing, **{name: _read(record[name]) for name in known}}


def _read(value: Any) -> Any:
    """Return a value as a file may have had it: the lake pads decimals with idle zeros."""
    return Decimal(decimal_text(value)) if isinstance(value, Decimal) else value
