"""What is about to be published, looked at once more: numbers of identity documents in its texts.

Only their pattern is looked for, in the columns that are published as they were received.
"""

import polars as pl
import pyarrow as pa

from opendata.domain.contracts import Contract
from opendata.domain.privacy import BARRED
from opendata.tabular.privacy import patterns
from opendata.tabular.privacy.scanning import hint_of, holding, signs_in
from opendata.tabular.privacy.words import ABOUT_TRAVEL


def columns_with_identifiers(rows: pa.Table, contract: Contract) -> list[str]:
    """Return the columns of typed ``rows`` in which a text holds such a number beyond doubt."""
    found = []
    for field in contract.fields:
        is_text = field.type == "string" and "enum" not in field.constraints
        if not is_text or field.name in contract.personal or field.name not in rows.column_names:
            continue
        hint = hint_of(field)
        texts = pl.Series(field.name, rows.column(field.name), pl.String)
        if _is_held(texts, hint):
            found.append(field.name)
    return found


def _is_held(texts: pl.Series, hint: str) -> bool:
    wider = f"|{patterns.PERMIT_NUMBERS}" if ABOUT_TRAVEL.search(hint) else ""
    known: set[str] = set()
    for _, text in holding(texts, patterns.IDENTITY + wider):
        if text not in known:
            known.add(text)
            if any(
                each.strong and not each.failed and each.kind in BARRED
                for each in signs_in(text, hint)
            ):
                return True
    return False
