"""Timeliness: how many records were in time, which were late, and of which nobody can tell."""

from datetime import date

from opendata.domain.timeliness import Batch, Status, timeliness
from opendata.stages.rules import Rules

RULES = Rules()
PUBLISHED = date(2026, 3, 2)


def told(*batches):
    """Each batch is a rule, the day it runs from, the first publication, and how many records."""
    made = [
        Batch(rule, trigger and date.fromisoformat(trigger), date.fromisoformat(shown), count)
        for rule, trigger, shown, count in batches
    ]
    return timeliness(made, PUBLISHED, RULES.due, RULES.calendar(None))


def counts(found):
    return found.on_time, found.late, found.indeterminate, found.late_by


def test_a_report_with_one_day_for_all_of_it_tells_that_day():
    found = told(("AR-DEPT", "2025-12-31", "2026-03-02", 180)).whole

    assert (found.due, found.status, found.total) == (date(2026, 1, 31), Status.LATE, 180)
    assert counts(found) == (0, 180, 0, 17)


def test_records_are_counted_by_the_day_they_were_first_published():
    found = told(
        ("PEN-7", "2026-02-13", "2026-03-02", 5),
        ("PEN-7", "2026-02-12", "2026-03-02", 2),
        ("PEN-7", "2026-02-12", "2026-02-27", 1),
    )

    assert counts(found.whole) == (6, 2, 0, 1)
    assert (found.whole.due, found.whole.status) == (None, Status.LATE)
    assert [each.rule.id for each in found.rules] == ["PEN-7"]


def test_each_rule_is_told_apart_and_the_rules_of_2008_are_rules_of_their_own():
    found = told(
        ("PRO", "2019-05-14", "2019-05-20", 1),
        ("PRO", "2019-05-15", "2019-05-20", 2),
        ("PEN-7", "2026-02-13", "2026-03-02", 4),
    )

    assert [(each.rule.id, each.on_time) for each in found.rules] == [
        ("PRO-2008", 1),
        ("PRO-2019", 2),
        ("PEN-7", 4),
    ]
    assert (found.whole.status, found.whole.rule) == (Status.ON_TIME, None)


def test_what_nobody_can_tell_is_told_as_such():
    found = told(
        ("BUD-GOV", None, "2026-03-02", 3),  # the day of the approval is not in the records
        ("PEN-7", "2026-12-28", "2027-02-01", 2),  # the holidays of 2027 are not announced
        ("PRO", "1999-01-01", "2026-03-02", 1),  # there was no duty yet
        ("", None, "2026-03-02", 1),  # no rule of the collection is for it
    )

    assert [(each.rule and each.rule.id, each.indeterminate) for each in found.rules] == [
        ("BUD-GOV", 3),
        ("PEN-7", 2),
        (None, 2),
    ]
    assert (found.whole.status, counts(found.whole)) == (Status.INDETERMINATE, (0, 0, 7, None))


def test_one_record_in_time_does_not_settle_the_others():
    mixed = told(("PEN-7", "2026-02-13", "2026-03-02", 1), ("PEN-7", None, "2026-03-02", 1))

    assert mixed.whole.status is Status.INDETERMINATE
    assert told().whole.status is Status.INDETERMINATE


def test_late_by_an_unknown_number_of_days_is_late_all_the_same():
    found = told(("PEN-7", "2026-12-18", "2027-03-01", 1)).whole

    assert counts(found) == (0, 1, 0, None)
