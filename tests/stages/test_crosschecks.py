"""One collection against another: whichever is published second is told, and both sides show it."""

from decimal import Decimal

import pytest

from opendata.domain.errors import NotFound
from opendata.stages.crosschecks import cross_checks
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

pytestmark = on_sqlite
REPORT, PENALTIES = "disclosure-statistics", "administrative-penalties"


def report(agency, decisions):
    """Return table 2 of the agency's report for 2020, with so many penalty decisions."""
    table = [row for row in real_rows("disclosure-statistics-2020") if row["table_code"] == "2"]
    rows = changed(table, publisher_name=agency)
    for row in rows:
        if (row["indicator_code"], row["column_code"]) == ("20.6.1", "decisions"):
            row["value"] = str(decisions)
    return rows


def penalties(agency, count):
    """Return decisions of 2020, each of which hit two parties."""
    sample = real_rows("administrative-penalties-sample")
    in_2020 = [row for row in sample if row["decision_date"].startswith("2020")][:count]
    rows = changed(in_2020, authority_name=agency, source_unit_name=agency)
    parties = [row | {"party_no": str(number)} for row in rows for number in (1, 2)]
    return [row | {"decision_number": f"示〔2020〕{n // 2}号"} for n, row in enumerate(parties)]


def cautions(chain, dataset, rows):
    """Send rows in and return what is said of them across collections, by name."""
    sent = chain.submission(chain.submitted(dataset, csv_of(rows)))
    assert sent["state"] == "in_review", sent
    return sent, [each for each in sent["cautions"] if each["name"].startswith("x-")]


def checked(chain, platform, year=None):
    with platform.home.database.read() as session:
        agency = chain.who.agency.id
        return cross_checks(session, platform.home, platform.contracts, agency, year)


def test_penalties_that_follow_a_report_are_held_against_it(chain, platform):
    agency = chain.who.agency.name.zh
    chain.publish_rows("r", REPORT, "2020", report(agency, 2))
    chain.register("p", PENALTIES, "rolling")

    sent, (broken,) = cautions(chain, "p", penalties(agency, 3))

    assert (broken["name"], broken["count"], len(broken["rows"])) == ("x-pen", 1, 1)
    assert sent["provenance"]["compared_with"] == [{"dataset": "r", "release": 1}]
    chain.publish("p", csv_of(penalties(agency, 3)))
    (found,) = checked(chain, platform, 2020)
    assert (found.rule, found.publisher, found.holds) == ("x-pen", agency, False)
    assert (found.expected, found.found) == (Decimal(3), Decimal(2))
    assert found.releases == (("p", 1), ("r", 1))
    (row,) = chain.get(f"agencies/{chain.who.agency.id}/cross-checks").json["data"]
    assert (row["rule"], row["expected"], row["found"], row["holds"]) == ("x-pen", 3, 2, False)
    assert row["releases"] == "p#1;r#1"
    assert checked(chain, platform, 2019) == []


def test_a_report_that_follows_penalties_is_held_against_them(chain, platform):
    agency = chain.who.agency.name.zh
    chain.register("p", PENALTIES, "rolling")
    chain.publish("p", csv_of(penalties(agency, 3)))
    assert checked(chain, platform) == []
    chain.register("r", REPORT, "2020")

    sent, (broken,) = cautions(chain, "r", report(agency, 2))

    assert broken["name"] == "x-pen"
    assert sent["provenance"]["compared_with"] == [{"dataset": "p", "release": 1}]
    chain.publish("r", csv_of(report(agency, 3)))
    (found,) = checked(chain, platform)
    assert (found.collection, found.other, found.holds) == (PENALTIES, REPORT, True)
    assert chain.suspend("r", 1).status_code == 201
    assert checked(chain, platform) == []


def test_what_comes_up_between_validation_and_publication_is_a_known_issue(chain):
    agency = chain.who.agency.name.zh
    chain.register("p", PENALTIES, "rolling")
    approved = chain.submitted("p", csv_of(penalties(agency, 3)))
    chain.publish_rows("r", REPORT, "2020", report(agency, 2))
    chain.approve(approved)
    chain.work()

    (issue,) = chain.get("datasets/p/releases/1").json["known_issues"]
    assert (issue["name"], issue["answer"]) == ("x-pen", None)


def test_an_agency_that_does_not_exist_has_nothing_to_compare(chain, platform):
    with platform.home.database.read() as session, pytest.raises(NotFound):
        cross_checks(session, platform.home, platform.contracts, "nobody", None)
    assert chain.client.get("/api/v1/agencies/nobody/cross-checks").status_code == 404
