"""What a release says of itself: its version, what it corrects, what its author notes."""

import pytest

from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows
from tests.tus import Tus, metadata

pytestmark = on_sqlite


@pytest.fixture
def rows(chain):
    """Four rows of a dataset that has no release yet."""
    chain.register("b", "budgets", "2019")
    return changed(real_rows("budgets-2019", 0, 4), publisher_name=chain.who.agency.name.zh)


def send(chain, rows, **query):
    return chain.client.post(
        "/api/v1/datasets/b/submissions",
        query_string=query,
        data=csv_of(rows),
        content_type="text/csv",
        headers=chain.as_("author"),
    )


def test_the_version_says_how_a_release_differs_from_the_one_before(chain, rows):
    corrected = [*rows[:2], *changed(rows[2:3], explanation="更正")]
    versions = [
        chain.publish("b", csv_of(each))["version"]
        for each in (rows[:3], corrected, [*corrected, rows[3]], rows[1:])
    ]

    assert versions == ["1.0.0", "1.0.1", "1.1.0", "2.0.0"]
    listed = chain.records("datasets/b/releases")
    assert [each["version"] for each in listed] == versions[::-1]
    assert [each["supersedes"] for each in listed] == [3, 2, 1, None]
    for name in ("datapackage.json", "manifest.json"):
        told = chain.get(f"datasets/b/releases/2/{name}").json
        assert told["version"] == "1.0.1"


def test_a_column_kept_back_loosens_what_is_promised(chain, rows):
    chain.publish("b", csv_of(rows))
    kept_back = {
        "verdict": "disclose_in_part",
        "withheld": {"columns": ["subject_name"], "rows": []},
    }
    told = chain.publish("b", csv_of(rows), reason="涉及未公开事项", **kept_back)

    assert told["version"] == "1.1.0"


def test_what_the_author_says_of_it_is_published_with_the_release(chain, rows):
    chain.publish("b", csv_of(rows[:3]))
    answer = send(chain, rows, notes="补充一行，更正第 1 版", corrects="1")
    assert answer.status_code == 202, answer.text
    said = {"notes": "补充一行，更正第 1 版", "corrects": 1}
    assert said.items() <= answer.json.items()
    chain.work()
    chain.approve(answer.json["id"])
    chain.work()

    assert said.items() <= chain.release("b", 2).items()
    assert said.items() <= chain.get("datasets/b/releases/2/manifest.json").json.items()
    first = {"notes": None, "corrects": None}
    assert first.items() <= chain.release("b", 1).items()


def test_of_a_release_that_was_taken_down_the_notes_are_not_told(chain, rows):
    answer = send(chain, rows, notes="张三的住址有误")
    chain.work()
    chain.approve(answer.json["id"])
    chain.work()
    assert chain.release("b", 1)["notes"] == "张三的住址有误"
    assert chain.suspend("b", 1).status_code == 201

    assert chain.release("b", 1)["notes"] is None
    assert "张三" not in chain.get("datasets/b/releases").text


@pytest.mark.parametrize("number", ["1", "2147483647"])
def test_nothing_corrects_a_release_that_is_not_there(chain, rows, number):
    answer = send(chain, rows, corrects=number)

    assert (answer.status_code, answer.json["code"]) == (422, "nothing-to-correct")
    assert [each["pointer"] for each in answer.json["errors"]] == ["?corrects"]
    listed = chain.client.get("/api/v1/submissions", headers=chain.as_("author"))
    assert listed.json["data"] == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"corrects": "0"}, "?corrects"),
        ({"corrects": "2147483648"}, "?corrects"),
        ({"corrects": "first"}, "?corrects"),
        ({"notes": ""}, "?notes"),
        ({"notes": "长" * 2001}, "?notes"),
        ({"note": "x"}, "?note"),
    ],
)
def test_what_cannot_be_read_is_refused_before_a_byte_is_taken(chain, rows, query, pointer):
    answer = send(chain, rows, **query)

    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json["errors"]] == [pointer]


def test_an_upload_in_parts_says_it_in_its_metadata(chain, rows):
    chain.publish("b", csv_of(rows[:3]))
    tus, file = Tus(chain), csv_of(rows)
    said = metadata(dataset="b", notes="补充一行", corrects="1")
    path = tus.begun("b", len(file), Upload_Metadata=said)
    sent = tus.send(path, 0, file)
    assert sent.status_code == 204, sent.text

    found = chain.submission(sent.headers["Location"].rpartition("/")[2])
    assert (found["notes"], found["corrects"]) == ("补充一行", 1)


@pytest.mark.parametrize(
    ("corrects", "notes", "status", "code"),
    [
        ("7", "", 422, "nothing-to-correct"),
        ("0", "", 400, "invalid-upload-header"),
        ("x", "", 400, "invalid-upload-header"),
        ("9" * 12, "", 400, "invalid-upload-header"),
        ("1", "长" * 2001, 400, "invalid-upload-header"),
    ],
)
def test_metadata_that_says_it_wrongly_is_refused(chain, rows, corrects, notes, status, code):
    said = metadata(dataset="b", corrects=corrects, notes=notes)
    answer = Tus(chain).announce("b", 10, Upload_Metadata=said)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert [each["pointer"] for each in answer.json["errors"]] == ["Upload-Metadata:"]
