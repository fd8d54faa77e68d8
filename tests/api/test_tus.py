"""tus 1.0.0, header by header, on a platform that all these tests share."""

import io
import shutil
from dataclasses import replace
from uuid import UUID

import pytest

from opendata.app import app_of
from opendata.runtime import Runtime
from opendata.stages.upload import creating
from tests.chain import AGENCY, OTHER, Chain, Clock, cast, sign
from tests.platforms import BEGINNING, close, runtime_of, settings_of
from tests.tables import csv_of, real_rows
from tests.tus import PART, PATH, Tus, checksum, metadata

FILE = csv_of(real_rows("budgets-2019"))
SIZE = len(FILE)
HALF = SIZE // 2


@pytest.fixture(scope="module")
def chain(tmp_path_factory, template_home):
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("tus") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    chain = Chain(app_of(runtime).test_client(), cast(runtime, AGENCY), lambda: None)
    chain.register("b", "budgets", "2019")
    yield chain
    close(runtime)


@pytest.fixture
def tus(chain, monkeypatch):
    """An author of an agency whose dataset ``b`` takes files; nobody counts the uploads."""
    monkeypatch.setattr(creating, "MOST_OPEN", 10_000)
    return Tus(chain)


@pytest.fixture(scope="module")
def others(chain):
    """Another agency with its own persons and keys."""
    return cast(runtime_of(chain.client), OTHER)


def code_of(answer):
    return answer.status_code, answer.json.get("code")


def submissions(tus):
    answer = tus.chain.client.get("/api/v1/submissions", headers=tus.chain.as_("author"))
    return [each["id"] for each in answer.json["data"]]


def file_of(tus, path):
    return runtime_of(tus.chain.client).home.vault.uploads.path(UUID(path[-36:]))


