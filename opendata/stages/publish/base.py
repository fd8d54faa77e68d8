"""Base: the records that a submission in mode ``add`` is merged onto, as they may be published now.

The release was made under the contract of its time. What has become personal data since is
treated here, so that it is not carried into a release that says it treats it.
"""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from opendata.domain.contracts import Contract
from opendata.domain.declarations import Declaration
from opendata.domain.editions import Scope
from opendata.domain.queries import whole
from opendata.stages.lineage import MergeBase
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.lake import files_of
from opendata.tabular.records import record_schema
from opendata.tabular.treatments import dataset_secret, treated_column

_AS_IT_IS, _UNTREATED, _OTHERWISE = range(3)


def rows_of_base(home: Home, contract: Contract, dataset: str, onto: MergeBase) -> pa.Table:
    """Return the records of a release in the published columns of its (whole) contract.

    A column that was treated otherwise is empty: what it should be is not known any more.
    """
    published = contract.published
    states = _states(contract, onto.declaration)
    fields = [
        contract.field(each.name) or each if states.get(each.name) == _UNTREATED else each
        for each in published.fields
    ]
    rows = _read(home, replace(published, fields=tuple(fields)), dataset, onto)
    secret = dataset_secret(home.secret, dataset)
    for at, kept in enumerate(record_schema(published)):
        state = states.get(kept.name, _AS_IT_IS)
        if state == _UNTREATED:
            column = treated_column(rows.column(kept.name), kept, contract, secret)
            rows = rows.set_column(at, kept, column)
        elif state == _OTHERWISE:
            rows = rows.set_column(at, kept, pa.nulls(rows.num_rows, kept.type))
    return rows


def _read(home: Home, contract: Contract, dataset: str, onto: MergeBase) -> pa.Table:
    schema = record_schema(contract)
    source = Source(files_of(onto.snapshot), schema, Scope(None, None, dataset=dataset))
    # What an engine answers may be null anywhere; the records' own columns never are.
    batches = [each.cast(schema) for each in home.engine.batches(source, whole(contract))]
    return pa.Table.from_batches(batches, schema).sort_by("_row")


def _states(contract: Contract, then: Declaration | None) -> Mapping[str, int]:
    """Say how each column that is treated now was published then."""
    if then is None:
        return dict.fromkeys(contract.personal, _OTHERWISE)
    return {
        name: _state(then.treatments.get(name), treatment)
        for name, treatment in contract.treatments.items()
    }


def _state(then: str | None, now: str) -> int:
    if then is None:
        return _UNTREATED
    return _AS_IT_IS if then == now else _OTHERWISE
