"""The benchmark's files: valid where they should be, and wrong where they should be."""

import csv
from itertools import islice

import pytest

from benchmarks import alone, penalties
from benchmarks.damage import FAULTS
from opendata.tabular.context import Context
from opendata.tabular.contract import load
from opendata.tabular.judge import judge
from opendata.tabular.readers import open_table

ROWS = 1_000


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """A file without any fault."""
    path = tmp_path_factory.mktemp("penalties") / "clean.csv"
    assert penalties.write(path, ROWS) == 0
    return path


@pytest.fixture(scope="module")
def contract():
    """The contract of the collection."""
    return load(alone.CONTRACT)


def judged(path, contract, context=None):
    return judge(open_table(path, contract, path.with_suffix(".work")), contract, context)


def cells_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("registered", [False, True], ids=["outside", "as registered"])
def test_a_clean_file_is_valid(clean, contract, registered):
    context = Context(penalties.publishers(), "rolling") if registered else None
    judgement = judged(clean, contract, context)

    assert list(islice(judgement.errors, 3)) == []
    assert judgement.counts["rows"] == ROWS


def test_the_same_arguments_give_the_same_bytes(tmp_path, clean):
    for bad in (0.0, 0.01):
        for name in ("one", "other"):
            penalties.write(tmp_path / name, ROWS, bad=bad)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    penalties.write(tmp_path / "seeded", ROWS, seed=2)

    assert (tmp_path / "seeded").read_bytes() != clean.read_bytes()


def test_a_smaller_file_is_the_beginning_of_a_larger_one(tmp_path, clean):
    penalties.write(tmp_path / "small.csv", 100)

    assert clean.read_bytes().startswith((tmp_path / "small.csv").read_bytes())


def test_a_file_has_as_many_rows_as_were_asked_for_however_they_are_batched(tmp_path):
    rows = 2 * penalties.BATCH_ROWS + 1
    penalties.write(tmp_path / "batches.csv", rows)

    assert len(cells_of(tmp_path / "batches.csv")) == rows


def test_cells_are_as_awkward_as_real_ones(clean):
    facts = [row["facts"] for row in cells_of(clean)]

    assert all(any(mark in each for each in facts) for mark in (",", '"', "\n"))
    assert 1 <= sum("\n" in each for each in facts) < ROWS / 4


def test_everybody_in_it_is_plainly_invented(clean):
    for row in cells_of(clean):
        assert "（虚构）" in row["authority_name"]
        assert "（虚构）" in row["counterparty_name"] or "*" in row["counterparty_name"]


def test_a_share_of_all_cells_is_wrong(tmp_path, clean):
    wrong = penalties.write(tmp_path / "bad.csv", ROWS, bad=0.01)
    pairs = zip(cells_of(clean), cells_of(tmp_path / "bad.csv"), strict=True)
    changed = sum(one[name] != other[name] for one, other in pairs for name in FAULTS)

    assert changed == wrong
    assert abs(wrong - ROWS * len(FAULTS) / 100) < 100


def test_every_fault_of_every_column_is_found(tmp_path, clean, contract):
    """One row for each of them: the report must have an error in every row."""
    names = list(FAULTS)
    assert names == penalties.columns()
    faults = [(at, fault) for at, name in enumerate(names) for fault in FAULTS[name]]
    with clean.open(encoding="utf-8", newline="") as source:
        rows = list(islice(csv.reader(source), 1, 1 + len(faults)))
    for row, (at, fault) in zip(rows, faults, strict=True):
        fault(row, at)
    path = tmp_path / "faults.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *rows])
    found = {error.get("rowNumber") for error in judged(path, contract).errors}

    assert not [
        (names[at], rows[number][at])
        for number, (at, _) in enumerate(faults)
        if number + 2 not in found
    ]
