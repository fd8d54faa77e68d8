"""Deadlines: which rule holds on a day, the day that follows from it, and who is late."""

from datetime import date

import pytest

from opendata.domain.contracts import DeadlineChoice
from opendata.domain.deadlines import (
    FAMILIES,
    RULES,
    LocalRule,
    NoSuchRule,
    Severity,
    Trigger,
    Unit,
    deadlines,
    due,
    find_loosened,
    is_late,
    late_by,
    rule_on,
)
from opendata.stages.holidays import announced
from opendata.stages.rules import Rules
from tests.domain.made import contract

CALENDAR = announced()
# The law's own rows: term, and the words its basis is found by.
LAW = {
    "PRO-2008": ("wd", 20, "第十八条"),
    "PRO-2019": ("wd", 20, "第二十六条"),
    "PRO-GY": ("wd", 10, "固原市"),
    "SVC-BY": ("wd", 1, "巴彦淖尔市"),
    "INT-GY": ("wd", 3, "固原市"),
    "COORD-GY": ("wd", 10, "固原市"),
    "REQ-2008": ("wd", 15, "第二十四条"),
    "REQ-2008-EXT": ("wd", 15, "第二十四条"),
    "REQ-2019": ("wd", 20, "第三十三条"),
    "REQ-2019-EXT": ("wd", 20, "第三十三条"),
    "REQ-RECV": ("wd", None, "第三十一条"),
    "REQ-CORR": ("wd", 7, "第三十条"),
    "REQ-3P": ("wd", 15, "第三十二条"),
    "REQ-JOINT": ("wd", 15, "第三十四条"),
    "REQ-SUSP": ("wd", None, "固原市"),
    "FEE-NOTICE": ("wd", 20, "109号"),
    "FEE-PAY": ("cd", 30, "109号"),
    "AR-2008": ("date", None, "第三十一条"),
    "AR-DEPT": ("date", None, "第四十九条"),
    "AR-GOV": ("date", None, "第四十九条"),
    "AR-GY": ("date", None, "固原市"),
    "RECT-GY": ("cd", 7, "固原市"),
    "BUD-GOV": ("cd", 20, "第十四条第一款"),
    "BUD-DEPT": ("cd", 20, "第十四条第二款"),
    "BUD-UNIT": ("cd", 20, "第六条"),
    "BUD-APPR-DEPT": ("cd", 20, "第五十二条"),
    "BUD-APPR-UNIT": ("cd", 15, "第五十二条"),
    "BUD-DEPT-LAST": ("cd", 40, "第五十二条"),
    "BUD-UNIT-LAST": ("cd", 55, "第五十二条"),
    "PRJ-20": ("wd", 20, "94号"),
    "PRJ-7": ("wd", 7, "424号"),
    "PRJ-HZ": ("wd", 20, "第九条"),
    "PEN-7": ("wd", 7, "424号"),
    "PEN-SAMR-A": ("wd", 20, "第45号"),
    "PEN-SAMR-B": ("wd", 10, "第45号"),
    "PEN-SAMR-B-IN": ("wd", 10, "第45号"),
    "PEN-ENT": ("wd", 20, "第六条"),
    "PEN-WD": ("wd", 3, "第四十八条"),
    "PEN-FINE": ("cd", 15, "第六十七条"),
    "PEN-DECISION": ("cd", 90, "第六十条"),
    "LIC-DECISION": ("wd", 20, "第八十二条"),
    "LIC-CORR": ("wd", 5, "第八十二条"),
    "LIC-FILE": ("wd", 10, "第八十二条"),
}


def day(text):
    return date.fromisoformat(text)


def ends(name, trigger, *local, **more):
    return due(rule_on(name, day(trigger)), day(trigger), CALENDAR, local, **more)


@pytest.mark.parametrize("name", LAW)
def test_every_rule_has_the_term_and_the_basis_that_the_law_gives_it(name):
    unit, count, basis = LAW[name]
    rule = RULES[name]

    assert (rule.unit, rule.count) == (unit, count)
    assert basis in rule.basis
    assert all(rule.title)
    assert all(rule.term)


