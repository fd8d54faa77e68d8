"""Building segments: what is read back from them is what the releases hold."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings

from opendata.storage.index.building import PartSource, Unindexable, write_segment
from opendata.storage.index.building.lines import csv_lines, ndjson_lines
from opendata.storage.index.building.writing import by_codes
from opendata.storage.vault import Vault
from tests.index.built import in_order, keep, line_by_line, record, records_of, segment_of
from tests.queries import made

ONE, TWO = ("one", 1), ("two", 1)
FULL = {
    "name": "甲",
    "note": '一行,\n"引号"\r\n二行',
    "kind": "fine",
    "unit": "元",
    "size": -(2**63),
    "amount": Decimal("-0.50"),
    "vast": Decimal("123456789012345678901234.5678"),
    "decided": date(1, 1, 1),
    "public_until": date(9999, 12, 31),
    "seen_at": datetime(1890, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    "year": 2026,
    "is_open": False,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where segments are written."""
    return tmp_path_factory.mktemp("segments")


def test_every_type_of_value_is_read_back_and_null_is_not_an_empty_text(folder):
    rows = [
        record(0, **FULL),
        record(1),
        record(2, **{**FULL, "note": "", "size": 2**63 - 1, "vast": Decimal(1), "is_open": True}),
        record(3, name="", year=2026, amount=Decimal(0)),
    ]
    segment = segment_of(folder, {ONE: rows})

    assert records_of(segment) == in_order(rows)


def test_lines_are_those_of_the_release_whatever_texts_contain(folder):
    rows = [record(at, **{**FULL, "note": note}) for at, note in enumerate(
        ['"', '""', "\n", ',"\n",', "a\r", "\u2028", "\x85", "", None, "plain"]
    )]  # fmt: skip
    segment = segment_of(folder, {ONE: rows})
    ordered = made.table_of(in_order(rows))

    for kind in ("ndjson", "csv"):
        found = segment.store.lines(kind, range(segment.rows))
        assert found == line_by_line(ordered, kind)


def test_a_code_is_the_place_among_the_distinct_values_and_null_comes_last(folder):
    names = ["乙", None, "a", "乙", "😀", "﹏"]
    segment = segment_of(folder, {ONE: [record(at, name=each) for at, each in enumerate(names)]})
    column = segment.column("name")

    # By code points: U+FE4F before U+1F600, which UTF-16 has the other way round.
    assert list(column.values) == ["a", "乙", "﹏", "😀"]
    assert column.codes.tolist() == [0, 1, 1, 2, 3, 4]
    assert column.null == 4
    assert column.order.tolist() == [0, 1, 2, 3, 4, 5]
    assert column.starts.tolist() == [0, 1, 3, 4, 5, 6]


def test_records_are_listed_by_code_and_then_in_the_default_order(folder):
    rows = [record(at, name=f"{at:02}", kind=("warning", "fine")[at % 2]) for at in range(7)]
    column = segment_of(folder, {ONE: rows}).column("kind")

    assert column.codes.tolist() == [1, 0, 1, 0, 1, 0, 1]
    assert column.order.tolist() == [1, 3, 5, 0, 2, 4, 6]


def test_releases_are_ordered_together_and_one_record_twice_by_release(folder):
    older, newer = ("one", 1), ("one", 2)
    releases = {
        older: [record(at, older, name="同", note="旧") for at in range(3)],
        TWO: [record(0, TWO, name="后"), record(1, TWO, name="一")],
        newer: [record(at, newer, name="同", note="新") for at in range(2)],
    }
    segment = segment_of(folder, releases)

    assert records_of(segment) == in_order(row for rows in releases.values() for row in rows)
    assert [each.part for each in segment.parts] == [older, TWO, newer]
    assert [each.rows for each in segment.parts] == [3, 2, 2]


def test_a_release_without_records_has_its_place(folder):
    segment = segment_of(folder, {ONE: [], TWO: [record(0, TWO)]})
    empty = segment_of(folder, {ONE: []})

    assert records_of(segment) == [record(0, TWO)]
    assert records_of(empty) == []
    assert [each.rows for each in segment.parts] == [0, 1]


def test_long_texts_are_not_kept_again_unless_they_recur(folder):
    texts = [f"第{at}号决定书认定的事实，" * 9 for at in range(30)]
    rows = [record(at, name=texts[at % 10], note=texts[at]) for at in range(30)]
    segment = segment_of(folder, {ONE: rows})

    assert "note/first" in segment.arrays
    assert "name/text" in segment.arrays
    assert "_id/text" in segment.arrays
    assert list(segment.column("note").values) == sorted(texts)


