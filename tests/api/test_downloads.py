"""Downloads: whole collections joined from their releases' files, files in the codings of HTTP.

Whatever is sent is the same bytes as the slow way makes, whole, in parts, and unpacked.
"""

import base64
import gzip
import hashlib
import io
import shutil
from dataclasses import replace

import pytest
import zstandard
from werkzeug.http import parse_date

from opendata.domain.queries import whole as everything
from opendata.runtime.worker import Worker
from opendata.stages import export, query
from opendata.stages.export import Choices, spooled
from opendata.stages.query.records import reading_of
from tests.platforms import on_sqlite, runtime_of
from tests.tables import changed, csv_of, read_csv, real_rows

COLLECTIONS = ("budgets", "disclosure-statistics", "project-approvals", "administrative-penalties")
FILE = "/api/v1/datasets/budgets-2018/releases/1/data.csv"
UNPACKED = {
    "gzip": gzip.decompress,
    # Frames say no size where they were made as a stream.
    "zstd": lambda content: zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read(),
}


def digest_of(content):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"


def get(library, path, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return library.client.get(path, headers=named, buffered=True)


def derive_all(runtime):
    """Let a worker with nothing else to do compute whatever there is to compute."""
    worker = Worker(runtime)
    while worker.derive():
        pass


@pytest.fixture(scope="module")
def derived(library):
    """The library, after its worker had time to pack files and to compute digests."""
    derive_all(runtime_of(library.client))
    return library


@pytest.mark.parametrize("kind", export.JOINED)
@pytest.mark.parametrize("collection", COLLECTIONS)
def test_a_whole_collection_is_what_spooling_it_would_give(library, collection, kind):
    runtime = runtime_of(library.client)
    now = runtime.now()
    view = query.shown(runtime.home, runtime.contracts[collection], None, now)
    asked = replace(everything(view.contract), sort=export.BY_DATASET)
    choices = Choices(kind)
    joined = export.whole(runtime.home, view, choices, now)
    spooled = export.spool(runtime.home, view, asked, choices, now)

    with joined.opened(0, joined.size) as one, spooled.opened(0, spooled.size) as other:
        assert one.readall() == other.readall()
    assert joined.size == spooled.size
    assert joined.tag != spooled.tag
    assert get(library, f"/api/v1/{collection}.{kind}").get_etag() == (joined.tag, False)


def test_any_part_of_a_whole_collection_may_be_had(library):
    whole = get(library, "/api/v1/budgets.csv").data
    head = whole.index(b"\n") + 1
    first = len(get(library, FILE.replace("2018", "2016")).data)

    for start, stop in ((0, 1), (head - 1, head + 1), (first - 9, first + 9), (9, len(whole))):
        answer = get(library, "/api/v1/budgets.csv", Range=f"bytes={start}-{stop - 1}")
        assert answer.status_code == 206
        assert answer.data == whole[start:stop]
        assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(whole)}"
        assert answer.content_length == stop - start
    behind = get(library, "/api/v1/budgets.csv", Range=f"bytes={len(whole)}-")
    assert behind.status_code == 416
    assert behind.headers["Content-Range"] == f"bytes */{len(whole)}"


def test_a_mark_for_excel_stands_before_a_whole_collection(library):
    plain = get(library, "/api/v1/budgets.csv").data

    assert get(library, "/api/v1/budgets.csv?with_bom=1").data == b"\xef\xbb\xbf" + plain


def test_the_state_of_before_is_joined_from_the_releases_of_before(library):
    snapshot = library.release("budgets-2016", 1)["snapshot"]
    answer = get(library, f"/api/v1/budgets.csv?as_of={snapshot}")

    assert {row["_dataset"] for row in read_csv(answer.data)} == {"budgets-2016"}
    assert answer.data == get(library, FILE.replace("2018", "2016")).data


def test_conditions_and_an_order_are_kept(library):
    rows = read_csv(get(library, "/api/v1/budgets.csv?sort=-_row,_dataset").data)
    places = [(-int(row["_row"]), row["_dataset"]) for row in rows]

    assert places == sorted(places)
    assert len(read_csv(get(library, "/api/v1/budgets.csv?_row__lte=2").data)) == 6


def test_the_digest_of_a_whole_collection_is_told_once_it_is_known(derived):
    for kind in export.JOINED:
        answer = get(derived, f"/api/v1/budgets.{kind}")
        assert answer.headers["Repr-Digest"] == digest_of(answer.data)
    assert "Repr-Digest" not in get(derived, "/api/v1/budgets.csv?fiscal_year=2018").headers


