"""Whatever is changed in a home behind the platform's back is found, and named where it is."""

import hashlib
import json
from uuid import UUID

import pytest

from opendata.domain import merkle
from opendata.stages.verify import Trust
from opendata.storage.signing import Signer, make_key
from tests.verify.conftest import BUDGET, PENALTIES
from tests.verify.published import overwrite, rewrite, told, turn_bit

FIRST, SECOND = f"{BUDGET}@1", f"{BUDGET}@2"


def only(inspection):
    """Return the one thing that does not fit."""
    assert len(inspection.misfits) == 1, told(inspection)
    return inspection.misfits[0]


def test_an_untouched_home_fits_and_everything_in_it_was_looked_at(copy):
    found = copy.check()

    assert found.fits, found.as_dict()
    assert found.counts["releases"] == 3
    assert found.counts["manifests"] == found.counts["signatures"] == found.counts["links"] == 4
    assert found.counts["rows"] == 5 + 5 + 5
    assert found.counts["blobs"] == len(list(copy.folder.glob("vault/objects/*/*")))
    assert "--keys" in found.notes[0].en


# What the vault holds.


@pytest.mark.parametrize("name", ["data.csv", "data.ndjson", "datapackage.json", "report.json"])
def test_a_bit_that_was_turned_over_in_a_text_is_found_to_the_byte(copy, name):
    """Whatever follows from something else is written again, and compared."""
    path = copy.blob(BUDGET, name)
    at = min(1_000, path.stat().st_size // 2)
    turn_bit(path, at)
    found = copy.check().misfits[0]

    assert (found.code, found.what) == ("file-changed", f"{FIRST} {name}")
    assert found.place.byte == at


@pytest.mark.parametrize("name", ["data.parquet", "data.xlsx"])
def test_a_changed_byte_in_a_binary_file_is_found_to_the_byte(copy, name):
    overwrite(copy.blob(BUDGET, name, 2), lambda text: b"XX" + text[2:])
    found = only(copy.check())

    assert (found.code, found.what) == ("file-changed", f"{SECOND} {name}")
    assert found.place.byte == 0


def test_a_file_that_was_cut_off_is_found_at_its_end(copy):
    path = copy.blob(BUDGET, "data.parquet")
    overwrite(path, lambda text: text[:-100])
    found = only(copy.check())

    assert (found.code, found.what) == ("file-changed", f"{FIRST} data.parquet")
    assert found.place.byte == path.stat().st_size


def test_what_was_added_at_the_end_of_a_file_is_found_there(copy):
    path = copy.blob(BUDGET, "data.xlsx")
    size = path.stat().st_size
    overwrite(path, lambda text: text + b"more")

    assert only(copy.check()).place.byte == size


def test_a_cell_that_was_changed_wherever_it_is_kept_is_found_by_its_leaf(copy):
    lines = copy.blob(BUDGET, "data.ndjson")
    begin = lines.read_bytes().splitlines(keepends=True)
    for name in ("data.csv", "data.ndjson"):
        path = copy.blob(BUDGET, name)
        overwrite(path, lambda text: text.replace("鹿寨县".encode(), "柳城县".encode()))
    turn_bit(copy.blob(BUDGET, "data.parquet"), 9_000)
    found = {each.what: each for each in copy.check().misfits}

    assert sorted(found) == [f"{FIRST} data.{each}" for each in ("csv", "ndjson", "parquet")]
    place = found[f"{FIRST} data.ndjson"].place
    first = next(at for at, line in enumerate(begin) if "鹿寨县".encode() in line)
    assert (place.line, place.byte) == (first + 1, len(b"".join(begin[:first])))


def test_rows_in_another_order_are_found_at_the_first_that_moved(copy):
    lines = copy.blob(BUDGET, "data.ndjson")
    first, second, third, *rest = lines.read_bytes().splitlines(keepends=True)
    overwrite(lines, lambda _: b"".join([first, third, second, *rest]))
    found = only(copy.check())

    assert found.code == "file-changed"
    assert found.place.line == 2
    assert found.place.byte > len(first)


def test_a_row_that_was_taken_out_is_found_where_it_was(copy):
    lines = copy.blob(BUDGET, "data.ndjson")
    first, _, *rest = lines.read_bytes().splitlines(keepends=True)
    overwrite(lines, lambda _: b"".join([first, *rest]))

    assert only(copy.check()).place.line == 2


def test_two_files_that_were_exchanged_are_both_found(copy):
    one, other = copy.blob(BUDGET, "data.csv"), copy.blob(PENALTIES, "data.csv")
    kept = one.read_bytes()
    overwrite(one, lambda _: other.read_bytes())
    overwrite(other, lambda _: kept)

    assert told(copy.check()) == [
        ("file-changed", f"{FIRST} data.csv"),
        ("file-changed", f"{PENALTIES}@1 data.csv"),
    ]


def test_a_file_that_is_gone_is_missing(copy):
    copy.blob(BUDGET, "data.csv").unlink()

    assert told(copy.check()) == [("file-missing", f"{FIRST} data.csv")]


def test_changed_leaves_are_found_at_the_leaf(copy):
    turn_bit(copy.blob(BUDGET, "leaves"), 2 * 32 + 5)
    found = only(copy.check())

    assert (found.code, found.what) == ("leaves-differ", f"{FIRST} leaves")
    assert (found.place.line, found.place.byte) == (3, 2 * 32 + 5)


def test_a_received_file_that_was_replaced_is_found(copy):
    sent = copy.one("SELECT id, sha256 FROM submission")
    turn_bit(copy.path(sent["sha256"]), 7)
    found = only(copy.check())

    assert (found.code, found.what) == ("blob-changed", f"submission {UUID(sent['id'])}")
    assert found.place.byte == 7


def test_a_received_file_may_be_missing_only_if_its_erasure_says_so(copy):
    sha256 = copy.one("SELECT sha256 FROM submission")["sha256"]
    person = copy.one("SELECT id FROM person")["id"]
    path = copy.path(sha256)
    kept = path.read_bytes()
    path.unlink()
    assert {code for code, _ in told(copy.check())} == {"blob-missing"}

    fact = "INSERT INTO erasure VALUES (?, ?, 'submission', '某机关', '某原因', ?, ?, ?)"
    key = copy.one("SELECT id FROM api_key")["id"]
    copy.sql("erasure", fact, "0" * 32, sha256, person, key, "2026-03-02 10:00:00")
    assert told(copy.check()) == [("fact-without-line", f"{sha256} bytes-erased")]

    copy.log(person, "bytes-erased", sha256)
    assert copy.check().fits

    path.write_bytes(kept)
    assert {code for code, _ in told(copy.check())} == {"erased-still-there"}


# Manifests, and the facts beside them.


def test_a_changed_manifest_is_found_to_the_byte(copy):
    path = copy.blob(BUDGET, "manifest.json")
    at = path.read_bytes().index(b'"collection"') + 5
    turn_bit(path, at)
    found = copy.check().misfits[0]

    assert (found.code, found.what) == ("file-changed", f"{FIRST} manifest.json")
    assert found.place.byte == at


def replace_manifest(copy, change, signer=None, dataset=BUDGET, number=2):
    """Put another manifest in the place of one, with the facts that name it."""
    body = change(copy.body(dataset, number))
    if signer is None:
        content = json.dumps(
            body, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        ).encode()
    else:
        body.pop("signature")
        content = signer.sign(body)
    sha256 = hashlib.sha256(content).hexdigest()
    before = copy.facts(dataset, number)["manifest.json"][0][0]
    path = copy.path(sha256)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    copy.sql(
        "artefact",
        "UPDATE artefact SET sha256 = ?, size = ? WHERE sha256 = ?",
        sha256,
        len(content),
        before,
    )


def test_a_manifest_that_was_written_anew_without_the_key_is_found(copy):
    replace_manifest(copy, lambda body: body | {"notes": "另有说明"})
    found = copy.check()

    assert told(found) == [
        ("signature-invalid", f"{SECOND} manifest.json"),
        ("facts-differ", f"{SECOND} manifest.json"),
    ]
    assert found.misfits[1].place.pointer == "/notes"


def test_a_manifest_signed_with_another_key_is_found(copy, tmp_path):
    make_key(tmp_path / "other.pem")
    other = Signer(tmp_path / "other.pem", tmp_path / "none.json")
    replace_manifest(copy, lambda body: body, other)
    found = only(copy.check())

    assert (found.code, found.what) == ("unknown-key", f"{SECOND} manifest.json")
    assert other.public_key["kid"] in found.said.en


def test_a_home_whose_key_was_replaced_is_found_by_whoever_knows_the_key(copy):
    runtime_keys = Signer(copy.folder / "signing.pem", copy.folder / "none.json").public_keys
    (copy.folder / "signing.pem").unlink()
    make_key(copy.folder / "signing.pem")
    forger = Signer(copy.folder / "signing.pem", copy.folder / "none.json")
    replace_manifest(copy, lambda body: body, forger)

    codes = [code for code, _ in told(copy.check(Trust(tuple(runtime_keys), pinned=True)))]
    assert codes == ["unknown-key"]


def own(copy):
    return Signer(copy.folder / "signing.pem", copy.folder / "signing-retired.json")


def test_a_broken_chain_of_manifests_is_found_though_it_is_signed(copy):
    replace_manifest(copy, lambda body: body | {"previous": "0" * 64}, own(copy))
    found = only(copy.check())

    assert (found.code, found.what) == ("previous-differs", f"{SECOND} manifest.json")
    assert found.place.pointer == "/previous"


def test_a_root_over_other_rows_is_found_though_it_is_signed(copy):
    def forged(body):
        return body | {"rows_root": body["rows_root"] | {"root": "0" * 64}}

    replace_manifest(copy, forged, own(copy))
    copy.sql("release", "UPDATE release SET merkle_root = ? WHERE number = 2", "0" * 64)
    found = only(copy.check())

    assert (found.code, found.place.pointer) == ("root-differs", "/rows_root/root")


def test_an_earlier_release_cannot_be_replaced_even_by_the_key(copy):
    """The next manifest has the digest of the one that was there."""
    replace_manifest(copy, lambda body: body | {"treatments": {"a": "b"}}, own(copy), number=1)

    assert told(copy.check()) == [
        ("previous-differs", f"{SECOND} manifest.json"),
        ("fact-changed", f"{FIRST} released"),
    ]


@pytest.mark.parametrize(
    ("statement", "pointer"),
    [
        ("UPDATE release SET rows = 3 WHERE dataset_id = ? AND number = 1", "/rows"),
        ("UPDATE release SET version = '1.0.1' WHERE dataset_id = ? AND number = 1", "/version"),
        ("UPDATE release SET contract = 'x/v1' WHERE dataset_id = ? AND number = 1",
         "/contract/name"),
        ("UPDATE release SET released_at = '2025-01-01 00:00:00' "
         "WHERE dataset_id = ? AND number = 1", "/released_at"),
    ],
)  # fmt: skip
def test_a_release_whose_facts_were_changed_is_found_by_its_manifest(copy, statement, pointer):
    copy.sql("release", statement, BUDGET)
    found = copy.check().misfits[0]

    assert (found.code, found.what) == ("facts-differ", f"{FIRST} manifest.json")
    assert found.place.pointer == pointer


def test_a_decision_that_was_changed_is_found_by_the_manifest(copy):
    copy.sql("decision", "UPDATE decision SET reason = '另有原因' WHERE role = 'approver'")
    found = copy.check().misfits

    assert {each.code for each in found} == {"facts-differ"}
    assert {each.place.pointer for each in found} == {"/decisions/1/reason"}


def test_a_file_that_was_replaced_together_with_its_fact_is_found_by_the_manifest(copy):
    """The file is what its name says; but neither the manifest nor its leaves know it."""
    before = copy.blob(BUDGET, "data.ndjson", 2)
    content = before.read_bytes().replace("鹿寨县".encode(), "柳城县".encode())
    sha256 = hashlib.sha256(content).hexdigest()
    copy.path(sha256).parent.mkdir(exist_ok=True)
    copy.path(sha256).write_bytes(content)
    statement = "UPDATE artefact SET sha256 = ? WHERE sha256 = ?"
    copy.sql("artefact", statement, sha256, before.name)
    found = copy.check().misfits

    assert [each.code for each in found] == ["row-changed", "facts-differ"]
    assert found[0].what == f"{SECOND} data.ndjson"
    assert found[0].place.line is not None
    assert found[1].place.pointer == "/artefacts"


def test_a_release_that_was_taken_out_of_the_facts_is_still_in_the_log(copy):
    named = "(SELECT id FROM release WHERE dataset_id = ? AND number = 2)"
    for table in ("artefact", "known_issue"):
        copy.sql(table, f"DELETE FROM {table} WHERE release_id = {named}", BUDGET)
    copy.sql("release", "DELETE FROM release WHERE dataset_id = ? AND number = 2", BUDGET)

    assert told(copy.check()) == [
        ("line-without-fact", f"{SECOND} released"),
        ("pointer-differs", "budgets pointer"),
    ]


def test_a_decision_that_was_put_in_has_no_line_in_the_log(copy):
    """So that nobody is approved whom nobody approved."""
    given = copy.one("SELECT * FROM decision WHERE role = 'approver'")
    forged = {**given, "id": "0" * 32, "base_release": 7}
    marks = ", ".join("?" * len(forged))
    copy.sql("decision", f"INSERT INTO decision VALUES ({marks})", *forged.values())
    found = only(copy.check())

    assert found.code == "fact-without-line"
    assert found.what.endswith(" decision-disclose")


def test_a_suspension_that_was_taken_out_is_still_in_the_log(copy):
    """So that nothing becomes public again by itself."""
    copy.log(copy.one("SELECT id FROM person")["id"], "release-suspended", FIRST)

    assert told(copy.check()) == [("line-without-fact", f"{FIRST} suspend")]


# What no manifest says.


def test_a_release_does_not_lose_its_signature(copy):
    """An unsigned manifest of early times says nothing of the files; the release is not early."""
    content = b'{"format":"opendata-manifest/1"}'
    sha256 = hashlib.sha256(content).hexdigest()
    copy.path(sha256).parent.mkdir(exist_ok=True)
    copy.path(sha256).write_bytes(content)
    statement = "UPDATE artefact SET sha256 = ?, size = ? WHERE name = 'manifest.json'"
    copy.sql("artefact", statement, sha256, len(content))
    assert {code for code, _ in told(copy.check())} == {"unsigned", "fact-changed"}

    copy.sql("release", "UPDATE release SET version = NULL, merkle_root = NULL")
    assert {code for code, _ in told(copy.check())} == {"fact-changed"}


@pytest.mark.parametrize(
    ("table", "change", "expected"),
    [
        ("pointer", "UPDATE pointer SET snapshot_id = 7 WHERE collection = 'budgets'",
         ("pointer-differs", "budgets pointer")),
        ("pointer", "DELETE FROM pointer WHERE collection = 'budgets'",
         ("pointer-differs", "budgets pointer")),
        ("release", "UPDATE release SET merged_onto = 1 WHERE dataset_id = 'penalties'",
         ("fact-changed", f"{PENALTIES}@1 released")),
        ("release", "UPDATE release SET window_ends = '[]' WHERE dataset_id = 'penalties'",
         ("fact-changed", f"{PENALTIES}@1 released")),
    ],
)  # fmt: skip
def test_what_readers_follow_cannot_be_changed_unseen(copy, table, change, expected):
    copy.sql(table, change)

    assert told(copy.check()) == [expected]


def test_a_release_cannot_be_read_from_another_ones_table(copy):
    first = copy.one("SELECT metadata_location FROM release WHERE number = 1")
    change = "UPDATE release SET metadata_location = ? WHERE dataset_id = ? AND number = 2"
    copy.sql("release", change, first["metadata_location"], BUDGET)
    found = copy.check().misfits

    assert (found[0].code, found[0].what) == ("facts-differ", f"{SECOND} manifest.json")
    assert found[0].place.pointer == "/lake"


@pytest.mark.parametrize("change", ["role = 'supervisor'", "agency = '*'", "secret_hash = 'x'"])
def test_a_key_cannot_be_made_good_for_more(copy, change):
    key = copy.one("SELECT id FROM api_key WHERE role = 'author'")["id"]
    copy.sql("api_key", f"UPDATE api_key SET {change} WHERE id = ?", key)

    assert told(copy.check()) == [("fact-changed", f"{UUID(key)} key-created")]


# The lake.


@pytest.fixture
def lake_file(copy):
    named = copy.body(BUDGET, 2)["lake"][0]
    return named["path"], copy.folder / "lake" / named["path"]


def test_a_changed_lake_file_is_found(copy, lake_file):
    name, path = lake_file
    turn_bit(path, 40)
    found = only(copy.check())

    assert (found.code, found.what) == ("lake-file-changed", f"{SECOND} lake/{name}")
    assert found.place.byte == 40


def test_a_lake_file_that_is_gone_is_missing(copy, lake_file):
    name, path = lake_file
    path.unlink()

    assert told(copy.check()) == [("lake-file-missing", f"{SECOND} lake/{name}")]


def test_lake_files_of_records_that_leave_are_known_by_a_keyed_digest_alone(copy):
    """Else whoever knows all of a record but one number tries every number until it fits."""
    told_of = copy.body(PENALTIES)["lake"]
    named = next(each for each in told_of if each["path"].endswith(".parquet"))
    path = copy.folder / "lake" / named["path"]

    assert {name for each in told_of for name in each} == {"path", "hmac_sha256"}
    assert hashlib.sha256(path.read_bytes()).hexdigest() not in json.dumps(told_of)
    assert not {"sha256", "size"} & set(copy.body(PENALTIES)["submission"])
    turn_bit(path, 40)
    assert {each.what for each in copy.check().misfits} == {f"{PENALTIES}@1 lake/{named['path']}"}


# The log.


def test_a_changed_line_of_the_log_is_found(copy):
    copy.sql("audit", "UPDATE audit SET actor = 'x' WHERE seq = 3")
    found = only(copy.check())

    assert (found.code, found.place.line) == ("audit-line-changed", 3)


def test_a_line_that_was_taken_out_of_the_log_is_found(copy):
    """What it told of is there without it."""
    copy.sql("audit", "DELETE FROM audit WHERE seq = 4")
    found, alone = copy.check().misfits

    assert (found.code, found.place.line) == ("audit-line-missing", 4)
    assert (alone.code, alone.what.split()[1]) == ("fact-without-line", "contract-declared")


def test_a_line_that_was_put_into_the_log_is_found(copy):
    """The others make room for it; each keeps what it said."""
    copy.sql("audit", "UPDATE audit SET seq = seq + 1000 WHERE seq > 4")
    copy.sql("audit", "UPDATE audit SET seq = seq - 999 WHERE seq > 1000")
    copy.sql("audit", "INSERT INTO audit SELECT 5, at, actor, action, subject, previous, hash "
                      "FROM audit WHERE seq = 4")  # fmt: skip
    found = copy.check().misfits[0]

    assert (found.code, found.place.line) == ("audit-line-changed", 5)


def test_a_log_that_was_rewritten_from_end_to_end_is_found_by_the_manifests(copy):
    """The chain is whole again; but every manifest has signed where the log stood."""
    rewrite(copy, lambda rows: [(*row[:2], "x", *row[3:]) if row[0] == 1 else row for row in rows])
    found = copy.check().misfits

    assert {each.code for each in found} == {"audit-rewritten"}
    assert FIRST in found[0].said.en
    assert found[0].place.line == copy.body(BUDGET)["audit"]["seq"]


def test_a_log_that_was_cut_off_is_found_by_the_manifests(copy):
    last = copy.body(PENALTIES)["audit"]["seq"]
    copy.sql("audit", "DELETE FROM audit WHERE seq >= ?", last)
    codes = {code for code, _ in told(copy.check())}

    assert "audit-cut-off" in codes


def test_the_leaves_speak_for_the_rows_as_they_were_released(copy):
    """The penalties have lost one; the root still has it, and so have the leaves."""
    root = copy.body(PENALTIES)["rows_root"]

    assert root["size"] == 5
    assert merkle.root(copy.blob(PENALTIES, "leaves").read_bytes()).hex() == root["root"]
    assert len(copy.blob(PENALTIES, "data.ndjson", edition=1).read_bytes().splitlines()) == 4
