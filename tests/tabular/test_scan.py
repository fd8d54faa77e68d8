"""The scan: whatever the bytes and wherever they are cut, the records are those of ``csv``."""

import csv
import hashlib
import io
import itertools
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from opendata.tabular.physical_lines import MAX_LINE_CHARACTERS, PhysicalLines, records
from opendata.tabular.refusals import Unreadable
from opendata.tabular.scan import Block, Layout, Scan, frame_of, open_foreign, records_of
from opendata.tabular.scan.marks import Marks
from opendata.tabular.scan.parsing import size_of_cells
from opendata.tabular.scan.proof import Stretch, prove
from opendata.tabular.tally import Tally
from opendata.tabular.text_table import csv_line

HEADER = b"a,b\n"
# Enough to be beyond what a text stream decodes in advance when the header is read.
PADDING = b"padding,row\n" * 1000

CLEAN = ["x", "12", "é", "条例", "😀", " ", "", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff"]
QUOTED = ['"', '""', ",", "\n", "\r", "\r\n", 'a"b', '"\n', ',"', "\n\ufeff"]
DIRT = ['"', '""', '"""', ",", "\n", "\r", "\r\n", "\n\n", '",', ',"', '"\n', "x", "条", "\ufeff"]
LINE_ENDS = st.sampled_from(["\n", "\n", "\r\n"])
CELLS = st.lists(st.sampled_from([*CLEAN, *QUOTED]), max_size=3).map("".join)
ROWS = st.builds(
    lambda cells, quoted, end: (
        (
            (",".join('"' + each.replace('"', '""') + '"' for each in cells) if quoted else "")
            or csv_line(cells)
        )
        + end
    ),
    st.lists(CELLS, min_size=2, max_size=2),
    st.booleans(),
    LINE_ENDS,
)
SOILED = st.lists(st.one_of(ROWS, ROWS, ROWS, st.sampled_from(DIRT)), max_size=12).map("".join)
NOISE = st.lists(st.sampled_from([*CLEAN, *DIRT, "\0"]), max_size=25).map("".join)
BODIES = st.one_of(SOILED, NOISE).map(str.encode)
SIZES = st.sampled_from([1, 2, 3, 7, 16, 31, 64, 1000, 1 << 20])

many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass
class Told:
    """What a scan has told of a file: its rows in order, or why there are none."""

    rows: list[list[str]]
    sound: int
    refusal: tuple[str, list[str]] | None


def scan_of(path: Path, *, strict: bool) -> Scan:
    """Open a file whose header is sound."""
    foreign = open_foreign(path)
    layout = Layout(len(foreign.labels), strict=strict)
    header = path.read_bytes()[: foreign.scan.body]
    return Scan(path, layout, foreign.scan.tally, foreign.scan.body, header)


def hasty_scan_of(path: Path, *, strict: bool) -> Scan:
    """Open a file so that as little as can be is read slowly."""
    scan = scan_of(path, strict=strict)
    scan.least_stretch, scan.least_window = 1, 8
    return scan


def told_by(scan: Scan, blocks: Iterator[Block]) -> Told:
    """Take all blocks, see that they fit together, and read each in every way there is."""
    told = Told([], 0, None)
    offset = scan.body
    try:
        for block in blocks:
            assert block.first_row == len(told.rows) + 2
            assert block.offset == offset
            again = scan.reread(block.offset, block.length)
            offset += block.length
            found = block.records
            if found is None:
                assert block.frame is not None
                assert again == block.data
                assert frame_of(again, scan.layout).equals(block.frame)
                found = [list(row) for row in block.frame.rows()]
                told.sound += 1
            assert found == records_of(again, scan.layout)
            assert len(found) == block.rows
            told.rows += found
    except Unreadable as refusal:
        told.refusal = (refusal.code, [fault.pointer for fault in refusal.faults])
    else:
        assert offset == scan.path.stat().st_size
    return told


def by_csv(content: bytes) -> tuple[list[list[str]], list[int]]:
    """Read a file with ``csv`` alone: the rows, and the line each begins on, the end included."""
    reader = csv.reader(io.StringIO(content.decode(), newline=""))
    rows, lines = [], [1]
    for row in reader:
        rows.append(row)
        lines.append(reader.line_num + 1)
    return rows, lines


def newline_of(content: bytes) -> str:
    """Name how lines end."""
    names = {b"\n": "lf", b"\r\n": "crlf", b"\r": "cr"}
    kinds = {names[end] for end in re.findall(rb"\r\n|\r|\n", content)}
    return kinds.pop() if len(kinds) == 1 else "mixed"


def by_trusted_code(path: Path) -> Told:
    """Read a file line by line, refusing what a strict reader refuses."""
    told = Told([], 0, None)
    with path.open(encoding="utf-8", newline="") as stream:
        try:
            for row in records(PhysicalLines(path, stream, Tally())):
                told.rows.append(row)
        except Unreadable as refusal:
            told.refusal = (refusal.code, [fault.pointer for fault in refusal.faults])
    return told


@many
@given(body=BODIES, size=SIZES)
@example(body=b'x,37.8"N\ny,"z\nz"\n', size=1 << 20)
@example(body=b'x,"y\nz,1\n', size=1 << 20)
@example(body="\ufeffx,y\n".encode(), size=1 << 20)
@example(body=b"x,y\n\nz\nx,y,z\nx,y\rx,y\r\n\r\n", size=1 << 20)
def test_the_records_are_those_csv_reads_wherever_the_bytes_are_cut(
    tmp_path: Path, body: bytes, size: int
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER + body)
    rows, lines = by_csv(HEADER + body)

    scan = hasty_scan_of(path, strict=False)
    told = told_by(scan, scan.blocks(size))

    assert told.refusal is None
    assert told.rows == rows[1:]
    assert scan.rows == len(rows) - 1
    assert [scan.lines.line_of(row) for row in range(1, len(rows) + 2)] == lines
    assert scan.tally.multiline_records == sum(
        after - line > 1 for line, after in itertools.pairwise(lines)
    )
    assert scan.tally.newline == newline_of(HEADER + body)
    assert scan.fingerprint.sha256 == hashlib.sha256(HEADER + body).hexdigest()
    assert scan.fingerprint.md5 == hashlib.md5(HEADER + body).hexdigest()  # noqa: S324 - compared.
    assert scan.fingerprint.bytes == len(HEADER + body)


@many
@given(body=BODIES, size=SIZES)
@example(body=b'x,"y" \n', size=1 << 20)
@example(body=b"x,\0\n", size=1 << 20)
@example(body=b'x,"y', size=1 << 20)
def test_a_strict_scan_refuses_what_reading_line_by_line_refuses(
    tmp_path: Path, body: bytes, size: int
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER + body)
    trusted = by_trusted_code(path)

    scan = hasty_scan_of(path, strict=True)
    told = told_by(scan, scan.blocks(size))

    assert told.refusal == trusted.refusal
    assert told.rows == trusted.rows[1:][: len(told.rows)]
    if trusted.refusal is None:
        assert told.rows == trusted.rows[1:]


@many
@given(rows=st.lists(ROWS, min_size=1, max_size=12), size=SIZES)
def test_records_that_are_written_well_are_proven(
    tmp_path: Path, rows: list[str], size: int
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER + "".join(rows).encode())
    scan = scan_of(path, strict=True)

    assert all(block.records is None for block in scan.blocks(size))
    assert scan.rows == len(rows)


@many
@given(
    before=st.lists(ROWS, max_size=4).map("".join),
    wrong=st.sampled_from([b"\xff", b"\xb7\xa3", b"\xe6\x9d", b"\xc0\x80", b"\xed\xa0\x80"]),
    after=st.sampled_from([b"", b",x\n", b"\n" + PADDING]),
    size=st.sampled_from([500, 4096, 1 << 20]),
    parse=st.booleans(),
)
def test_bytes_that_are_no_utf8_are_found(
    tmp_path: Path, before: str, wrong: bytes, after: bytes, size: int, parse: bool
) -> None:
    path = tmp_path / "file.csv"
    good = HEADER + PADDING + before.encode()
    path.write_bytes(good + wrong + after)
    scan = scan_of(path, strict=False)

    with pytest.raises(Unreadable) as refusal:
        list(scan.blocks(size, parse=parse))

    assert refusal.value.code == "not-utf8"
    assert refusal.value.faults[0].pointer == f"/byte/{len(good)}"


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_foreign_files_have_their_own_delimiter_and_byte_order_mark(
    tmp_path: Path, delimiter: str
) -> None:
    text = '"a\nb",c\nx,"y,"\n"1""",2\n3\n'.replace(",", delimiter)
    path = tmp_path / "file.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())

    foreign = open_foreign(path, delimiter)
    told = told_by(foreign.scan, foreign.scan.blocks())

    assert foreign.labels == ("a\nb", "c")
    assert told.rows == [["x", f"y{delimiter}"], ['1"', "2"], ["3"]]
    assert told.sound == 1
    assert foreign.scan.lines.line_of(2) == 3
    assert foreign.scan.fingerprint.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("width", [1, 2, 40])
def test_any_width_is_counted_exactly(tmp_path: Path, width: int) -> None:
    rows = [["x"] * width, [""] * (width + 1), ["1"] * width, [""] * width, ["a"] * (width - 1)]
    path = tmp_path / "file.csv"
    lines = [csv_line(["h"] * width), *map(csv_line, rows)]
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="")

    scan = scan_of(path, strict=False)

    assert told_by(scan, scan.blocks()).rows == by_csv(path.read_bytes())[0][1:]


