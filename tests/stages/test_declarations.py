"""A contract that changes: what has become personal data is shown by no older release."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select, text

from opendata.app import app_of
from opendata.runtime import Runtime
from opendata.runtime.worker import Worker
from opendata.stages.declare import declarations
from opendata.storage.tables import AuditRow, DeclarationRow
from opendata.tabular.contract import load, packaged_schemas
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import changed, csv_of, real_rows
from tests.tabular.conftest import column

NAME, MASKED = "欧阳正大光明", "欧*明"
UNTIL = "2031-12-25"
CLAIM = f"应为{NAME}"
COLLECTION = "administrative-penalties"


def penalties(first: int, last: int, **more: str) -> bytes:
    name = AGENCY.name.zh
    rows = changed(real_rows("administrative-penalties-sample", -160), authority_name=name)
    open_ones = [each for each in rows if each["public_until"] > "2026-04"]
    shown = {"legal_representative": NAME, "effective_until": UNTIL}
    return csv_of(changed(open_ones[first:last], **shown, **more))


def contract_with(folder, *declared: str):
    """The contract that ships, with more columns of personal data and one column more."""
    target = folder / COLLECTION / "v1"
    shutil.copytree(packaged_schemas() / COLLECTION / "v1", target)
    settings = target / "collection.toml"
    said = "\n".join(["[personal]", *declared, ""])
    settings.write_text(settings.read_text("utf-8").replace("[personal]\n", said), "utf-8")
    schema = json.loads((target / "table-schema.json").read_text("utf-8"))
    schema["fields"].append(column("street", "街道", example="某街道"))
    (target / "table-schema.json").write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    return load(target)


def report_shown(chain, record_id: str, field: str | None) -> None:
    """Say what is wrong with a record, quoting it, and have that shown beside it."""
    said = {"claim": CLAIM, "field": field}
    said = {name: each for name, each in said.items() if each}
    received = chain.client.post(f"/api/v1/{COLLECTION}/{record_id}/corrections", json=said)
    word = {"kind": "show", "reason": "属实"}
    url = f"/api/v1/corrections/{received.json['id']}/words"
    shown = chain.client.post(url, json=word, headers=chain.as_("reviewer"))
    assert shown.status_code == 201, shown.text


@pytest.fixture(scope="module")
def moved(tmp_path_factory, template_home, contracts) -> Iterator[tuple[Chain, Runtime]]:
    """A platform that published a name, started again by a contract that masks it."""
    folder = tmp_path_factory.mktemp("changing")
    home = shutil.copytree(template_home, folder / "home")
    clock = Clock(BEGINNING)
    before = Runtime.around(settings_of(home), contracts, clock)
    who = cast(before, AGENCY)
    chain = Chain(app_of(before).test_client(), who, lambda: work_off(before))
    chain.register("penalties", COLLECTION, "rolling")
    chain.publish("penalties", penalties(0, 3))
    assert NAME in chain.get(COLLECTION).text
    pinned = chain.get(COLLECTION).json["links"]["cite"]
    named = chain.get(COLLECTION).json["data"][0]["_id"]
    for field in ("legal_representative", "remark", None):
        report_shown(chain, named, field)
    assert chain.get(f"{COLLECTION}/{named}").text.count(CLAIM) == 3
    masking = contract_with(
        folder / "schemas",
        'legal_representative = "mask"',
        'confiscated_amount = "drop"',
        'effective_until = {treatment = "generalise", to = "year"}',
    )
    after = Runtime.around(settings_of(home), {**contracts, COLLECTION: masking}, clock)
    later = Chain(app_of(after).test_client(), who, lambda: work_off(after))
    later.pinned, later.named = pinned, named
    yield later, after
    close(before)
    close(after)


PATHS = [
    *(COLLECTION + each for each in ("", ".csv", ".xlsx", ".ndjson", ".parquet", ".arrow")),
    *(f"{COLLECTION}?{each}" for each in ("release=penalties@1", "as_of=2026-03-03", "q=欧阳")),
    f"{COLLECTION}/aggregate?group_by=legal_representative&metrics=count",
    f"{COLLECTION}?legal_representative__contains=正大",
    *(f"datasets/penalties/releases/1{each}" for each in ("", "/manifest.json", "/report.json")),
    *(
        f"datasets/penalties/releases/1/data.{each}"
        for each in ("csv", "xlsx", "ndjson", "parquet")
    ),
    "datasets/penalties/releases/1/datapackage.json",
    "datasets",
    "datasets/penalties",
]


def shown(answer) -> str:
    """Everything that an answer says, unpacked."""
    content = answer.data
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(each) for each in book.namelist())
    elif content[:4] == b"PAR1":
        return str(pq.read_table(io.BytesIO(content)).to_pylist())
    return content.decode("utf-8", "replace")


def test_a_release_that_shows_what_is_personal_now_is_served_by_no_path(moved):
    chain, runtime = moved
    for path in (*PATHS, re.sub(r".*/api/v1/", "", chain.pinned)):
        for _ in range(2):
            answer = chain.client.get(f"/api/v1/{path}", buffered=True)
            assert answer.status_code in (200, 404, 409, 410), (path, answer.text)
            assert NAME not in shown(answer), path
            assert UNTIL not in shown(answer), path
    gone = chain.get("datasets/penalties/releases/1/data.csv")
    assert (gone.status_code, gone.json["code"]) == (410, "suspended")
    assert "confiscated_amount、effective_until、legal_representative" in gone.json["detail"]
    assert f"{COLLECTION}/v1" in gone.json["detail"]
    with runtime.home.database.read() as session:
        said = declarations(session, [COLLECTION])[COLLECTION]
        lines = session.scalars(select(AuditRow.subject).filter_by(action="contract-declared"))
        assert f"{COLLECTION}/v1/2" in [each.partition(" ")[0] for each in lines]
    assert [each.number for each in said] == [1, 2]


def test_what_is_added_to_it_is_published_with_the_old_records_treated(moved):
    chain, runtime = moved
    submission = chain.submitted("penalties", penalties(3, 5, street="某街道"))
    Worker(runtime).compare_all()
    path = f"/api/v1/submissions/{submission}/diff.ndjson"
    changes = chain.client.get(path, headers=chain.as_("author"), buffered=True).text
    assert MASKED in changes
    assert NAME not in changes
    assert UNTIL not in changes
    chain.approve(submission)
    chain.work()
    Worker(runtime).index_all()

    answer = chain.get(COLLECTION)

    names = [each["legal_representative"] for each in answer.json["data"]]
    assert names == [MASKED] * 5
    assert {each["effective_until"] for each in answer.json["data"]} == {2031}
    streets = [each["street"] for each in answer.json["data"]]
    assert sorted(streets, key=str) == [None] * 3 + ["某街道"] * 2
    assert all("confiscated_amount" not in each for each in answer.json["data"])
    assert chain.get(f"{COLLECTION}.csv").text.count(MASKED) == 5
    scanned = chain.records(COLLECTION, legal_representative__contains="明", street__isnull="1")
    assert len(scanned) == 3
    assert UNTIL not in chain.get(f"{COLLECTION}.csv").text
    manifest = chain.get("datasets/penalties/releases/2/manifest.json").json
    assert manifest["treatments"]["legal_representative"] == "mask"
    assert chain.get("datasets/penalties/releases/1").json["public"] is False
    record = chain.get(f"{COLLECTION}/{chain.named}")
    assert record.json["data"]["legal_representative"] == MASKED
    assert CLAIM not in record.text
    # What is said of a release that is public is shown, unless it is of a treated column.
    for field in ("legal_representative", "remark"):
        report_shown(chain, chain.named, field)
    assert chain.get(f"{COLLECTION}/{chain.named}").text.count(CLAIM) == 1


def test_releases_from_before_declarations_are_judged_by_what_their_files_have(
    tmp_path, template_home, contracts
):
    home = shutil.copytree(template_home, tmp_path / "home")
    clock = Clock(BEGINNING)
    before = Runtime.around(settings_of(home), contracts, clock)
    chain = Chain(app_of(before).test_client(), cast(before, AGENCY), lambda: work_off(before))
    chain.register("penalties", COLLECTION, "rolling")
    chain.publish("penalties", penalties(0, 1))
    with before.home.database.begin() as session:
        session.execute(text("DROP TABLE declaration"))
        DeclarationRow.__table__.create(session.connection())
        session.execute(text("ALTER TABLE release DROP COLUMN declaration"))
        session.execute(text("ALTER TABLE release ADD COLUMN declaration INTEGER"))
    close(before)

    masking = contract_with(tmp_path / "schemas", 'legal_representative = "mask"')
    after = Runtime.around(settings_of(home), {**contracts, COLLECTION: masking}, clock)

    gone = app_of(after).test_client().get("/api/v1/datasets/penalties/releases/1/data.csv")
    assert (gone.status_code, gone.json["code"]) == (410, "suspended")
    assert "legal_representative" in gone.json["detail"]
    close(after)
