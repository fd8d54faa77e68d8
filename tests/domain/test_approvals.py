"""Where a submission stands, and whose word may come next: tables of facts and what follows."""

from datetime import datetime, timedelta, timezone

import pytest

from opendata.domain.approvals import (
    AlreadyDecided,
    Course,
    InvalidEmbargo,
    NotDue,
    OwnSubmission,
    ReasonRequired,
    State,
    Verdict,
    Withheld,
    WithheldMismatch,
    check_may_decide,
    current_round,
    due_role,
    embargo_of,
    outcome,
    state_of,
    withheld_of,
)
from opendata.domain.people import Role
from tests.domain.made import AT, AUTHOR, PERSONS, approved, reviewed, ruled

DISCLOSE, IN_PART, WITHHOLD, REFER, RETURN = Verdict
PART = Withheld(columns=("name",))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], State.IN_REVIEW),
        ([reviewed(DISCLOSE)], State.IN_REVIEW),  # a reviewer's word alone is two eyes
        ([reviewed(WITHHOLD)], State.IN_REVIEW),  # and an opinion, not a verdict
        ([reviewed(RETURN)], State.RETURNED),
        ([reviewed(REFER)], State.REFERRED),
        ([reviewed(), approved(DISCLOSE)], State.APPROVED),
        ([reviewed(), approved(IN_PART)], State.APPROVED),
        ([reviewed(), approved(WITHHOLD)], State.WITHHELD),
        ([reviewed(), approved(RETURN)], State.RETURNED),
        ([reviewed(WITHHOLD), approved(DISCLOSE)], State.APPROVED),
        ([reviewed(REFER), ruled(DISCLOSE)], State.IN_REVIEW),
        ([reviewed(REFER), ruled(IN_PART)], State.IN_REVIEW),
        ([reviewed(REFER), ruled(WITHHOLD)], State.WITHHELD),
        ([reviewed(REFER), ruled(RETURN)], State.RETURNED),
        ([reviewed(REFER), ruled(), approved()], State.APPROVED),
        ([reviewed(REFER), ruled(), approved(WITHHOLD)], State.WITHHELD),
    ],
)
def test_the_approver_decides_and_anyone_may_return(given, expected):
    assert outcome(given) is expected


VALID = State.IN_REVIEW
OLD_RETURN = reviewed(RETURN)
OLD_APPROVAL = [reviewed(), approved()]


@pytest.mark.parametrize(
    ("course", "state", "due"),
    [
        (Course(), State.RECEIVED, None),
        (Course(State.INVALID), State.INVALID, None),
        (Course(State.FAILED), State.FAILED, None),
        (Course(VALID), State.IN_REVIEW, Role.REVIEWER),
        (Course(VALID, [reviewed()]), State.IN_REVIEW, Role.APPROVER),
        (Course(VALID, [reviewed(REFER)]), State.REFERRED, Role.SUPERVISOR),
        (Course(VALID, [reviewed(REFER), ruled()]), State.IN_REVIEW, Role.APPROVER),
        (Course(VALID, OLD_APPROVAL), State.APPROVED, None),
        (Course(VALID, OLD_APPROVAL, failed=True), State.FAILED, None),
        (Course(VALID, OLD_APPROVAL, cancelled=True), State.CANCELLED, None),
        (Course(VALID, cancelled=True, failed=True), State.CANCELLED, None),
        (Course(VALID, OLD_APPROVAL, released=True), State.PUBLISHED, None),
        (Course(VALID, OLD_APPROVAL, released=True, withdrawn=True), State.WITHDRAWN, None),
        (Course(VALID, OLD_APPROVAL, 1, released=True), State.PUBLISHED, None),
        # Another release appeared: words before it no longer count …
        (Course(VALID, OLD_APPROVAL, 1), State.IN_REVIEW, Role.REVIEWER),
        (Course(VALID, [reviewed(REFER)], 1), State.IN_REVIEW, Role.REVIEWER),
        (Course(VALID, [reviewed(), reviewed(base_release=1)], 1), State.IN_REVIEW, Role.APPROVER),
        # … as when a release was suspended since …
        (Course(VALID, OLD_APPROVAL, 0, 1), State.IN_REVIEW, Role.REVIEWER),
        (Course(VALID, [reviewed(suspended=1)], 0, 1), State.IN_REVIEW, Role.APPROVER),
        # … except those that ended the submission.
        (Course(VALID, [OLD_RETURN], 0, 1), State.RETURNED, None),
        (Course(VALID, [OLD_RETURN], 1), State.RETURNED, None),
        (Course(VALID, [reviewed(), approved(WITHHOLD)], 2), State.WITHHELD, None),
    ],
)
def test_the_state_and_whose_word_is_due_follow_from_the_facts(course, state, due):
    assert state_of(course) is state
    assert due_role(course) is due


