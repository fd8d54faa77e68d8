"""What the platform says for good is signed, and every key that ever signed stays told."""

import json
import stat

import pytest

from opendata.settings import NotInitialised
from opendata.storage.signing import (
    Signer,
    base64url,
    canonical,
    from_base64url,
    holds,
    make_key,
    thumbprint,
)

BODY = {"dataset": "预算-2018", "release": 3, "notes": None, "lake": [{"size": 2**53 - 1}]}


@pytest.fixture
def signer(tmp_path):
    make_key(tmp_path / "signing.pem")
    return Signer(tmp_path / "signing.pem", tmp_path / "signing-retired.json")


@pytest.fixture
def document(signer):
    return json.loads(signer.sign(BODY))


def test_a_signed_document_is_in_canonical_form_and_holds(signer):
    written = signer.sign(BODY)
    document = json.loads(written)

    assert written == canonical(document)
    assert {**BODY, "signature": document["signature"]} == document
    assert document["signature"]["key"] == signer.public_key["kid"]
    assert holds(document, signer.public_keys)


@pytest.mark.parametrize(
    "change",
    [
        {"release": 4},
        {"notes": ""},
        {"more": 1},
        {"signature": None},
        {"signature": {}},
    ],
)
def test_what_says_anything_else_does_not_hold(signer, document, change):
    assert not holds({**document, **change}, signer.public_keys)


@pytest.mark.parametrize(
    "change",
    [
        {"algorithm": "RS256"},
        {"key": "unknown"},
        {"value": base64url(bytes(64))},
        {"value": "="},
        {"value": 7},
    ],
)
def test_another_signature_does_not_hold(signer, document, change):
    changed = {**document, "signature": {**document["signature"], **change}}

    assert not holds(changed, signer.public_keys)


def test_a_key_cannot_be_passed_off_under_the_name_of_another(tmp_path, signer, document):
    make_key(tmp_path / "other.pem")
    other = Signer(tmp_path / "other.pem", tmp_path / "none.json")
    forged = json.loads(other.sign(BODY))
    forged["signature"]["key"] = signer.public_key["kid"]
    pretended = {**other.public_key, "kid": signer.public_key["kid"]}

    assert not holds(forged, signer.public_keys)
    assert not holds(forged, [pretended])
    assert not holds(document, [])


def test_a_key_is_named_by_its_thumbprint_and_tells_nothing_secret(signer):
    key = signer.public_key

    assert key["kid"] == thumbprint(key)
    assert sorted(key) == ["crv", "kid", "kty", "use", "x"]


def test_the_key_file_is_its_owners_alone_and_made_once(tmp_path, signer):
    before = signer.file.read_bytes()
    make_key(signer.file)

    assert signer.file.read_bytes() == before
    assert stat.S_IMODE(signer.file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["signing.pem"]


def test_what_a_retired_key_signed_still_holds(signer, document):
    first = signer.public_key
    second = signer.rotate()
    third = signer.rotate()

    assert signer.public_keys == [third, second, first]
    assert holds(document, signer.public_keys)
    assert not holds(document, [third])
    assert json.loads(signer.sign(BODY))["signature"]["key"] == third["kid"]
    assert stat.S_IMODE(signer.file.stat().st_mode) == 0o600


def test_a_rotation_that_was_cut_off_leaves_the_key_told_once(signer):
    """It dies after the key was written down as retired, before there is another."""
    retired = json.dumps({"keys": [signer.public_key]})
    signer.retired.write_text(retired)

    assert signer.public_keys == [signer.public_key]
    signer.rotate()
    assert len(signer.public_keys) == 2


def test_a_home_without_a_key_or_with_a_damaged_one_says_so(signer):
    signer.file.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(NotInitialised, match="damaged"):
        signer.sign(BODY)
    signer.file.unlink()
    with pytest.raises(NotInitialised, match="init"):
        _ = signer.public_key


@pytest.mark.parametrize("text", ["a", "a===", "+/8", "AB", "aaa\n"])
def test_only_canonical_base64url_is_read(text):
    with pytest.raises(ValueError, match=r"."):
        from_base64url(text)
