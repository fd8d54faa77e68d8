"""Any clean table, however it is written, comes back cell for cell or is refused with a reason."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from opendata.tabular.readers import Unreadable, read
from tests.tabular.readers.cases.clean import contracts
from tests.tabular.readers.tables import COLLECTION, tables
from tests.tabular.readers.test_cases import cells_of
from tests.tabular.readers.writers import Writer, writers

EXAMPLES = 25


def check(writer: Writer, data: st.DataObject, folder: Path) -> str:
    """Write a table and read it; return what became of it: a refusal's code, or ``read``."""
    table = data.draw(tables())
    uploaded = writer(data.draw, table)
    path = folder / "received"
    path.write_bytes(uploaded.content)
    contract = contracts()[COLLECTION]
    try:
        found = read(path, contract, folder / "canonical.csv", uploaded.declared)
    except Unreadable as refusal:
        said = refusal
    else:
        assert cells_of(found.path, COLLECTION) == (uploaded.cells or table)
        return "read"
    assert said.detail.zh
    assert said.detail.en
    return said.code


@pytest.mark.parametrize("writer", writers(), ids=lambda writer: writer.__name__)
def test_a_clean_table_comes_back_cell_for_cell_or_is_refused_with_a_reason(
    writer: Writer, tmp_path: Path
) -> None:
    became: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.generate])
    @given(data=st.data())
    def every(data: st.DataObject) -> None:
        became[check(writer, data, tmp_path)] += 1

    every()

    # A writer whose tables are mostly refused would prove little.
    assert became["read"] > became.total() / 4, became


@pytest.mark.soak
@pytest.mark.parametrize("writer", writers(), ids=lambda writer: writer.__name__)
def test_so_do_many_thousands(writer: Writer, tmp_path: Path) -> None:
    @settings(max_examples=20 * EXAMPLES, deadline=None, database=None)
    @given(data=st.data())
    def every(data: st.DataObject) -> None:
        check(writer, data, tmp_path)

    every()
