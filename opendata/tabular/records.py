"""The columns of a record as it is kept and answered: the platform's own, then the contract's."""

import pyarrow as pa

from opendata.domain.contracts import Contract
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.tabular.typed import arrow_schema

_TYPES = {"string": pa.string(), "integer": pa.int64()}


def record_schema(contract: Contract) -> pa.Schema:
    """Return the Arrow schema of a collection's records under a published ``contract``.

    Only the platform's own columns are never null: a required column may still be empty in a
    release that discloses in part.
    """
    own = [pa.field(each.name, _TYPES[each.type], nullable=False) for each in SYSTEM_FIELDS]
    columns = [each.with_nullable(True) for each in arrow_schema(contract)]
    return pa.schema([*own, *columns])
