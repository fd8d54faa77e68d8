"""Points follow from figures alone, and words from their order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.assessment.points import Figure, NothingToAssess, assessed
from opendata.domain.assessment.reading import read_scheme
from opendata.domain.assessment.schemes import Steps
from opendata.domain.assessment.words import (
    AppealNotPossible,
    AppealsOpen,
    Assessed,
    AssessmentClosed,
    Kind,
    OwnAssessment,
    State,
    Word,
    check_may_follow,
    word_faults,
)
from opendata.domain.errors import Text
from tests.domain.assessments import SCHEME
from tests.domain.made import person

TRIED = read_scheme(SCHEME.encode())
ASSESSOR, APPROVER, OTHER = map(person, (1, 2, 3))
DAY = date(2026, 2, 2)


def outcome(met=Figure(3, 4), late=Figure(3), report=Figure(1)):  # noqa: B008 - frozen values.
    return assessed(TRIED, {"met": met, "late": late, "report": report})


def points(**figures):
    return [None if each.points is None else str(each.points) for each in outcome(**figures).points]


@pytest.mark.parametrize(
    ("figures", "expected", "score", "grade"),
    [
        ({}, ["25.00", "25.00", "20.00"], "70.00", "passed"),
        ({"met": Figure(4, 4), "late": Figure(1)}, ["50.00", "30.00", "20.00"], "100.00", "passed"),
        ({"met": Figure(2, 4)}, ["0.00", "25.00", "20.00"], "45.00", "failed"),
        ({"met": Figure(1, 4)}, ["0.00", "25.00", "20.00"], "45.00", "failed"),
        ({"met": Figure(2, 3)}, ["16.67", "25.00", "20.00"], "61.67", "passed"),
        ({"late": Figure(99)}, ["25.00", "0.00", "20.00"], "45.00", "failed"),
        ({"report": Figure(0)}, ["25.00", "25.00", "0.00"], "50.00", "failed"),
        # Left out: the rest weighs fifty, and is stretched to a hundred.
        ({"met": Figure(0, 0)}, [None, "25.00", "20.00"], "90.00", "passed"),
        ({"report": Figure(0, 0)}, ["25.00", "25.00", "0"], "50.00", "failed"),
    ],
)
def test_points_follow_from_figures(figures, expected, score, grade):
    found = outcome(**figures)

    assert points(**figures) == expected
    assert (str(found.score), found.grade.id) == (score, grade)


def test_every_point_is_explained_in_both_languages():
    met, late, report = (each.explanation for each in outcome(report=Figure(0)).points)

    assert met.zh == "3/4 = 75.00 %；50 % 为 0 分、100 % 为满分，其间按比例，得 25/50 分。"
    assert met.en == (
        "3/4 = 75.00 %; none at 50 %, all at 100 %, in proportion between: 25 of 50 points."
    )
    assert late.en == "3; 2.5 less for each past 1: 25 of 30 points."
    assert report.en == "0; no step is reached: 0 of 20 points."


def test_what_has_nothing_to_measure_says_why():
    note = Text("放假安排未公布", "holidays are not announced")
    left_out = outcome(met=Figure(0, 0, note=note)).points[0]

    assert left_out.explanation == Text(
        "放假安排未公布，此项不计。", "holidays are not announced; it is left out."
    )


def test_steps_may_go_down():
    falling = Steps(False, ((Decimal(0), Decimal(20)), (Decimal(2), Decimal("7.5"))))
    indicators = (*TRIED.indicators[:2], replace(TRIED.indicators[2], scoring=falling))
    scheme = replace(TRIED, indicators=indicators)

    def given_for(count):
        figures = {"met": Figure(1, 1), "late": Figure(0), "report": Figure(count)}
        return str(assessed(scheme, figures).points[2].points)

    assert [given_for(each) for each in (0, 1, 2, 3)] == ["20.00", "7.50", "7.50", "0.00"]


def test_where_everything_is_left_out_there_is_no_score():
    scheme = replace(TRIED, indicators=TRIED.indicators[:1])

    with pytest.raises(NothingToAssess):
        assessed(scheme, {"met": Figure(0, 0)})


shares = st.integers(0, 40).flatmap(
    lambda among: st.builds(Figure, st.integers(0, among), st.just(among))
)


@settings(max_examples=20)
@given(met=shares, late=st.integers(0, 50), report=st.integers(0, 1))
def test_points_stay_within_weights_and_more_is_never_worse(met, late, report):
    found = outcome(met, Figure(late), Figure(report))
    again = outcome(met, Figure(late), Figure(report))

    assert found == again
    assert 0 <= found.score <= 100
    for each in found.points:
        assert each.points is None or 0 <= each.points <= each.indicator.weight
    better = outcome(met, Figure(max(late - 1, 0)), Figure(report))
    assert better.score >= found.score


def word(kind, who, **more):
    return Word(kind, "理由", datetime(2026, 2, 3, tzinfo=UTC), person_id=who, **more)


APPEAL = word(Kind.APPEAL, APPROVER, indicator="met")
UPHOLD = word(Kind.UPHOLD, OTHER, indicator="met")
ADJUST = word(Kind.ADJUST, OTHER, indicator="met", points=Decimal(40))
CONFIRM = word(Kind.CONFIRM, OTHER)


def standing(*words, **more):
    given_points = {each.indicator.id: each.points for each in outcome().points}
    return Assessed(TRIED, ASSESSOR, DAY, given_points, words, **more)


@pytest.mark.parametrize(
    ("words", "state", "score"),
    [
        ((), State.OPEN, "70.00"),
        ((APPEAL,), State.APPEALED, "70.00"),
        ((APPEAL, UPHOLD), State.OPEN, "70.00"),
        ((APPEAL, ADJUST), State.OPEN, "85.00"),
        ((APPEAL, ADJUST, CONFIRM), State.CONFIRMED, "85.00"),
    ],
)
def test_where_it_stands_follows_from_the_words(words, state, score):
    assert standing(*words).state is state
    assert str(standing(*words).score) == score


def test_what_was_assessed_anew_is_superseded_unless_it_was_confirmed():
    assert standing(is_latest=False).state is State.SUPERSEDED
    assert standing(CONFIRM, is_latest=False).state is State.CONFIRMED


LAST = DAY + timedelta(days=7)
AFTER = LAST + timedelta(days=1)


@pytest.mark.parametrize(
    ("words", "said", "day"),
    [
        ((), APPEAL, LAST),
        ((APPEAL,), UPHOLD, AFTER),
        ((APPEAL,), ADJUST, DAY),
        ((APPEAL, ADJUST), CONFIRM, AFTER),
        ((), CONFIRM, AFTER),
        ((APPEAL, UPHOLD), replace(APPEAL, indicator="late"), LAST),
    ],
)
def test_what_may_be_said(words, said, day):
    check_may_follow(said, standing(*words), day)


@pytest.mark.parametrize(
    ("words", "said", "day", "refusal"),
    [
        ((), APPEAL, AFTER, AppealNotPossible),
        ((APPEAL,), APPEAL, DAY, AppealNotPossible),
        ((APPEAL, UPHOLD), APPEAL, DAY, AppealNotPossible),
        ((), UPHOLD, DAY, AppealNotPossible),
        ((APPEAL, UPHOLD), ADJUST, DAY, AppealNotPossible),
        ((APPEAL,), replace(ADJUST, person_id=ASSESSOR), DAY, OwnAssessment),
        ((APPEAL,), replace(ADJUST, person_id=APPROVER), DAY, OwnAssessment),
        ((), replace(CONFIRM, person_id=ASSESSOR), AFTER, OwnAssessment),
        ((), replace(APPEAL, person_id=ASSESSOR), DAY, OwnAssessment),
        ((APPEAL, ADJUST), replace(APPEAL, person_id=ADJUST.person_id), DAY, OwnAssessment),
        ((APPEAL,), CONFIRM, AFTER, AppealsOpen),
        ((), CONFIRM, LAST, AppealsOpen),
        ((CONFIRM,), APPEAL, DAY, AssessmentClosed),
    ],
)
def test_what_may_not_be_said(words, said, day, refusal):
    with pytest.raises(refusal):
        check_may_follow(said, standing(*words), day)


def test_nothing_is_said_of_what_is_superseded():
    with pytest.raises(AssessmentClosed):
        check_may_follow(APPEAL, standing(is_latest=False), DAY)


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        (APPEAL, []),
        (ADJUST, []),
        (CONFIRM, []),
        (replace(APPEAL, indicator=None), ["indicator-needed"]),
        (replace(APPEAL, indicator="unknown"), ["indicator-needed"]),
        (replace(APPEAL, points=Decimal(1)), ["misplaced-value"]),
        (replace(CONFIRM, indicator="met"), ["misplaced-value"]),
        (replace(ADJUST, points=None), ["points-needed"]),
        (replace(ADJUST, points=Decimal("50.01")), ["points-needed"]),
        (replace(ADJUST, points=Decimal("-1")), ["points-needed"]),
        (replace(ADJUST, points=Decimal("9.125")), ["points-needed"]),
        (replace(ADJUST, indicator=None), ["indicator-needed"]),
    ],
)
def test_a_word_has_what_its_kind_needs_and_nothing_else(said, codes):
    assert [each.code for each in word_faults(said, TRIED)] == codes
