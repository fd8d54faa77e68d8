"""Receive: once a file is acknowledged it is kept, whatever happens; before, nothing is."""

import base64
import hashlib
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from opendata.app import app_of
from opendata.domain.people import Role
from opendata.stages import access, receive
from opendata.storage.tables import SubmissionRow
from opendata.storage.vault import Vault
from tests.chain import Chain, sign
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows

FILE = csv_of(real_rows("budgets-2019"))
OTHER = csv_of(real_rows("budgets-2018"))


@pytest.fixture
def registered(chain):
    """A dataset that takes submissions."""
    chain.register("b", "budgets", "2019")
    return chain


def digest_of(content: bytes, algorithm: str = "sha-256") -> str:
    return f"{algorithm}=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def code_of(answer):
    return answer.status_code, answer.json.get("code")


def submissions(chain):
    answer = chain.client.get("/api/v1/submissions", headers=chain.as_("author"))
    return [each["id"] for each in answer.json["data"]]


def test_what_is_acknowledged_is_in_the_vault_and_among_the_facts(registered, platform):
    answer = registered.submit("b", FILE, Content_Disposition='attachment; filename="预算.csv"')

    assert answer.status_code == 202
    assert answer.headers["Location"].endswith(f"/api/v1/submissions/{answer.json['id']}")
    assert answer.json["state"] == "received"
    assert answer.json["sha256"] == hashlib.sha256(FILE).hexdigest()
    assert platform.home.vault.read(answer.json["sha256"]) == FILE
    assert submissions(registered) == [answer.json["id"]]


@on_sqlite
def test_who_leaves_while_a_file_arrives_has_not_sent_it_in(registered, platform):
    def arriving():
        yield FILE[:100]
        with platform.home.database.begin() as session:
            access.leave(session, registered.who.persons[Role.AUTHOR], platform.now())
        yield FILE[100:]

    answer = registered.client.post(
        "/api/v1/datasets/b/submissions",
        headers=registered.as_("author"),
        content_type="text/csv",
        environ_overrides={
            "wsgi.input": io.BufferedReader(Chunks(arriving())),
            "CONTENT_LENGTH": str(len(FILE)),
        },
    )

    assert code_of(answer) == (401, "not-authenticated")
    with platform.home.database.read() as session:
        assert session.scalars(select(SubmissionRow)).first() is None


class Chunks(io.RawIOBase):
    """A body whose parts are made when they are asked for."""

    def __init__(self, parts):
        self._parts, self._left = parts, b""

    def readable(self):
        return True

    def readinto(self, buffer):
        self._left = self._left or next(self._parts, b"")
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def test_a_file_is_durable_before_its_submission_is_recorded(registered, platform, monkeypatch):
    """The order counts: a crash between the two leaves bytes without a fact, never the reverse."""
    seen = []
    recorded, kept = receive.record, Vault.path

    def record(session, actor, upload, blob, now):
        seen.append(kept(platform.home.vault, blob.sha256).read_bytes())
        return recorded(session, actor, upload, blob, now)

    monkeypatch.setattr(receive, "record", record)
    registered.submit("b", FILE)

    assert seen == [FILE]


def test_a_form_with_one_file_is_taken_as_well(registered):
    answer = registered.client.post(
        "/api/v1/datasets/b/submissions",
        data={"file": (io.BytesIO(FILE), "预算.csv", "text/csv")},
        headers=registered.as_("author"),
    )

    assert answer.status_code == 202
    assert answer.json["filename"] == "预算.csv"
    assert answer.json["sha256"] == hashlib.sha256(FILE).hexdigest()


@on_sqlite
@pytest.mark.parametrize("names", [[], ["a.csv", "b.csv"]])
def test_a_form_with_no_file_or_several_is_refused(registered, names):
    files = [(io.BytesIO(FILE), name) for name in names]
    answer = registered.client.post(
        "/api/v1/datasets/b/submissions",
        data={"file": files} if files else {"note": "no file"},
        content_type="multipart/form-data",
        headers=registered.as_("author"),
    )

    assert code_of(answer) == (400, "no-file")
    assert submissions(registered) == []


