"""A record and its proof: enough to check the record offline, and for nothing else."""

import json

import pytest

from opendata.domain import merkle
from opendata.stages import verify
from opendata.stages.proof import _HEIGHT
from opendata.stages.verify import Inspection, Trust, Unusable, keys_of, manifests
from opendata.storage.signing import Signer, make_key
from tests.platforms import runtime_of
from tests.verify.conftest import BUDGET, LAST_DAYS, PENALTIES, keys
from tests.verify.published import told


def check(proof, trust=None):
    found = Inspection()
    content = proof if isinstance(proof, bytes) else json.dumps(proof).encode()
    verify.check_proof(content, trust, found)
    return found


def of(verified, record, path="budgets", **query):
    answer = verified.get(f"{path}/{record}/proof", **query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_every_record_of_a_release_has_a_proof_that_holds(verified):
    lines = verified.get(f"datasets/{BUDGET}/releases/2/data.ndjson").text.splitlines()
    for at, line in enumerate(lines):
        proof = of(verified, json.loads(line)["_id"])

        assert (proof["record"], proof["index"], proof["size"]) == (line, at, len(lines))
        assert check(proof).fits


def test_the_key_may_be_pinned_and_the_manifest_laid_out_anew(verified, proof):
    trust = Trust(keys_of(keys(verified), "keys"), pinned=True)
    found = check(json.dumps(proof, indent=2).encode(), trust)

    assert found.fits
    assert found.notes == []
    assert "--keys" in check(proof).notes[0].en


def test_release_chooses_another_release_that_holds_the_record(verified):
    record = verified.records("budgets")[0]["_id"]
    first = of(verified, record, release=f"{BUDGET}@1")

    assert json.loads(first["record"])["_release"] == first["manifest"]["release"] == 1
    assert of(verified, record)["manifest"]["release"] == 2
    assert check(first).fits


def test_a_record_is_proved_after_its_neighbours_have_left(verified):
    shown = verified.records("administrative-penalties")
    assert len(shown) == len(LAST_DAYS) - 1
    for each in shown:
        proof = of(verified, each["_id"], "administrative-penalties")

        assert proof["manifest"]["edition"] == "2026-03-03"
        assert (proof["size"], proof["manifest"]["rows_public"]) == (5, 4)
        assert check(proof).fits


def test_a_proof_tells_of_other_records_nothing_but_salted_hashes(verified):
    shown = verified.records("administrative-penalties")
    proof = of(verified, shown[0]["_id"], "administrative-penalties")
    text = json.dumps(proof, ensure_ascii=False)
    runtime = runtime_of(verified.client)

    for other in shown[1:]:
        assert other["_id"] not in text
        assert other["decision_number"] not in text
        salt = merkle.row_salt(runtime.home.secret, PENALTIES, 1, other["_id"])
        assert salt.hex() not in text


def test_a_record_that_has_left_has_no_proof_as_it_has_no_address(verified):
    """Where the record itself is gone, so is its proof, in whatever release."""
    home = runtime_of(verified.client).home
    files = sorted(home.vault.objects.glob("*/*"))
    gone = next(
        json.loads(line)["_id"]
        for path in files
        if path.read_bytes().startswith(b'{"_id":')
        for line in path.read_bytes().splitlines()
        if f'"public_until":"{LAST_DAYS[0]}"'.encode() in line
    )
    path = f"administrative-penalties/{gone}"

    for answer in (
        verified.get(path),
        verified.get(f"{path}/proof"),
        verified.get(f"{path}/proof", release=f"{PENALTIES}@1"),
    ):
        assert (answer.status_code, answer.json["code"]) == (410, "gone")
        assert LAST_DAYS[0] not in answer.text


@pytest.mark.parametrize(
    ("record", "query", "expected"),
    [
        ("a" * 52, {}, (404, "no-such-record")),
        ("a" * 52, {"release": f"{BUDGET}@1"}, (404, "no-such-record")),
        ("own", {"release": f"{BUDGET}@9"}, (404, "no-such-release")),
        ("own", {"release": f"{PENALTIES}@1"}, (404, "no-such-release")),
        ("own", {"release": "x"}, (400, "bad-query")),
        ("own", {"as_of": "2026-03-02"}, (400, "bad-query")),
    ],
)
def test_what_has_no_proof_is_refused_as_elsewhere(verified, record, query, expected):
    own = verified.records("budgets")[0]["_id"]
    answer = verified.get(f"budgets/{own if record == 'own' else record}/proof", **query)

    assert (answer.status_code, answer.json["code"]) == expected


def test_a_proof_is_found_without_the_index_and_where_the_contract_shows_other_lines(
    verified, monkeypatch
):
    """The line is then the one that the release's own file has."""
    from opendata.stages import proof as stage

    record = verified.records("budgets")[1]["_id"]
    expected = verified.get(f"budgets/{record}/proof").data
    monkeypatch.setattr(type(runtime_of(verified.client).home.index), "reading", lambda *_: None)
    assert verified.get(f"budgets/{record}/proof").data == expected

    found = stage.query.record
    monkeypatch.setattr(
        stage.query, "record", lambda *given: _with_line(found(*given), b'{"otherwise": 1}')
    )
    assert verified.get(f"budgets/{record}/proof").data == expected


def _with_line(record, line):
    from dataclasses import replace

    return replace(record, line=line)


def test_a_path_is_the_same_whether_its_tree_is_kept_in_blocks_or_not():
    leaves = b"".join(merkle.leaf(b"", str(at).encode()) for at in range(3_000))
    tops = merkle.subtrees(leaves, _HEIGHT)
    for index in (0, 1_023, 1_024, 2_048, 2_999):
        begin = (index >> _HEIGHT) * (32 << _HEIGHT)
        block = leaves[begin : begin + (32 << _HEIGHT)]
        within = merkle.path(block, index % (1 << _HEIGHT))

        assert within + merkle.path(tops, index >> _HEIGHT) == merkle.path(leaves, index)


# Tampering.


@pytest.fixture(autouse=True)
def no_search(monkeypatch):
    """Looking for the one bit that was turned over in a manifest takes seconds."""
    monkeypatch.setattr(manifests, "MOST_SIGNED_BYTES", 0)


def test_a_changed_record_is_found(proof):
    proof["record"] = proof["record"].replace("鹿寨县", "柳城县")

    assert told(check(proof)) == [("record-not-in-release", "proof")]


@pytest.mark.parametrize("part", ["record", "salt", "path"])
def test_one_bit_turned_over_in_a_proof_is_found_where_it_is(proof, part):
    if part == "record":
        proof["record"] = proof["record"].replace('"_row":2', '"_row":3')
        place = ("/record", proof["record"].index('"_row":3') + len('"_row":'))
    elif part == "salt":
        first = int(proof["salt"][:2], 16) ^ 4
        proof["salt"] = f"{first:02x}{proof['salt'][2:]}"
        place = ("/salt", 0)
    else:
        last = int(proof["path"][1][-2:], 16) ^ 4
        proof["path"][1] = f"{proof['path'][1][:-2]}{last:02x}"
        place = ("/path/1", 31)
    found = check(proof).misfits[0]

    assert found.code == f"{part}-changed"
    assert (found.place.pointer, found.place.byte) == place


def test_another_index_is_found(proof):
    right = proof["index"]
    proof["index"] = right - 1
    found = check(proof).misfits[0]

    assert (found.code, found.place.pointer) == ("index-differs", "/index")
    assert f"leaf {right}" in found.said.en


def test_another_size_is_found(proof):
    proof["size"] += 1

    assert told(check(proof)) == [("size-differs", "proof")]


@pytest.mark.parametrize("change", [lambda path: path[:-1], lambda path: [*path, "0" * 64]])
def test_a_path_that_is_too_short_or_too_long_leads_nowhere(proof, change):
    proof["path"] = change(proof["path"])

    assert told(check(proof)) == [("record-not-in-release", "proof")]


def test_a_record_with_another_ones_path_is_found(verified, proof):
    other = of(verified, verified.records("budgets")[0]["_id"])
    proof["record"], proof["salt"] = other["record"], other["salt"]

    assert told(check(proof)) == [("record-not-in-release", "proof")]


def test_a_manifest_that_was_changed_is_found(proof):
    proof["manifest"]["notes"] = "另有说明"

    assert told(check(proof)) == [("signature-invalid", "proof manifest")]


def test_a_manifest_of_another_release_is_found(verified, proof):
    first = of(verified, json.loads(proof["record"])["_id"], release=f"{BUDGET}@1")
    proof["manifest"] = first["manifest"]

    assert ("other-release", "proof") in told(check(proof))


def test_a_proof_signed_with_another_key_is_found(tmp_path, proof):
    make_key(tmp_path / "other.pem")
    other = Signer(tmp_path / "other.pem", tmp_path / "none.json")
    body = {name: each for name, each in proof["manifest"].items() if name != "signature"}
    proof["manifest"] = json.loads(other.sign(body))

    assert told(check(proof)) == [("unknown-key", "proof manifest")]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"format":"opendata-proof/1"}', b"\xff"],
)
def test_what_is_no_proof_cannot_be_checked(content):
    with pytest.raises(Unusable, match="no proof"):
        check(content)


@pytest.mark.parametrize(
    "change",
    [{"format": "opendata-proof/9"}, {"salt": "zz"}, {"index": -1}, {"path": ["ab"]}, {"keys": {}}],
)
def test_a_proof_without_its_shape_cannot_be_checked(proof, change):
    with pytest.raises(Unusable):
        check({**proof, **change})
