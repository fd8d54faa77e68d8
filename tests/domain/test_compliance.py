"""Where the cases of obligations stand: by day, by word, by release; and what may be recorded."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.compliance import (
    Facts,
    Frequency,
    Grouping,
    Kind,
    NothingToAnnul,
    Obligation,
    Occasion,
    OccasionTooLate,
    Rate,
    Release,
    Status,
    Terms,
    Word,
    after_the_end,
    cases,
    check_may_follow,
    check_not_put_off,
    count,
    early_faults,
    figures,
    grouped,
    is_case,
    occasion_faults,
    since,
    standing,
    word_faults,
)
from opendata.domain.compliance.listing import CASES, rows
from opendata.domain.compliance.model import WITHHELD
from opendata.domain.compliance.periods import period_named, periods
from opendata.domain.compliance.words import is_https
from opendata.domain.deadlines import due, is_late, late_by, rule_on
from opendata.domain.working_days import Calendar

# Of 2027 nothing is announced.
WEEKDAYS = Calendar.of(date(2008, 1, 1), date(2026, 12, 31), lambda day: day.weekday() < 5)
TODAY = date(2026, 3, 2)
ANNUAL = Obligation(
    id="a",
    agency="town",
    publisher="某镇人民政府",
    code="01-001",
    field="财政",
    item="预决算",
    subitem="",
    region="450321",
    frequency=Frequency.ANNUAL,
    rule=None,
    collection="budgets",
    since=date(2024, 6, 1),
)
AD_HOC = replace(ANNUAL, id="h", code="02-001", frequency=Frequency.AD_HOC, collection=None)
NAMED = "a"
DOCUMENT = Word(Kind.DOCUMENT, date(2026, 1, 20), url="https://www.example.gov.cn/1")
EXEMPTION = Word(Kind.EXEMPTION, basis="《政府信息公开条例》第十五条", reason="涉及商业秘密")
ANNULMENT = Word(Kind.ANNULMENT, reason="误记")
UNTOLD = ("publisher_name", "obligation_code", "field", "level1_item", "region_code")


def terms(calendar=WEEKDAYS, local=()):
    def due_of(rule, trigger, _agency, _region):
        return due(rule_on(rule, trigger), trigger, calendar, local)

    return Terms(lambda _region: calendar, due_of)


def told(facts, on=TODAY):
    return {each.occasion: (each.status.value, each.late_by) for each in cases(facts, on, terms())}


def test_a_period_is_owed_once_it_begins_and_due_from_its_last_day():
    """Twenty weekdays after 31 December 2025 end on 28 January 2026, after 2024 on the 28th."""
    facts = Facts([ANNUAL])

    assert told(facts, date(2024, 5, 31)) == {"2024": ("due", None)}
    assert told(facts, date(2025, 1, 28)) == {"2024": ("due", None), "2025": ("due", None)}
    assert told(facts, date(2025, 1, 29))["2024"] == ("overdue", 1)
    assert told(facts, date(2026, 1, 30))["2025"] == ("overdue", 2)
    assert periods(Frequency.ANNUAL, date(1990, 1, 1), None, TODAY)[0].name == "2008"


def test_what_ends_before_a_period_does_is_not_owed_for_it():
    ended = replace(ANNUAL, until=date(2025, 12, 30))

    assert list(told(Facts([ended]))) == ["2024"]


@pytest.mark.parametrize(
    ("frequency", "name", "last"),
    [
        (Frequency.ANNUAL, "2025", date(2025, 12, 31)),
        (Frequency.SEMIANNUAL, "2025H1", date(2025, 6, 30)),
        (Frequency.QUARTERLY, "2025Q4", date(2025, 12, 31)),
        (Frequency.MONTHLY, "2024-02", date(2024, 2, 29)),
        (Frequency.MONTHLY, "2024-13", None),
        (Frequency.QUARTERLY, "2025Q5", None),
        (Frequency.ANNUAL, "9999", None),
        (Frequency.ANNUAL, "２０２５", None),
        (Frequency.AD_HOC, "2025", None),
    ],
)
def test_periods_have_names(frequency, name, last):
    found = period_named(frequency, name)

    assert (found and found.last) == last


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ("overdue", 23)),
        ([DOCUMENT], ("on_time", 0)),
        ([replace(DOCUMENT, on=date(2026, 1, 29))], ("late", 1)),
        # A Saturday counts with the Monday after it: what is late is late by something.
        ([replace(DOCUMENT, on=date(2026, 1, 31))], ("late", 3)),
        ([replace(DOCUMENT, on=date(2025, 6, 1))], ("on_time", 0)),
        ([EXEMPTION], ("exempt", None)),
        ([EXEMPTION, ANNULMENT], ("overdue", 23)),
        ([DOCUMENT, EXEMPTION, ANNULMENT], ("on_time", 0)),
        ([EXEMPTION, DOCUMENT], ("on_time", 0)),
        ([DOCUMENT, EXEMPTION], ("exempt", None)),
    ],
)
def test_the_last_word_counts_that_nobody_took_back(words, expected):
    assert told(Facts([ANNUAL], words={NAMED: {"2025": words}}))["2025"] == expected


def test_an_obligation_is_met_by_the_first_release_of_its_own_dataset():
    first = {("town", "budgets", "2025"): Release("b-2025", 1, date(2026, 2, 2))}

    assert told(Facts([ANNUAL], first=first))["2025"] == ("late", 3)
    assert told(Facts([ANNUAL], words={NAMED: {"2025": [DOCUMENT]}}, first=first))["2025"] == (
        "on_time",
        0,
    )
    # What is transcribed of others is not met by the transcriber's own data.
    assert told(Facts([replace(ANNUAL, is_own=False)], first=first))["2025"] == ("overdue", 23)


def test_as_it_happens_only_a_dataset_meets_it_that_came_after_the_trigger():
    duty = replace(AD_HOC, collection="budgets")
    happened = [Occasion(name, "", "PRO", date(2026, 2, 2)) for name in ("2025", "rolling")]

    def met(on):
        first = {("town", "budgets", each.name): Release("d", 1, on) for each in happened}
        return told(Facts([duty], {"h": happened}, first=first))

    assert met(date(2026, 2, 1)) == {"2025": ("due", None), "rolling": ("due", None)}
    assert met(date(2026, 2, 2)) == {"2025": ("on_time", 0), "rolling": ("due", None)}
    # Nor is a quarterly duty met by the year's dataset.
    quarterly = replace(ANNUAL, frequency=Frequency.QUARTERLY, since=date(2026, 1, 1))
    first = {("town", "budgets", "2026"): Release("d", 1, date(2026, 2, 2))}
    named = {NAMED: [Occasion("2026", "", "PRO", date(2026, 2, 2))]}
    assert told(Facts([quarterly], named, first=first))["2026"] == ("due", None)


def test_by_itself_nothing_is_met_before_it_is_owed_and_a_later_release_still_counts():
    """Neither before a budget's approval, nor before a period begins that nobody spoke of."""
    approved = {NAMED: [Occasion("2025", "", "BUD-DEPT", date(2026, 1, 15))]}
    key = ("town", "budgets", "2025")

    def met(days, occasions, on=TODAY):
        one, *more = (Release("b", at, day) for at, day in enumerate(days, 1))
        facts = Facts([ANNUAL], occasions, first={key: one}, later={key: more})
        [found] = [each for each in cases(facts, on, terms()) if each.occasion == "2025"]
        return found.status.value, found.met and found.met.release

    early = date(2026, 1, 5)
    assert met([early], approved, date(2026, 1, 16)) == ("due", None)
    assert met([early], approved) == ("overdue", None)
    assert met([early, date(2026, 1, 14), date(2026, 1, 15), TODAY], approved) == ("on_time", 3)
    assert met([early, TODAY], approved) == ("late", 2)
    # Without an approval the period itself is owed, from its first day on.
    assert met([early], {}) == ("on_time", 1)
    assert met([date(2024, 12, 31)], {}) == ("overdue", None)
    assert met([date(2024, 12, 31), date(2025, 1, 1)], {}) == ("on_time", 2)
    # Where the term runs from the period's end, an occasion does not put that off.
    ended = {NAMED: [Occasion("2025", "", "PRO", date(2025, 12, 31))]}
    assert met([date(2025, 6, 1)], ended) == ("on_time", 1)