def test_the_windows_of_penalties_are_the_other_rules_and_none_is_missing():
    windows = {name for name in RULES if name.startswith("PEN-WINDOW")}

    assert RULES.keys() - LAW.keys() == windows
    assert {RULES[name].unit for name in windows} == {Unit.MONTHS}


def test_only_what_stays_public_too_long_is_an_error_lateness_never_is():
    errors = {each.id for each in RULES.values() if each.severity is Severity.ERROR}

    assert errors == {"PEN-WD", *(name for name in RULES if name.startswith("PEN-WINDOW"))}


@pytest.mark.parametrize(
    ("asked", "trigger", "found"),
    [
        ("PRO", "2019-05-14", "PRO-2008"),
        ("PRO", "2019-05-15", "PRO-2019"),
        ("REQ", "2008-05-01", "REQ-2008"),
        ("REQ-2019", "2019-01-16", "REQ-2008"),  # a rule stands for its family
        ("REQ-EXT", "2020-01-02", "REQ-2019-EXT"),
        ("AR-DEPT", "2018-12-31", "AR-2008"),
        ("AR-GOV", "2018-12-31", "AR-2008"),
        ("AR-2008", "2017-12-31", "AR-2008"),
        ("AR-DEPT", "2019-12-31", "AR-DEPT"),
        ("PEN-WINDOW", "2023-04-30", "PEN-WINDOW-2019"),
        ("PEN-WINDOW", "2024-01-01", "PEN-WINDOW-2023"),
        ("PEN-WINDOW", "2026-04-01", "PEN-WINDOW-2026"),
    ],
)
def test_the_day_chooses_between_the_rules_of_2008_and_those_of_2019(asked, trigger, found):
    assert rule_on(asked, day(trigger)).id == found


@pytest.mark.parametrize(
    ("asked", "trigger"),
    [
        ("NONE", "2026-01-01"),
        ("REQ", "2008-04-30"),  # there was no right to ask
        ("REQ-CORR", "2019-05-14"),
        ("AR-2008", "2019-12-31"),  # whether of a department or of a government, it does not say
    ],
)
def test_a_rule_that_does_not_exist_or_was_not_in_force_is_refused(asked, trigger):
    with pytest.raises(NoSuchRule):
        rule_on(asked, day(trigger))


def test_no_two_rules_of_a_family_are_in_force_on_one_day():
    first, last = date(2008, 5, 1), date(2027, 1, 1)
    for family, rules in FAMILIES.items():
        for at in (first, last, *(each.since for each in rules if each.since)):
            assert sum(each.is_in_force(at) for each in rules) <= 1, (family, at)


@pytest.mark.parametrize(
    ("name", "trigger", "last", "rolled"),
    [
        ("BUD-GOV", "2020-01-17", "2020-02-06", "2020-02-06"),
        ("BUD-GOV", "2026-01-27", "2026-02-16", "2026-02-24"),  # Spring Festival
        ("BUD-GOV", "2025-09-15", "2025-10-05", "2025-10-09"),  # National Day
        ("RECT-GY", "2026-02-13", "2026-02-20", "2026-02-24"),
        ("PEN-WD", "2026-09-18", "2026-09-22", "2026-09-22"),  # working days end on one
        ("PEN-WINDOW-SAMR-MINOR", "2026-11-30", "2027-02-28", "2027-02-28"),
        ("AR-DEPT", "2025-12-31", "2026-01-31", "2026-01-31"),
        ("AR-GOV", "2018-12-31", "2019-03-31", "2019-03-31"),
        ("AR-DEPT", "2017-06-01", "2018-03-31", "2018-03-31"),
        ("AR-GY", "2018-12-31", "2018-12-20", "2018-12-20"),
        ("REQ", "2019-01-28", "2019-02-21", "2019-02-21"),
    ],
)
def test_terms_end_on_the_day_that_their_unit_gives(name, trigger, last, rolled):
    found = ends(name, trigger)

    assert (found.day, found.rolled, found.earliest) == (day(last), day(rolled), day(rolled))
    assert not found.is_indeterminate


