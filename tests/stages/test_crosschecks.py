"""One collection against another: whichever is published second is told, and both sides show it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from opendata.domain.errors import NotFound
from opendata.stages.crosschecks import YEAR_FIELDS, cross_checks, cross_checks_of_all
from opendata.tabular.crosschecks import cross_rules
from tests.chain import Chain
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


def publish_both(chain, stated, in_2019):
    """Publish an agency's reports by year, and three decisions, some of their rows of 2019."""
    own, agency = chain.who.agency.id, chain.who.agency.name.zh
    for year, number in stated.items():
        rows = changed(report(agency, number), report_year=year, data_year=year)
        chain.publish_rows(f"r-{own}-{year}", REPORT, year, rows)
    decisions = penalties(agency, 3)
    for row in decisions:
        row["decision_number"] += own
    for row in decisions[:in_2019]:
        row["decision_date"] = row["decision_date"].replace("2020", "2019", 1)
    chain.register(f"p-{own}", PENALTIES, "rolling")
    chain.publish(f"p-{own}", csv_of(decisions))


def test_compliance_counts_the_checks_of_all_agencies_and_leads_to_them(chain, platform, others):
    mine, theirs = chain.who.agency, others.agency
    publish_both(chain, {"2019": 0, "2020": 1}, in_2019=2)
    publish_both(Chain(chain.client, others, chain.work), {"2020": 3}, in_2019=0)

    def counted(query):
        told = chain.client.get(f"/api/v1/compliance?{query}").json["cross_checks"]
        for each in told["agencies"] if told else ():
            for name in ("holds", "fails"):
                listed = chain.client.get(each[name]["cases"]).json["data"]
                assert len(listed) == each[name]["value"]
                assert {one["holds"] for one in listed} <= {name == "holds"}
        return told and (
            tuple(told["whole"][name]["value"] for name in ("holds", "fails")),
            {
                each["agency"]: (each["holds"]["value"], each["fails"]["value"])
                for each in told["agencies"]
            },
        )

    of_all = {mine.id: (0, 2), theirs.id: (1, 0)}
    assert counted("by=agency") == ((1, 2), of_all)
    assert counted("by=agency&period=2020") == ((1, 1), {**of_all, mine.id: (0, 1)})
    assert counted(f"agency={mine.id}&by=year") == ((0, 2), {mine.id: (0, 2)})
    told = chain.client.get("/api/v1/compliance?by=agency&period=2020").json
    whole = told["cross_checks"]["whole"]
    assert chain.client.get(whole["fails"]["cases"]).json["cross_checks"]["whole"] == whole
    for query in ("", "by=year", "by=agency&period=2020-01", "by=agency&region=45"):
        assert counted(query) is None
    assert counted("by=agency&as_of=2026-01-01") is None
    # Nothing is read again until something is published.
    with platform.home.database.read() as session:
        first, again = (
            cross_checks_of_all(session, platform.home, platform.contracts)[theirs.id]
            for _ in range(2)
        )
    assert first[0] is again[0]


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


def test_a_result_names_the_releases_whose_records_it_compared_and_no_others(chain, platform):
    """The report of another year of the same agency is not named, whichever side declares it."""
    agency = chain.who.agency.name.zh
    decisions = penalties(agency, 3)
    for row in decisions[:2]:
        row["decision_date"] = row["decision_date"].replace("2020", "2019", 1)
    chain.register("p", PENALTIES, "rolling")
    chain.publish("p", csv_of(decisions))
    for year, stated in (("2019", 0), ("2020", 2)):
        rows = changed(report(agency, stated), report_year=year, data_year=year)
        chain.publish_rows(f"r-{year}", REPORT, year, rows)
    by_report = {
        **platform.contracts,
        PENALTIES: replace(platform.contracts[PENALTIES], cautions={"checks": []}, digest="0"),
    }

    for side, contracts in ((PENALTIES, platform.contracts), (REPORT, by_report)):
        with platform.home.database.read() as session:
            found = cross_checks(session, platform.home, contracts, chain.who.agency.id)
        assert [(each.year, each.collection, each.holds, each.releases) for each in found] == [
            (2020, side, True, (("p", 1), ("r-2020", 1))),
            (2019, side, False, (("p", 1), ("r-2019", 1))),
        ]


def test_every_kind_of_rule_across_collections_says_by_which_year_it_compares(platform):
    rules = [rule for each in platform.contracts.values() for rule in cross_rules(each)]

    for rule in rules:
        year_field = getattr(rule.check, YEAR_FIELDS[rule.check.type])
        other = platform.contracts[rule.check.collection]
        assert other.field(year_field).type in {"year", "date"}
    assert {each.check.type for each in rules} == set(YEAR_FIELDS)


def test_an_agency_that_does_not_exist_has_nothing_to_compare(chain, platform):
    with platform.home.database.read() as session, pytest.raises(NotFound):
        cross_checks(session, platform.home, platform.contracts, "nobody", None)
    assert chain.client.get("/api/v1/agencies/nobody/cross-checks").status_code == 404