@on_sqlite
@pytest.mark.parametrize(
    ("content", "headers", "refusal"),
    [
        (b"", {}, (422, "empty-upload")),
        (FILE, {"Content_Digest": digest_of(OTHER)}, (400, "digest-mismatch")),
        (FILE, {"Content_Digest": digest_of(FILE, "md5")}, (400, "invalid-digest")),
        (FILE, {"Content_Digest": "sha-256=:AAAA:"}, (400, "invalid-digest")),
        (FILE, {"Content_Digest": "sha-256=:A:"}, (400, "invalid-digest")),
        (FILE, {"Content_Digest": "nonsense"}, (400, "invalid-digest")),
        (FILE, {"Idempotency_Key": "has a space"}, (400, "invalid-idempotency-key")),
        (FILE, {"Idempotency_Key": "x" * 201}, (400, "invalid-idempotency-key")),
    ],
)
def test_what_is_refused_is_not_kept(registered, platform, content, headers, refusal):
    assert code_of(registered.submit("b", content, **headers)) == refusal
    assert submissions(registered) == []
    assert not [path for path in platform.home.vault.objects.rglob("*") if path.is_file()]
    assert not list(platform.home.vault.drafts.iterdir())


@on_sqlite
def test_a_digest_that_fits_is_taken_beside_others_that_are_not_checked(registered):
    both = f"sha-512=:AAAA:, {digest_of(FILE)}"

    assert registered.submit("b", FILE, Content_Digest=both).status_code == 202


class TestTooLarge:
    """A limit of a thousand bytes, announced or not."""

    @pytest.fixture
    def small(self, platform, people):
        """A platform that takes a thousand bytes."""
        held = replace(platform, settings=replace(platform.settings, max_upload_bytes=1000))
        chain = Chain(app_of(held).test_client(), people, lambda: None)
        chain.register("b", "budgets", "2019")
        return chain

    @on_sqlite
    def test_the_limit_itself_is_taken(self, small):
        assert small.submit("b", b"x" * 1000).status_code == 202

    @on_sqlite
    def test_an_announced_length_over_it_is_refused_before_a_byte_is_read(self, small):
        class Unreadable(io.BytesIO):
            def readinto(self, buffer):
                raise AssertionError("A byte was read.")

        answer = small.client.post(
            "/api/v1/datasets/b/submissions",
            input_stream=Unreadable(),
            environ_overrides={"CONTENT_LENGTH": "1001"},
            headers=small.as_("author"),
        )
        assert code_of(answer) == (413, "too-large")

    @on_sqlite
    def test_a_body_without_a_length_is_refused_as_it_passes_it(self, small, platform):
        answer = small.client.post(
            "/api/v1/datasets/b/submissions",
            input_stream=io.BytesIO(b"x" * 5000),
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
            headers=small.as_("author"),
        )
        assert code_of(answer) == (413, "too-large")
        assert not list(platform.home.vault.drafts.iterdir())