@settings(max_examples=12, deadline=None)
@given(releases=made.releases())
def test_random_releases_are_read_back_as_they_are(folder, releases):
    rows = [row for part in releases.values() for row in part]
    segment = segment_of(folder, releases)
    expected = in_order(rows)

    assert records_of(segment) == expected
    assert segment.store.lines("ndjson", range(len(rows))) == line_by_line(
        made.table_of(expected), "ndjson"
    )
    for name in made.table_of([]).schema.names:
        column = segment.column(name)
        assert list(column.values) == sorted({row[name] for row in rows} - {None}, key=sort_key)
        listed = [column.codes[place] for place in column.order]
        assert listed == sorted(listed)


def sort_key(value):
    return value.encode() if isinstance(value, str) else value


@pytest.mark.parametrize("ends", [[65_535], [0, 255, 256], [300, 70_000, 65_536, 1, 70_000]])
def test_codes_of_any_width_are_sorted_and_ties_stay_in_place(ends):
    codes = np.array([*ends, 0, 1, 0] * 3, np.min_scalar_type(max(ends)))

    found = by_codes(codes)

    assert found.tolist() == sorted(range(len(codes)), key=lambda at: codes[at])


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 1024])
def test_records_are_found_whatever_a_piece_of_the_file_ends_in(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr("opendata.storage.index.building.lines._CHUNK_BYTES", chunk)
    path = tmp_path / "data.csv"
    path.write_bytes(b'a,b\n1,"x\n""y"\n"""",\n\n3,"\n\n"\n')

    found = csv_lines(path)
    content = path.read_bytes()

    lines = [
        content[begin : begin + size]
        for begin, size in zip(found.begin.tolist(), found.size.tolist(), strict=True)
    ]
    assert lines == [b'1,"x\n""y"', b'"""",', b"", b'3,"\n\n"']
    assert len(ndjson_lines(path)) == content.count(b"\n")


def test_lines_are_compared_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr("opendata.storage.index.building.lines._PIECE_BYTES", 2**16)
    path = tmp_path / "data.csv"
    ids = [f"{at:08}" for at in range(20_000)]
    path.write_text("_id,b\n" + "".join(f"{each},x\n" for each in ids), "ascii")
    texts = np.array(ids, "S8").view(np.uint8).reshape(-1, 8)
    wrong = texts.copy()
    wrong[15_000, 7] += 1

    assert csv_lines(path).have(texts, 0)
    assert not csv_lines(path).have(wrong, 0)
    assert not csv_lines(path).have(texts, 1)
    assert not csv_lines(path).have(texts, 5)


ROWS = [record(at, name="甲") for at in range(3)]


def files_of(vault, other):
    """A release's files, with one kind taken from a release of other records."""
    return keep(vault, ONE, ROWS), keep(vault, ONE, other)


@pytest.mark.parametrize("kind", ["ndjson", "csv"])
@pytest.mark.parametrize(
    "other",
    [ROWS[:2], [ROWS[1], ROWS[0], ROWS[2]], [], [*ROWS, record(3)]],
    ids=["fewer", "another-order", "none", "more"],
)
def test_files_that_do_not_hold_the_same_records_are_refused(tmp_path, kind, other):
    vault = Vault(tmp_path / "vault")
    good, strange = files_of(vault, other)
    mixed = replace(good, **{kind: getattr(strange, kind)})

    with pytest.raises(Unindexable):
        write_segment(tmp_path / "segments" / "one", made.PLAIN, [mixed], vault)
    assert list((tmp_path / "segments").iterdir()) == []


def test_a_file_of_other_columns_than_the_contract_is_refused(tmp_path):
    vault = Vault(tmp_path / "vault")
    part = keep(vault, ONE, ROWS)
    fewer = replace(made.PLAIN, fields=made.PLAIN.fields[:-1])
    places = [
        replace(each, decimal_places=3) if each.name == "amount" else each
        for each in made.PLAIN.fields
    ]
    for other in (fewer, replace(made.PLAIN, fields=tuple(places))):
        with pytest.raises(Unindexable):
            write_segment(tmp_path / "segments" / "one", other, [part], vault)


def test_a_missing_file_leaves_nothing_behind(tmp_path):
    vault = Vault(tmp_path / "vault")
    part = PartSource(ONE, keep(vault, ONE, ROWS).parquet, "0" * 64, "0" * 64)

    with pytest.raises(Unindexable):
        write_segment(tmp_path / "segments" / "one", made.PLAIN, [part], vault)
    assert not (tmp_path / "segments").exists()
