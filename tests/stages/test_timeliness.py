"""Whether a release was in time: by the first publication of each of its records."""

from dataclasses import replace

from opendata.domain.contracts import DeadlineChoice
from opendata.stages.releases import release
from opendata.stages.timeliness import timeliness_of
from tests.platforms import on_sqlite, runtime_of
from tests.tables import changed, csv_of, real_rows


def penalties(chain, *decided):
    """One penalty for each of the days on which they were decided."""
    found = real_rows("administrative-penalties-sample", 0, len(decided))
    fresh = {"status": "published", "status_date": "", "status_reason": ""}
    name = chain.who.agency.name.zh
    named = changed(found, authority_name=name, window_rule="R-SAMR", **fresh)
    return [
        {
            **row,
            "decision_number": f"示罚〔{day}〕",
            "decision_date": day,
            "public_until": "2029-01-31",
        }
        for row, day in zip(named, decided, strict=True)
    ]


def counts(told):
    whole = told["timeliness"]["whole"]
    return [whole[name] for name in ("status", "on_time", "late", "indeterminate", "late_by")]


@on_sqlite
def test_late_records_are_published_and_those_of_earlier_releases_count_from_there(chain, clock):
    chain.register("p", "administrative-penalties", "rolling")

    # On 2 March 2026: seven working days after the one, eight after the other.
    first = chain.publish("p", csv_of(penalties(chain, "2026-02-13", "2026-02-12")))
    clock.set("2026-03-30T10:00:00+08:00")
    second = chain.publish("p", csv_of(penalties(chain, "2026-03-02")))

    assert counts(first) == ["late", 1, 1, 0, 1]
    assert second["rows"] == 3
    assert counts(second) == ["late", 1, 2, 0, 13]
    assert second["timeliness"]["published_on"] == "2026-03-30"
    (rule,) = second["timeliness"]["rules"]
    assert (rule["rule"], rule["due"], rule["term"]["zh"]) == (
        "PEN-7",
        None,
        "作出行政决定之日起 7 个工作日内",
    )
    assert chain.release("p", 1)["timeliness"] == first["timeliness"]

    for path in ("/datasets/p/releases/2", "/datasets/p"):
        assert "2 条逾期" in chain.client.get(path).text
    chain.suspend("p", 2)
    assert chain.release("p", 2)["timeliness"] is None


@on_sqlite
def test_columns_that_a_release_of_old_did_not_have_tell_nothing_about_it(chain):
    chain.register("p", "administrative-penalties", "rolling")
    chain.publish("p", csv_of(penalties(chain, "2026-02-13", "2026-02-12")))
    held = runtime_of(chain.client)
    newer = (
        DeadlineChoice("PEN-7", "decided_at", {"procedure": ("summary",)}),
        DeadlineChoice("PRJ-7", "decision_date", {"kind": ("penalty",)}),
        DeadlineChoice("PRO", "decided_at", {}),
    )
    name = "administrative-penalties"
    contracts = {name: replace(held.contracts[name], deadline_rules=newer, digest="1" * 64)}

    with held.home.database.read() as session:
        found = release(session, "p", 1, held.now())
        told = timeliness_of(session, held.home, contracts, held.rules, found)
        untold = timeliness_of(session, held.home, {}, held.rules, found)

    assert told.whole.indeterminate == 2
    assert {each.rule.id for each in told.rules} <= {"PEN-7", "PRO-2019"}
    assert untold is None


@on_sqlite
def test_an_annual_report_has_one_day_and_who_reports_decides_which(chain):
    rows = changed(
        real_rows("disclosure-statistics-2018", 0, 2),
        publisher_name=chain.who.agency.name.zh,
        report_year="2025",
        data_year="2025",
        template="T2021",
    )
    chain.register("s", "disclosure-statistics", "2025")

    told = chain.publish("s", csv_of(rows))["timeliness"]

    assert [each["rule"] for each in told["rules"]] == ["AR-DEPT"]
    assert (told["whole"]["due"], told["whole"]["late_by"]) == ("2026-01-31", 17)


def test_what_was_transcribed_is_not_judged(library):
    assert library.release("budgets-2018", 1)["timeliness"] is None