class TestProtocol:
    """tus 1.0.0, header by header."""

    @pytest.mark.parametrize("path", [PATH, f"{PATH}/00000000-0000-0000-0000-000000000000"])
    def test_options_say_what_is_offered_to_anybody(self, tus, path):
        answer = tus.chain.client.options(path)

        assert answer.status_code in (200, 204)
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert set(answer.headers["Tus-Extension"].split(",")) == {
            "creation",
            "creation-with-upload",
            "expiration",
            "checksum",
            "termination",
        }
        assert int(answer.headers["Tus-Max-Size"]) == 64 * 1024 * 1024
        assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"

    @pytest.mark.parametrize("version", [None, "0.2.2", "1.0"])
    @pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE", "POST"])
    def test_another_version_is_refused_before_anything_is_done(self, tus, version, method):
        path = tus.begun("b", SIZE)
        answer = tus.ask(
            method, PATH if method == "POST" else path, FILE, Tus_Resumable=version,
            Upload_Offset="0", Upload_Length="9", Upload_Metadata=metadata(dataset="b"), **PART,
        )  # fmt: skip

        assert answer.status_code == 412
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert tus.offset(path) == 0

    def test_an_upload_that_has_begun_is_told_and_never_stored_by_a_cache(self, tus):
        named = metadata(dataset="b", filename="a.csv") + ",flag "
        begun = tus.announce("b", SIZE, Upload_Metadata=named)
        head = tus.ask("HEAD", begun.headers["Location"])

        assert begun.status_code == 201
        assert head.status_code == 200
        assert head.headers["Upload-Offset"] == "0"
        assert head.headers["Upload-Length"] == str(SIZE)
        assert head.headers["Upload-Metadata"] == named
        assert head.headers["Cache-Control"] == "no-store"
        assert head.headers["Tus-Resumable"] == "1.0.0"
        # Seven days from the second of March.
        assert begun.headers["Upload-Expires"].startswith("Mon, 09 Mar 2026 02:0")

    def test_bytes_that_do_not_begin_where_the_others_end_are_refused(self, tus):
        path = tus.begun("b", SIZE)
        tus.send(path, 0, FILE[:HALF])

        for offset in (0, HALF - 1, HALF + 1):
            answer = tus.send(path, offset, FILE[offset : offset + 9])
            assert code_of(answer) == (409, "offset-mismatch")
        assert tus.offset(path) == HALF

    def test_an_empty_part_changes_nothing(self, tus):
        path = tus.begun("b", SIZE)

        assert tus.send(path, 0, b"").headers["Upload-Offset"] == "0"

    def test_more_than_was_announced_is_refused_whether_it_says_so_or_not(self, tus):
        path = tus.begun("b", 10)
        announced = tus.send(path, 0, b"x" * 11)
        streamed = tus.chain.client.patch(
            path,
            input_stream=io.BytesIO(b"x" * 11),
            headers={**sign(tus.chain.who.keys["author"]), "Tus-Resumable": "1.0.0",
                     "Upload-Offset": "0", **PART},
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )  # fmt: skip

        assert code_of(announced) == code_of(streamed) == (413, "beyond-length")
        assert tus.offset(path) == 0

    @pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
    def test_a_part_whose_checksum_is_right_counts(self, tus, algorithm):
        path = tus.begun("b", SIZE)
        part = FILE[:HALF]
        answer = tus.send(path, 0, part, Upload_Checksum=checksum(part, algorithm))

        assert (answer.status_code, tus.offset(path)) == (204, HALF)

    def test_a_part_whose_checksum_is_wrong_is_dropped_and_may_be_sent_again(self, tus):
        path = tus.begun("b", SIZE)
        tus.send(path, 0, FILE[:10])
        wrong = tus.send(path, 10, FILE[10:], Upload_Checksum=checksum(b"other"))

        assert code_of(wrong) == (460, "checksum-mismatch")
        assert tus.offset(path) == 10
        assert file_of(tus, path).stat().st_size == 10
        assert tus.send(path, 10, FILE[10:], Upload_Checksum=checksum(FILE[10:])).location

    @pytest.mark.parametrize(
        "field", ["md5 1B2M2Y8AsgTpgAmY7PhCfg==", "sha1", "sha1 AAAA", "sha256 !", "", "nonsense"]
    )
    def test_a_checksum_that_cannot_be_read_is_refused(self, tus, field):
        path = tus.begun("b", SIZE)
        answer = tus.send(path, 0, FILE, Upload_Checksum=field)

        assert code_of(answer) == (400, "invalid-upload-header")
        assert answer.json["errors"][0]["pointer"] == "Upload-Checksum:"
        assert tus.offset(path) == 0

    def test_a_part_of_another_type_is_refused(self, tus):
        path = tus.begun("b", SIZE)

        for kind in ("text/csv", "application/octet-stream", None):
            answer = tus.send(path, 0, FILE, **{"Content-Type": kind})
            assert code_of(answer) == (415, "unsupported-media-type")
        encoded = tus.send(path, 0, FILE, Content_Encoding="gzip")
        assert code_of(encoded) == (415, "unsupported-media-type")

    def test_the_first_part_may_come_with_the_announcement(self, tus):
        part = tus.ask(
            "POST", PATH, FILE[:HALF], Upload_Length=str(SIZE),
            Upload_Metadata=metadata(dataset="b"), **PART,
        )  # fmt: skip
        assert (part.status_code, part.headers["Upload-Offset"]) == (201, str(HALF))
        assert tus.offset(part.headers["Location"]) == HALF

        whole = tus.ask(
            "POST", PATH, FILE, Upload_Length=str(SIZE), Upload_Metadata=metadata(dataset="b"),
            **PART,
        )  # fmt: skip
        assert whole.json["submission"] in submissions(tus)

    def test_an_ended_upload_is_gone_with_its_bytes(self, tus):
        path = tus.begun("b", SIZE)
        tus.send(path, 0, FILE[:HALF])

        assert tus.ask("DELETE", path).status_code == 204
        assert tus.ask("HEAD", path).status_code == 404
        assert code_of(tus.send(path, HALF, FILE[HALF:])) == (404, "no-such-upload")
        assert not file_of(tus, path).exists()

    def test_ending_a_finished_upload_leaves_the_submission(self, tus):
        path = tus.begun("b", SIZE, Idempotency_Key="k")
        submission = tus.send(path, 0, FILE).location[-36:]

        assert tus.ask("DELETE", path).status_code == 204
        assert submission in submissions(tus)
        again = tus.announce("b", SIZE, Idempotency_Key="k")
        assert again.json["submission"] == submission

    def test_a_client_that_has_only_post_says_which_method_it_means(self, tus):
        path = tus.begun("b", SIZE)
        sent = tus.ask(
            "POST", path, FILE[:HALF], X_HTTP_Method_Override="PATCH", Upload_Offset="0", **PART
        )
        assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, str(HALF))
        assert tus.ask("POST", path, X_HTTP_Method_Override="DELETE").status_code == 204
        elsewhere = tus.ask("POST", "/api/v1/datasets/b", X_HTTP_Method_Override="PATCH")
        assert elsewhere.status_code == 405