@pytest.mark.parametrize(
    ("recorded", "on", "pointers"),
    [
        ([], date(2024, 12, 31), ["/fulfilled_on"]),
        ([], date(2025, 1, 1), []),
        ([Occasion("2025", "", "BUD-DEPT", date(2025, 1, 17))], date(2025, 1, 16),
         ["/fulfilled_on"]),
        ([Occasion("2025", "", "BUD-DEPT", date(2025, 1, 17))], date(2025, 1, 17), []),
        ([Occasion("2025", "", "PRO", date(2025, 12, 1))], date(2025, 1, 1), []),
    ],
)  # fmt: skip
def test_nothing_is_met_before_it_is_owed(recorded, on, pointers):
    faults = early_faults(replace(DOCUMENT, on=on), since(ANNUAL, "2025", recorded))

    assert [each.pointer for each in faults] == pointers


def test_a_word_from_before_the_occasion_that_was_recorded_after_it_meets_nothing():
    """Else a budget's approval could be recorded after a document from before it."""
    approved = {NAMED: [Occasion("2025", "", "BUD-DEPT", date(2026, 1, 15))]}

    def met(word, occasions, **more):
        facts = Facts([ANNUAL], occasions, words={NAMED: {"2025": [word]}}, **more)
        return told(facts)["2025"]

    early, first_day = (replace(DOCUMENT, on=date(2026, 1, day)) for day in (14, 15))
    released = Word(Kind.RELEASE, date(2026, 1, 14), "b", 1)
    public = {("b", 1): date(2026, 1, 14)}
    assert (met(early, {}), met(released, {}, public=public)) == (("on_time", 0), ("on_time", 0))
    assert met(early, approved)[0] == met(released, approved, public=public)[0] == "overdue"
    assert (met(first_day, approved), met(EXEMPTION, approved)) == (
        ("on_time", 0),
        ("exempt", None),
    )
    # What it does not meet, a later release by itself does.
    first = {("town", "budgets", "2025"): Release("b", 2, date(2026, 1, 16))}
    assert met(early, approved, first=first) == ("on_time", 0)


