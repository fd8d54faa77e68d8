"""Of whatever follows from something else, the very byte is named that was changed first."""

import hashlib
import json

import pytest

from opendata.domain.queries import whole
from opendata.stages import verify
from opendata.stages.verify import Inspection, Trust, keys_of
from opendata.stages.verify.again import Beside, first_departure
from opendata.stages.verify.records import batches
from opendata.stages.verify.subjects import contract_of
from opendata.storage.signing import canonical
from opendata.tabular.export import Layout, write_parquet
from tests.verify.conftest import BUDGET, NAMES, PENALTIES, keys
from tests.verify.published import overwrite

FIRST = f"{BUDGET}@1"
FILES = tuple(each for each in NAMES if each != "manifest.json")


def change_two(path, at):
    """Change two bytes beside each other, as no single bit would explain."""

    def change(text):
        return text[:at] + bytes((text[at] ^ 3, text[at + 1] ^ 6)) + text[at + 2 :]

    overwrite(path, change)


@pytest.mark.parametrize("name", [*FILES, "leaves"])
def test_two_changed_bytes_in_a_home_are_named_by_the_first(copy, name):
    path = copy.blob(BUDGET, name)
    at = path.stat().st_size // 2
    change_two(path, at)
    found = copy.check().misfits[0]

    assert (found.what, found.place.byte) == (f"{FIRST} {name}", at)
    assert str(at) in found.said.zh
    assert str(at) in found.said.en


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("part", [0.01, 0.5, 0.95])
def test_two_changed_bytes_among_downloaded_files_are_named_by_the_first(folder, name, part):
    path = folder / name
    at = int(path.stat().st_size * part)
    change_two(path, at)

    assert found_in(folder) == [(f"{FIRST} {name}", at)]


def found_in(folder):
    """Return what does not fit of a folder, and from which byte on."""
    found = Inspection()
    verify.check_folder(folder, None, found)
    return [(each.what, each.place.byte) for each in found.misfits]


@pytest.mark.parametrize("dataset", [BUDGET, PENALTIES])
def test_two_changed_bytes_in_the_lake_are_named_by_the_first(copy, dataset):
    """Also where only a keyed digest is told of the file."""
    told = copy.body(dataset)["lake"]
    name = next(each["path"] for each in told if each["path"].endswith(".parquet"))
    change_two(copy.folder / "lake" / name, 7_000)
    found = copy.check().misfits

    assert {(each.what, each.place.byte) for each in found} == {(f"{dataset}@1 lake/{name}", 7_000)}


@pytest.mark.parametrize("edition", [0, 1])
@pytest.mark.parametrize("name", ["data.parquet", "data.xlsx", "datapackage.json"])
def test_each_edition_is_written_again_from_its_own_files(copy, name, edition):
    path = copy.blob(PENALTIES, name, edition=edition)
    change_two(path, 5_000)

    assert [each.place.byte for each in copy.check().misfits] == [5_000]


@pytest.mark.parametrize("changed", [("data.csv", "data.ndjson"), ("data.ndjson", "data.xlsx")])
def test_several_changed_files_are_told_by_those_that_are_left(folder, changed):
    for name in changed:
        change_two(folder / name, 1_000)

    assert found_in(folder) == [(f"{FIRST} {name}", 1_000) for name in changed]


def test_where_nothing_is_left_to_tell_the_file_is_named_and_the_reader_told_why(folder):
    changed = ["data.csv", "data.ndjson", "data.parquet"]
    for name in changed:
        change_two(folder / name, 1_000)
    found = Inspection()
    verify.check_folder(folder, None, found)

    assert {each.what.split()[1]: each.place.byte for each in found.misfits} == dict.fromkeys(
        changed
    )
    assert all("cannot be told" in each.said.en for each in found.misfits)


@pytest.mark.parametrize("nonsense", [b"", b"[", b'"', b'{"_id":1}\n', b"\xff\n", b'_id\n"x\n'])
def test_files_that_fit_and_hold_nonsense_do_no_harm(folder, nonsense):
    """Whoever forged them also forged the manifest."""
    body = json.loads((folder / "manifest.json").read_bytes())
    digest = hashlib.sha256(nonsense).hexdigest()
    for each in body["artefacts"]:
        if each["name"] in ("data.csv", "data.ndjson", "datapackage.json"):
            each["sha256"], each["size"] = digest, len(nonsense)
            (folder / each["name"]).write_bytes(nonsense)
    (folder / "manifest.json").write_bytes(canonical({**body, "known_issues": 7}))
    (folder / "opendata-keys.json").unlink()
    for name in ("data.parquet", "data.xlsx"):
        change_two(folder / name, 1_000)

    assert found_in(folder) == [(f"{FIRST} data.parquet", None), (f"{FIRST} data.xlsx", None)]


def test_where_the_lake_s_own_metadata_was_changed_too_both_are_named(copy):
    told = [each["path"] for each in copy.body(BUDGET)["lake"]]
    data = next(each for each in told if each.endswith(".parquet"))
    meta = next(each for each in told if each.endswith(".metadata.json"))
    change_two(copy.folder / "lake" / data, 7_000)
    overwrite(copy.folder / "lake" / meta, lambda text: text.replace(b'"schemas"', b'"schemes"'))

    found = {each.what: each.place.byte for each in copy.check().misfits}
    assert found[f"{FIRST} lake/{data}"] is None
    assert f"{FIRST} lake/{meta}" in found


def test_what_was_fetched_is_told_in_the_same_way(folder, verified):
    change_two(folder / "data.parquet", 1_000)
    found = Inspection()
    trust = Trust(keys_of(keys(verified), "keys"), pinned=True)
    verify.check_downloaded(folder, (BUDGET, 1), trust, found)

    assert [(each.what, each.place.byte) for each in found.misfits] == [
        (f"{FIRST} data.parquet", 1_000)
    ]


def test_a_descriptor_is_written_again_though_it_is_no_json_any_more(folder):
    """What people wrote of the dataset only the descriptor itself tells, and still does."""
    path = folder / "datapackage.json"
    at = path.read_bytes().index(b'"contract"')
    overwrite(path, lambda text: text[:at] + b"\xff\xfe" + text[at + 2 :])

    assert found_in(folder) == [(f"{FIRST} datapackage.json", at)]


def test_a_byte_in_the_middle_of_a_big_file_is_named_whatever_its_groups(folder, tmp_path):
    """The engine's batches became the groups of the file, and are not all of one size."""
    told = json.loads((folder / "manifest.json").read_bytes())
    contract = contract_of(told)
    layout = Layout(contract, whole(contract).fields)
    lines = tmp_path / "data.ndjson"
    line = (folder / "data.ndjson").read_text().splitlines()[0]
    ids = (hashlib.sha256(str(at).encode()).hexdigest() for at in range(6_000))
    lines.write_text("".join(f'{{"_id":"{each}{line[60:]}\n' for each in ids))
    path = tmp_path / "data.parquet"
    with path.open("wb") as out:
        write_parquet(batches((lines.name, lines), layout, [3_000, 1_000, 2_000]), layout, out)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    at = path.stat().st_size // 2
    change_two(path, at)

    beside = Beside(told, {lines.name: lines})
    assert first_departure(path.name, path, sha256, beside) == at