class TestIdempotency:
    """An Idempotency-Key stands for one upload of one person, for seven days."""

    def test_the_same_bytes_get_the_same_answer(self, registered):
        first = registered.submit("b", FILE, Idempotency_Key="k")
        again = registered.submit("b", FILE, Idempotency_Key="k")

        assert (again.status_code, again.json) == (202, first.json)
        assert submissions(registered) == [first.json["id"]]

    def test_other_bytes_or_another_dataset_are_refused(self, registered):
        registered.register("c", "budgets", "2020")
        registered.submit("b", FILE, Idempotency_Key="k")

        for answer in (
            registered.submit("b", OTHER, Idempotency_Key="k"),
            registered.submit("c", FILE, Idempotency_Key="k"),
        ):
            assert code_of(answer) == (422, "idempotency-mismatch")
        assert len(submissions(registered)) == 1

    def test_without_a_key_the_same_bytes_are_another_submission(self, registered):
        registered.submit("b", FILE)
        registered.submit("b", FILE)

        assert len(submissions(registered)) == 2

    @on_sqlite
    def test_after_seven_days_the_key_is_forgotten(self, registered, clock):
        first = registered.submit("b", FILE, Idempotency_Key="k")
        clock.advance(days=6, hours=23)
        assert registered.submit("b", FILE, Idempotency_Key="k").json["id"] == first.json["id"]
        clock.advance(hours=2)
        assert registered.submit("b", OTHER, Idempotency_Key="k").status_code == 202

    @on_sqlite
    def test_a_refused_upload_gives_its_key_back(self, registered):
        wrong = {"Content_Digest": digest_of(OTHER), "Idempotency_Key": "k"}
        assert registered.submit("b", FILE, **wrong).status_code == 400

        assert registered.submit("b", FILE, Idempotency_Key="k").status_code == 202

    @on_sqlite
    def test_persons_do_not_share_keys(self, registered, platform, others):
        mine = registered.submit("b", FILE, Idempotency_Key="k")
        theirs = Chain(registered.client, others, registered.work)
        theirs.register("c", "budgets", "2019")

        assert theirs.submit("c", FILE, Idempotency_Key="k").status_code == 202
        assert mine.status_code == 202

    def test_a_request_that_is_still_going_on_is_not_begun_again(self, registered, clock):
        chain, answers = registered, []

        class Slow(io.BytesIO):
            def readinto(self, buffer):
                if not answers:
                    answers.append(chain.submit("b", FILE, Idempotency_Key="k"))
                return super().readinto(buffer)

        def begin():
            return chain.client.post(
                "/api/v1/datasets/b/submissions",
                input_stream=Slow(FILE),
                content_length=len(FILE),
                headers={**chain.as_("author"), "Idempotency-Key": "k"},
            )

        assert begin().status_code == 202
        assert code_of(answers[0]) == (409, "still-in-flight")

    @on_sqlite
    def test_what_was_cut_off_by_a_crash_may_begin_again_after_an_hour(
        self, registered, clock, monkeypatch
    ):
        def die(*_):
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(receive, "store", die)
            with pytest.raises(SystemExit):
                registered.submit("b", FILE, Idempotency_Key="k")
        again = registered.submit("b", FILE, Idempotency_Key="k")
        assert code_of(again) == (409, "still-in-flight")
        clock.advance(hours=1, seconds=1)
        assert registered.submit("b", FILE, Idempotency_Key="k").status_code == 202

    def test_requests_at_the_same_moment_make_one_submission(self, registered, people):
        def send(_):
            answer = registered.client.application.test_client().post(
                "/api/v1/datasets/b/submissions",
                data=FILE,
                content_type="text/csv",
                headers={**sign(people.keys[Role.AUTHOR]), "Idempotency-Key": "k"},
            )
            return answer.status_code

        with ThreadPoolExecutor(6) as threads:
            answers = Counter(threads.map(send, range(6)))

        assert set(answers) <= {202, 409}
        assert answers[202] >= 1
        assert len(submissions(registered)) == 1


@on_sqlite
@pytest.mark.parametrize("attribute", ["on_request", "withheld"])
def test_only_what_is_disclosed_proactively_is_taken(chain, attribute):
    made = chain.register(
        "b", "budgets", "2019", disclosure_attribute=attribute, attribute_reason="不属于主动公开"
    )

    assert made.status_code == 201
    assert code_of(chain.submit("b", FILE)) == (409, "not-for-publication")


@on_sqlite
def test_the_name_of_a_file_is_kept_as_it_was_but_no_longer_than_needed(registered):
    long = registered.submit("b", FILE, Content_Disposition=f'attachment; filename="{"x" * 300}"')
    utf8 = registered.submit(
        "b", FILE, Content_Disposition="attachment; filename*=UTF-8''%E9%A2%84%E7%AE%97.csv"
    )

    assert len(long.json["filename"]) == 255
    assert utf8.json["filename"] == "预算.csv"
