"""Answers are packed for readers who like them packed, each coding under a validator of its own."""

import gzip

import pytest
import zstandard

from opendata.web.edge import codings

QUESTIONS = ["/api/v1/budgets", "/api/v1/budgets/schema", "/budgets"]


def unpacked(answer):
    coding = answer.headers.get("Content-Encoding", "")
    if coding == "gzip":
        return gzip.decompress(answer.data)
    return zstandard.ZstdDecompressor().decompress(answer.data) if coding else answer.data


@pytest.fixture
def client(library):
    """Anybody."""
    return library.client


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("gzip;q=0, zstd;q=0.1", "zstd"),
        ("gzip;q=0", ""),
        ("br, deflate", ""),
        ("identity", ""),
        ("gzip;q=0.5, identity", ""),
        ("*", ""),
        ("nonsense;;q=,", ""),
    ],
)
def test_the_coding_is_the_one_that_the_reader_likes_best(accepted, coding):
    assert codings.chosen(accepted) == coding


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("coding", codings.CODINGS)
def test_what_is_packed_is_the_plain_answer(client, question, coding):
    plain = client.get(question)
    packed = client.get(question, headers={"Accept-Encoding": coding})

    assert packed.headers["Content-Encoding"] == coding
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 2
    assert unpacked(packed) == plain.data
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_coding_has_a_validator_of_its_own(client, question):
    wishes = [{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "zstd"}]
    tags = [client.get(question, headers=each).headers["ETag"] for each in wishes]

    assert len(set(tags)) == 3
    for wish, tag in zip(wishes, tags, strict=True):
        # Asked once more with a wish of no effect, so that nothing kept answers.
        for more in ({}, {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}):
            answer = client.get(question, headers={**wish, **more, "If-None-Match": tag})
            assert (answer.status_code, answer.headers["ETag"]) == (304, tag)
            assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("question", [*QUESTIONS, "/api/v1/datasets"])
def test_head_says_what_get_says_of_the_packed_answer(client, question):
    wish = {"Accept-Encoding": "zstd"}
    head, get = client.head(question, headers=wish), client.get(question, headers=wish)

    assert head.data == b""
    assert sorted(head.headers) == sorted(get.headers)


def test_head_does_not_guess_how_long_a_packed_answer_is(library):
    wish = {**library.as_("author"), "Accept-Encoding": "gzip"}
    head = library.client.head("/api/v1/datasets", headers=wish)
    get = library.client.get("/api/v1/datasets", headers=wish)

    assert get.headers["Content-Encoding"] == head.headers["Content-Encoding"] == "gzip"
    assert head.headers["ETag"] == get.headers["ETag"]
    assert "Content-Length" not in head.headers


def test_what_is_small_is_not_packed(client):
    answer = client.get("/healthz", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("name", ["data.xlsx", "data.parquet"])
def test_a_file_is_left_as_it_is(client, name):
    path = f"/api/v1/datasets/budgets-2018/releases/1/{name}"
    plain = client.get(path, buffered=True)
    asked = client.get(path, headers={"Accept-Encoding": "gzip"}, buffered=True)

    assert asked.data == plain.data
    assert asked.headers["ETag"] == plain.headers["ETag"]


def test_the_same_bytes_are_packed_to_the_same_bytes():
    body = b"0123456789" * 1_000

    for coding in codings.CODINGS:
        assert codings.packed(body, coding) == codings.packed(body, coding)
