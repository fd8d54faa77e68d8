"""Uploads in parts: one submission of one file, whatever is cut off, full, killed or left lying."""

import errno
import hashlib
import io
import os
from uuid import UUID

import pytest

from opendata.runtime.worker import Worker
from opendata.stages import receive
from opendata.stages.upload import appending, creating, model, sweep, sweeping
from opendata.storage import leases
from opendata.storage.tables import AuditRow, IdempotencyRow, UploadRow
from opendata.storage.uploads import Growing
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows
from tests.tus import PART, Tus, checksum, metadata

FILE = csv_of(real_rows("budgets-2019"))
SIZE = len(FILE)
HALF = SIZE // 2
SHA256 = hashlib.sha256(FILE).hexdigest()


@pytest.fixture
def tus(chain):
    """An author of an agency whose dataset ``b`` takes files."""
    chain.register("b", "budgets", "2019")
    return Tus(chain)


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    monkeypatch.setattr(model, "PATIENCE_SECONDS", 0.0)


def code_of(answer):
    return answer.status_code, answer.json.get("code")


def submissions(tus):
    answer = tus.chain.client.get("/api/v1/submissions", headers=tus.chain.as_("author"))
    return [each["id"] for each in answer.json["data"]]


def files(platform):
    return sorted(each.name for each in platform.home.vault.uploads.folder.iterdir())


def objects(platform):
    return sorted(each.name for each in platform.home.vault.objects.rglob("*") if each.is_file())


def uploaded(tus, **headers):
    """Upload the file in two parts and return the last answer."""
    path = tus.begun("b", SIZE, **headers)
    tus.send(path, 0, FILE[:HALF])
    return path, tus.send(path, HALF, FILE[HALF:])


def test_a_file_in_parts_becomes_one_submission(tus, platform):
    kind = "Text/CSV; charset=GBK"
    named = metadata(dataset="b", filename="预算.csv", filetype=kind, sha256=SHA256)
    _, last = uploaded(tus, Upload_Metadata=named)

    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(SIZE))
    [submission] = submissions(tus)
    assert last.headers["Location"].endswith(f"/api/v1/submissions/{submission}")
    told = tus.chain.submission(submission)
    assert (told["sha256"], told["size"]) == (SHA256, SIZE)
    assert (told["filename"], told["media_type"]) == ("预算.csv", "text/csv; charset=GBK")
    assert platform.home.vault.read(SHA256) == FILE
    assert files(platform) == []
    with platform.home.database.read() as session:
        lines = session.query(AuditRow).filter_by(action="submission-received").all()
    assert [each.subject for each in lines] == [submission]


def test_a_finished_upload_says_what_it_became_as_often_as_it_is_asked(tus):
    path, last = uploaded(tus)
    [submission] = submissions(tus)

    head, got = tus.ask("HEAD", path), tus.ask("GET", path)
    again = tus.send(path, SIZE, b"")
    for answer in (last, head, got, again):
        assert answer.headers["Upload-Offset"] == str(SIZE)
        assert f'/submissions/{submission}>; rel="status"' in ", ".join(
            answer.headers.getlist("Link")
        )
        assert "Upload-Expires" not in answer.headers
    assert (got.json["offset"], got.json["submission"]) == (SIZE, submission)
    assert again.headers["Location"] == last.headers["Location"]
    assert submissions(tus) == [submission]


@on_sqlite
def test_one_person_has_only_so_many_unfinished_uploads(tus, monkeypatch):
    monkeypatch.setattr(creating, "MOST_OPEN", 2)
    first = tus.begun("b", SIZE)
    tus.begun("b", SIZE)

    assert code_of(tus.announce("b", SIZE)) == (429, "too-many-uploads")
    tus.ask("DELETE", first)
    assert tus.announce("b", SIZE).status_code == 201


