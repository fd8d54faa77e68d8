"""Coordination: every agency named consents, silence is nothing, objections are ruled on."""

from datetime import date, timedelta

import pytest

from opendata.domain.approvals import (
    AlreadyDecided,
    Course,
    NotDue,
    OwnSubmission,
    State,
    Verdict,
    check_may_answer,
    check_may_decide,
    due_role,
    place_of,
    state_of,
)
from opendata.domain.coordination import (
    Consent,
    ConsentNotAwaited,
    ConsentsAwaited,
    Consultation,
    Coordination,
    InvalidConsent,
    Stance,
    check_answer,
)
from opendata.domain.people import Role
from opendata.domain.transitions import Place
from tests.domain.made import AT, AUTHOR, PERSONS, approved, person, reviewed, ruled

DISCLOSE, IN_PART, WITHHOLD, REFER, RETURN = Verdict
THEIRS = person(50)


def answered(agency, stance, minutes=0, person_id=THEIRS):
    at = AT + timedelta(minutes=minutes)
    return Consent(agency, stance, person_id, "某人", "某函〔2026〕1号", "理由", 0, 0, at)


def course(*answers, given=(), named=("water", "roads"), **more):
    """A valid submission that ``named`` agencies are asked about."""
    last = {each.agency: each for each in answers}
    asked = tuple(Consultation(each, AT, date(2026, 1, 16), last.get(each)) for each in named)
    coordination = Coordination(asked, frozenset(each.person_id for each in answers))
    return Course(State.IN_REVIEW, given, coordination=coordination, **more)


YES = [answered("water", Stance.CONSENT), answered("roads", Stance.CONSENT, person_id=person(51))]
NO = answered("roads", Stance.OBJECT, 5)


def test_publication_is_approved_once_every_agency_consents():
    check_may_decide(approved(), AUTHOR, course(*YES, given=[reviewed()]))


@pytest.mark.parametrize("answers", [(), YES[:1]])
def test_silence_is_no_consent(answers):
    with pytest.raises(ConsentsAwaited) as refused:
        check_may_decide(approved(), AUTHOR, course(*answers, given=[reviewed()]))

    silent = 2 - len(answers)
    assert [each.code for each in refused.value.faults] == ["consent-awaited"] * silent


@pytest.mark.parametrize("verdict", [WITHHOLD, RETURN])
def test_what_is_not_published_needs_nobodys_consent(verdict):
    check_may_decide(approved(verdict, reason="r"), AUTHOR, course(given=[reviewed()]))


def test_the_reviewer_speaks_whether_or_not_others_have_answered():
    check_may_decide(reviewed(), AUTHOR, course())
    check_may_decide(reviewed(), AUTHOR, course(NO))


def test_after_the_opinion_an_objection_waits_for_the_supervisor():
    assert place_of(course(NO)) is Place.REVIEW
    contested = course(NO, given=[reviewed()])
    assert (state_of(contested), due_role(contested)) == (State.REFERRED, Role.SUPERVISOR)
    with pytest.raises(NotDue):
        check_may_decide(approved(), AUTHOR, contested)
    check_may_decide(ruled(reason="r"), AUTHOR, contested)


def test_the_supervisor_settles_an_objection_and_does_not_replace_silence():
    ruling = ruled(at=AT + timedelta(minutes=9))
    both = course(YES[0], NO, given=[reviewed(), ruling])
    assert due_role(both) is Role.APPROVER
    check_may_decide(approved(), AUTHOR, both)

    with pytest.raises(ConsentsAwaited):
        check_may_decide(approved(), AUTHOR, course(NO, given=[reviewed(), ruling]))


def test_an_objection_after_the_ruling_stands_until_the_agency_consents():
    ruling = ruled(at=AT)
    late = course(YES[0], NO, given=[reviewed(REFER), ruling])
    with pytest.raises(ConsentsAwaited) as refused:
        check_may_decide(approved(reason="r"), AUTHOR, late)
    assert [each.code for each in refused.value.faults] == ["objection-stands"]

    agreed = course(*YES, given=[reviewed(REFER), ruling])
    check_may_decide(approved(reason="r"), AUTHOR, agreed)


