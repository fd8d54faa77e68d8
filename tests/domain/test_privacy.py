"""Flags as values, and what they ask of those who review."""

from dataclasses import replace

import pytest

from opendata.domain.approvals import (
    AlreadyDecided,
    Course,
    NotDue,
    OwnSubmission,
    ReasonRequired,
    State,
    Verdict,
    Withheld,
    WithheldMismatch,
    check_identifiers_withheld,
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


RESIDENT = Flag(Kind.RESIDENT_ID, "facts", 2, (3, 5), (3, 5), strong=True)
MANY = Flag(Kind.RESIDENT_ID, "facts", 25, tuple(range(2, 22)), (), strong=True)
IN_NOTES = Flag(Kind.PASSPORT, "notes", 1, (), (), strong=True, where=Where.SUBMISSION_NOTES)
LIKENESS = Flag(Kind.RESIDENT_ID, "facts", 2, (3, 5), (3, 5), strong=False)
REFUSED = [
    (RESIDENT, Withheld()),
    (RESIDENT, Withheld(("other",), (3,))),
    (MANY, Withheld(rows=tuple(range(2, 22)))),
    (IN_NOTES, Withheld(("notes",), (2, 3))),
]
ALLOWED = [
    (RESIDENT, Withheld(("facts",))),
    (RESIDENT, Withheld(rows=(5, 4, 3))),
    (MANY, Withheld(rows=tuple(range(2, 27)))),
    (replace(RESIDENT, field="treated"), Withheld()),
    (LIKENESS, Withheld()),
    (MOBILE, Withheld()),
]


@pytest.mark.parametrize(("flag", "withheld"), REFUSED)
def test_no_reason_releases_the_number_of_an_identity_document(flag, withheld):
    word = approved(Verdict.DISCLOSE_IN_PART, reason="已核实", withheld=withheld)
    with pytest.raises(WithheldMismatch) as refusal:
        check_identifiers_withheld(word, [flag], {"facts", "other", "remark"})

    (fault,) = refusal.value.faults
    assert (fault.pointer, fault.code) == ("/withheld", "identifier-left")
    check_identifiers_withheld(reviewed(Verdict.RETURN, reason="r"), [flag], {"facts"})


@pytest.mark.parametrize(("flag", "withheld"), ALLOWED)
def test_what_is_not_published_may_hold_one(flag, withheld):
    word = approved(Verdict.DISCLOSE_IN_PART, reason="已核实", withheld=withheld)
    check_identifiers_withheld(word, [flag], {"facts", "other", "remark"})


def test_a_flag_on_the_notes_says_so():
    assert "notes" in IN_NOTES.message.zh
    assert "In the submission's notes" in IN_NOTES.message.en
    assert "column" not in replace(IN_NOTES, kind=Kind.MARKING).message.en
