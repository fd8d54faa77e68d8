"""What a report counts of the public collections, and what our judge says of its figures.

The reports of two cities and a province on 2018 are judged as they were published.
"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from opendata.domain.annual.compiling import cells_of
from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import AnnualReport, Declared, Severity, Source, level_of
from opendata.domain.annual.sections import sections_of
from opendata.domain.annual.templates import template_of
from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text
from opendata.stages.annual_report import Means
from opendata.stages.annual_report.counting import carried, of_releases
from opendata.stages.annual_report.judging import breaches_of
from opendata.stages.annual_report.published import PublicRecords
from tests.platforms import runtime_of
from tests.tables import real_rows

PENALTIES = "administrative-penalties"


@pytest.fixture
def means(library):
    held = runtime_of(library.client)
    return Means(held.home, held.contracts, held.rules, held.now())


def report_of(name, figures, year=2018, region="440000"):
    """Return a report of figures that were declared, and nothing else."""
    at = datetime(2019, 3, 1, tzinfo=UTC)
    declared = {place: Declared(Decimal(value), "", 1, at) for place, value in figures.items()}
    template = template_of(year)
    agency = Agency("a", Text(name, name), None, region)
    cells = cells_of(template, {}, declared)
    return AnnualReport(
        agency=agency,
        level=level_of(name),
        year=year,
        template=template,
        cells=cells,
        sections=sections_of(template, year, {}, cells),
        breaches=(),
        due=None,
        computed_on=at.date(),
    )


def published_in_2018(name):
    """The figures of a published report that the form of its year has."""
    form = template_of(2018).units
    rows = [
        each for each in real_rows("disclosure-statistics-2018") if each["publisher_name"] == name
    ]
    figures = {Place("annex", each["indicator_code"], "none"): each["value"] for each in rows}
    return {place: value for place, value in figures.items() if place in form}


def test_the_contradiction_that_was_published_is_reported(means):
    found = breaches_of(means, report_of("珠海市人民政府", published_in_2018("珠海市人民政府")))

    [breach] = found
    assert (breach.rule, breach.severity) == ("ds-annex-answers-whole", Severity.ERROR)
    # 133 + 781 + 43 + 59 + 6 answers are 1022, and 1202 are said to have been given.
    assert (breach.expected, breach.found, breach.difference) == ("1022", "1202", "180")
    assert Place("annex", "answers_other", "none") in breach.cells
    assert Place("annex", "requests_answered", "none") in breach.cells


def test_channels_that_together_exceed_the_whole_are_no_contradiction(means):
    figures = published_in_2018("广东省人民政府")
    channels = ("website", "gazette", "social_media", "news_media")
    parts = [Decimal(figures["annex", f"proactive_items_{each}", "none"]) for each in channels]
    assert sum(parts) == 4_833_597 > Decimal(figures["annex", "proactive_items_total", "none"])

    assert breaches_of(means, report_of("广东省人民政府", figures)) == ()

    figures[Place("annex", "proactive_items_website", "none")] = "9999999"
    [breach] = breaches_of(means, report_of("广东省人民政府", figures))
    assert (breach.rule, breach.severity) == ("ds-channel-website", Severity.WARNING)


def test_an_agency_without_a_region_cannot_publish_its_report(means):
    figures = {Place("annex", "requests_received", "none"): "1"}

    [breach] = breaches_of(means, report_of("珠海市人民政府", figures, region=None))
    assert (breach.rule, breach.cells) == ("constraint-error", ())
    assert "region_code" in breach.message.en


def test_decisions_are_counted_in_what_is_public_with_the_query_that_gives_them(means, library):
    [newest] = library.records("administrative-penalties", limit="1")
    name, year = newest["authority_name"], int(newest["decision_date"][:4])
    agency = Agency("nobody", Text(name, name), None, None)
    place = Place("2", "20.6.1", "decisions")
    found = of_releases(means, PublicRecords(means), agency, year)
    earlier = of_releases(means, PublicRecords(means), agency, 2010)

    path, _, query = found[place].address.partition("?")
    records = library.records(path, limit="1000", **dict(parse_qsl(query)))
    decisions = {(each["authority_uscc"], each["decision_number"]) for each in records}
    assert {each["authority_name"] for each in records} == {name}
    assert found[place].value == len(decisions) > 0
    # It has published nothing of 2010: that is no zero.
    assert earlier == {}

    # Who publishes its decisions here, and has none in a year, has none; before that it is blank.
    who = library.who.agency
    assert of_releases(means, PublicRecords(means), who, 2026)[place].value == 0
    assert of_releases(means, PublicRecords(means), who, 2020) == {}


def test_a_decision_counts_after_its_window_has_ended(means, library):
    [newest] = library.records("administrative-penalties", limit="1")
    name, year = newest["authority_name"], int(newest["decision_date"][:4])
    agency = Agency("nobody", Text(name, name), None, None)
    later = replace(means, now=means.now.replace(year=2040))

    [now] = of_releases(means, PublicRecords(means), agency, year).values()
    [then] = of_releases(later, PublicRecords(later), agency, year).values()
    assert then.value == now.value > 0
    wanted = {"authority_name": [name]}
    public = PublicRecords(later).matching(("decision_number",), wanted, PENALTIES)
    assert list(public) == []


class _Stub(PublicRecords):
    """A report that carried two requests forward."""

    def matching(self, fields, values, collection=None):
        yield {"column_code": "C1", "value": Decimal(2)}


def test_without_a_ledger_what_is_carried_over_is_what_the_last_report_carried_forward(means):
    agency = Agency("a", Text("珠海市人民政府", "Zhuhai"), None, "440400")

    assert carried(PublicRecords(means), agency, 2020) == {}
    [(place, told)] = carried(_Stub(means), agency, 2020).items()
    assert (place, told.value, told.source) == (Place("3", "2", "C1"), 2, Source.PREVIOUS_REPORT)
    path, _, query = told.address.partition("?")
    assert path == "disclosure-statistics"
    assert dict(parse_qsl(query)) == {
        "publisher_name": "珠海市人民政府",
        "report_year": "2019",
        "table_code": "3",
        "indicator_code": "4",
        "column_code": "C1",
    }