class TestAnnouncing:
    """What can be refused is refused before a byte is taken."""

    @pytest.mark.parametrize(
        ("headers", "pointer"),
        [
            ({"Upload_Length": None}, "Upload-Length:"),
            ({"Upload_Length": "many"}, "Upload-Length:"),
            ({"Upload_Length": "-1"}, "Upload-Length:"),
            ({"Upload_Length": "١"}, "Upload-Length:"),
            ({"Upload_Length": "9" * 30}, "Upload-Length:"),
            ({"Upload_Length": None, "Upload_Defer_Length": "1"}, "Upload-Defer-Length:"),
            ({"Upload_Concat": "partial"}, "Upload-Concat:"),
            ({"Upload_Metadata": None}, "Upload-Metadata:"),
            ({"Upload_Metadata": metadata(filename="a")}, "Upload-Metadata:"),
            ({"Upload_Metadata": "dataset !"}, "Upload-Metadata:"),
            ({"Upload_Metadata": "dataset /w=="}, "Upload-Metadata:"),
            ({"Upload_Metadata": metadata(dataset="b\x00")}, "Upload-Metadata:"),
            ({"Upload_Metadata": metadata(dataset="b", sha256="0")}, "Upload-Metadata:"),
        ],
    )
    def test_what_is_said_badly_is_located(self, tus, headers, pointer):
        sent = {name: value and value.encode() for name, value in headers.items()}
        answer = tus.announce("b", SIZE, **sent)

        assert code_of(answer) == (400, "invalid-upload-header")
        assert answer.json["errors"][0]["pointer"] == pointer

    def test_the_same_is_refused_as_of_a_file_sent_at_once(self, tus, others):
        tus.chain.register(
            "held", "budgets", "2020", disclosure_attribute="withheld", attribute_reason="某"
        )
        theirs = Tus(Chain(tus.chain.client, others, lambda: None))
        held = runtime_of(tus.chain.client)
        small = replace(held, settings=replace(held.settings, max_upload_bytes=SIZE - 1))
        limited = Tus(Chain(app_of(small).test_client(), tus.chain.who, lambda: None))

        assert code_of(tus.announce("none", SIZE)) == (404, "no-such-dataset")
        assert code_of(tus.announce("held", SIZE)) == (409, "not-for-publication")
        assert code_of(theirs.announce("b", SIZE)) == (403, "wrong-agency")
        assert code_of(limited.announce("b", SIZE)) == (413, "too-large")
        assert code_of(tus.announce("b", 0)) == (422, "empty-upload")
        bad_key = tus.announce("b", SIZE, Idempotency_Key="a b")
        assert code_of(bad_key) == (400, "invalid-idempotency-key")

    def test_what_the_disk_has_no_room_for_is_refused_at_once(self, tus, monkeypatch):
        monkeypatch.setattr(
            creating.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, SIZE - 1)
        )

        assert code_of(tus.announce("b", SIZE)) == (507, "insufficient-storage")

    def test_another_persons_upload_is_nobodys(self, tus, others):
        path = tus.begun("b", SIZE)
        theirs = Tus(Chain(tus.chain.client, others, lambda: None))

        assert theirs.ask("HEAD", path).status_code == 404
        assert code_of(theirs.send(path, 0, FILE)) == (404, "no-such-upload")
        assert theirs.ask("DELETE", path).status_code == 404
        assert tus.offset(path) == 0

    def test_a_dataset_that_takes_no_more_files_takes_no_more_parts(self, tus):
        tus.chain.register("ending", "budgets", "2021")
        path = tus.begun("ending", SIZE)
        changed = tus.chain.client.patch(
            "/api/v1/datasets/ending",
            json={"disclosure_attribute": "withheld", "attribute_reason": "某"},
            headers=tus.chain.as_("author"),
        )
        assert changed.status_code == 200

        assert code_of(tus.send(path, 0, FILE)) == (409, "not-for-publication")