class TestIdempotency:
    """One key stands for one file of one person, however it is sent."""

    def test_the_same_key_finds_the_same_upload_and_how_far_it_is(self, tus):
        first = tus.announce("b", SIZE, Idempotency_Key="k")
        tus.send(first.headers["Location"], 0, FILE[:HALF])
        again = tus.announce("b", SIZE, Idempotency_Key="k")

        assert again.headers["Location"] == first.headers["Location"]
        assert again.headers["Upload-Offset"] == str(HALF)
        other = tus.announce("b", SIZE)
        assert other.headers["Location"] != first.headers["Location"]

    @on_sqlite
    def test_for_another_file_the_key_is_refused(self, tus):
        tus.chain.register("c", "budgets", "2020")
        tus.begun("b", SIZE, Idempotency_Key="k")
        other = metadata(dataset="b", sha256="0" * 64)

        for answer in (
            tus.announce("b", SIZE + 1, Idempotency_Key="k"),
            tus.announce("c", SIZE, Idempotency_Key="k"),
            tus.announce("b", SIZE, Idempotency_Key="k", Upload_Metadata=other),
        ):
            assert code_of(answer) == (422, "idempotency-mismatch")

    def test_a_file_sent_at_once_under_the_key_need_not_be_uploaded(self, tus):
        sent = tus.chain.submit("b", FILE, Idempotency_Key="k").json["id"]
        begun = tus.announce("b", SIZE, Idempotency_Key="k")

        assert (begun.json["submission"], begun.json["offset"]) == (sent, SIZE)
        assert tus.offset(begun.headers["Location"]) == SIZE
        assert submissions(tus) == [sent]

    def test_an_uploaded_file_need_not_be_sent_at_once_under_the_key(self, tus):
        uploaded(tus, Idempotency_Key="k")
        [submission] = submissions(tus)

        assert tus.chain.submit("b", FILE, Idempotency_Key="k").json["id"] == submission
        assert submissions(tus) == [submission]

    @on_sqlite
    def test_a_key_used_for_another_file_meanwhile_drops_the_upload(self, tus, platform):
        path = tus.begun("b", SIZE, Idempotency_Key="k")
        tus.send(path, 0, FILE[:HALF])
        tus.chain.submit("b", b"other", Idempotency_Key="k")

        last = tus.send(path, HALF, FILE[HALF:])
        assert code_of(last) == (422, "idempotency-mismatch")
        assert tus.ask("HEAD", path).status_code == 404
        assert len(submissions(tus)) == 1
        assert (files(platform), SHA256 in objects(platform)) == ([], False)

    @on_sqlite
    def test_after_seven_days_the_key_is_forgotten(self, tus, clock):
        uploaded(tus, Idempotency_Key="k")
        clock.advance(days=7, seconds=1)

        assert tus.announce("b", 5, Idempotency_Key="k").status_code == 201

    @on_sqlite
    def test_a_key_left_open_by_a_process_that_has_ended_may_be_used_at_once(
        self, tus, platform, clock, people
    ):
        name, _, started = leases.holder_name().rsplit(":", 2)
        with platform.home.database.begin() as session:
            left = IdempotencyRow(person_id=people.persons["author"], key="k", begun_at=clock())
            left.dataset_id, left.holder = "b", f"{name}:{os.getpid()}:0{started}"
            session.add(left)

        assert tus.chain.submit("b", FILE, Idempotency_Key="k").status_code == 202


class Breaking(io.BytesIO):
    """A body that ends with an error, as a connection does that is reset."""

    def __init__(self, content, error):
        super().__init__(content)
        self.error = error

    def readinto(self, buffer):
        count = super().readinto(buffer)
        if not count:
            raise self.error
        return count


