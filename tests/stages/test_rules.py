"""Local rules: regional holidays and shorter terms, each from a place that the file names."""

import json
import re
from datetime import date

import pytest
from click.testing import CliRunner

from opendata.cli import main
from opendata.stages.rules import Rules, UnusableRules, load_rules
from tests.house.tree import ROOT

SAMPLE = ROOT / "docs" / "how-to" / "files" / "local-rules.toml"
FESTIVAL = """
[[holiday]]
region_prefix = "45"
date = 2026-04-20
until = 2026-04-21
working = false
source = "自治区人民政府办公厅的通知"
"""
SHORTER = """
[[rule]]
rule = "PRO"
region_prefix = "4503"
agency = "guilin-office"
count = 10
basis = "本市制度"
"""


@pytest.fixture
def written(tmp_path):
    """Write a file of rules and load it."""

    def load(text):
        path = tmp_path / "rules.toml"
        path.write_text(text, encoding="utf-8")
        return load_rules(path)

    return load


def test_without_a_file_there_are_the_law_and_the_announcements():
    rules = load_rules(None)

    assert (rules.holidays, rules.local_rules, rules.roll_dates) == ((), (), False)
    assert rules.due("PRO", date(2026, 4, 15)).day == date(2026, 5, 15)


def test_a_regional_holiday_is_one_in_its_region_only(written):
    rules = written(FESTIVAL)

    here, elsewhere = rules.calendar("450300"), rules.calendar("640000")
    assert [here(date(2026, 4, day)) for day in (20, 21, 22)] == [False, False, True]
    assert [each(date(2026, 4, 20)) for each in (elsewhere, rules.calendar(None))] == [True, True]
    assert rules.due("PRO", date(2026, 4, 15), region="450300").day == date(2026, 5, 19)
    assert rules.calendar("450300") is here


def test_an_extension_for_everybody_needs_no_region_and_days_off_may_be_worked(written):
    rules = written(
        FESTIVAL.replace('region_prefix = "45"\n', "")
        + '[[holiday]]\ndate = 2026-04-26\nworking = true\nsource = "防汛"\n'
    )

    assert rules.calendar(None)(date(2026, 4, 20)) is False
    assert rules.calendar("110000")(date(2026, 4, 26)) is True


def test_a_shorter_term_binds_whom_it_names(written):
    rules = written(SHORTER)
    day = date(2026, 9, 1)

    assert rules.due("PRO", day, "guilin-office", "450300").count == 10
    assert rules.due("PRO", day, "guilin-office", "450000").count == 20
    assert rules.due("PRO", day, "another", "450300").count == 20
    (bound,) = rules.local("PRO-2019", "guilin-office", "450300", day)
    assert bound.basis == "本市制度"
    assert rules.local("REQ", "guilin-office", "450300", day) == ()


def test_named_days_move_where_the_file_says_so(written):
    rules = written("roll_dates = true")

    assert rules.due("AR-DEPT", date(2025, 12, 31)).rolled == date(2026, 2, 2)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("holidays = 1", "holidays", "unknown key"),
        ("roll_dates = 1", "roll_dates", "true or false"),
        ("[holiday]\ndate = 2026-01-01", "holiday", "[[holiday]]"),
        (FESTIVAL.replace("2026-04-20", '"2026-04-20"'), "holiday.1.date", "without quotes"),
        (FESTIVAL.replace("2026-04-20", "2026-04-20T00:00:00"), "holiday.1.date", "a date"),
        (FESTIVAL.replace("2026-04-21", "2026-04-19"), "holiday.1.until", "within a year"),
        (FESTIVAL.replace("2026-04-21", "2028-04-19"), "holiday.1.until", "within a year"),
        (FESTIVAL.replace('"45"', '"广西"'), "holiday.1.region_prefix", "first digits"),
        (FESTIVAL.replace('"45"', "45"), "holiday.1.region_prefix", "first digits"),
        (FESTIVAL.replace("source", "sources"), "holiday.1.source", "is missing"),
        (FESTIVAL.replace("working = false", "working = 0"), "holiday.1.working", "true or false"),
        (SHORTER.replace("10", "21"), "rule.1.count", "only be shorter than the law: PRO-2008"),
        (SHORTER.replace("10", "0"), "rule.1.count", "at least 1"),
        (SHORTER.replace("10", "true"), "rule.1.count", "a whole number"),
        (SHORTER.replace('"PRO"', '"PROMPT"'), "rule.1.rule", "There is no deadline rule"),
        (SHORTER.replace('"PRO"', '"AR-GOV"'), "rule.1.count", "AR-2008"),
        (SHORTER.replace('"本市制度"', '""'), "rule.1.basis", "must be text"),
        (SHORTER + "since = 2026-01-02\nuntil = 2026-01-01", "rule.1.until", "before since"),
    ],
)
def test_what_cannot_be_used_is_refused_in_both_languages_with_its_place(
    written, text, place, said
):
    with pytest.raises(UnusableRules) as refused:
        written(text)

    faults = {each.pointer: each.detail for each in refused.value.faults}
    assert said in faults[f"rules.toml#{place}"].en
    assert all(each.zh and each.en for each in faults.values())


