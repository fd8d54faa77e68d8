"""Collections that are declarations and nothing else go the way of every other one."""

from tests.platforms import on_sqlite
from tests.tables import csv_of, read_csv, real_rows

pytestmark = on_sqlite
OBLIGATIONS, INSPECTIONS = "disclosure-obligations", "random-inspections"


def catalogue():
    """Return the first items of the illustrative catalogue: whole first-level items of a county."""
    rows = real_rows("disclosure-obligations-illustrative", 0, 40)
    return [row for row in rows if row["obligation_code"] < "01-006"]


def test_a_catalogue_of_obligations_is_published_and_answers_questions(chain):
    rows = catalogue()
    firsts = [row for row in rows if row["item_level"] == "1"]

    released = chain.publish_rows("c", OBLIGATIONS, "rolling", rows)

    assert released["rows"] == len(rows)
    found = chain.client.get(f"/api/v1/{OBLIGATIONS}?item_level=1&q=项目建议书").json["data"]
    assert {each["obligation_code"] for each in found} <= {row["obligation_code"] for row in firsts}
    totals = chain.client.get(
        f"/api/v1/{OBLIGATIONS}/aggregate?group_by=item_level&metrics=count,sum(second_level_items)"
    ).json["data"]
    assert [each["sum(second_level_items)"] for each in totals] == [len(rows) - len(firsts)] * 2
    refused = chain.client.get(f"/api/v1/{OBLIGATIONS}/aggregate?metrics=sum(second_level_items)")
    assert (refused.status_code, refused.json["code"]) == (422, "not-additive")


def errors_of(chain, dataset, rows):
    sent = chain.submitted(dataset, csv_of(rows))
    answer = chain.client.get(f"/api/v1/submissions/{sent}/report", headers=chain.as_("author"))
    return {each["rule"] for task in answer.json["tasks"] for each in task["errors"]}


def test_inspections_are_held_to_the_totals_and_published(chain):
    rows = real_rows("random-inspections-illustrative")
    released = chain.publish_rows("i", INSPECTIONS, "2025", rows)

    assert released["rows"] == 228
    answer = chain.get("datasets/i/releases/1/data.csv")
    assert [row["record_no"] for row in read_csv(answer.data)] == [row["record_no"] for row in rows]
    fewer = [row for row in rows if row["record_no"] != "2025-001"]
    assert errors_of(chain, "i", fewer) == {"ins-tasks"}
    too_many = [
        row | ({"batches": "226"} if row["record_no"] == "2025-JOINT" else {}) for row in rows
    ]
    assert {"ins-joint", "ins-kinds"} <= errors_of(chain, "i", too_many)
