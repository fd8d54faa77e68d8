"""Erasure: received bytes go for good; who said so, why and on whose authority stays."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from opendata.cli import main
from opendata.domain.people import Actor, Role
from opendata.runtime.worker import Worker
from opendata.stages import access, diff, erasure, publish
from opendata.storage.tables import AuditRow, ErasureRow, ReportRow
from tests.chain import Chain, work_off
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows
from tests.tus import VERSION, metadata

WORD = {"authority": "示例县公安局函〔2026〕3号", "reason": "文件含有不应收集的个人信息"}
BROKEN = "publisher_name,fiscal_year\n某人110101199001011234,不是年份\n".encode()


def erased(chain: Chain, submission: str, role: str = "supervisor"):
    return chain.client.post(
        f"/api/v1/submissions/{submission}/erasure", json=WORD, headers=chain.as_(role)
    )


def report(chain: Chain, submission: str, form: str = ""):
    path = f"/api/v1/submissions/{submission}/report{form}"
    return chain.client.get(path, headers=chain.as_("author"), buffered=True)


def blobs(platform, submission: str) -> list[bool]:
    """Whether the received bytes and the private report of a submission are there."""
    with platform.home.database.read() as session:
        found = session.get(ReportRow, UUID(submission))
        sent = erasure.standing(session, UUID(submission)).submission
    digests = (sent.sha256, found.report_sha256)
    return [platform.home.vault.path(each).exists() for each in digests]


@pytest.fixture
def invalid(chain) -> str:
    """A submission that the judge refused."""
    chain.register("b", "budgets", "2018")
    return chain.submitted("b", BROKEN)


@pytest.fixture
def actor(platform, people) -> Actor:
    """An administrator, as the stages know one."""
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.ADMIN, "*", platform.now() + timedelta(days=1))
        return access.session_key(session, people.persons[Role.ADMIN], terms, platform.now())


def erasures_of(platform) -> set[str]:
    with platform.home.database.read() as session:
        return set(session.scalars(select(ErasureRow.sha256)))


def budgets(chain: Chain, year: str = "2018") -> bytes:
    name = chain.who.agency.name.zh
    return csv_of(changed(real_rows(f"budgets-{year}"), publisher_name=name))


def test_what_an_invalid_file_brought_goes_for_good(chain, platform, invalid):
    assert blobs(platform, invalid) == [True, True]

    answer = erased(chain, invalid)

    assert answer.status_code == 201, answer.text
    assert blobs(platform, invalid) == [False, False]
    told = chain.submission(invalid)
    assert told["state"] == "invalid"
    assert told["erasure"]["person"] == f"{chain.who.agency.id} supervisor"
    assert {name: told["erasure"][name] for name in WORD} == WORD
    for form in ("", ".json", ".html", ".xlsx"):
        gone = report(chain, invalid, form)
        assert (gone.status_code, gone.json["code"]) == (410, "erased")
        assert WORD["authority"] in gone.json["detail"]
        assert "UTC" in gone.json["detail"]
    with platform.home.database.read() as session:
        actions = session.scalars(select(AuditRow.subject).filter_by(action="bytes-erased")).all()
        digests = session.scalars(select(ErasureRow.sha256)).all()
    assert sorted(actions) == sorted(digests)
    assert len(actions) == 2


def test_erasing_again_keeps_the_first_word(chain, platform, invalid):
    first = erased(chain, invalid).json["erasure"]

    again = erased(chain, invalid, "admin")

    assert (again.status_code, again.json["erasure"]) == (201, first)


@on_sqlite
def test_what_is_published_stays_when_the_file_it_came_from_goes(chain, platform):
    chain.register("b", "budgets", "2018")
    release = chain.publish("b", budgets(chain))
    files = {each["name"]: chain.client.get(each["url"]).data for each in release["files"]}
    [found] = chain.client.get("/api/v1/submissions", headers=chain.as_("author")).json["data"]

    assert erased(chain, found["id"]).status_code == 201
    work_off(platform)

    assert blobs(platform, found["id"]) == [False, False]
    assert chain.submission(found["id"])["state"] == "published"
    again = chain.release("b", 1)
    assert {each["name"]: chain.client.get(each["url"]).data for each in again["files"]} == files


@on_sqlite
@pytest.mark.parametrize("state", ["received", "in_review", "approved"])
def test_what_somebody_still_works_on_is_not_erased(chain, platform, state):
    chain.register("b", "budgets", "2018")
    submission = chain.submit("b", budgets(chain)).json["id"]
    if state != "received":
        Worker(platform).validate_all()
    if state == "approved":
        chain.approve(submission)

    refusal = erased(chain, submission)

    assert chain.submission(submission)["state"] == state
    assert (refusal.status_code, refusal.json["code"]) == (409, "still-needed")


def test_bytes_that_another_submission_is_about_are_not_erased(chain, platform, invalid):
    chain.register("b-2", "budgets", "2017")
    other = chain.submit("b-2", BROKEN).json["id"]

    refusal = erased(chain, invalid)

    assert (refusal.status_code, refusal.json["code"]) == (409, "still-needed")
    [fault] = refusal.json["errors"]
    assert (fault["pointer"], fault["code"]) == (f"submissions/{other}", "needed-by-submission")
    assert blobs(platform, invalid) == [True, True]
    with platform.home.database.read() as session:
        assert session.scalars(select(ErasureRow)).all() == []

    chain.work()
    assert erased(chain, invalid).status_code == 201
    assert report(chain, other).status_code == 410
    assert blobs(platform, invalid) == blobs(platform, other) == [False, False]


@on_sqlite
def test_a_published_file_that_was_sent_in_again_is_not_erased(chain, platform):
    chain.register("b", "budgets", "2018")
    release = chain.publish("b", budgets(chain))
    url = next(each["url"] for each in release["files"] if each["name"] == "data.csv")
    copy = chain.submitted("b", chain.client.get(url).data)
    assert chain.submission(copy)["state"] == "invalid"

    refusal = erased(chain, copy)

    [fault] = refusal.json["errors"]
    assert (fault["pointer"], fault["code"]) == ("b@1/data.csv", "published-file")


@on_sqlite
def test_a_file_that_is_erased_while_it_is_published_is_built_again_and_stays(
    chain, platform, actor
):
    chain.register("b", "budgets", "2018")
    submission = chain.submitted("b", budgets(chain))
    chain.approve(submission)
    kept = set(platform.home.vault.objects.glob("*/*"))
    word = erasure.Word(**WORD)

    def erase_all() -> None:
        for path in set(platform.home.vault.objects.glob("*/*")) - kept:
            what = erasure.Erasable(path.name, "submission 3f2a")
            erasure.erase(platform.home, actor, what, word, platform.now())

    def between(step: str) -> None:
        if step == "files-built":
            erase_all()

    made = publish.publish(
        platform.home, platform.contracts, UUID(submission), platform.now, mark=between
    )
    assert made is False
    assert set(platform.home.vault.objects.glob("*/*")) == kept
    work_off(platform)
    urls = [each["url"] for each in chain.release("b", 1)["files"]]
    files = [chain.client.get(each).data for each in urls]

    erase_again = erasures_of(platform)
    for sha256 in erase_again:
        what = erasure.Erasable(sha256, "submission 3f2a")
        erasure.erase(platform.home, actor, what, word, platform.now())
    assert erasure.sweep(platform.home) == 0

    assert {hashlib.sha256(each).hexdigest() for each in files} & erase_again
    assert [chain.client.get(each).data for each in urls] == files


def test_a_report_goes_with_its_own_file_and_no_other(chain, platform):
    chain.register("b", "budgets", "2018")
    first, second = (chain.submitted("b", b"PK\x03\x04 " + each) for each in (b"1", b"2"))
    with platform.home.database.read() as session:
        kept = session.get(ReportRow, UUID(second)).report_sha256
    copy = chain.submitted("b", platform.home.vault.read(kept))

    assert erased(chain, first).status_code == 201
    refusal = erased(chain, copy)
    erasure.sweep(platform.home)

    [fault] = refusal.json["errors"]
    assert (refusal.status_code, fault["pointer"]) == (409, f"submissions/{second}")
    assert report(chain, first).status_code == 410
    assert report(chain, second).json["submission"] == second


@on_sqlite
def test_what_a_file_would_have_changed_goes_with_it(chain, platform):
    chain.register("b", "budgets", "2018")
    submission = chain.submitted("b", budgets(chain))
    diff.prepare(platform.home, platform.contracts, UUID(submission))
    folder = platform.settings.derived / "diffs"
    assert sorted(each.suffix for each in folder.iterdir()) == [".json", ".ndjson", ".triggers"]
    chain.decide(submission, "reviewer", "return", reason="有误")

    assert erased(chain, submission).status_code == 201

    assert list(folder.iterdir()) == []


def test_erased_bytes_are_not_taken_in_again(chain, platform, invalid):
    erased(chain, invalid)

    again = chain.submit("b", BROKEN)
    assert (again.status_code, again.json["code"]) == (409, "erased-bytes")
    assert WORD["reason"] in again.json["detail"]
    announced = chain.client.post(
        "/api/v1/uploads",
        headers={
            **chain.as_("author"),
            **VERSION,
            "Upload-Length": str(len(BROKEN)),
            "Upload-Metadata": metadata(dataset="b", filename="x.csv"),
        },
    )
    part = chain.client.patch(
        announced.headers["Location"],
        data=BROKEN,
        content_type="application/offset+octet-stream",
        headers={**chain.as_("author"), **VERSION, "Upload-Offset": "0"},
    )
    assert (part.status_code, part.json["code"]) == (409, "erased-bytes")
    chain.work()
    assert blobs(platform, invalid) == [False, False]
    assert chain.submit("b", BROKEN + b"\n").status_code == 202


def test_a_file_is_taken_in_or_erased_and_never_acknowledged_and_lost(chain, platform, invalid):
    chain.register("b-2", "budgets", "2017")
    for turn in range(3):
        content = BROKEN + b"\n" * turn
        submission = invalid if turn == 0 else chain.submitted("b", content)
        together = Barrier(2)

        def at_once(act, *asked, together=together):
            together.wait(10)
            return act(*asked)

        with ThreadPoolExecutor(2) as pool:
            gone = pool.submit(at_once, erased, chain, submission)
            sent = pool.submit(at_once, chain.submit, "b-2", content)
            outcome = (gone.result().status_code, sent.result().status_code)

        assert outcome in [(201, 409), (409, 202)]
        # What came in once more and was refused goes with the next look of a worker.
        erasure.sweep(platform.home)
        assert blobs(platform, submission)[0] is (outcome == (409, 202))


@on_sqlite
def test_what_a_crash_left_between_fact_and_deed_is_removed_by_the_next_worker(
    chain, platform, invalid, monkeypatch
):
    def killed(_digest: str) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(platform.home.vault), "erase", lambda _, digest: killed(digest))
        with pytest.raises(KeyboardInterrupt):
            erased(chain, invalid)
    assert blobs(platform, invalid) == [True, True]
    assert report(chain, invalid).status_code == 410

    Worker(platform).sweep()

    assert blobs(platform, invalid) == [False, False]


@on_sqlite
def test_other_bytes_are_erased_by_whoever_may(platform, actor):
    contact = platform.home.vault.put(b"sealed contact")
    what = erasure.Erasable(contact.sha256, "correction 3f2a")
    word = erasure.Word("本人要求", "更正已答复")

    told = erasure.erase(platform.home, actor, what, word, platform.now())

    assert (told.subject, told.reason) == ("correction 3f2a", "更正已答复")
    assert not platform.home.vault.path(contact.sha256).exists()
    assert erasure.erase(platform.home, actor, what, word, platform.now()) == told


@on_sqlite
def test_the_command_erases_in_the_home_by_the_key_of_who_answers_for_it(
    chain, platform, invalid, monkeypatch
):
    monkeypatch.setenv("OPENDATA_HOME", str(platform.settings.home))

    def run(key: str, **said: str):
        options = [f"--{name}={text}" for name, text in {**WORD, **said}.items()]
        return CliRunner().invoke(main, ["erase", invalid, "--key", key, *options])

    refused = run(chain.who.keys[Role.AUTHOR])
    empty = run(chain.who.keys[Role.ADMIN], reason=" ")
    done = run(chain.who.keys[Role.ADMIN])

    assert (refused.exit_code, empty.exit_code, done.exit_code) == (2, 2, 0), done.output
    assert invalid in done.output
    assert json.dumps(WORD["reason"]) in json.dumps(chain.submission(invalid)["erasure"])
    assert blobs(platform, invalid) == [False, False]
