"""What large files must not cost, tried on small ones with smaller limits."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from datasets.build.formats.columns import parquet
from opendata.tabular.readers import Unreadable, canonical, columnar, json_records, limits, objects
from opendata.tabular.readers import read as read_table
from opendata.tabular.readers.limits import LIMITS, check_extent, copy_bounded
from opendata.tabular.text_table import TextTable
from tests.tabular.readers.cases.clean import clean, contracts
from tests.tabular.readers.cases.objects import array, arrow, ndjson
from tests.tabular.readers.test_cases import cells_of

TABLE = clean("administrative-penalties")


def read(folder: Path, content: bytes) -> TextTable:
    """Read a file under the contract of administrative penalties."""
    path = folder / "received"
    path.write_bytes(content)
    return read_table(path, contracts()[TABLE.collection], folder / "canonical.csv")


def refusal(folder: Path, content: bytes) -> tuple[str, list[str]]:
    """Return code and pointers of the refusal of a file."""
    with pytest.raises(Unreadable) as refused:
        read(folder, content)
    return refused.value.code, [fault.pointer for fault in refused.value.faults]


def test_a_table_that_grows_while_it_is_converted_does_not_fill_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(canonical, "LIMITS", replace(LIMITS, written_bytes=10_000))
    content = b'{"party_no": 1}\n' * 10_000

    assert refusal(tmp_path, content) == ("too-large-uncompressed", ["/line/235"])
    assert (tmp_path / "canonical.csv").stat().st_size < 20_000


def test_columns_of_parquet_are_counted_before_any_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "LIMITS", replace(LIMITS, columns=5))

    assert refusal(tmp_path, parquet(arrow(TABLE)))[0] == "too-many-columns"


def test_groups_and_metadata_of_parquet_are_bounded(tmp_path, monkeypatch):
    content = parquet(arrow(TABLE))
    monkeypatch.setattr(columnar, "LIMITS", replace(LIMITS, group_bytes=100))
    assert refusal(tmp_path, content) == ("too-large-uncompressed", ["/byte/0"])
    monkeypatch.setattr(columnar, "LIMITS", replace(LIMITS, footer_bytes=100))
    assert refusal(tmp_path, content)[0] == "too-large-uncompressed"


def test_what_really_comes_out_of_an_archive_is_counted(monkeypatch):
    monkeypatch.setattr(limits, "LIMITS", replace(LIMITS, ratio_free_bytes=1000))
    with pytest.raises(limits.CompressionRatio):
        copy_bounded(io.BytesIO(b"x" * 10_000), io.BytesIO(), 10, "/member/a.csv")
    monkeypatch.setattr(limits, "LIMITS", replace(LIMITS, uncompressed_bytes=1000))
    with pytest.raises(limits.TooLargeUncompressed):
        copy_bounded(io.BytesIO(b"x" * 10_000), io.BytesIO(), 10_000, "/member/a.csv")


def test_a_sheet_is_measured_before_its_cells_are_read():
    check_extent(1_000_000, 60, "/sheet/a")
    with pytest.raises(limits.TooManyCells):
        check_extent(1_000_000_000, 3, "/sheet/a")
    with pytest.raises(limits.TooManyColumns):
        check_extent(1, 20_000, "/sheet/a")


@pytest.mark.parametrize("piece", [1, 2, 7, 64, 1000])
def test_an_array_is_read_in_pieces_of_any_size(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(json_records, "_PIECE_BYTES", piece)
    monkeypatch.setattr(json_records, "_CUT_CHARACTERS", 8)
    content = array(TABLE).replace("示例数据".encode(), b"\\u793a\\ud83d\\ude00", 1)

    rows = cells_of(read(tmp_path, content).path, TABLE.collection).rows

    assert rows[0][-1] == "示😀，全部虚构"
    assert rows[1:] == TABLE.rows[1:]


def test_a_member_that_comes_late_is_a_column_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(objects, "_SAMPLE", 1)
    lines = ndjson(TABLE).splitlines()
    lines[-1] = lines[-1].replace(b"}", b', "later": "x"}')

    found = cells_of(read(tmp_path, b"\n".join(lines)).path, TABLE.collection)

    assert found.names == (*TABLE.names, "later")
    assert [row[-1] for row in found.rows] == ["", "", "", "", "x"]


def test_a_row_knows_the_line_of_its_object(tmp_path):
    table = read(tmp_path, b"\n\n" + ndjson(TABLE, "\n\n"))

    assert [table.lines.line_of(row) for row in (2, 3, 6)] == [3, 5, 11]
