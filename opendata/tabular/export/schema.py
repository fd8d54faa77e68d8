"""The columns of a file in Arrow: exact types, and what each column is."""

import pyarrow as pa

from opendata.domain.contracts import Field
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.tabular.export.layout import Layout
from opendata.tabular.values import arrow_type

_OWN = frozenset(each.name for each in SYSTEM_FIELDS)


def described_schema(layout: Layout) -> pa.Schema:
    """Return the Arrow schema of a layout's columns.

    Only the platform's own columns are never null. A column's metadata has its ``title``,
    ``title_en`` and ``description``, its ``unit`` where it has one, or the ``unit_field`` that
    holds it.
    """
    return pa.schema(
        [
            pa.field(each.name, arrow_type(each), each.name not in _OWN, metadata=_told(each))
            for each in layout.fields
        ]
    )


def _told(field: Field) -> dict[str | bytes, str | bytes]:
    told = {
        "title": field.title.zh,
        "title_en": field.title.en,
        "description": field.description.zh,
        "unit": field.unit,
        "unit_field": field.unit_field,
    }
    return {name: text for name, text in told.items() if text}
