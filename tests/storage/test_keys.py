"""Where a record may be is told without a look into every file, and never wrongly denied."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from opendata.domain.identifiers import record_id
from opendata.storage import keys
from opendata.storage.keys import RecordKeys


def ids(*numbers):
    return [record_id("c", [each]) for each in numbers]


@pytest.fixture
def lake(tmp_path):
    """A function that writes a file with the records of these numbers."""

    def write(name, numbers):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table({"_id": pa.array(ids(*numbers), pa.string())}), path)
        return str(path)

    return write


@pytest.fixture
def root(tmp_path):
    return tmp_path / "keys"


def test_only_files_that_hold_a_record_are_named(lake, root):
    a, b, c = lake("a", range(100)), lake("b", range(100, 200)), lake("c", range(50, 60))
    known = RecordKeys(root)

    assert known.may_hold("c", [a, b, c], ids(55, 7, 999)) == ((a, c), tuple(ids(55, 7)))
    assert known.may_hold("c", [a, b, c], ids(199)) == ((b,), tuple(ids(199)))
    assert known.may_hold("c", [a, b, c], ids(200, 201)) == ((), ())
    assert known.may_hold("c", [a, b, c], []) == ((), ())


def test_a_file_that_is_no_longer_of_the_snapshot_holds_nothing(lake, root):
    a, b = lake("a", range(9)), lake("b", range(5, 9))
    known = RecordKeys(root)
    known.may_hold("c", [a, b], ids(1))

    assert known.may_hold("c", [b], ids(1, 6)) == ((b,), tuple(ids(6)))


def test_what_is_no_id_may_be_anywhere(lake, root):
    a = lake("a", range(9))

    assert RecordKeys(root).may_hold("c", [a], ["x"]) == ((a,), ("x",))


def test_only_new_files_are_read(lake, root, monkeypatch):
    a, b = lake("a", range(9)), lake("b", range(9, 18))
    RecordKeys(root).may_hold("c", [a], ids(1))
    read, really = [], keys._read

    def watched(names, paths):
        read.extend(names)
        return really(names, paths)

    monkeypatch.setattr(keys, "_read", watched)
    RecordKeys(root).may_hold("c", [a, b], ids(1))

    assert read == ["b.parquet"]


def test_many_small_runs_become_few_and_say_the_same(lake, root):
    files = [lake(f"f{each}", range(each * 9, each * 9 + 9)) for each in range(40)]
    known = RecordKeys(root)
    for count in range(1, 41):
        known.may_hold("c", files[:count], ids(0))

    assert len(list(root.rglob("*"))) < 20
    for each in (known, RecordKeys(root)):
        for number in range(0, 360, 17):
            assert each.may_hold("c", files, ids(number)) == (
                (files[number // 9],),
                tuple(ids(number)),
            )


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-100]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes().replace(b"crc", b"abc")),
        lambda path: flip(path, ids(3)[0]),
    ],
)
def test_damaged_keys_are_made_anew(lake, root, damage):
    a = lake("a", range(9))
    RecordKeys(root).may_hold("c", [a], ids(1))
    (kept,) = root.rglob("*.keys")
    kept.chmod(0o600)
    damage(kept)

    assert RecordKeys(root).may_hold("c", [a], ids(3)) == ((a,), tuple(ids(3)))


def flip(path, identifier):
    """Change one byte of the key of a record."""
    content = bytearray(path.read_bytes())
    at = content.index(keys._keys_of(identifier.encode()).tobytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_keys_that_another_process_takes_away_are_made_anew(lake, root):
    a = lake("a", range(9))
    known = RecordKeys(root)
    known.may_hold("c", [a], ids(1))
    for each in root.rglob("*.keys"):
        each.unlink()

    assert known.may_hold("c", [a], ids(3)) == ((a,), tuple(ids(3)))


def test_of_each_record_it_is_told_which_file_was_the_first_to_hold_it(lake, root):
    first, second, third = lake("a", [3, 1]), lake("b", [5, 2]), lake("c", [2, 9, 1, 3, 5])
    known = RecordKeys(root)

    assert known.firsts("c/d", [first, second, third]).tolist() == [1, 2, 0, 0, 1]
    assert known.firsts("c/d", [second, third]).tolist() == [0, 1, 1, 1, 0]
    assert known.firsts("c/d", [third]).tolist() == [0] * 5
    # A release that changes nothing has the file of the one before.
    assert known.firsts("c/d", [first, first]).tolist() == [0, 0]


def test_a_file_without_records_has_no_first_ones(lake, root):
    empty, full = lake("a", []), lake("b", [1, 2])
    known = RecordKeys(root)

    assert known.firsts("c/d", [empty, full]).tolist() == [1, 1]
    assert known.firsts("c/d", [full, empty]).tolist() == []