@pytest.mark.parametrize(
    ("word", "given", "base"),
    [
        (reviewed(), [], 0),
        (reviewed(WITHHOLD, reason="r"), [], 0),
        (reviewed(REFER, reason="r"), [], 0),
        (reviewed(IN_PART, reason="r", withheld=PART), [], 0),
        (approved(), [reviewed()], 0),
        (approved(RETURN, reason="r"), [reviewed()], 0),
        (approved(WITHHOLD, reason="r"), [reviewed(WITHHOLD)], 0),
        (approved(reason="r"), [reviewed(WITHHOLD)], 0),
        (ruled(reason="r"), [reviewed(REFER)], 0),
        (approved(reason="r"), [reviewed(REFER), ruled()], 0),
        # In a new round the same persons act again.
        (reviewed(base_release=1), OLD_APPROVAL, 1),
        (approved(base_release=1), [*OLD_APPROVAL, reviewed(base_release=1)], 1),
    ],
)
def test_a_word_that_is_due_and_reasoned_may_be_given(word, given, base):
    check_may_decide(word, AUTHOR, Course(VALID, given, base))


@pytest.mark.parametrize(
    ("word", "given", "refusal"),
    [
        (reviewed(person_id=AUTHOR), [], OwnSubmission),
        (approved(person_id=AUTHOR), [reviewed()], OwnSubmission),
        (approved(person_id=PERSONS[Role.REVIEWER]), [reviewed()], AlreadyDecided),
        (reviewed(), [reviewed()], AlreadyDecided),
        (approved(), [], NotDue),
        (ruled(), [], NotDue),
        (ruled(), [reviewed()], NotDue),
        (reviewed(person_id=PERSONS[Role.SUPERVISOR]), [reviewed()], NotDue),
        (approved(), [reviewed(REFER)], NotDue),
        (approved(), [reviewed(RETURN)], NotDue),
        (approved(REFER, reason="r"), [reviewed()], NotDue),
        (ruled(REFER, reason="r"), [reviewed(REFER)], NotDue),
        (reviewed(WITHHOLD), [], ReasonRequired),
        (reviewed(RETURN, reason=" \n"), [], ReasonRequired),
        (reviewed(IN_PART, withheld=PART), [], ReasonRequired),
        (approved(), [reviewed(WITHHOLD)], ReasonRequired),
        (ruled(), [reviewed(REFER)], ReasonRequired),
        (approved(), [reviewed(REFER), ruled()], ReasonRequired),
        (reviewed(IN_PART, reason="r"), [], WithheldMismatch),
        (reviewed(withheld=PART), [], WithheldMismatch),
        (reviewed(WITHHOLD, reason="r", withheld=PART), [], WithheldMismatch),
    ],
)
def test_any_other_word_is_refused(word, given, refusal):
    with pytest.raises(refusal) as refused:
        check_may_decide(word, AUTHOR, Course(VALID, given))
    assert refused.value.detail.zh
    assert refused.value.detail.en.isascii()


@pytest.mark.parametrize("state", [None, State.INVALID, State.FAILED])
def test_nothing_is_decided_about_what_is_not_valid(state):
    with pytest.raises(NotDue):
        check_may_decide(reviewed(), AUTHOR, Course(state))


def test_other_columns_withheld_are_a_departure_that_needs_a_reason():
    opinion = reviewed(IN_PART, reason="r", withheld=PART)
    other = approved(IN_PART, reason="r", withheld=Withheld(rows=(1,)))
    check_may_decide(other, AUTHOR, Course(VALID, [opinion]))

    with pytest.raises(ReasonRequired):
        check_may_decide(
            approved(IN_PART, withheld=Withheld(rows=(1,))), AUTHOR, Course(VALID, [opinion])
        )