@on_sqlite
def test_what_is_published_or_suspended_makes_another_collection(chain):
    """Its tag is another one, and the digest of before is not told any more."""
    for year in ("2018", "2019"):
        rows = changed(real_rows(f"budgets-{year}"), publisher_name=chain.who.agency.name.zh)
        chain.register(f"b-{year}", "budgets", year)
        chain.publish(f"b-{year}", csv_of(rows))
    runtime = runtime_of(chain.client)
    derive_all(runtime)
    before = chain.get("budgets.csv")
    assert before.headers["Repr-Digest"] == digest_of(before.data)
    chain.suspend("b-2018", 1)
    after = get(chain, "/api/v1/budgets.csv", If_None_Match=before.headers["ETag"])

    assert {row["_dataset"] for row in read_csv(after.data)} == {"b-2019"}
    assert "Repr-Digest" not in after.headers
    # A download that began before is not gone on with.
    resumed = get(chain, "/api/v1/budgets.csv", If_Range=before.headers["ETag"], Range="bytes=9-")
    assert (resumed.status_code, resumed.data) == (200, after.data)
    derive_all(runtime)
    assert chain.get("budgets.csv").headers["Repr-Digest"] == digest_of(after.data)
    kept = {path.name for path in (runtime.home.derived.drafts.parent / "digests").iterdir()}
    assert before.get_etag()[0] not in kept


@on_sqlite
def test_where_a_file_is_missing_or_cut_short_the_records_are_spooled(chain):
    rows = changed(real_rows("budgets-2018"), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2018")
    chain.publish("b", csv_of(rows))
    runtime = runtime_of(chain.client)
    joined = chain.get("budgets.csv")
    path = runtime.home.vault.path(_sha256_of(chain, "b", "data.csv"))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1])
    cut = chain.get("budgets.csv")
    path.unlink()

    assert chain.get("budgets.csv").data == cut.data == joined.data
    assert cut.headers["ETag"] != joined.headers["ETag"]


@on_sqlite
def test_an_empty_collection_is_a_header_or_nothing(client):
    assert client.get("/api/v1/budgets.csv").data.startswith(b"_id,_dataset,_release,_row,")
    assert client.get("/api/v1/budgets.ndjson").data == b""


def _sha256_of(chain, dataset, name):
    [found] = [each for each in chain.release(dataset, 1)["files"] if each["name"] == name]
    return found["sha256"]


@pytest.mark.parametrize("coding", UNPACKED)
@pytest.mark.parametrize("name", ["data.csv", "data.ndjson", "datapackage.json", "manifest.json"])
def test_a_file_comes_packed_to_who_takes_it_so(derived, name, coding):
    path = FILE.replace("data.csv", name)
    plain, packed = get(derived, path), get(derived, path, Accept_Encoding=coding)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == coding
    assert UNPACKED[coding](packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data)
    assert packed.headers["Repr-Digest"] == digest_of(packed.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary
    assert packed.mimetype == plain.mimetype
    assert packed.headers["Content-Disposition"] == plain.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("identity", None),
        ("*", None),
        ("br", None),
        ("gzip;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("gzip, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP", "gzip"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("identity;q=0.1, gzip;q=0.2", "gzip"),
    ],
)
def test_the_coding_is_the_one_that_is_liked_best(derived, accepted, coding):
    assert get(derived, FILE, Accept_Encoding=accepted).headers.get("Content-Encoding") == coding


def test_a_workbook_is_packed_in_itself(derived):
    answer = get(derived, FILE.replace("csv", "xlsx"), Accept_Encoding="gzip, zstd")

    assert "Content-Encoding" not in answer.headers


def test_a_part_of_a_packed_file_is_a_part_of_its_bytes(derived):
    whole = get(derived, FILE, Accept_Encoding="gzip")
    part = get(derived, FILE, Accept_Encoding="gzip", Range="bytes=5-")

    assert (part.status_code, part.data) == (206, whole.data[5:])
    assert part.headers["Content-Encoding"] == "gzip"
    assert part.headers["Repr-Digest"] == whole.headers["Repr-Digest"]


@pytest.mark.parametrize("begun", ["", "gzip", "zstd"])
def test_a_download_goes_on_in_the_coding_in_which_it_began(derived, begun):
    whole = get(derived, FILE, Accept_Encoding=begun)
    headers = {"Accept_Encoding": "zstd, gzip", "If_Range": whole.headers["ETag"]}
    rest = get(derived, FILE, Range="bytes=7-", **headers)

    assert (rest.status_code, rest.data) == (206, whole.data[7:])
    assert rest.headers.get("Content-Encoding", "") == begun