def test_what_runs_from_a_periods_end_cannot_be_put_off():
    late = Occasion("2025", "", "PRO-2019", date(2026, 1, 1))

    assert [each.pointer for each in after_the_end(late, ANNUAL)] == ["/trigger_date"]
    assert after_the_end(replace(late, trigger=date(2025, 12, 31)), ANNUAL) == ()
    assert after_the_end(replace(late, rule="BUD-DEPT"), ANNUAL) == ()
    assert after_the_end(replace(late, name="某文"), ANNUAL) == ()


def test_a_term_that_has_ended_is_not_begun_anew():
    known_terms = terms()
    old, later, earlier = (
        known_terms.term("BUD-DEPT", trigger, "town", None)
        for trigger in (date(2025, 12, 31), date(2026, 2, 2), date(2025, 12, 1))
    )
    check_not_put_off(old, later, date(2026, 1, 20))
    check_not_put_off(old, earlier, date(2026, 3, 2))
    with pytest.raises(OccasionTooLate) as refused:
        check_not_put_off(old, later, date(2026, 1, 21))
    assert [each.pointer for each in refused.value.faults] == ["/trigger_date"]


def test_terms_follow_where_the_agency_is_not_what_its_catalogue_says():
    duty = replace(ANNUAL, region="150000", seat="450321")

    assert (duty.place, replace(duty, seat=None).place) == ("450321", "150000")


def test_a_hidden_catalogues_item_counts_as_it_did_and_none_of_its_texts_is_told():
    secret = replace(ANNUAL, publisher="密", code="密", field="密", item="密", subitem="密")
    recorded = {NAMED: [Occasion("2025", "密", "BUD-GOV", date(2025, 1, 10))]}
    for seat in (None, "150000"):
        open_cases, untold = (
            cases(Facts([each], recorded), TODAY, terms())
            for each in (replace(secret, seat=seat), replace(secret, seat=seat).withheld())
        )

        def numbers(found):
            return [(each.occasion, each.term.day, each.status, each.late_by) for each in found]

        assert numbers(untold) == numbers(open_cases)
        assert {each.obligation.place for each in untold} == {seat or "450321"}
        for each in map(dict, rows(untold)):
            assert not [value for value in each.values() if value in {"密", "450321"}]
            assert {each[name] for name in UNTOLD} == {WITHHELD}
    for by in (Grouping.FIELD, Grouping.PUBLISHER, Grouping.REGION):
        assert list(grouped(untold, by)) == [WITHHELD]


