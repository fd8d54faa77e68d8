"""Measures of an assessment, each against facts that are there, and against none."""

from datetime import date

import pytest

from opendata.domain.assessment.measures import Measure
from opendata.domain.assessment.periods import read_period
from opendata.domain.assessment.points import Figure
from opendata.domain.assessment.reading import read_scheme
from opendata.stages import catalogue
from opendata.stages.assessment.measuring import Subject, corrections, figures, releases, reports
from opendata.stages.comply import Sources
from tests.chain import AGENCY, runtime_of
from tests.domain.assessments import SCHEME, scheme_with
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows


def subject_of(runtime, period, on=None, agency=AGENCY.id):
    with runtime.home.database.read() as session:
        found = catalogue.agency(session, agency)
    sources = Sources(runtime.home, runtime.contracts, runtime.rules)
    return Subject(sources, found, read_period(period), on or runtime.today(), runtime.now())


def test_releases_are_those_of_the_period_and_each_with_issues_is_named(library):
    runtime = runtime_of(library.client)
    found = releases.with_issues(subject_of(runtime, "2026Q1"))
    listed = library.client.get("/api/v1/datasets").json["data"]
    addresses = {each.address for each in found.cases}

    assert found.among == len(listed) == 6
    assert found.counted == len(addresses) > 0
    for address in addresses:
        assert library.client.get(f"/api/v1/{address}").json["known_issues"]
    assert releases.with_issues(subject_of(runtime, "2025")) == Figure(0, 0)
    assert releases.taken_down(subject_of(runtime, "2026Q1")) == Figure(0)


def test_a_report_is_in_time_late_or_not_due_yet(library):
    runtime = runtime_of(library.client)
    late = reports.on_time(subject_of(runtime, "2018"))
    ahead = reports.on_time(subject_of(runtime, "2026"))
    never = reports.on_time(subject_of(runtime, "2024"))

    assert (late.counted, late.value) == (0, 0)
    assert (ahead.value, ahead.note.en) == (None, "it is not due yet")
    assert (never.counted, never.value) == (0, 0)
    assert late.cases[0].address == f"annual-reports/{AGENCY.id}/2018"


def test_sections_and_breaches_are_those_of_the_report(library):
    subject = subject_of(runtime_of(library.client), "2018")
    report = library.client.get(f"/api/v1/annual-reports/{AGENCY.id}/2018").json

    assert reports.sections(subject).among == 6
    errors = [
        each
        for each in report["breaches"]
        if each["severity"] == "error" and each["cells"] and not each["explained"]
    ]
    assert reports.breaches(subject).counted == len(errors)


def test_a_report_that_is_not_published_has_no_merit(library):
    subject = subject_of(runtime_of(library.client), "2024")

    assert reports.breaches(subject).value is None
    found = reports.sections(subject)
    assert (found.counted, found.among) == (0, 6)


@on_sqlite
def test_a_report_that_was_taken_down_was_not_published_in_time(chain, clock, platform):
    rows = [
        each
        for each in real_rows("disclosure-statistics-2020")
        if each["publisher_name"] == "吉林省商务厅"
    ]
    clock.set("2021-01-20T10:00:00+08:00")
    chain.register("s", "disclosure-statistics", "2020")
    chain.publish("s", csv_of(changed(rows, publisher_name=AGENCY.name.zh)))
    assert reports.on_time(subject_of(platform, "2020")).counted == 1

    assert chain.suspend("s", 1).status_code == 201
    clock.set("2026-03-02T10:00:00+08:00")
    assert reports.on_time(subject_of(platform, "2020")).counted == 0


def test_a_report_is_assessed_by_the_year_only(library):
    scheme = read_scheme(SCHEME.encode())
    found = figures(scheme, subject_of(runtime_of(library.client), "2025Q4"))

    assert (found["report"].value, found["report"].note.en) == (
        None, "an annual report is assessed by the year only",
    )  # fmt: skip


@pytest.mark.parametrize("measure", Measure)
def test_every_measure_is_measured_where_there_are_no_facts(library, measure):
    text = scheme_with("obligations_met_rate", measure.value)
    if measure.needs_days:
        text = text.replace('nothing = "left_out"', 'nothing = "left_out"\nworking_days = 5', 1)
    found = figures(read_scheme(text.encode()), subject_of(runtime_of(library.client), "2023"))

    assert found["met"].counted == 0


@on_sqlite
def test_what_was_taken_down_counts_while_it_is(chain, clock, platform):
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    word = {"authority": "某机关", "reason": "有误"}
    down = "/api/v1/datasets/b/releases/1"

    def said(what, role, body=word):
        answer = chain.client.post(f"{down}/{what}", json=body, headers=chain.as_(role))
        assert answer.status_code in (200, 201), answer.text

    def counted(period):
        return releases.taken_down(subject_of(platform, period, date(2026, 3, 31))).counted

    said("suspension", "reviewer")
    assert (counted("2026-03"), counted("2026-02")) == (1, 0)
    said("lifting", "approver")
    assert counted("2026-03") == 0


@on_sqlite
def test_a_fault_whose_term_is_not_over_is_left_out_until_it_is_answered(chain, clock, platform):
    rows = changed(real_rows("budgets-2019", 0, 3), publisher_name=AGENCY.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    [record] = chain.records("budgets", limit="1", fields="_id")
    reported = chain.client.post(
        f"/api/v1/budgets/{record['_id']}/corrections", json={"claim": "有误"}
    ).json["id"]

    def measured(on):
        found = corrections.in_time(subject_of(platform, "2026-03", on), 10)
        return found.counted, found.among

    # Ten working days from Monday 2 March end on Monday the 16th.
    assert measured(date(2026, 3, 16)) == (0, 0)
    assert measured(date(2026, 3, 17)) == (0, 1)
    clock.set("2026-03-17T10:00:00+08:00")
    for kind in ("show", "refuse"):
        answer = chain.client.post(
            f"/api/v1/corrections/{reported}/words",
            json={"kind": kind, "reason": "并无错误"},
            headers=chain.as_("reviewer"),
        )
        assert answer.status_code == 201, answer.text
    late = corrections.answered(subject_of(platform, "2026-03"))
    assert (late.counted, late.among, late.cases[0].address) == (1, 1, "corrections?dataset=b")
    assert measured(date(2026, 3, 17)) == (0, 1)
