"""What is sealed tells nothing to who has the vault without the home's secret."""

from dataclasses import replace

import orjson
import pytest
from cryptography.exceptions import InvalidTag

from opendata.stages.sealing import sealing, unsealed
from tests.platforms import on_sqlite

pytestmark = on_sqlite
CONTACT = {"contact": "李四 13900000000"}


@pytest.fixture
def home(platform):
    return platform.home


def kept(home, content=CONTACT):
    with sealing(home, content) as digest:
        pass
    return digest


def test_what_was_sealed_is_opened_and_not_read_in_the_vault(home):
    digest = kept(home)

    assert unsealed(home, digest) == CONTACT
    for part in ("contact", "李四", "13900000000"):
        assert part.encode() not in home.vault.read(digest)


def test_equal_contents_are_other_bytes(home):
    assert kept(home) != kept(home)


def test_another_homes_secret_opens_nothing(home):
    digest = kept(home)

    with pytest.raises(InvalidTag):
        unsealed(replace(home, secret=bytes(32)), digest)


def test_what_was_sealed_before_there_was_a_cipher_is_opened_still(home):
    with home.vault.draft() as draft:
        draft.write(orjson.dumps({**CONTACT, "nonce": "00"}))
        draft.keep()

    assert unsealed(home, draft.sha256) == CONTACT


def test_nothing_sealed_is_no_object(home):
    assert kept(home, None) is None