def test_every_fault_of_a_file_is_told_at_once(written):
    with pytest.raises(UnusableRules, match="and 1 more") as refused:
        written(FESTIVAL.replace("source", "sources"))

    assert len(refused.value.faults) == 2


@pytest.mark.parametrize("content", ["[[holiday]", None])
def test_a_file_that_is_no_toml_or_not_there_is_refused(tmp_path, content):
    path = tmp_path / "rules.toml"
    if content:
        path.write_text(content)

    with pytest.raises(UnusableRules, match=r"rules\.toml cannot be read"):
        load_rules(path)


def test_the_sample_says_nothing_and_each_of_its_lines_can_be_used(written):
    text = SAMPLE.read_text(encoding="utf-8")
    assert written(text).holidays == written(text).local_rules == ()

    # Lines that are TOML behind their mark; sentences are not.
    uncommented = re.sub(r"^# (?=\[\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)

    rules = written(uncommented)
    assert {each.region for each in rules.holidays} == {"44", "45", "64"}
    assert len(rules.local_rules) == 1


def test_what_is_due_from_a_day_is_worked_out_once():
    """A hundred thousand cases have a few thousand days among them."""
    rules = Rules()

    assert rules.due("PRO", date(2026, 1, 5), "a") is rules.due("PRO", date(2026, 1, 5), "b")


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Type ``opendata due`` with a file of rules; return exit status and output."""
    path = tmp_path / "rules.toml"
    path.write_text(FESTIVAL + SHORTER, encoding="utf-8")
    monkeypatch.setenv("OPENDATA_RULES", str(path))

    def run(*arguments):
        done = CliRunner().invoke(main, ["due", *arguments])
        return done.exit_code, done.output

    return run


@pytest.mark.parametrize("name", ["FEE-PAY", "REQ-JOINT", "REQ-3P", "PEN-FINE", "PEN-WINDOW"])
def test_the_time_of_others_is_not_shortened(tmp_path, name):
    path = tmp_path / "rules.toml"
    path.write_text(f'[[rule]]\nrule = "{name}"\ncount = 1\nbasis = "x"\n', encoding="utf-8")

    with pytest.raises(UnusableRules) as refused:
        load_rules(path)
    assert [each.pointer for each in refused.value.faults] == ["rules.toml#rule.1.rule"]


def test_the_command_shows_how_a_day_is_counted(typed):
    status, said = typed("PRO", "2026-04-15", "--region", "450300", "--agency", "guilin-office")

    assert status == 0
    assert "届满 due: 2026-05-06" in said
    assert "本市制度" in said
    assert "not counted: 2026-04-18 – 2026-04-21" in said
    status, said = typed("REQ", "2026-04-30")
    assert "worked in exchange: 2026-05-09" in said


def test_the_command_tells_both_ends_of_calendar_days_as_json(typed):
    status, said = typed("BUD-GOV", "2026-01-27", "--json")

    told = json.loads(said)
    assert (status, told["due"], told["due_rolled"]) == (0, "2026-02-16", "2026-02-24")
    assert (told["unit"], told["count"], told["not_counted"]) == ("cd", 20, [])


@pytest.mark.parametrize(
    ("arguments", "status", "shown"),
    [
        (("BUD-GOV", "2026-01-27"), 0, "顺延 next working day: 2026-02-24"),
        (("REQ", "2026-12-15"), 1, "最早 at the earliest: 2027-01-08"),
        (("PEN-7", "2003-06-01"), 1, "2004 年以前"),
        (("REQ-RECV", "2026-01-05"), 1, "no day of its own"),
        (("NONE", "2026-01-05"), 2, "There is no deadline rule"),
        (("REQ", "2008-04-30"), 2, "in force"),
    ],
)
def test_the_commands_status_says_whether_the_day_is_known(typed, arguments, status, shown):
    done, said = typed(*arguments)

    assert done == status
    assert shown in said
