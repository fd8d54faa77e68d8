"""A penalty on a natural person publishes no number of an identity document, under any path.

Numbers stand in the columns declared for them, where nobody looks, and one is hidden in prose,
where the scan finds it and a person withholds the row. After that they are looked for in every
answer to everybody, in every file of the platform, in its database and in its log.
"""

import gzip
import io
import logging
import shutil
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from opendata.app import app_of
from opendata.domain.people import Role
from opendata.runtime import Runtime
from opendata.runtime.worker import Worker
from tests.chain import AGENCY, Chain, Clock, cast, work_off
from tests.platforms import BEGINNING, close, runtime_of, settings_of
from tests.tables import changed, csv_of, real_rows
from tests.unpacking import unpacked

COLLECTION = "administrative-penalties"


def resident_id(serial: int) -> str:
    """A number as a resident identity card has one, check digit included; of nobody."""
    body = f"11010119000101{serial:03}"
    total = sum(int(digit) * 2 ** (17 - at) for at, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


# In declared columns: a person's, a representative's, a passport.
DECLARED = [resident_id(987), resident_id(654), "E98765432"]
HIDDEN = resident_id(321)
# In prose, as people write them: called what they are, glued to a letter, divided, without a word.
PROSE = {
    f"当事人（身份证号{HIDDEN}）占道经营": HIDDEN,
    "当事人（台湾居民来往大陆通行证90817263）占道经营": "90817263",
    "当事人（持有证件E90817264）占道经营": "E90817264",
    "当事人台胞证号90817265": "90817265",
    "证件号码：90817266": "90817266",
    "证件号EA9081726": "EA9081726",
    "军官证（军字第9081727号）": "9081727",
    f"当事人A{resident_id(322)}占道经营": resident_id(322),
    f"当事人{resident_id(323)[:8]}\n{resident_id(323)[8:]}占道经营": resident_id(323)[8:],
    "当事人110101820307123占道经营": "110101820307123",
}
NUMBERS = [*DECLARED, *PROSE.values()]


def penalties() -> list[dict[str, str]]:
    name = AGENCY.name.zh
    rows = changed(real_rows("administrative-penalties-sample", -160), authority_name=name)
    rows = [each for each in rows if each["public_until"] > "2026-04"]
    for at, each in enumerate(rows):
        column = "person_id_no" if each["counterparty_type"] == "自然人" else "legal_rep_id_no"
        each[column] = DECLARED[at % 3]
        each[column.replace("_no", "_type")] = ["身份证", "身份证", "护照"][at % 3]
    return rows


@pytest.fixture(scope="module")
def told(tmp_path_factory, template_home) -> Iterator[tuple[Chain, Runtime, list[str], str]]:
    """Two releases with such rows, indexed and packed; their submissions; everything logged."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("persons") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    chain = Chain(app_of(runtime).test_client(), cast(runtime, AGENCY), lambda: work_off(runtime))
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    logging.getLogger("opendata").setLevel(logging.DEBUG)
    rows = penalties()
    chain.register("p", COLLECTION, "rolling")
    chain.publish("p", csv_of(rows[:-2]))
    hidden = [
        {**person_of(rows), "decision_number": f"示城管罚〔2026〕{at}号", "facts": prose}
        for at, prose in enumerate(PROSE, 9001)
    ]
    submission = chain.submitted("p", csv_of([*rows[-3:-1], *hidden]))
    chain.answer(submission)
    _check_barred(chain, submission)
    chain.approve(
        submission,
        "disclose_in_part",
        reason="案情中有证件号码，隐去这些行",
        withheld={"columns": [], "rows": [*range(4, 4 + len(PROSE))]},
    )
    chain.work()
    assert chain.submission(submission)["state"] == "published"
    worker = Worker(runtime)
    while worker.derive():
        pass
    sent = chain.client.get("/api/v1/submissions", headers=chain.as_("author")).json["data"]
    yield chain, runtime, sent, log
    logging.getLogger("opendata").setLevel(logging.NOTSET)
    logging.getLogger().removeHandler(handler)
    close(runtime)


def person_of(rows: list[dict[str, str]]) -> dict[str, str]:
    return next(each for each in rows if each["counterparty_type"] == "自然人")


def _check_barred(chain: Chain, submission: str) -> None:
    """Every row with a number in its prose is flagged, and no word releases one of them."""
    flags = [each for each in chain.submission(submission)["flags"] if each["field"] == "facts"]
    found = {row for each in flags if each["strong"] for row in each["rows"]}
    assert found == {*range(4, 4 + len(PROSE))}, flags
    plain = chain.decide(submission, Role.REVIEWER, reason="已核实")
    assert (plain.status_code, plain.json["code"]) == (422, "withheld-mismatch")
    for row in found:
        withheld = {"columns": [], "rows": sorted(found - {row})}
        word = {"reason": "已核实", "withheld": withheld}
        refused = chain.decide(submission, Role.REVIEWER, "disclose_in_part", **word)
        assert refused.status_code == 422, row


def leaks(content: bytes) -> list[str]:
    """The numbers, or the telling half of them, that bytes have."""
    said = unpacked(content)
    return [each for each in NUMBERS if each in said or each[-9:] in said]


def test_a_number_would_be_found_however_it_is_packed():
    for number in NUMBERS:
        table = pa.table({"x": [number, number]})
        packed = [io.BytesIO() for _ in range(3)]
        pq.write_table(table, packed[0], compression="zstd")
        with pa.ipc.new_stream(packed[1], table.schema) as stream:
            stream.write_table(table)
        with zipfile.ZipFile(packed[2], "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/sharedStrings.xml", f"<t>{number}</t>")
        forms = [each.getvalue() for each in packed]
        assert [leaks(each) for each in forms] == [[number]] * 3
        assert leaks(zstandard.compress(forms[2])) == leaks(gzip.compress(forms[0])) == [number]


def addresses(chain: Chain, submissions: list[str]) -> Iterator[str]:
    """Every address that the application answers to GET, with everything it can name."""
    ids = [each["_id"] for each in chain.records(COLLECTION, release="p@2", limit="2")]
    others = {each.collection for each in runtime_of(chain.client).contracts.values()} - {
        COLLECTION
    }
    named = {
        "dataset": ["p"],
        "number": [1, 2],
        "before": [1, 2],
        "after": [1, 2],
        "record_id": [*ids, "a" * 52],
        "format_name": ["csv", "xlsx", "ndjson", "parquet", "arrow"],
        "submission_id": submissions,
        "name": [f"data.{each}" for each in ("csv", "xlsx", "ndjson", "parquet")]
        + ["datapackage.json", "report.json", "manifest.json"],
        "code": ["bad-query"],
        "collection": [COLLECTION],
        "contract": [COLLECTION],
        "filename": ["x"],
        "tracking": ["x"],
        "upload_id": [UUID(int=1)],
        "correction_id": [UUID(int=1)],
        "agency": [chain.who.agency.id],
        "year": [2025, 2026],
        "obligation": ["a" * 52],
        **{name: [UUID(int=1)] for name in ("request_id", "complaint_id", "assessment_id")},
        **{name: ["x"] for name in ("table", "row", "column", "scheme")},
    }
    apart = tuple(f"/api/v1/{each}" for each in others)
    adapter = chain.client.application.url_map.bind("localhost")
    for rule in chain.client.application.url_map.iter_rules():
        if rule.methods and "GET" in rule.methods and not rule.rule.startswith(apart):
            names = sorted(rule.arguments - set(rule.defaults or ()))
            for values in product(*(named[name] for name in names)):
                yield adapter.build(rule.endpoint, dict(zip(names, values, strict=True)))


def test_no_answer_to_anybody_has_a_number(told):
    chain, _, sent, _ = told
    roles = [None, *Role]
    statuses = set()
    for path in dict.fromkeys(addresses(chain, [each["id"] for each in sent])):
        for role in roles if "submissions" in path else roles[:1]:
            if role and "/report" in path:
                # The whole report, and the file given back, are for those who sent it in.
                continue
            answer = chain.client.get(path, headers=chain.as_(role) if role else {}, buffered=True)
            statuses.add(answer.status_code)
            assert answer.status_code < 500, path
            assert not leaks(answer.data), (path, role)
            assert not leaks(str(answer.headers).encode()), path
    assert {200, 401} <= statuses


COLUMNS = ("legal_rep_id_type", "legal_rep_id_no", "person_id_type", "person_id_no")
QUESTIONS = [
    *(f"{name}{end}" for name in COLUMNS for end in ("__startswith=1", "__isnull=1", "=x")),
    *(f"{what}={name}" for name in COLUMNS for what in ("fields", "sort", "facet")),
    "decision_date=x",
    "facts__contains=身份证号",
    "q=身份证号",
    "limit=10000&count=exact",
    "release=p@1",
    "release=p@2",
    "as_of=2026-03-03",
]


def test_no_question_brings_a_number_to_light(told):
    chain, *_ = told
    for asked in (*QUESTIONS, *(f"group_by={name}" for name in COLUMNS)):
        for end in ("", ".csv", ".ndjson", ".parquet", ".xlsx", "/aggregate", "/known-issues"):
            answer = chain.client.get(f"/api/v1/{COLLECTION}{end}?{asked}", buffered=True)
            assert answer.status_code < 500, asked
            assert not leaks(answer.data), (end, asked)
            if any(name in asked for name in COLUMNS):
                assert answer.status_code == 400, (end, asked)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_search_for_a_number_finds_what_a_search_for_any_other_does(told, number):
    chain, *_ = told

    def found(wanted: str) -> str:
        asked = [
            chain.client.get(f"/api/v1/{COLLECTION}?count=exact&{filters}{part}", buffered=True)
            for filters in ("q=", "facts__contains=", "remark__startswith=", "counterparty_uscc=")
            for part in (wanted, wanted[-9:])
        ]
        said = " ".join(f"{each.status_code} {each.text}" for each in asked)
        return said.replace(wanted, "…").replace(wanted[-9:], "…")

    assert '"total":0' in found(number).replace(" ", "")
    assert found(number) == found("7" * len(number))


def test_of_all_files_only_what_was_received_has_a_number(told):
    _, runtime, sent, _ = told
    received = {each["sha256"] for each in sent}
    home = Path(runtime.settings.home)
    files = [each for each in home.rglob("*") if each.is_file()]

    found = {each.name for each in files if leaks(each.read_bytes())}

    assert found == received
    assert len([each for each in files if each.suffix == ".parquet"]) > 0
    assert list(home.glob("**/packed/*"))
    assert list(home.glob("**/segments/*"))


def test_the_log_has_no_number(told):
    *_, log = told

    assert not leaks(log.getvalue().encode())


def test_what_was_treated_is_told_with_the_release(told):
    chain, *_ = told

    manifest = chain.get("datasets/p/releases/2/manifest.json").json

    assert manifest["treatments"] == dict.fromkeys(COLUMNS, "drop")
    assert "sha256" not in manifest["submission"]