def test_a_fault_leaves_the_rows_around_it_proven(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER + PADDING * 50 + b'x,37.8"N\n' + PADDING * 50)
    scan = scan_of(path, strict=True)

    blocks = list(scan.blocks())

    slow = [block for block in blocks if block.records is not None]
    assert [block.first_row for block in slow] == [50_002]
    assert slow[0].rows < 500
    assert sum(block.rows for block in blocks) == 100_001


def test_many_faults_cost_few_blocks(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER + b"x\n" * 500_000)
    scan = scan_of(path, strict=True)

    assert sum(1 for _ in scan.blocks()) < 20
    assert scan.rows == 500_000


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_record_may_be_as_long_as_a_line_and_no_longer(tmp_path: Path, quote: bytes) -> None:
    path = tmp_path / "file.csv"
    room = MAX_LINE_CHARACTERS - len(b"x,\n") - 2 * len(quote)
    longest = b"x," + quote + "条".encode() * room + quote + b"\n"
    path.write_bytes(HEADER + longest + b"y,z\n")
    scan = scan_of(path, strict=True)
    assert told_by(scan, scan.blocks()).rows[1] == ["y", "z"]

    path.write_bytes(HEADER + longest.replace(b"x", b"xx") + b"y,z\n")
    scan = scan_of(path, strict=True)
    assert told_by(scan, scan.blocks()).refusal == ("line-too-long", ["/line/2"])