class TestTrouble:
    """No acknowledged byte is lost, nothing is left behind, and it can be gone on with."""

    def broken(self, tus, path, arrived, error, **headers):
        return tus.chain.client.patch(
            path,
            input_stream=Breaking(arrived, error),
            environ_overrides={"CONTENT_LENGTH": str(SIZE)},
            headers={**tus.chain.as_("author"), "Tus-Resumable": "1.0.0", "Upload-Offset": "0",
                     **PART, **headers},
        )  # fmt: skip

    def test_what_arrived_before_the_connection_broke_is_kept(self, tus):
        path = tus.begun("b", SIZE)
        answer = self.broken(tus, path, FILE[:HALF], ConnectionResetError())

        assert code_of(answer) == (400, "truncated-upload")
        assert tus.offset(path) == HALF
        assert tus.send(path, HALF, FILE[HALF:]).location
        assert tus.chain.submission(submissions(tus)[0])["sha256"] == SHA256

    @on_sqlite
    def test_a_part_with_a_checksum_counts_whole_or_not_at_all(self, tus):
        path = tus.begun("b", SIZE)
        self.broken(
            tus, path, FILE[:HALF], ConnectionResetError(), **{"Upload-Checksum": checksum(FILE)}
        )

        assert tus.offset(path) == 0

    @on_sqlite
    @pytest.mark.parametrize("step", ["write", "settle"])
    def test_a_full_disk_is_told_and_the_upload_goes_on_later(
        self, tus, platform, monkeypatch, step
    ):
        path = tus.begun("b", SIZE)
        tus.send(path, 0, FILE[:10])

        def full(*_):
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(Growing, step, full)
            answer = tus.send(path, 10, FILE[10:])
        assert code_of(answer) == (507, "insufficient-storage")
        assert platform.home.vault.uploads.path(UUID(path[-36:])).stat().st_size == 10
        assert tus.offset(path) == 10
        assert tus.send(path, 10, FILE[10:]).location

    @on_sqlite
    def test_a_full_disk_under_a_file_sent_at_once_is_told_as_well(
        self, tus, platform, monkeypatch
    ):
        def full(*_):
            raise OSError(errno.EDQUOT, "Disk quota exceeded")

        with monkeypatch.context() as patch:
            patch.setattr(receive, "store", full)
            answer = tus.chain.submit("b", FILE, Idempotency_Key="k")
        assert code_of(answer) == (507, "insufficient-storage")
        assert tus.chain.submit("b", FILE, Idempotency_Key="k").status_code == 202

    @on_sqlite
    def test_in_a_long_request_the_offset_is_recorded_on_the_way(self, tus, monkeypatch):
        monkeypatch.setattr(appending, "SETTLE_BYTES", 1)
        monkeypatch.setattr("opendata.web.uploads.CHUNK_BYTES", 100)
        path = tus.begun("b", SIZE)
        with pytest.raises(KeyboardInterrupt):
            self.broken(tus, path, FILE[:1000], KeyboardInterrupt())

        assert tus.offset(path) == 1000

    @on_sqlite
    def test_bytes_beyond_the_recorded_offset_do_not_count(self, tus, platform):
        path = tus.begun("b", SIZE)
        tus.send(path, 0, FILE[:HALF])
        with platform.home.vault.uploads.path(UUID(path[-36:])).open("ab") as file:
            file.write(b"never acknowledged")

        assert tus.offset(path) == HALF
        assert tus.send(path, HALF, FILE[HALF:]).location
        assert tus.chain.submission(submissions(tus)[0])["sha256"] == SHA256

    @on_sqlite
    def test_a_file_that_a_backup_lost_is_begun_again(self, tus, platform):
        path = tus.begun("b", SIZE)
        tus.send(path, 0, FILE[:HALF])
        platform.home.vault.uploads.path(UUID(path[-36:])).unlink()

        assert tus.offset(path) == 0
        assert tus.send(path, 0, FILE).location

    def test_while_it_is_held_nobody_else_writes_it(self, tus, platform):
        path = tus.begun("b", SIZE)
        with platform.home.vault.uploads.held(UUID(path[-36:])):
            assert tus.ask("HEAD", path).status_code == 423
            assert code_of(tus.send(path, 0, FILE)) == (423, "upload-locked")
            assert code_of(tus.ask("DELETE", path)) == (423, "upload-locked")

        assert tus.send(path, 0, FILE).status_code == 204

    @on_sqlite
    def test_the_wrong_bytes_are_found_out_at_the_end_and_dropped(self, tus, platform):
        named = metadata(dataset="b", sha256=SHA256)
        path = tus.begun("b", 5, Upload_Metadata=named, Idempotency_Key="k")

        assert code_of(tus.send(path, 0, b"other")) == (400, "digest-mismatch")
        assert tus.ask("HEAD", path).status_code == 404
        assert (files(platform), objects(platform), submissions(tus)) == ([], [], [])
        assert tus.announce("b", 5, Upload_Metadata=named, Idempotency_Key="k").status_code == 201

    def test_a_file_that_is_in_the_vault_already_is_there_once(self, tus, platform):
        first = tus.chain.submit("b", FILE).json["id"]
        uploaded(tus)

        assert len(submissions(tus)) == 2
        assert first in submissions(tus)
        assert (files(platform), objects(platform)) == ([], [SHA256])