WIDER = Withheld((*PART.columns, "more"), (*PART.rows, 7))


def test_an_approver_withholds_what_the_supervisor_ruled_or_more_with_a_reason():
    given = [reviewed(REFER), ruled(IN_PART, withheld=PART)]
    for withheld in (PART, WIDER):
        word = approved(IN_PART, reason="r", withheld=withheld)
        check_may_decide(word, AUTHOR, Course(VALID, given))
    check_may_decide(approved(WITHHOLD, reason="r"), AUTHOR, Course(VALID, given))


@pytest.mark.parametrize(
    ("word", "pointers"),
    [
        (approved(reason="r"), ["/withheld/columns", "/withheld/rows"]),
        (approved(IN_PART, reason="r", withheld=Withheld(rows=(7, 8))), ["/withheld/columns"]),
        (approved(IN_PART, reason="r", withheld=Withheld(("more", "x"))), ["/withheld/rows"]),
    ],
)
def test_an_approver_releases_nothing_that_the_supervisor_ruled_to_be_withheld(word, pointers):
    given = [reviewed(), ruled(IN_PART, withheld=Withheld(("x", "more"), (7,)))]
    with pytest.raises(WithheldMismatch) as refused:
        check_may_decide(word, AUTHOR, Course(VALID, given))
    assert [each.pointer for each in refused.value.faults] == pointers


def test_a_departure_from_the_supervisors_ruling_needs_a_reason():
    given = [reviewed(), ruled(IN_PART, withheld=PART)]
    with pytest.raises(ReasonRequired, match="supervisor"):
        check_may_decide(approved(), AUTHOR, Course(VALID, given))


def test_what_is_withheld_is_the_approvers_word():
    theirs = Withheld(rows=(2,))
    opinion = reviewed(IN_PART, withheld=PART)

    assert withheld_of([opinion]) == Withheld()
    assert withheld_of([opinion, approved()]) == Withheld()
    assert withheld_of([opinion, approved(IN_PART, withheld=theirs)]) == theirs
    assert bool(Withheld()) is False
    assert bool(theirs) is bool(PART) is True


def test_a_round_has_the_words_given_against_one_release():
    words = [reviewed(), approved(), reviewed(base_release=1)]

    assert current_round(words, 0) == tuple(words[:2])
    assert current_round(words, 1) == (words[2],)


SOON, LATER = AT + timedelta(hours=1), AT + timedelta(days=367)


def test_an_approver_who_releases_may_say_from_when_on_it_is_public():
    course = Course(VALID, [reviewed()])
    check_may_decide(approved(publish_at=SOON), AUTHOR, course)

    assert embargo_of([reviewed(), approved(publish_at=SOON)]) == SOON
    assert embargo_of([reviewed()]) is embargo_of([reviewed(), approved()]) is None


@pytest.mark.parametrize(
    ("word", "given"),
    [
        (reviewed(publish_at=SOON), []),
        (approved(WITHHOLD, reason="r", publish_at=SOON), [reviewed(WITHHOLD)]),
        (approved(publish_at=AT), [reviewed()]),
        (approved(publish_at=AT - timedelta(days=1)), [reviewed()]),
        (approved(publish_at=LATER), [reviewed()]),
        (approved(publish_at=datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))),
         [reviewed()]),
    ],
)  # fmt: skip
def test_nobody_else_says_so_and_nothing_but_a_moment_ahead(word, given):
    with pytest.raises(InvalidEmbargo) as refused:
        check_may_decide(word, AUTHOR, Course(VALID, given))
    assert [each.pointer for each in refused.value.faults] == ["/publish_at"]


def test_a_new_round_has_no_embargo_of_the_one_before():
    old = [reviewed(), approved(publish_at=SOON)]

    assert embargo_of(current_round(old, 1)) is None


@pytest.mark.parametrize("each", [*Verdict, *State])
def test_every_word_and_state_has_a_name_in_both_languages(each):
    assert not each.label.zh.isascii()
    assert each.label.en.isascii()