def test_a_download_that_began_with_other_bytes_begins_anew(derived):
    answer = get(derived, FILE, Range="bytes=7-", If_Range='"other"')

    assert (answer.status_code, answer.data) == (200, get(derived, FILE).data)


def test_who_has_a_file_is_sent_no_part_of_it(library):
    tag = get(library, FILE).headers["ETag"]
    answer = get(library, FILE, If_None_Match=tag, Range="bytes=0-9")

    assert (answer.status_code, answer.data) == (304, b"")


def test_head_takes_no_parts(library):
    answer = library.client.head(FILE, headers={"Range": "bytes=0-9"})

    assert answer.status_code == 200
    assert answer.content_length == len(get(library, FILE).data)


def test_who_wants_other_bytes_is_told_that_there_are_none(library):
    answer = get(library, FILE, If_Match='"other"')

    assert (answer.status_code, answer.mimetype) == (412, "application/problem+json")
    assert get(library, FILE, If_Match=get(library, FILE).headers["ETag"]).status_code == 200


def test_a_file_last_changed_when_it_was_released(library):
    answer = get(library, FILE)
    released = library.release("budgets-2018", 1)["released_at"]
    same = get(library, FILE, If_Modified_Since=answer.headers["Last-Modified"])

    assert parse_date(answer.headers["Last-Modified"]).isoformat()[:19] == released[:19]
    assert (same.status_code, same.data) == (304, b"")


@pytest.mark.parametrize("kind", ["csv", "ndjson", "xlsx", "parquet", "arrow"])
def test_who_has_an_export_is_not_sent_it_again(library, kind, monkeypatch):
    path = f"/api/v1/budgets.{kind}?fiscal_year=2018"
    tag = get(library, path).headers["ETag"]
    monkeypatch.setattr(export, "spool", None)

    assert get(library, path, If_None_Match=tag).status_code == 304


def test_exports_of_different_looks_have_different_tags(library):
    asked = ("", "&use_labels=1", "&with_bom=1", "&delimiter=tab", "&sort=_row", "&fields=_id")
    tags = {get(library, f"/api/v1/budgets.csv?_row=1{each}").headers["ETag"] for each in asked}

    assert len(tags) == len(asked)


def test_a_part_of_an_export_is_a_part_of_its_bytes(library):
    path = "/api/v1/budgets.csv?fiscal_year=2018"
    whole, part = get(library, path), get(library, path, Range="bytes=10-19")

    assert (part.status_code, part.data) == (206, whole.data[10:20])


def test_where_accept_chooses_the_form_the_whole_is_sent(library):
    answer = get(library, "/api/v1/budgets?_row=1", Accept="text/csv", Range="bytes=10-19")

    assert answer.status_code == 200
    assert "Accept-Ranges" not in answer.headers


def test_what_is_derived_may_be_lost_or_damaged_at_any_time(derived):
    runtime = runtime_of(derived.client)
    root = runtime.home.derived.drafts.parent
    plain = get(derived, FILE)
    for path in root.glob("packed/*.zstd"):
        path.write_bytes(path.read_bytes()[:-1])
    assert get(derived, FILE, Accept_Encoding="zstd").data == plain.data
    for path in root.glob("packed/*.json"):
        path.write_text("[{")
    assert get(derived, FILE, Accept_Encoding="gzip").data == plain.data
    shutil.rmtree(root)
    assert "Repr-Digest" not in get(derived, "/api/v1/budgets.csv").headers

    derive_all(runtime)

    packed = get(derived, FILE, Accept_Encoding="zstd")
    assert UNPACKED["zstd"](packed.data) == plain.data
    assert "Repr-Digest" in get(derived, "/api/v1/budgets.csv").headers


@pytest.mark.parametrize("kind", export.JOINED)
@pytest.mark.parametrize(
    "asked", ["fiscal_year=2018", "sort=-amount_total", "q=预算&with_bom=1", "_row__gt=99999"]
)
def test_lines_out_of_the_index_are_what_the_lake_gives(library, kind, asked, monkeypatch):
    read = []

    def reading(home, view):
        read.append(reading_of(home, view))
        return read[-1]

    monkeypatch.setattr(spooled, "reading_of", reading)
    path = f"/api/v1/budgets.{kind}?{asked}"
    quick = get(library, path).data
    assert [each for each in read if each is not None]
    monkeypatch.setattr(spooled, "reading_of", lambda *_: None)

    assert get(library, path).data == quick