@pytest.mark.parametrize(
    ("year", "rolled"), [(2021, "02-01"), (2022, "02-07"), (2025, "02-05"), (2026, "02-02")]
)
def test_a_named_day_that_is_a_day_off_moves_only_where_the_operator_says_so(year, rolled):
    strict = ends("AR-DEPT", f"{year - 1}-12-31")
    moved = ends("AR-DEPT", f"{year - 1}-12-31", roll_dates=True)

    assert strict.day == strict.rolled == moved.day == date(year, 1, 31)
    assert moved.rolled == day(f"{year}-{rolled}")


def test_a_term_into_a_year_not_announced_is_indeterminate_and_still_nobody_is_late_too_early():
    found = ends("PRO", "2026-12-15")

    assert (found.day, found.rolled, found.is_indeterminate) == (None, None, True)
    # Twelve days are left of 2026, and eight more at least follow in 2027.
    assert found.earliest == date(2027, 1, 8)
    assert (is_late(found, date(2027, 1, 8)), is_late(found, date(2027, 1, 9))) == (False, None)
    assert late_by(found, date(2026, 12, 31), CALENDAR) == 0
    assert late_by(found, date(2027, 2, 1), CALENDAR) is None


def test_a_day_on_which_calendar_days_end_may_be_known_and_the_one_that_counts_not_yet():
    found = ends("BUD-GOV", "2026-12-12")

    assert (found.day, found.rolled, found.is_indeterminate) == (date(2027, 1, 1), None, True)
    assert is_late(found, date(2027, 1, 1)) is False


def test_a_rule_without_a_number_has_no_day_and_is_not_indeterminate():
    found = ends("REQ-RECV", "2026-03-02")

    assert (found.day, found.is_indeterminate, is_late(found, date(2026, 3, 3))) == (
        None,
        False,
        None,
    )


def test_a_day_that_stands_for_an_unknown_one_breaks_nothing():
    for name in ("PRO", "BUD-GOV", "AR-GOV", "PEN-WINDOW"):
        assert ends(name, "9999-12-31").is_indeterminate


@pytest.mark.parametrize(
    ("done", "late"),
    [
        ("2026-09-22", 0),
        ("2026-09-23", 1),
        ("2026-09-25", 3),  # a holiday counts with the working day after it
        ("2026-09-28", 3),
        ("2026-10-10", 8),  # a Saturday worked in exchange
    ],
)
def test_lateness_is_told_in_working_days_and_is_never_nothing(done, late):
    found = ends("INT-GY", "2026-09-18")

    assert found.day == date(2026, 9, 22)
    assert late_by(found, day(done), CALENDAR) == late
    assert is_late(found, day(done)) is (late > 0)


def test_what_is_late_is_known_to_be_even_where_nobody_can_count_by_how_much():
    found = ends("INT-GY", "2026-12-25")

    assert is_late(found, date(2027, 3, 1)) is True
    assert late_by(found, date(2027, 3, 1), CALENDAR) is None


def shorter(count, **more):
    given = {"rule": "PRO", "agency": None, "region": None, "basis": "本地承诺", **more}
    return LocalRule(count=count, **given)


def test_the_stricter_local_rule_wins_and_never_a_laxer_one():
    rules = shorter(15), shorter(10, basis="更短"), shorter(12, rule="PRO-2019"), shorter(30)

    found = ends("PRO", "2026-09-01", *rules)

    assert (found.count, found.local.basis) == (10, "更短")
    assert found.day == ends("PRO-GY", "2026-09-01").day
    assert found.term.zh.endswith("10 个工作日内")


def test_a_local_rule_holds_from_its_day_to_its_day():
    rule = shorter(5, since=date(2026, 1, 1), until=date(2026, 6, 30))

    counts = [ends("PRO", when, rule).count for when in ("2025-12-31", "2026-06-30", "2026-07-01")]
    assert counts == [20, 5, 20]


@pytest.mark.parametrize(
    ("local", "loosened"),
    [
        (shorter(20), None),
        (shorter(21), "PRO-2008"),
        (shorter(18, rule="REQ"), "REQ-2008"),  # those had fifteen
        (shorter(18, rule="REQ", since=date(2019, 5, 15)), None),
        (shorter(3, rule="AR-DEPT"), "AR-2008"),  # a day is not tightened by a count
        (shorter(8, rule="REQ-CORR"), "REQ-CORR"),
    ],
)
def test_a_local_rule_that_would_lengthen_a_term_is_found(local, loosened):
    found = find_loosened(local)

    assert (found and found.id) == loosened


