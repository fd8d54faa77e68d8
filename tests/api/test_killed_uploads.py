"""A server that is killed at any byte or step of an upload: the next one goes on with it."""

import hashlib
from uuid import UUID

import pytest

from opendata.stages import upload
from tests.dying_uploads import DIED, STEPS, Request, send
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows
from tests.tus import Tus

FILE = csv_of(real_rows("budgets-2019"))
SIZE = len(FILE)
SHA256 = hashlib.sha256(FILE).hexdigest()


@pytest.fixture
def tus(chain):
    chain.register("b", "budgets", "2019")
    return Tus(chain)


def request(tus, path, offset, **how):
    key = tus.chain.who.keys["author"]
    return Request(key, UUID(path[-36:]), offset, FILE[offset:], **how)


def check_finished(tus, platform, path):
    """One submission of the whole file, and nothing lying about."""
    upload.sweep(platform.home, platform.now())
    [told] = tus.chain.client.get("/api/v1/submissions", headers=tus.chain.as_("author")).json[
        "data"
    ]
    assert tus.ask("GET", path).json["submission"] == told["id"]
    assert (told["sha256"], told["size"]) == (SHA256, SIZE)
    assert platform.home.vault.read(SHA256) == FILE
    assert list(platform.home.vault.uploads.folder.iterdir()) == []
    objects = [each for each in platform.home.vault.objects.rglob("*") if each.is_file()]
    assert [each.name for each in objects] == [SHA256]
    assert objects[0].stat().st_mode & 0o777 == 0o400


@on_sqlite
def test_killed_at_any_byte_it_is_gone_on_with_until_it_is_whole(tus, platform):
    path, offset = tus.begun("b", SIZE, Idempotency_Key="k"), 0
    for share in (0.317, 0.0, 0.583, 0.999, 0.101):
        end = int(share * (SIZE - offset))
        assert send(platform, request(tus, path, offset, after_bytes=end)) == DIED
        told = tus.offset(path)
        # What was recorded on the way counts, and never more than what arrived.
        assert offset <= told <= offset + end
        offset = told
    assert tus.begun("b", SIZE, Idempotency_Key="k") == path
    assert send(platform, request(tus, path, offset)) == 0

    check_finished(tus, platform, path)


@on_sqlite
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_a_step_it_is_finished_by_whoever_asks_next(tus, platform, when, name):
    path = tus.begun("b", SIZE)
    assert send(platform, request(tus, path, 0, step=(when, name))) == DIED
    offset = tus.offset(path)
    if offset < SIZE:
        assert tus.send(path, offset, FILE[offset:]).status_code == 204

    check_finished(tus, platform, path)


@on_sqlite
@pytest.mark.parametrize("name", ["seal", "move"])
def test_killed_at_a_step_it_is_finished_even_if_nobody_asks(tus, platform, name):
    path = tus.begun("b", SIZE)
    for when in ("before", "after"):
        # The second time it is gone on with from where the first time ended.
        send(platform, request(tus, path, 0 if when == "before" else SIZE, step=(when, name)))

    check_finished(tus, platform, path)
