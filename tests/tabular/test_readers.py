"""Readers: exact about what they take, clear about what they do not."""

import csv
import hashlib
import json
import os
import tracemalloc
from pathlib import Path

import pytest

from opendata.domain.contracts import Contract
from opendata.tabular.physical_lines import PhysicalLines, open_text, records
from opendata.tabular.readers import Unreadable, open_table
from opendata.tabular.scan.scanner import BLOCK_BYTES
from opendata.tabular.tally import Tally
from opendata.tabular.text_table import Fingerprint
from tests.tabular.conftest import GOOD, Reader, csv_text

HEADER = ",".join(GOOD)


def test_a_header_becomes_machine_names_and_the_rows_stay_as_they_are(reading: Reader) -> None:
    titles = "处罚机关,年度,serial,kind,类别,amount,受理日期"
    table = reading("\ufeff" + titles + '\r\n某局,2020,1,"fine",x,1.5,\r\n')

    assert table.path.read_bytes().decode() == (
        'agency_name,decided_year,serial,kind,kind,amount,accepted\n某局,2020,1,"fine",x,1.5,\r\n'
    )
    assert table.header[:3] == (
        ("处罚机关", "agency_name"),
        ("年度", "decided_year"),
        ("serial", "serial"),
    )


def test_provenance_says_what_was_found(reading: Reader) -> None:
    provenance = reading("\ufeff" + csv_text(GOOD, GOOD).replace("\n", "\r\n")).provenance

    assert provenance["encoding"] == "utf-8"
    assert provenance["bom"] is True
    assert provenance["newline"] == "crlf"
    assert provenance["delimiter"] == ","
    assert provenance["rows"] == 2
    assert provenance["encoding_grounds"] == "bom"
    assert provenance["mapping"][0] == {
        "label": "agency_name",
        "field": "agency_name",
        "by": "name",
    }
    assert "notes" not in provenance
    assert len(provenance["sha256"]) == 64


@pytest.mark.parametrize(
    ("content", "newline"),
    [
        ("kind\nfine\n", "lf"),
        ("kind\r\nfine\r\n", "crlf"),
        ("kind\rfine\r", "cr"),
        ("kind\nfine\r\n", "mixed"),
        ("kind", "none"),
    ],
)
def test_line_ends_are_named(reading: Reader, content: str, newline: str) -> None:
    assert reading(content).provenance["newline"] == newline