@pytest.mark.parametrize(
    ("verdict", "then"), [(WITHHOLD, State.WITHHELD), (RETURN, State.RETURNED)]
)
def test_the_supervisor_may_follow_the_objection(verdict, then):
    assert state_of(course(NO, given=[reviewed(), ruled(verdict)])) is then


def test_who_objected_may_consent_and_nobody_answers_twice_otherwise():
    objected = course(NO)
    check_may_answer(THEIRS, AUTHOR, objected, "roads", Stance.CONSENT)
    check_may_answer(person(52), AUTHOR, objected, "roads", Stance.CONSENT)
    for stance in Stance:
        with pytest.raises(ConsentNotAwaited):
            check_may_answer(person(53), AUTHOR, course(*YES), "roads", stance)
    with pytest.raises(ConsentNotAwaited):
        check_may_answer(person(53), AUTHOR, objected, "roads", Stance.OBJECT)
    with pytest.raises(AlreadyDecided):
        check_may_answer(THEIRS, AUTHOR, objected, "water", Stance.CONSENT)


def test_whoever_cleared_its_marking_does_not_answer_for_another_agency():
    cleared = course(cleared_by=THEIRS)

    with pytest.raises(AlreadyDecided):
        check_may_answer(THEIRS, AUTHOR, cleared, "water", Stance.CONSENT)


def test_nobody_answers_about_what_they_sent_in_or_decided_on():
    with pytest.raises(OwnSubmission):
        check_may_answer(AUTHOR, AUTHOR, course(), "water", Stance.CONSENT)
    reviewer = PERSONS[Role.REVIEWER]
    with pytest.raises(AlreadyDecided):
        check_may_answer(reviewer, AUTHOR, course(given=[reviewed()]), "water", Stance.CONSENT)
    with pytest.raises(AlreadyDecided):
        check_may_decide(reviewed(person_id=THEIRS), AUTHOR, course(YES[0]))


@pytest.mark.parametrize(
    "ended",
    [
        course(given=[reviewed(RETURN)]),
        course(cancelled=True),
        course(stopped=True),
        course(*YES, given=[reviewed(), approved()]),
        course(named=()),
        Course(),
    ],
)
def test_answers_are_awaited_while_the_review_lasts_and_from_those_who_are_named(ended):
    with pytest.raises(ConsentNotAwaited):
        check_may_answer(THEIRS, AUTHOR, ended, "water", Stance.CONSENT)


@pytest.mark.parametrize(
    ("stance", "reference", "reason", "pointers"),
    [
        (Stance.CONSENT, "某函", "", []),
        (Stance.OBJECT, "某函", "数字有误", []),
        (Stance.CONSENT, " ", "", ["/reference"]),
        (Stance.OBJECT, "某函", " ", ["/reason"]),
        (Stance.OBJECT, "", "", ["/reference", "/reason"]),
    ],
)
def test_an_answer_is_in_writing_and_an_objection_says_why(stance, reference, reason, pointers):
    if not pointers:
        check_answer(stance, reference, reason)
        return
    with pytest.raises(InvalidConsent) as refused:
        check_answer(stance, reference, reason)
    assert [each.pointer for each in refused.value.faults] == pointers


def test_an_answer_is_late_after_its_day_if_it_is_awaited_and_the_day_is_known():
    asked = Consultation("water", AT, date(2026, 1, 16))

    assert asked.overdue(date(2026, 1, 16)) is False
    assert asked.overdue(date(2026, 1, 17)) is True
    assert Consultation("water", AT, None).overdue(date(2027, 1, 17)) is None
    told = Consultation("water", AT, date(2026, 1, 16), YES[0])
    assert told.overdue(date(2026, 1, 17)) is False
