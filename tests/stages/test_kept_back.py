"""What is not for the public: dropped columns and withheld parts appear on no path at all."""

import io
import json
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from opendata.domain.identifiers import record_id
from tests.platforms import on_sqlite, runtime_of
from tests.tables import changed, csv_of, real_rows, rows_of

PATH = "administrative-penalties"
DROPPED = ("legal_rep_id_type", "legal_rep_id_no", "person_id_type", "person_id_no")
FILES = ("data.csv", "data.xlsx", "data.ndjson", "data.parquet")
DOCUMENTS = ("datapackage.json", "report.json", "manifest.json")


@pytest.fixture(scope="module")
def numbers():
    """The identity numbers (invented ones) that the sample's rows carry."""
    rows = real_rows("administrative-penalties-sample", -160)
    found = {row[name] for row in rows for name in ("person_id_no", "legal_rep_id_no")} - {""}
    assert len(found) >= 2
    return found


def unpacked(content: bytes) -> bytes:
    """Return what a file says, unpacked if it is packed, so that its bytes can be searched."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        return json.dumps([table.column_names, table.to_pylist()], default=str).encode()
    return content


def addresses(chain, *, records):
    """Return every public address there is below the API, with this chain's names put in."""
    yield from ("datasets", "openapi.json", f"{PATH}/schema")
    for kind in ("", ".json", ".csv", ".xlsx", ".ndjson", ".parquet"):
        yield f"{PATH}{kind}"
    yield from (f"{PATH}/{each}" for each in records)
    for dataset in ("penalties",):
        own = f"datasets/{dataset}"
        yield from (own, f"{own}/releases", f"{own}/releases/1")
        yield from (f"{own}/releases/1/{name}" for name in (*FILES, *DOCUMENTS))


def test_dropped_columns_are_in_no_answer_and_no_file(library, numbers):
    ids = [row["_id"] for row in library.records(PATH)][:20]
    for address in addresses(library, records=ids):
        answer = library.get(address)
        assert answer.status_code == 200, address
        content = unpacked(answer.data)
        for number in numbers:
            assert number.encode() not in content, address
        if address.endswith("/manifest.json"):
            # The signed statement says that they were dropped, and nothing else of them.
            told = answer.json
            assert {name: told["treatments"].pop(name) for name in DROPPED} == dict.fromkeys(
                DROPPED, "drop"
            )
            content = json.dumps(told).encode()
        if address != "openapi.json":
            for name in DROPPED:
                assert name.encode() not in content, (address, name)


def test_dropped_columns_cannot_be_asked_for(library, numbers):
    number = sorted(numbers)[0]
    for name in DROPPED:
        for query in (
            {name: number},
            {f"{name}__startswith": number[:6]},
            {f"{name}__isnull": "1"},
            {"fields": f"_id,{name}"},
            {"sort": name},
        ):
            answer = library.get(PATH, **query)
            assert (answer.status_code, answer.json["code"]) == (400, "bad-query"), query
    assert library.records(PATH, q=number) == []


def test_dropped_columns_never_reach_the_lake(library, numbers):
    files = [path for path in runtime_of(library.client).settings.lake.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in files)
    for path in files:
        content = unpacked(path.read_bytes())
        for name in (*DROPPED, *numbers):
            assert name.encode() not in content, path


def test_the_digest_of_a_file_with_dropped_columns_is_not_told(library):
    """Whoever knows the rest of the file could try every number until the digest fits."""
    told = library.get("datasets/penalties/releases/1/manifest.json").json

    assert not {"sha256", "size"} & set(told["submission"])


@on_sqlite
def test_an_invalid_files_report_is_told_to_its_agency_alone(chain, others, numbers):
    row = next(row for row in real_rows("administrative-penalties-sample") if row["person_id_no"])
    wrong = {**row, "decision_date": row["person_id_no"]}
    chain.register("p", PATH, "rolling")
    submission = chain.submitted("p", csv_of([wrong]))
    path = f"/api/v1/submissions/{submission}/report"

    mine = chain.client.get(path, headers=chain.as_("author"))
    assert chain.submission(submission)["state"] == "invalid"
    assert mine.status_code == 200
    chain.who = others
    theirs = chain.client.get(path, headers=chain.as_("author"))
    assert theirs.status_code == 403
    assert row["person_id_no"] not in theirs.text