def test_large_blocks_are_read_alike_by_polars_however_it_divides_them(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    cells = ['"', "\n", ",", '""', "\r\n", 'x,y\n"z",', "条\n,,\n", "\n\ufeff", "plain", ""]
    rows = [[cells[n % 10] * (n % 7), cells[n // 10 % 10] + str(n)] for n in range(60_000)]
    lines = [csv_line(row) for row in rows]
    path.write_bytes(HEADER + "".join(line + "\n" for line in lines).encode())
    scan = scan_of(path, strict=True)

    told = told_by(scan, scan.blocks())

    assert told.rows == rows
    assert told.sound == 1


def test_a_file_is_passed_over_once(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER)
    scan = scan_of(path, strict=True)
    blocks = scan.blocks()

    with pytest.raises(RuntimeError):
        _ = scan.fingerprint
    assert list(blocks) == []
    with pytest.raises(RuntimeError):
        scan.blocks()


def test_whoever_stops_early_leaves_no_thread_behind(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER + PADDING * 100)
    scan = scan_of(path, strict=True)

    with closing(scan.blocks(1000)) as blocks:
        next(blocks)
        assert [each for each in threading.enumerate() if each.name.startswith("pieces")]

    assert not [each for each in threading.enumerate() if each.name.startswith("pieces")]


def test_an_error_of_the_disk_reaches_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(HEADER + PADDING)
    scan = scan_of(path, strict=True)
    path.unlink()

    with pytest.raises(FileNotFoundError):
        list(scan.blocks())


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.sampled_from([1, 2, 3, 3, 3, 3, 4, 5]), min_size=1, max_size=8),
    cells=st.lists(st.sampled_from(["", "x", "条", "a,b", '"', "\n", "y,\r\n"]), min_size=1),
    end=LINE_ENDS,
)
@example(counts=[3, 4, 2, 3], cells=["", "x"], end="\n")
def test_a_row_too_long_never_makes_up_for_one_too_short(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], cells: list[str], end: str
) -> None:
    drawn = itertools.cycle(cells)
    lines = [csv_line(list(itertools.islice(drawn, count))) for count in counts]
    path = tmp_path_factory.mktemp("ragged") / "file.csv"
    path.write_bytes(b"a,b,c\n" + end.join([*lines, ""]).encode())
    scan = scan_of(path, strict=False)

    told = told_by(scan, scan.blocks())

    # Each block was read again by ``csv`` as well: Polars would fill up what is too short.
    assert told.rows == by_csv(path.read_bytes())[0][1:]


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=6))
def test_what_polars_reads_takes_as_many_bytes_as_were_counted(rows: list[str]) -> None:
    data = "".join(rows).encode()
    layout = Layout(2)

    proof = prove(Stretch(memoryview(data), Marks.of(data), last=True), layout, count=True)

    assert proof.records == len(rows)
    assert proof.content == size_of_cells(frame_of(data, layout))
    assert proof.content == sum(
        len(cell.encode()) for row in records_of(data, layout) for cell in row
    )
