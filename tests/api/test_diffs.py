"""What changed between two releases, and what a submission would change, as it is told."""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from opendata.app import app_of
from opendata.domain.diffs import Summary
from opendata.runtime import Runtime
from opendata.runtime.worker import Worker
from opendata.stages.diff import between
from opendata.tabular.diff import compare
from tests.chain import AGENCY, Cast, Chain, Clock, cast, sign, work_off
from tests.pages.document import read
from tests.platforms import BEGINNING, close, on_sqlite, settings_of
from tests.tables import Row, changed, csv_of, real_rows

NDJSON = "application/x-ndjson"
PENALTIES = "administrative-penalties"


def exactly(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line, parse_float=Decimal) for line in content.splitlines()]


def ops(changes: list[dict[str, Any]]) -> list[str]:
    return [each["op"] for each in changes]


def own_rows() -> list[Row]:
    """Return the rows of a small budget, published by the agency itself."""
    return changed(real_rows("budgets-2019"), publisher_name=AGENCY.name.zh)


def publish_twice(chain: Chain) -> Chain:
    """Publish two releases: a record was corrected in two cells, one is gone, one is new."""
    rows = own_rows()
    chain.register("d", "budgets", "2019")
    chain.publish("d", csv_of(rows[:-1]))
    more = str(Decimal(rows[0]["amount_total"]) + Decimal("0.01"))
    first = rows[0] | {"explanation": "更正，“见附件”\n", "amount_total": more}
    chain.publish("d", csv_of([first, *rows[2:]]))
    return chain


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, template_home: Path) -> Iterator[Chain]:
    """Two releases, for reading only."""
    home = shutil.copytree(template_home, tmp_path_factory.mktemp("twice") / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    client = app_of(runtime).test_client()
    yield publish_twice(Chain(client, cast(runtime, AGENCY), lambda: work_off(runtime)))
    close(runtime)


@pytest.fixture
def rows() -> list[Row]:
    """The rows of a small budget."""
    return own_rows()


def test_a_diff_says_which_records_came_went_and_changed_and_in_which_cells(
    twice: Chain, rows: list[Row]
) -> None:
    answer = twice.get("datasets/d/releases/1/diff/2")
    body = json.loads(answer.data, parse_float=Decimal)

    assert (body["before"]["number"], body["after"]["number"]) == (1, 2)
    assert ops(body["changes"]) == ["changed", "added", "removed"]
    corrected, added, removed = body["changes"]
    amount = Decimal(rows[0]["amount_total"])
    assert corrected["before"] == {
        "amount_total": amount,
        "explanation": rows[0]["explanation"] or None,
    }
    assert corrected["after"] == {
        "amount_total": amount + Decimal("0.01"),
        "explanation": "更正，“见附件”\n",
    }
    assert added["after"]["subject_name"] == rows[-1]["subject_name"]
    assert "before" not in added
    assert removed["before"]["subject_name"] == rows[1]["subject_name"]
    summary = body["summary"]
    assert (summary["added"], summary["removed"], summary["changed"]) == (1, 1, 1)
    assert summary["cells"] == {"amount_total": 1, "explanation": 1}
    moved = sum(
        (each["after"] or 0) - (each["before"] or 0)
        for each in summary["totals"]
        if each["column"] == "amount_total"
    )
    gone = Decimal(rows[1]["amount_total"] or 0)
    assert moved == Decimal("0.01") + Decimal(rows[-1]["amount_total"]) - gone


def test_the_lines_are_the_same_changes_and_end_in_the_summary(twice: Chain) -> None:
    body = json.loads(twice.get("datasets/d/releases/1/diff/2").data, parse_float=Decimal)
    answer = twice.get("datasets/d/releases/1/diff/2.ndjson")
    asked = twice.client.get(
        "/api/v1/datasets/d/releases/1/diff/2", headers={"Accept": NDJSON}, buffered=True
    )

    assert answer.data == asked.data
    assert answer.mimetype == asked.mimetype == NDJSON
    assert answer.content_length == len(answer.data)
    *changes, summary = exactly(answer.data)
    assert changes == body["changes"]
    assert summary == {"op": "summary"} | body["summary"]
    few = twice.get("datasets/d/releases/1/diff/2", limit="1").json
    assert (len(few["changes"]), few["left_off"]) == (1, 2)
    part = twice.client.get(
        "/api/v1/datasets/d/releases/1/diff/2.ndjson",
        headers={"Range": "bytes=3-9"},
        buffered=True,
    )
    assert (part.status_code, part.data) == (206, answer.data[3:10])


@pytest.mark.parametrize("path", ["1/diff/2", "1/diff/2.ndjson", "1/diff/2?limit=1"])
def test_who_has_a_diff_is_told_so(twice: Chain, path: str) -> None:
    url = f"/api/v1/datasets/d/releases/{path}"
    tag = twice.client.get(url, buffered=True).headers["ETag"]
    again = twice.client.get(url, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_the_way_back_and_no_way_at_all(twice: Chain) -> None:
    there = exactly(twice.get("datasets/d/releases/1/diff/2.ndjson").data)[:-1]
    back = exactly(twice.get("datasets/d/releases/2/diff/1.ndjson").data)[:-1]
    turned = {"added": "removed", "removed": "added", "changed": "changed"}

    assert {each["_id"]: each["op"] for each in back} == {
        each["_id"]: turned[each["op"]] for each in there
    }
    same = twice.get("datasets/d/releases/2/diff/2").json
    assert same["changes"] == []
    assert same["summary"]["rows_before"] == same["summary"]["rows_after"] > 0


@on_sqlite
def test_a_release_that_is_hidden_is_in_no_diff(chain: Chain) -> None:
    publish_twice(chain)
    paths = [f"datasets/d/releases/{each}" for each in ("1/diff/2", "2/diff/1", "1/diff/2.ndjson")]
    assert [chain.get(each).status_code for each in paths] == [200, 200, 200]
    chain.suspend("d", 1)

    for each in paths:
        answer = chain.get(each)
        assert (answer.status_code, answer.json["code"]) == (410, "suspended")
    assert chain.get("datasets/d/releases/2/diff/2").status_code == 200


@on_sqlite
@pytest.mark.parametrize("path", ["1/diff/2", "1/diff/2.ndjson"])
def test_a_release_that_is_hidden_while_it_is_compared_is_in_no_diff(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def suspended_meanwhile(*compared: Any) -> Summary:
        chain.suspend("d", 1)
        return compare(*compared)

    publish_twice(chain)
    monkeypatch.setattr(between, "compare", suspended_meanwhile)

    answer = chain.get(f"datasets/d/releases/{path}")
    assert (answer.status_code, answer.json["code"]) == (410, "suspended")


@on_sqlite
def test_a_record_whose_window_ends_while_it_is_compared_is_in_no_diff(
    chain: Chain, clock: Clock, platform: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def after_midnight(*compared: Any) -> Summary:
        clock.set("2026-03-03T00:00:00+08:00")
        Worker(platform).prepare_editions()
        return compare(*compared)

    rows = changed(
        real_rows("administrative-penalties-sample", 0, 1),
        authority_name=chain.who.agency.name.zh,
        window_rule="R-SAMR",
        public_until="2026-03-02",
    )
    chain.register("p", PENALTIES, "rolling")
    chain.publish("p", csv_of(rows))
    monkeypatch.setattr(between, "compare", after_midnight)

    answer = chain.get("datasets/p/releases/1/diff/1")
    assert (answer.status_code, answer.json["code"]) == (503, "diff-busy")


def test_what_is_not_there_is_not_compared(twice: Chain) -> None:
    for path, code in (
        ("d/releases/1/diff/3", "no-such-release"),
        ("e/releases/1/diff/1", "no-such-dataset"),
    ):
        answer = twice.get(f"datasets/{path}")
        assert (answer.status_code, answer.json["code"]) == (404, code)
    assert twice.get("datasets/d/releases/1/diff/2", limit="10001").status_code == 400
    asked = {"Accept": "text/csv"}
    answer = twice.client.get("/api/v1/datasets/d/releases/1/diff/2", headers=asked)
    assert answer.status_code == 406


@on_sqlite
def test_a_record_whose_window_ended_is_in_no_diff(
    chain: Chain, clock: Clock, platform: Runtime
) -> None:
    found = real_rows("administrative-penalties-sample", 0, 2)
    named = changed(found, authority_name=chain.who.agency.name.zh, window_rule="R-SAMR")
    rows = [
        row | {"public_until": day}
        for row, day in zip(named, ("2026-03-02", "2030-01-01"), strict=True)
    ]
    chain.register("p", PENALTIES, "rolling")
    chain.publish("p", csv_of(rows))
    chain.publish("p", csv_of(changed(rows, remark="更正")))
    told = chain.get("datasets/p/releases/1/diff/2.ndjson").data
    number = rows[0]["decision_number"].encode()
    assert ops(exactly(told)) == ["changed", "changed", "summary"]

    clock.set("2026-03-03T00:00:00+08:00")
    Worker(platform).prepare_editions()
    for path in ("1/diff/2", "1/diff/2.ndjson"):
        answer = chain.get(f"datasets/p/releases/{path}")
        assert answer.status_code == 200
        assert number not in answer.data
    assert chain.get("datasets/p/releases/1/diff/2").json["summary"]["changed"] == 1


# What a submission would change.


@pytest.fixture
def proposed(chain: Chain, rows: list[Row]) -> str:
    """A submission that awaits its reviewer; one record differs from the release before."""
    chain.register("d", "budgets", "2019")
    chain.publish("d", csv_of(rows))
    return chain.submitted("d", csv_of([rows[0] | {"explanation": "更正"}, *rows[1:]]))


def asked(chain: Chain, submission: str, role: str = "reviewer", form: str = "") -> TestResponse:
    path = f"/api/v1/submissions/{submission}/diff{form}"
    return chain.client.get(path, headers=chain.as_(role), buffered=True)


@on_sqlite
def test_who_decides_sees_what_a_submission_would_change(
    chain: Chain, platform: Runtime, proposed: str
) -> None:
    early = asked(chain, proposed)
    assert (early.status_code, early.json["code"]) == (409, "diff-not-ready")
    Worker(platform).compare_all()

    answer = asked(chain, proposed)
    assert answer.json["base"] == 1
    assert answer.json["summary"]["cells"] == {"explanation": 1}
    assert answer.json["changes"][0]["after"] == {"explanation": "更正"}
    assert "private" in answer.headers["Cache-Control"]
    lines = asked(chain, proposed, "author", ".ndjson").data
    assert ops(exactly(lines)) == ["changed", "summary"]
    assert asked(chain, proposed, "supervisor", ".ndjson").data == lines
    link = chain.submission(proposed)["links"]["diff"]
    assert link.endswith(f"/submissions/{proposed}/diff")


@on_sqlite
def test_of_the_first_submission_everything_is_new(
    chain: Chain, platform: Runtime, rows: list[Row]
) -> None:
    chain.register("d", "budgets", "2019")
    first = chain.submitted("d", csv_of(rows))
    Worker(platform).compare_all()

    body = asked(chain, first).json
    assert (body["base"], body["summary"]["added"]) == (None, len(rows))


@on_sqlite
def test_after_another_release_it_is_compared_anew(
    chain: Chain, platform: Runtime, rows: list[Row], proposed: str
) -> None:
    Worker(platform).compare_all()
    tag = asked(chain, proposed).headers["ETag"]
    chain.publish("d", csv_of(rows[1:]))
    assert asked(chain, proposed).status_code == 409
    Worker(platform).compare_all()

    answer = asked(chain, proposed)
    assert (answer.json["base"], ops(answer.json["changes"])) == (2, ["added"])
    assert answer.headers["ETag"] != tag


@on_sqlite
def test_what_is_added_to_is_compared_as_it_will_be_merged_and_treated(
    chain: Chain, platform: Runtime
) -> None:
    rows = changed(
        real_rows("project-approvals-transcribed", 0, 3),
        authority_name=chain.who.agency.name.zh,
    )
    chain.register("p", "project-approvals", "rolling")
    chain.publish("p", csv_of(rows[:2]))
    second = chain.submitted("p", csv_of([rows[0] | {"note": "更正"}, rows[2]]))
    Worker(platform).compare_all()
    assert sorted(ops(asked(chain, second).json["changes"])) == ["added", "changed"]

    # What the approver keeps back would leave with its earlier version.
    withheld = {"rows": [2]}
    chain.approve(second, "disclose_in_part", reason="涉及第三方商业秘密", withheld=withheld)
    Worker(platform).compare_all()
    assert sorted(ops(asked(chain, second).json["changes"])) == ["added", "removed"]


@on_sqlite
def test_no_number_of_an_identity_document_is_in_a_diff(chain: Chain, platform: Runtime) -> None:
    rows = real_rows("administrative-penalties-sample", -160)
    numbers = {row[name] for row in rows for name in ("person_id_no", "legal_rep_id_no")} - {""}
    names = sorted({row["authority_name"] for row in rows})
    chain.register("p", PENALTIES, "rolling", transcribes=names)
    submission = chain.submitted("p", csv_of(rows))
    Worker(platform).compare_all()

    told = asked(chain, submission, form=".ndjson").text
    assert told.count('"op":"added"') == len(rows)
    assert not [number for number in numbers if number in told]
    assert "person_id_no" not in told


@on_sqlite
def test_a_diff_is_for_its_own_agency_while_somebody_decides(
    chain: Chain, platform: Runtime, others: Cast, proposed: str
) -> None:
    Worker(platform).compare_all()
    kept = platform.settings.derived / "diffs"
    assert list(kept.iterdir())
    path = f"/api/v1/submissions/{proposed}/diff"
    headers = sign(next(key for role, key in others.keys.items() if role.value == "reviewer"))
    assert chain.client.get(path, headers=headers).json["code"] == "wrong-agency"
    chain.approve(proposed)
    chain.work()
    Worker(platform).compare_all()

    answer = asked(chain, proposed)
    assert (answer.status_code, answer.json["code"]) == (409, "no-diff")
    assert list(kept.iterdir()) == []


@on_sqlite
def test_what_cannot_be_compared_is_given_up_and_said(
    chain: Chain, platform: Runtime, proposed: str, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(_submission: object) -> bool:
        raise RuntimeError("in the test")

    worker = Worker(platform, compare=failing)
    for _ in range(4):
        worker._not_before.clear()
        worker.compare_all()

    assert asked(chain, proposed).json["code"] == "no-diff"
    assert caplog.text.count("in the test") >= 3


def test_people_see_the_changed_cells_before_and_after(twice: Chain) -> None:
    page = read(twice.client, "/datasets/d/releases/1/diff/2")

    assert page.faults == []
    assert "更正，“见附件”" in [each.text for each in page.all("ins")]
    assert page.all("del")
    link = [
        each.attributes["href"] for each in read(twice.client, "/datasets/d/releases/2").all("a")
    ]
    assert "/datasets/d/releases/1/diff/2" in link


def test_a_release_says_where_it_is_compared_with_the_one_before(twice: Chain) -> None:
    assert "diff" not in twice.release("d", 1)["links"]
    assert twice.release("d", 2)["links"]["diff"].endswith("/datasets/d/releases/1/diff/2")
