"""What is about to be published, looked at once more: numbers of identity documents in its texts.

Only their pattern is looked for, in the columns that are published as they were received.
"""

from collections.abc import Iterator

import polars as pl
import pyarrow as pa

from opendata.domain.contracts import Contract, Field
from opendata.domain.privacy import BARRED
from opendata.tabular.privacy import patterns
from opendata.tabular.privacy.documents import ABOUT_DOCUMENTS
from opendata.tabular.privacy.persons import as_of_person, rows_about_persons, telling
from opendata.tabular.privacy.scanning import hint_of, signs_in, verdicts


def columns_with_identifiers(rows: pa.Table, contract: Contract) -> list[str]:
    """Return the columns of typed ``rows`` in which a cell holds such a number.

    It is one beyond doubt, or the row is about a natural person.
    """
    told = telling(contract)
    columns = {name: _texts(rows, name) for name in told if name in rows.column_names}
    about = rows_about_persons(columns, told, rows.num_rows)
    return [
        field.name
        for field in _as_received(rows, contract)
        if _is_held(_texts(rows, field.name), field, about)
    ]


def _as_received(rows: pa.Table, contract: Contract) -> Iterator[Field]:
    for field in contract.fields:
        is_text = field.type == "string" and "enum" not in field.constraints
        is_looked_at = is_text or field.type == "integer"
        if is_looked_at and field.name not in contract.personal and field.name in rows.column_names:
            yield field


def _texts(rows: pa.Table, name: str) -> pl.Series:
    return pl.Series(name, rows.column(name)).cast(pl.String)


def _is_held(texts: pl.Series, field: Field, about_persons: pl.Series) -> bool:
    hint = hint_of(field)
    wider = f"|{patterns.PERMIT_NUMBERS}" if ABOUT_DOCUMENTS.search(hint) else ""
    looked = verdicts(texts, patterns.IDENTITY + wider, lambda text: signs_in(text, hint))
    for signs, found in looked:
        of_row = as_of_person(signs) if about_persons.gather(found).any() else signs
        if any(each.strong and not each.failed and each.kind in BARRED for each in of_row):
            return True
    return False
