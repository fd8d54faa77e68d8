"""Rules that compare a file with what is published: last year's report, and the rows it joins."""

from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

REPORT = "disclosure-statistics"
JILIN = "吉林省商务厅"


def report(year, **carried):
    """Return table 3 of a report of that year; ``carried`` are cells of column C1, by row."""
    table = [
        row
        for row in real_rows("disclosure-statistics-2020")
        if (row["publisher_name"], row["table_code"]) == (JILIN, "3")
    ]
    template = "T2019" if year < 2021 else "T2021"
    rows = changed(table, report_year=str(year), data_year=str(year), template=template)
    for row in rows:
        if row["column_code"] in ("C1", "C7") and row["indicator_code"] in carried:
            row["value"] = carried[row["indicator_code"]]
    return rows


def findings(chain, submission_id):
    answer = chain.client.get(
        f"/api/v1/submissions/{submission_id}/report", headers=chain.as_("author")
    )
    return [error for task in answer.json["tasks"] for error in task["errors"]]


@on_sqlite
def test_a_report_begins_with_what_the_last_one_ended_with(chain):
    # In 2019 one request is carried forward, which in 2020 nobody carried over.
    chain.publish_rows("r2019", REPORT, "2019", report(2019, **{"1": "2", "4": "1"}))
    chain.register("r2020", REPORT, "2020", transcribes=[JILIN])

    refused = chain.submitted("r2020", csv_of(report(2020)))

    assert chain.submission(refused)["state"] == "invalid"
    errors = findings(chain, refused)
    assert [(each["rule"], each["expected"], each["found"]) for each in errors] == [
        ("ds-carry", "1", "0"),
        ("ds-carry", "1", "0"),
    ]
    assert [each["source_line"] for each in errors] == [each["rowNumber"] for each in errors]
    explained = changed(report(2020), note="机构改革，数据口径变化")
    accepted = chain.submission(chain.submitted("r2020", csv_of(explained)))
    assert accepted["state"] == "in_review"
    assert "ds-carry-reasoned" in {each["name"] for each in accepted["cautions"]}


@on_sqlite
def test_another_release_in_between_is_seen_when_it_is_published(chain):
    chain.register("r2020", REPORT, "2020", transcribes=[JILIN])
    approved = chain.submitted("r2020", csv_of(report(2020)))
    chain.approve(approved)
    chain.publish_rows("r2019", REPORT, "2019", report(2019))
    chain.work()

    assert chain.submission(approved)["state"] == "published"


@on_sqlite
def test_what_is_added_is_judged_together_with_what_is_there(chain):
    first, second = changed(
        real_rows("project-approvals-transcribed", 0, 2),
        authority_name=chain.who.agency.name.zh,
        project_code="2104-610902-04-01-123456",
        decision_result="approved",
    )
    chain.register("p", "project-approvals", "rolling")
    chain.publish("p", csv_of([first | {"project_name": "甲项目"}]))

    same = chain.submitted("p", csv_of([second | {"project_name": "甲项目"}]))
    other = chain.submitted("p", csv_of([second | {"project_name": "乙项目"}]))
    renamed = chain.submitted("p", csv_of([first | {"project_name": "乙项目"}]))

    def named(submission_id):
        cautions = chain.submission(submission_id)["cautions"]
        return [
            each["rows"]
            for each in cautions
            if each["name"] == "prj-same-project" and each["field"] == "project_name"
        ]

    assert named(same) == []
    assert named(other) == [[2]]
    assert named(renamed) == []