@pytest.mark.parametrize(
    ("agency", "region", "holds"),
    [("a", "450300", True), ("b", "450300", False), ("a", "640400", False), ("a", None, False)],
)
def test_a_local_rule_binds_its_agency_in_its_region(agency, region, holds):
    assert shorter(5, agency="a", region="45").holds_for(agency, region) is holds


def test_weekends_worked_in_exchange_are_working_days():
    for text in ("2018-12-29", "2020-09-27", "2025-10-11", "2026-09-20", "2026-10-10"):
        assert day(text).weekday() >= 5
        assert CALENDAR(day(text)) is True


REPORTS = contract(
    deadline_rules=(
        DeadlineChoice("AR-DEPT", "year", {"kind": ("fine",)}),
        DeadlineChoice("PEN-7", "decided", {}),
    )
)


@pytest.mark.parametrize(
    ("period", "told"),
    [
        ("2025", [("AR-DEPT", date(2026, 1, 31)), ("PEN-7", None)]),
        ("2018", [("AR-2008", date(2019, 3, 31)), ("PEN-7", None)]),
        ("2006", [("PEN-7", None)]),  # there was no report yet
    ],
)
def test_a_datasets_registration_tells_the_days_that_follow_from_its_year(period, told):
    found = deadlines(REPORTS, period, date(2026, 3, 2), Rules().due)

    assert [(each.rule.id, each.due and each.due.day) for each in found] == told


def test_the_records_tell_the_earliest_and_the_latest_day_by_every_rule_that_was_in_force():
    reports = [Trigger(date(2018, 12, 31), 2), Trigger(date(2025, 12, 31), 1)]
    decided = [
        Trigger(date(2026, 2, 13), 3),
        Trigger(date(2026, 2, 2), 1),
        Trigger(None, 4),
        Trigger(date(2029, 12, 31), 5),  # nobody has announced the holidays of the year after
    ]
    found = deadlines(
        REPORTS, "rolling", date(2026, 3, 2), Rules().due, ((reports, decided), ((), ()))
    )

    assert [
        (each.rule.id, each.due.day, each.last.day, each.records, each.indeterminate)
        for each in found
    ] == [
        ("AR-2008", date(2019, 3, 31), date(2019, 3, 31), 2, 0),
        ("AR-DEPT", date(2026, 1, 31), date(2026, 1, 31), 1, 0),
        ("PEN-7", date(2026, 2, 11), date(2026, 3, 2), 13, 9),
    ]


def test_what_no_record_tells_runs_from_what_was_recorded_for_them_all():
    approved = contract(deadline_rules=(DeadlineChoice("BUD-DEPT", None, {}),))
    days = (date(2026, 1, 20), date(2026, 2, 3))

    def told(triggers, begun):
        known = None if triggers is None else (triggers,)
        today = date(2026, 3, 2)
        (found,) = deadlines(approved, "2026", today, Rules().due, (known, (begun,)))
        ends = (found.due and found.due.day, found.last and found.last.day)
        return *ends, found.records, found.indeterminate

    first, last = date(2026, 2, 9), date(2026, 2, 23)
    assert told([Trigger(None, 7)], days) == (first, last, 7, 0)
    assert told(None, days) == (first, last, None, None)
    assert told([Trigger(None, 7)], ()) == (None, None, 7, 7)
    assert told([], ()) == (None, None, 0, 0)


def test_days_that_nobody_can_tell_are_told_as_such():
    rolling = contract(deadline_rules=(DeadlineChoice("PEN-7", "decided", {}),))
    known = (([Trigger(date(2029, 12, 31), 5)],), ())
    (found,) = deadlines(rolling, "rolling", date(2026, 3, 2), Rules().due, known)

    assert (found.due.is_indeterminate, found.due.day, found.indeterminate) == (True, None, 5)


def test_a_collection_that_names_no_rule_is_due_by_the_general_one():
    (found,) = deadlines(contract(), "2025", date(2026, 3, 2), Rules().due)

    assert (found.rule.id, found.due, found.choice.where) == ("PRO-2019", None, {})
