"""Downloaded files are checked with nothing but the manifest, and a key."""

import json

import pytest

from opendata.stages import verify
from opendata.stages.verify import Inspection, Trust, Unusable, keys_of, manifests
from opendata.storage.signing import Signer, canonical, make_key
from tests.verify.conftest import BUDGET, NAMES, keys
from tests.verify.published import overwrite, told, turn_bit

NAME = f"{BUDGET}@1"


def check(folder, trust=None):
    found = Inspection()
    verify.check_folder(folder, trust, found)
    return found


@pytest.fixture
def pinned(verified):
    return Trust(keys_of(keys(verified), "keys"), pinned=True)


@pytest.fixture
def no_search(monkeypatch):
    """Looking for the one bit that was turned over takes seconds, and there is none to find."""
    monkeypatch.setattr(manifests, "MOST_SIGNED_BYTES", 0)


def test_downloaded_files_fit_and_the_reader_is_told_whose_key_it_was(folder, pinned):
    along, known = check(folder), check(folder, pinned)

    assert along.fits
    assert known.fits
    assert along.counts["files"] == len(NAMES) - 1
    assert [each.en[:22] for each in along.notes] == ["No keys were given wit"]
    assert known.notes == []


def test_without_any_key_the_files_fit_and_the_signature_was_not_checked(folder):
    (folder / "opendata-keys.json").unlink()
    found = check(folder)

    assert found.fits
    assert found.counts["signatures"] == 0
    assert found.notes[0].en == "There is no key; signatures were not checked."


def test_files_may_have_the_names_that_a_browser_gives_them(folder):
    (folder / "data.csv").rename(folder / f"{BUDGET}-1.csv")
    turn_bit(folder / f"{BUDGET}-1.csv", 9)

    assert told(check(folder)) == [("file-changed", f"{NAME} data.csv")]


def test_a_file_that_was_not_downloaded_is_said_to_be_unchecked(folder):
    (folder / "data.xlsx").unlink()
    found = check(folder)

    assert found.fits
    assert "data.xlsx" in found.notes[1].en


@pytest.mark.parametrize("name", [each for each in NAMES if each != "manifest.json"])
def test_a_bit_turned_over_in_any_file_is_found(folder, name):
    turn_bit(folder / name, 100)
    found = check(folder)

    assert told(found) == [("file-changed", f"{NAME} {name}")]


@pytest.mark.parametrize("name", ["data.csv", "data.ndjson"])
def test_of_csv_and_ndjson_either_tells_the_byte_in_which_the_other_was_changed(folder, name):
    text = (folder / name).read_bytes()
    (folder / name).write_bytes(text.replace("鹿寨县".encode(), "柳城县".encode()))
    found = check(folder).misfits[0]

    at = text.index("鹿寨县".encode())
    assert found.place.byte == at
    assert found.place.line == text[:at].count(b"\n") + 1


def test_where_nothing_else_has_the_records_only_the_files_can_be_named(folder):
    (folder / "data.parquet").unlink()
    for name in ("data.csv", "data.ndjson"):
        overwrite(folder / name, lambda text: text.replace("鹿寨县".encode(), "柳城县".encode()))

    assert [each.place.byte for each in check(folder).misfits] == [None, None]


def test_a_download_that_broke_off_is_found_at_its_end(folder):
    overwrite(folder / "data.parquet", lambda text: text[:1234])

    assert check(folder).misfits[0].place.byte == 1234


def test_files_that_were_exchanged_are_found(folder):
    (folder / "data.csv").rename(folder / "kept")
    (folder / "data.ndjson").rename(folder / "data.csv")
    (folder / "kept").rename(folder / "data.ndjson")

    assert told(check(folder)) == [
        ("file-changed", f"{NAME} data.csv"),
        ("file-changed", f"{NAME} data.ndjson"),
    ]