class TestSweeping:
    """What nobody goes on with is removed; what is whole is finished."""

    @on_sqlite
    def test_an_upload_expires_seven_days_after_its_last_bytes(self, tus, platform, clock):
        path = tus.begun("b", SIZE)
        clock.advance(days=6)
        tus.send(path, 0, FILE[:HALF])
        clock.advance(days=6)
        sweep(platform.home, clock())
        assert tus.offset(path) == HALF

        clock.advance(days=1, seconds=1)
        assert tus.ask("HEAD", path).status_code == 410
        assert code_of(tus.send(path, HALF, FILE[HALF:])) == (410, "upload-expired")
        assert code_of(tus.ask("DELETE", path)) == (410, "upload-expired")
        sweep(platform.home, clock())
        assert files(platform) == []
        assert code_of(tus.ask("GET", path)) == (410, "upload-expired")
        clock.advance(days=7)
        sweep(platform.home, clock())
        assert code_of(tus.ask("GET", path)) == (404, "no-such-upload")

    @on_sqlite
    def test_an_expired_upload_gives_its_key_back(self, tus, clock):
        first = tus.begun("b", SIZE, Idempotency_Key="k")
        clock.advance(days=7, seconds=1)

        assert tus.begun("b", SIZE, Idempotency_Key="k") != first

    def test_a_worker_sweeps_what_belongs_to_no_upload(self, tus, platform, clock):
        kept = tus.begun("b", SIZE)
        tus.send(kept, 0, FILE[:HALF])
        orphan = platform.home.vault.uploads.path(UUID(int=1))
        orphan.write_bytes(b"x")
        Worker(platform).step()

        assert files(platform) == [kept[-36:]]

    @on_sqlite
    def test_what_a_request_holds_is_left_to_it(self, tus, platform, clock):
        path = tus.begun("b", SIZE)
        clock.advance(days=8)
        with platform.home.vault.uploads.held(UUID(path[-36:])):
            sweep(platform.home, clock())
            assert files(platform) == [path[-36:]]
        sweep(platform.home, clock())
        assert files(platform) == []

    def test_what_is_whole_is_sent_in_even_if_its_client_never_comes_back(
        self, tus, platform, monkeypatch, clock
    ):
        path = tus.begun("b", SIZE)
        with monkeypatch.context() as patch:
            patch.setattr(appending, "finish", _die)
            with pytest.raises(SystemExit):
                tus.send(path, 0, FILE)
        assert submissions(tus) == []
        sweep(platform.home, clock())

        [submission] = submissions(tus)
        assert tus.ask("GET", path).json["submission"] == submission
        assert files(platform) == []

    @on_sqlite
    def test_what_is_whole_and_wrong_is_dropped(self, tus, platform, monkeypatch, clock):
        path = tus.begun("b", 5, Upload_Metadata=metadata(dataset="b", sha256=SHA256))
        with monkeypatch.context() as patch:
            patch.setattr(appending, "finish", _die)
            with pytest.raises(SystemExit):
                tus.send(path, 0, b"other")
        sweep(platform.home, clock())

        assert tus.ask("HEAD", path).status_code == 404
        assert (files(platform), submissions(tus)) == ([], [])

    @on_sqlite
    def test_what_cannot_be_finished_now_is_kept_and_keeps_nothing_else(
        self, tus, platform, monkeypatch, clock
    ):
        path = tus.begun("b", SIZE)
        with monkeypatch.context() as patch:
            patch.setattr(appending, "finish", _die)
            with pytest.raises(SystemExit):
                tus.send(path, 0, FILE)
        orphan = platform.home.vault.uploads.path(UUID(int=2**128 - 1))
        orphan.write_bytes(b"x")
        clock.advance(days=15)
        with monkeypatch.context() as patch:
            patch.setattr(sweeping, "finish", _no_room)
            sweep(platform.home, clock())

        assert files(platform) == [path[-36:]]
        sweep(platform.home, clock())
        assert len(submissions(tus)) == 1


def _no_room(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def _die(*_):
    raise SystemExit


def test_the_row_of_a_finished_upload_is_forgotten_in_time(tus, platform, clock):
    uploaded(tus)
    clock.advance(days=14, seconds=1)
    sweep(platform.home, clock())

    with platform.home.database.read() as session:
        assert session.query(UploadRow).count() == 0
    assert len(submissions(tus)) == 1