@pytest.fixture
def budget(chain):
    """Five rows of the agency's own, of which some will be withheld."""
    own = chain.who.agency.name.zh
    rows = changed(real_rows("budgets-2019"), publisher_name=own, explanation="不宜公开的说明")
    rows[3]["subject_name"] = "不宜公开的科目"
    chain.register("b", "budgets", "2019")
    return rows


SECRETS = ("不宜公开的说明", "不宜公开的科目")


def test_what_the_approver_withholds_is_in_no_answer_and_no_file(chain, budget):
    withheld = {"columns": ["explanation"], "rows": [5]}  # The header is row 1.
    chain.publish(
        "b", csv_of(budget), verdict="disclose_in_part", reason="商业秘密", withheld=withheld
    )

    records = chain.records("budgets", sort="_row")
    assert [row["_row"] for row in records] == [1, 2, 3, 5]
    assert {row["explanation"] for row in records} == {None}
    own = "datasets/b/releases/1"
    for address in (
        "budgets",
        *(f"budgets.{kind}" for kind in ("csv", "xlsx", "ndjson", "parquet")),
        *(f"budgets/{row['_id']}" for row in records),
        "datasets/b",
        own,
        *(f"{own}/{name}" for name in (*FILES, *DOCUMENTS)),
    ):
        answer = chain.get(address)
        assert answer.status_code == 200, address
        content = unpacked(answer.data)
        # JSON files may spell characters out; both spellings are looked for.
        for secret in SECRETS:
            assert secret.encode() not in content, address
            assert json.dumps(secret)[1:-1].encode() not in content, address
    assert chain.records("budgets", q="不宜公开") == []
    told = chain.release("b", 1)
    assert told["withheld"] == withheld
    assert told["rows"] == 4


@on_sqlite
def test_withheld_parts_never_reach_the_lake(chain, budget, platform):
    withheld = {"columns": ["explanation"], "rows": [5]}  # The header is row 1.
    chain.publish(
        "b", csv_of(budget), verdict="disclose_in_part", reason="商业秘密", withheld=withheld
    )
    for path in Path(platform.settings.lake).rglob("*.parquet"):
        content = unpacked(path.read_bytes())
        for secret in SECRETS:
            assert json.dumps(secret)[1:-1].encode() not in content


@on_sqlite
def test_a_withheld_records_address_says_nothing_of_it(chain, budget):
    """It never was public: the answer is the one that an invented address gets."""
    chain.publish(
        "b", csv_of(budget), verdict="disclose_in_part", reason="秘密", withheld={"rows": [5]}
    )
    ids = [record_id("budgets", key_of(row)) for row in budget]

    assert [row["_id"] for row in chain.records("budgets", sort="_row")] == [*ids[:3], ids[4]]
    for address in (ids[3], "a" * 52):
        answer = chain.get(f"budgets/{address}")
        assert (answer.status_code, answer.json["code"]) == (404, "no-such-record")


def key_of(row):
    """Return the values of a budget line's primary key, typed."""
    texts = [row[name] for name in ("document_type", "coverage", "table_code")]
    return [row["publisher_name"], int(row["fiscal_year"]), *texts, int(row["line_no"])]


@on_sqlite
def test_everything_may_be_withheld(chain, budget):
    rows = list(range(2, len(budget) + 2))
    chain.publish(
        "b",
        csv_of(budget),
        verdict="disclose_in_part",
        reason="国家秘密",
        withheld={"rows": rows},
    )

    assert chain.records("budgets") == []
    assert rows_of("csv", chain.get("datasets/b/releases/1/data.csv").data) == []