def test_a_manifest_laid_out_otherwise_is_found_at_the_first_byte(folder):
    overwrite(folder / "manifest.json", lambda text: text.replace(b",", b", ", 1))
    found = check(folder).misfits[0]

    at = (folder / "manifest.json").read_bytes().index(b", ") + 1
    assert (found.code, found.place.byte) == ("not-canonical", at)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda text: text[:-20], "unreadable"),
        (lambda text: b"[]", "unreadable"),
        (lambda text: text.replace(b"opendata", b"\xff", 1), "unreadable"),
        (lambda text: b'{"format":"opendata-manifest/2"}', "manifest-shape"),
        (lambda text: text.replace(b"manifest/2", b"manifest/9"), "manifest-shape"),
        (lambda text: text.replace(b'"data.csv"', b'"../a.csv"'), "manifest-shape"),
        (lambda text: text.replace(b'"rows":5', b'"rows":-5'), "manifest-shape"),
        (lambda text: b'{"rows":9007199254740993}', "not-canonical"),
        (lambda text: b"[" * 5000, "unreadable"),
    ],
)
def test_what_is_no_manifest_is_called_so(folder, change, code):
    overwrite(folder / "manifest.json", change)

    assert check(folder).misfits[0].code == code


def test_one_bit_turned_over_in_the_manifest_is_found_by_its_signature(folder):
    path = folder / "manifest.json"
    at = path.read_bytes().index(b'"sha256"') + len(b'"sha256":"') + 3
    before = path.read_bytes()[at : at + 1]
    overwrite(path, lambda text: text[:at] + (b"1" if before == b"0" else b"0") + text[at + 1 :])
    found = check(folder)

    assert told(found) == [("manifest-changed", "manifest.json")]
    assert found.misfits[0].place.byte == at


def test_a_bit_that_the_files_say_nothing_of_is_found_by_the_signature_alone(folder, monkeypatch):
    path = folder / "manifest.json"
    # Its first bytes are looked at first.
    at = path.read_bytes().index(b"data.csv")
    turn_bit(path, at)
    (folder / "data.csv").rename(folder / "eata.csv")
    found = check(folder).misfits[0]

    assert (found.code, found.place.byte) == ("signature-invalid", at)


@pytest.mark.usefixtures("no_search")
def test_a_changed_field_does_not_fit_the_signature(folder):
    body = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_bytes(canonical({**body, "notes": "另有说明"}))

    assert told(check(folder)) == [("signature-invalid", "manifest.json")]


def forged(folder, tmp_path):
    """Sign the manifest of a folder with another key."""
    make_key(tmp_path / "other.pem")
    other = Signer(tmp_path / "other.pem", tmp_path / "none.json")
    body = json.loads((folder / "manifest.json").read_bytes())
    body.pop("signature")
    (folder / "manifest.json").write_bytes(other.sign({**body, "notes": "另有说明"}))
    return other


def test_a_manifest_signed_by_another_key_is_found(folder, tmp_path):
    forged(folder, tmp_path)

    assert told(check(folder)) == [("unknown-key", "manifest.json")]


def test_replaced_keys_are_found_by_whoever_has_pinned_them(folder, tmp_path, pinned):
    """With the keys that came along it fits, which is why the reader is told what that means."""
    other = forged(folder, tmp_path)
    (folder / "opendata-keys.json").write_text(json.dumps({"keys": [other.public_key]}))

    along = check(folder)
    assert along.fits
    assert "not whose key it is" in along.notes[0].en
    assert told(check(folder, pinned)) == [("unknown-key", "manifest.json")]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"keys": []}', b'{"keys": [{"crv": "Ed25519", "x": "AAAA"}]}', b"{1"]
)
def test_keys_that_are_none_are_refused(folder, content):
    (folder / "opendata-keys.json").write_bytes(content)

    with pytest.raises(Unusable, match="JWK Set"):
        check(folder)


def test_a_folder_without_a_manifest_cannot_be_checked(tmp_path):
    with pytest.raises(Unusable, match=r"manifest\.json"):
        check(tmp_path)
