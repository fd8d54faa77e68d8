"""Flags as values, and what they ask of those who review."""

import pytest

from opendata.domain.approvals import (
    AlreadyDecided,
    Course,
    NotDue,
    OwnSubmission,
    ReasonRequired,
    State,
    Verdict,
    check_may_decide,
    due_role,
    state_of,
)
from opendata.domain.clearances import check_may_clear
from opendata.domain.people import Role
from opendata.domain.privacy import Flag, Kind, Where, is_marked, need_reason
from tests.domain.made import AUTHOR, PERSONS, approved, reviewed, ruled

MOBILE = Flag(Kind.MOBILE, "remark", 30, (2, 3), (4, 5), strong=True)
PLATE = Flag(Kind.PLATE, "remark", 1, (2,), (4,), strong=False)
MARKING = Flag(Kind.MARKING, "remark", 1, (2,), (4,), strong=True)
TITLE = Flag(Kind.MARKING, None, 1, (), (1,), strong=True, where=Where.HEADING)
STOPPED = Course(State.IN_REVIEW, stopped=True)
FLAGGED = Course(State.IN_REVIEW, flagged=True)
SUPERVISOR = PERSONS[Role.SUPERVISOR]


@pytest.mark.parametrize("flag", [MOBILE, PLATE, MARKING, TITLE])
def test_a_flag_is_read_as_it_was_written(flag):
    assert Flag.of(flag.as_dict()) == flag


@pytest.mark.parametrize(
    ("flag", "zh", "en"),
    [
        (MOBILE, "“remark”列有 30 格有手机号", "holds a mobile number (30 cells)"),
        (PLATE, "疑似有机动车号牌", "may hold a vehicle plate"),
        (MARKING, "“remark”列有国家秘密标志", "in column remark"),
        (TITLE, "表头或其上方有国家秘密标志", "in the header or the rows above it"),
    ],
)
def test_a_flag_says_what_it_is_about_in_both_languages(flag, zh, en):
    assert zh in flag.message.zh
    assert en in flag.message.en


@pytest.mark.parametrize(
    ("flags", "marked", "reasoned"),
    [
        ([], False, False),
        ([PLATE], False, False),
        ([PLATE, MOBILE], False, True),
        ([TITLE], True, False),
        ([MARKING, MOBILE], True, True),
    ],
)
def test_markings_stop_and_strong_flags_ask_for_reasons(flags, marked, reasoned):
    assert is_marked(flags) is marked
    assert need_reason(flags) is reasoned


def test_a_marked_file_is_referred_and_waits_for_a_supervisor():
    assert (state_of(STOPPED), due_role(STOPPED)) == (State.REFERRED, Role.SUPERVISOR)
    check_may_clear(SUPERVISOR, AUTHOR, STOPPED)
    check_may_decide(ruled(Verdict.WITHHOLD, reason="r"), AUTHOR, STOPPED)
    check_may_decide(ruled(Verdict.RETURN, reason="r"), AUTHOR, STOPPED)


@pytest.mark.parametrize("word", [reviewed(), approved(), ruled(reason="r")])
def test_nobody_releases_a_marked_file_before_it_is_cleared(word):
    with pytest.raises(NotDue):
        check_may_decide(word, AUTHOR, STOPPED)


def test_whoever_sent_it_in_does_not_clear_it():
    with pytest.raises(OwnSubmission):
        check_may_clear(AUTHOR, AUTHOR, STOPPED)


@pytest.mark.parametrize(
    "course",
    [
        Course(State.IN_REVIEW),
        Course(State.INVALID, stopped=True),
        Course(State.IN_REVIEW, stopped=True, cancelled=True),
    ],
)
def test_what_no_marking_holds_up_is_not_cleared(course):
    with pytest.raises(NotDue):
        check_may_clear(SUPERVISOR, AUTHOR, course)


def test_whoever_cleared_it_neither_reviews_nor_approves_it():
    reviewer, supervisor = PERSONS[Role.REVIEWER], SUPERVISOR
    with pytest.raises(AlreadyDecided):
        check_may_decide(reviewed(), AUTHOR, Course(State.IN_REVIEW, cleared_by=reviewer))

    referred = [reviewed(Verdict.REFER, reason="r")]
    check_may_decide(
        ruled(reason="r"), AUTHOR, Course(State.IN_REVIEW, referred, cleared_by=supervisor)
    )


def test_signs_of_personal_data_make_every_release_say_why():
    with pytest.raises(ReasonRequired):
        check_may_decide(reviewed(), AUTHOR, FLAGGED)
    check_may_decide(reviewed(reason="值班电话"), AUTHOR, FLAGGED)
    check_may_decide(reviewed(Verdict.RETURN, reason="r"), AUTHOR, FLAGGED)
    with pytest.raises(ReasonRequired):
        check_may_decide(
            approved(), AUTHOR, Course(State.IN_REVIEW, [reviewed(reason="r")], flagged=True)
        )