def test_an_unknown_label_stays_what_it_is(reading: Reader) -> None:
    assert reading("kind,别的\nfine,x\n").header == (("kind", "kind"), ("别的", "别的"))


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([["a", 'ha "ha" ha']], id="escaped quotes"),
        pytest.param([["", ""], ["", "x"]], id="empty cells"),
        pytest.param([["Once upon\na time", "5"], ["7", "8"]], id="newlines"),
        pytest.param([["Once upon\r\na time", "5"]], id="newlines crlf"),
        pytest.param([["a\rb", "c"]], id="bare carriage return"),
        pytest.param([['ha\n"ha"\nha', "4"]], id="quotes and newlines"),
        pytest.param([["1", '{"type": "Point", "coordinates": [102.0, 0.5]}']], id="json"),
        pytest.param([["Anytown, WW", "08123"]], id="commas"),
        pytest.param([["37°36'37.8\"N", "ʤ", "北纬"]], id="coordinates"),
        pytest.param([[" padded ", "\u3000"]], id="spaces"),
        pytest.param([["x"], [], ["x", "y", "z"], []], id="short, blank and long rows"),
    ],
)
def test_cells_survive_exactly(reading: Reader, tmp_path: Path, records: list[list[str]]) -> None:
    with (tmp_path / "source.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["kind", "types"], *records])

    table = reading((tmp_path / "source.csv").read_bytes())

    with table.path.open(newline="", encoding="utf-8") as stream:
        assert list(csv.reader(stream))[1:] == records


def test_a_file_that_is_canonical_already_is_not_written_again(
    reading: Reader, tmp_path: Path
) -> None:
    content = csv_text(GOOD, {"party": "a\nb"})
    table = reading(content)

    assert table.path == tmp_path / "received.csv"
    assert not (tmp_path / "canonical.csv").exists()
    assert table.provenance["sha256"] == hashlib.sha256(content.encode()).hexdigest()


@pytest.mark.parametrize("content", ["kind,types\nfine,x\n", "\ufeffkind,类别\r\nfine,x\r\n"])
def test_the_fingerprint_is_that_of_the_canonical_file(reading: Reader, content: str) -> None:
    table = reading(content)

    canonical = table.path.read_bytes()
    assert table.fingerprint == Fingerprint(
        md5=hashlib.md5(canonical).hexdigest(),  # noqa: S324 - compared.
        sha256=hashlib.sha256(canonical).hexdigest(),
        bytes=len(canonical),
    )


def test_a_quote_inside_an_unquoted_cell_is_a_character(reading: Reader) -> None:
    table = reading('kind,types\nfine,37.8"N\n')

    with table.path.open(newline="", encoding="utf-8") as stream:
        assert list(csv.reader(stream))[1:] == [["fine", '37.8"N']]


def test_an_open_table_gives_its_rows_once_and_then_knows_all_about_them(
    contract: Contract, tmp_path: Path
) -> None:
    path, work = tmp_path / "received.csv", tmp_path / "canonical.csv"
    path.write_text('类别,types\n"a\nb",x\n\ny,"37"\n', encoding="utf-8")
    table = open_table(path, contract, work)
    with pytest.raises(RuntimeError):
        _ = table.provenance

    blocks = table.blocks()
    next(blocks)
    with pytest.raises(RuntimeError):
        table.table()
    rest = list(blocks)

    assert rest[-1].first_row + rest[-1].rows == 5
    assert table.provenance["rows"] == 3
    assert not work.exists()
    assert table.table().path == work
    assert table.table().fingerprint == table.fingerprint


def test_rows_know_the_line_they_began_on(reading: Reader) -> None:
    table = reading('kind,types\n"a\nb\nc",x\n\nfine,y\n"d\r\ne",z\nfine,w\n')

    assert [table.lines.line_of(row) for row in range(1, 7)] == [1, 2, 5, 6, 7, 9]
    assert table.provenance["multiline_records"] == 2


@pytest.mark.parametrize(
    ("content", "code", "pointer"),
    [
        pytest.param(b"", "empty-file", "", id="nothing"),
        pytest.param(b"\xef\xbb\xbf", "empty-file", "", id="only a byte-order mark"),
        pytest.param(b"\n\r\n ,,\n", "empty-file", "/line/1", id="only blank lines"),
        pytest.param(b"x,y\n1,2\n", "no-header", "/line/1", id="no known column"),
        pytest.param(b"kind\nfine\n\xff\xa3\n", "not-utf8", "/byte/10", id="no text"),
        pytest.param(b"kind\nfine\xe7\xbd", "not-utf8", "/byte/9", id="cut in a character"),
        pytest.param(b"kind\nfine\n\xb7\xa3\n", "ambiguous-encoding", "", id="GBK or Big5"),
        pytest.param(b"PK\x03\x04rest", "damaged-archive", "/byte/0", id="workbook"),
        pytest.param(b"%PDF-1.7\n", "not-a-table", "/byte/0", id="PDF"),
        pytest.param(
            bytes.fromhex("d0cf11e0a1b11ae1"), "unreadable-workbook", "/byte/0", id="old Excel"
        ),
        pytest.param(b"kind\nfi\0ne\n", "not-a-table", "/line/2", id="NUL"),
        pytest.param(b"\x7fELF\x02\x01\0\0\xfe", "not-a-table", "/byte/6", id="a program"),
        pytest.param(b'kind\n"fine\n', "broken-quoting", "/line/2", id="never closed"),
        pytest.param(b'kind\na\n"b"x\n', "broken-quoting", "/line/3", id="text after a quote"),
        pytest.param("kind，types\n".encode(), "other-delimiter", "/line/1", id="full width"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(
    reading: Reader, content: bytes, code: str, pointer: str
) -> None:
    with pytest.raises(Unreadable) as refusal:
        reading(content)

    assert refusal.value.code == code
    assert [fault.pointer for fault in refusal.value.faults] == ([pointer] if pointer else [])
    assert refusal.value.detail.zh
    assert refusal.value.detail.en


def test_a_byte_that_is_no_utf8_is_found_beyond_the_first_buffer(reading: Reader) -> None:
    good = csv_text(*[GOOD] * 3000).encode()
    assert len(good) > 2 * 65536

    with pytest.raises(Unreadable) as refusal:
        reading(good + b"\xff\n")

    assert refusal.value.faults[0].pointer == f"/byte/{len(good)}"
    assert "第 3002 行" in refusal.value.detail.zh


@pytest.mark.parametrize("opening", ["", '"'])
def test_an_endless_line_or_cell_is_refused_without_being_read_whole(
    reading: Reader, tmp_path: Path, opening: str
) -> None:
    line = b"x" * 1000 + (b"\n" if opening else b"")
    content = b"kind\n" + opening.encode() + line * 160_000
    tracemalloc.start()
    try:
        path = tmp_path / "received.csv"
        path.write_bytes(content)
        with pytest.raises(Unreadable) as refusal:
            reading(content)
        del content
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert refusal.value.code == ("broken-quoting" if opening else "line-too-long")
    assert refusal.value.faults[0].pointer == "/line/2"
    assert peak < 6 * BLOCK_BYTES < len(line) * 160_000


def spectrum() -> list[Path]:
    """The files of csv-spectrum, where the corpus is at hand (``OPENDATA_CORPUS``)."""
    corpus = os.environ.get("OPENDATA_CORPUS")
    found = sorted(Path(corpus, "csv-spectrum", "csvs").glob("*.csv")) if corpus else []
    # Its expectation holds another telephone number than the file.
    return [path for path in found if path.stem != "location_coordinates"]


@pytest.mark.skipif(not spectrum(), reason="OPENDATA_CORPUS names no corpus with csv-spectrum")
@pytest.mark.parametrize("path", spectrum(), ids=lambda path: path.stem)
def test_csv_spectrum_is_read_as_it_says(path: Path) -> None:
    expected = json.loads((path.parent.parent / "json" / f"{path.stem}.json").read_text("utf-8"))

    with open_text(path) as stream:
        header, *rows = records(PhysicalLines(path, stream, Tally()))

    assert [dict(zip(header, row, strict=True)) for row in rows] == expected