def test_a_release_that_is_not_public_meets_nothing():
    word = Word(Kind.RELEASE, date(2026, 1, 20), "b-2025", 2)
    facts = Facts([ANNUAL], words={NAMED: {"2025": [word]}})

    assert told(facts)["2025"] == ("overdue", 23)
    public = replace(facts, public={("b-2025", 2): date(2026, 1, 20)})
    assert told(public)["2025"] == ("on_time", 0)


def test_an_occasion_begins_a_term_of_its_own_also_for_a_period():
    approved = Occasion("2025", "预算获批", "BUD-GOV", date(2025, 1, 10))
    facts = Facts([ANNUAL], {NAMED: [approved]})
    [_, found, _] = cases(facts, TODAY, terms())

    assert (found.term.rule, found.term.day, found.is_recorded) == (
        "BUD-GOV",
        date(2025, 1, 30),
        True,
    )
    single = Occasion("某文〔2026〕3号", "某事", "PEN-7", date(2026, 2, 2))
    [found] = cases(Facts([AD_HOC], {"h": [single]}), TODAY, terms())
    assert (found.period, found.year, found.status) == ("2026-02", 2026, Status.OVERDUE)
    assert count(facts, TODAY) == {"town": 4}


def test_a_day_that_nobody_can_know_is_told_as_such():
    late = Occasion("某文", "", "PRO", date(2026, 12, 15))
    facts = Facts([AD_HOC], {"h": [late]})

    assert told(facts, date(2026, 12, 20)) == {"某文": ("indeterminate", None)}
    assert told(facts, late.trigger) == {"某文": ("due", None)}
    met = replace(facts, words={"h": {"某文": [replace(DOCUMENT, on=date(2026, 12, 20))]}})
    # Whatever is announced, five days were not too many.
    assert told(met, date(2026, 12, 21)) == {"某文": ("on_time", 0)}


def test_a_rule_that_was_not_in_force_leaves_the_general_one_and_no_rule_leaves_it_open():
    old = Occasion("旧", "", "AR-DEPT-NONE", date(2010, 1, 4))
    older = Occasion("更旧", "", "PRO", date(2007, 1, 4))
    found = cases(Facts([AD_HOC], {"h": [old, older]}), TODAY, terms())

    assert [(each.term.rule, each.status.value) for each in found] == [
        ("PRO-2008", "overdue"),
        ("", "indeterminate"),
    ]


def test_rates_have_what_they_are_made_of():
    first = {
        ("town", "budgets", "2024"): Release("b-2024", 1, date(2025, 1, 2)),
        ("town", "budgets", "2025"): Release("b-2025", 1, date(2026, 2, 2)),
    }
    other = replace(ANNUAL, id="b", agency="city", field="教育", since=date(2025, 6, 1))
    found = cases(Facts([ANNUAL, other], first=first), TODAY, terms())
    whole = figures(found)

    assert {each: number for each, number in whole.counts.items() if number} == {
        Status.ON_TIME: 1,
        Status.LATE: 1,
        Status.OVERDUE: 1,
        Status.DUE: 2,
    }
    assert (whole.cases, whole.rate(Rate.ON_TIME)) == (5, Decimal("0.3333"))
    assert whole.rate(Rate.DISCLOSED) == Decimal("0.6667")
    by_agency = grouped(found, Grouping.AGENCY)
    assert [(name, each.cases) for name, each in by_agency.items()] == [("city", 2), ("town", 3)]
    for by in Grouping:
        assert sum(each.cases for each in grouped(found, by).values()) == 5
    assert figures([]).rate(Rate.ON_TIME) is None


def test_every_column_of_the_list_has_a_value_or_none():
    facts = Facts([ANNUAL], words={NAMED: {"2025": [DOCUMENT]}})
    told_rows = rows(cases(facts, TODAY, terms()))

    assert all(set(each) == {field.name for field in CASES.fields} for each in told_rows)
    for each in CASES.fields:
        assert not each.required or all(row[each.name] is not None for row in told_rows)


