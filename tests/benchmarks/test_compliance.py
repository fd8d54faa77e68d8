"""Where a hundred thousand obligations stand is known within two seconds of one processor."""

import pytest

from benchmarks.compliance import ON, invented, taken
from opendata.domain.compliance import Status, Terms, cases, figures
from opendata.stages.rules import Rules

MOST_SECONDS = 2.0


def test_as_many_cases_are_invented_as_are_asked_for_and_every_kind_of_them():
    rules = Rules()
    found = cases(invented(2_000), ON, Terms(rules.calendar, rules.due))

    assert len(found) == 2_000
    counts = figures(found).counts
    assert all(counts.get(each, 0) > 20 for each in Status if each is not Status.INDETERMINATE)


@pytest.mark.soak
def test_a_hundred_thousand_cases_are_worked_out_in_two_seconds():
    found = taken(100_000)

    assert found.cases == 100_000
    assert found.first < MOST_SECONDS