@pytest.mark.parametrize(
    ("word", "pointers"),
    [
        (DOCUMENT, []),
        (EXEMPTION, []),
        (ANNULMENT, []),
        (Word(Kind.RELEASE, dataset="b", release=1), []),
        (Word(Kind.RELEASE, dataset="b"), ["/release"]),
        (replace(DOCUMENT, dataset="b", release=1), ["/dataset", "/release"]),
        (Word(Kind.DOCUMENT), ["/url", "/fulfilled_on"]),
        (replace(DOCUMENT, on=date(2026, 3, 3)), ["/fulfilled_on"]),
        (replace(DOCUMENT, on=date(2008, 4, 30)), ["/fulfilled_on"]),
        (replace(EXEMPTION, basis=" "), ["/basis"]),
        (replace(EXEMPTION, reason=""), ["/reason"]),
        (replace(EXEMPTION, url="https://a.b", on=TODAY), ["/url", "/fulfilled_on"]),
        (Word(Kind.ANNULMENT), ["/reason"]),
    ],
)
def test_each_kind_of_word_has_what_it_needs_and_nothing_else(word, pointers):
    assert [each.pointer for each in word_faults(word, TODAY)] == pointers


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://www.example.gov.cn/xxgk/1.html?a=1#b", True),
        ("https://[2001:db8::1]/x", True),
        ("https://例子.中国/公开", True),
        ("http://www.example.gov.cn/", False),
        ("https://", False),
        ("https:///x", False),
        ("https://user:pw@www.example.gov.cn/", False),
        ("https://www.example.gov.cn:99999/", False),
        ("https://[::1/", False),
        ("https://www.example.gov.cn/a b", False),
        ("https://www.example.gov.cn/\u202egpj.exe", False),
        ("javascript:alert(1)", False),
        ("https://localhost/", False),
        ("https://www.example.gov.cn/" + "x" * 2000, False),
    ],
)
def test_a_link_is_an_https_address(url, fine):
    assert is_https(url) is fine


@pytest.mark.parametrize(
    ("occasion", "pointers"),
    [
        (Occasion("某文〔2026〕3 号", "", "PRO", TODAY), []),
        (Occasion("", "", "PRO", TODAY), ["/occasion"]),
        (Occasion(" 某文", "", "PRO", TODAY), ["/occasion"]),
        (Occasion("某\n文", "", "PRO", TODAY), ["/occasion"]),
        (Occasion("x" * 101, "", "PRO", TODAY), ["/occasion"]),
        (Occasion("某文", "", "PRO", date(2026, 3, 3)), ["/trigger_date"]),
        (Occasion("某文", "", "PRO", date(2024, 5, 31)), ["/trigger_date"]),
    ],
)
def test_an_occasion_has_a_name_and_a_day_while_the_obligation_is_in_force(occasion, pointers):
    assert [each.pointer for each in occasion_faults(occasion, AD_HOC, TODAY)] == pointers


def test_only_what_is_said_can_be_taken_back():
    assert standing([DOCUMENT, ANNULMENT, ANNULMENT]) is None
    check_may_follow(ANNULMENT, [DOCUMENT])
    for words in ([], [DOCUMENT, ANNULMENT]):
        with pytest.raises(NothingToAnnul):
            check_may_follow(ANNULMENT, words)


def test_a_case_is_what_was_recorded_or_a_period_that_has_begun():
    assert is_case(ANNUAL, [], "2026", TODAY)
    assert not is_case(ANNUAL, [], "2027", TODAY)
    assert not is_case(ANNUAL, [], "2023", TODAY)
    assert is_case(AD_HOC, ["某文"], "某文", TODAY)
    assert not is_case(AD_HOC, [], "2026", TODAY)


NAMES = ("2025", "2025H2", "2025Q4", "2026Q1", "2026-01", "某文")
RELEASED = Word(Kind.RELEASE, date(2026, 1, 5), "r", 1)
HIDDEN = replace(RELEASED, dataset="hidden")


def known(chance, on):
    """Return facts about many obligations, said by chance."""

    def day():
        return min(on, date(2025, 6, 1) + timedelta(days=chance.randrange(580)))

    def words():
        document = replace(DOCUMENT, on=day())
        kinds = (document, document, RELEASED, HIDDEN, EXEMPTION, ANNULMENT)
        return chance.choices(kinds, k=chance.randrange(4))

    owed = [
        replace(
            ANNUAL,
            id=str(at),
            frequency=chance.choice(list(Frequency)),
            rule=chance.choice([None, "PRO", "PEN-7", "BUD-GOV", "AR-GOV"]),
            since=date(2025, 7, 1) + timedelta(days=chance.randrange(180)),
            until=chance.choice([None, date(2026, 1, 31)]),
            collection=chance.choice([None, "budgets"]),
            is_own=chance.random() < 0.8,
        )
        for at in range(40)
    ]
    named = [each.id for each in owed]
    occasions = {
        each: [Occasion(name, "", "PRO", day()) for name in chance.sample(NAMES, k=1)]
        for each in named
        if chance.random() < 0.5
    }
    said = {each: {name: words() for name in NAMES} for each in named if chance.random() < 0.6}
    first, later = {}, {}
    for name in chance.sample(NAMES, 3):
        one, *more = sorted(day() for _ in range(chance.randrange(1, 4)))
        first["town", "budgets", name] = Release("d", 1, one)
        later["town", "budgets", name] = [Release("d", 2, each) for each in more]
    return Facts(owed, occasions, said, first, {("r", 1): date(2026, 1, 5)}, later)


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32), ahead=st.integers(0, 364))
def test_whatever_is_known_the_fast_way_tells_what_the_slow_one_does(seed, ahead):
    on = date(2026, 1, 1) + timedelta(days=ahead)
    # Nothing here is secret.
    facts = known(random.Random(seed), on)  # noqa: S311 - see above.
    fast = {
        (each.obligation.id, each.occasion): (each.status.value, each.late_by, each.term.day)
        for each in cases(facts, on, terms())
    }

    assert fast == dict(slowly(facts, on))


def slowly(facts, on):
    """Work out one case after the other, each as if it were the only one."""
    for own in facts.obligations:
        triggers = {}
        # A period is owed whose last day comes while the obligation is in force.
        for ahead in range((date(2027, 1, 1) - own.since).days):
            day = own.since + timedelta(days=ahead)
            name = name_of(own.frequency, day)
            is_last = name is not None and name != name_of(own.frequency, day + timedelta(days=1))
            has_begun = day <= on or name == name_of(own.frequency, on)
            if is_last and has_begun and (own.until is None or day <= own.until):
                triggers[name] = (own.rule or "PRO", day)
        for each in facts.occasions.get(own.id, ()):
            triggers[each.name] = (each.rule, each.trigger)
        for name, (rule, trigger) in triggers.items():
            yield (own.id, name), verdict(facts, own, name, (rule, trigger, on))


def name_of(frequency, day):
    """Return the name of the period that a day is in, if there is one."""
    half, quarter = (day.month + 5) // 6, (day.month + 2) // 3
    return {
        Frequency.ANNUAL: f"{day.year}",
        Frequency.SEMIANNUAL: f"{day.year}H{half}",
        Frequency.QUARTERLY: f"{day.year}Q{quarter}",
        Frequency.MONTHLY: f"{day.year}-{day.month:02}",
        Frequency.AD_HOC: None,
    }[frequency]


def verdict(facts, own, name, asked):
    rule, trigger, on = asked
    term = due(rule_on(rule, trigger), trigger, WEEKDAYS)
    word = standing(facts.words.get(own.id, {}).get(name, []))
    if word is not None and word.kind is Kind.EXEMPTION:
        return "exempt", None, term.day
    days = []
    span = period_named(own.frequency, name)
    # All that is recorded runs by ``PRO``, for a period from its end.
    earliest = trigger if span is None else min(span.first, trigger)
    public = word is not None and (word.kind is Kind.DOCUMENT or word.dataset == "r")
    if public and word.on >= earliest:
        days.append(word.on)
    by_itself = own.collection == "budgets" and own.is_own
    if by_itself and (own.frequency is Frequency.AD_HOC or span is not None):
        days += [day for day in public_days(facts, name) if day >= earliest]
    if days:
        return (*met_on(min(days), term, trigger), term.day)
    if on <= trigger:
        return "due", None, term.day
    if term.day is None:
        return "indeterminate", None, None
    late = is_late(term, on)
    return "overdue" if late else "due", late_by(term, on, WEEKDAYS) if late else None, term.day


def public_days(facts, name):
    first = facts.first.get(("town", "budgets", name))
    later = facts.later.get(("town", "budgets", name), [])
    return [each.on for each in (first, *later) if each is not None]


def met_on(done, term, trigger):
    late = False if done <= trigger else is_late(term, done)
    if late is None:
        return "indeterminate", None
    return ("late", late_by(term, done, WEEKDAYS)) if late else ("on_time", 0)
