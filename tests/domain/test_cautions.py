"""Cautions: every kind is answered before an approver may publish it; the last answer stands."""

from datetime import timedelta

import pytest

from opendata.domain.approvals import Course, State, Verdict, check_may_decide
from opendata.domain.cautions import (
    CautionAnswer,
    CautionKind,
    Cautions,
    CautionsUnanswered,
    InvalidAnswers,
    OwnAnswer,
    check_answers,
)
from opendata.domain.errors import Text
from opendata.domain.findings import Caution
from opendata.domain.people import Role
from tests.domain.made import AT, AUTHOR, PERSONS, approved, reviewed

MESSAGE = Text("应填写。", "A value is expected.")
CODE = Caution("value-expected", "uscc-known", None, "uscc", 3, (2, 3, 4), (2, 3, 4), MESSAGE)
PARTIAL = Caution("row-constraint", None, "某办法", None, 1, (2,), (2,), MESSAGE)
A, B = CautionKind.of(CODE), CautionKind.of(PARTIAL)
ELSEWHERE = CautionKind("value-expected", "uscc-known", "other_uscc")


def answered(number, kind, reason="原文如此", person_id=AUTHOR):
    at = AT + timedelta(minutes=number)
    return CautionAnswer(number, kind, reason, person_id, "某人", Role.AUTHOR, at)


def of(*answers):
    return Cautions((CODE, PARTIAL), answers)


@pytest.mark.parametrize(
    ("answers", "open_kinds"),
    [
        ((), (A, B)),
        ((answered(1, B),), (A,)),
        ((answered(1, B), answered(2, A)), ()),
        ((answered(1, B), answered(2, B)), (A,)),
        # The same rule about another column is another kind.
        ((answered(1, ELSEWHERE), answered(2, B)), (A,)),
    ],
)
def test_a_kind_is_open_until_somebody_answers_it(answers, open_kinds):
    assert of(*answers).unanswered == open_kinds


@pytest.mark.parametrize(
    ("count", "rows", "withheld", "left"),
    [
        (3, (2, 3, 4), (), (3, (2, 3, 4))),
        (3, (2, 3, 4), (9,), (3, (2, 3, 4))),
        (3, (2, 3, 4), (3,), (2, (2, 4))),
        (3, (2, 3, 4), (2, 3, 4), None),
        # Of more than are told nobody knows which: whatever may be withheld does not count.
        (6, (2, 3, 4), (3, 9, 9), (4, (2, 4))),
        (6, (2, 3, 4), (2, 3, 4, 5), (2, ())),
        (5, (2, 3, 4), (2, 3, 4, 8, 9, 10), None),
        # A whole table is no row.
        (1, (), (2,), (1, ())),
    ],
)
def test_nothing_is_told_of_a_withheld_row(count, rows, withheld, left):
    lines = tuple(row + 10 for row in rows)
    found = Caution("row-constraint", "r", None, None, count, rows, lines, MESSAGE)

    told = found.without(withheld)

    assert (told and (told.count, told.rows)) == left
    assert told is None or told.lines == tuple(row + 10 for row in told.rows)


def test_the_last_answer_stands_whatever_their_times_say():
    first, second = answered(1, A, "写错了"), answered(2, A, "来源没有载明")
    found = of(first, second, answered(3, B))

    assert [each.answer.reason for each in found.issues] == ["来源没有载明", "原文如此"]
    assert [each.caution for each in found.issues] == [CODE, PARTIAL]


def test_what_is_told_of_an_issue_is_the_caution_and_who_answered_it_why_and_when():
    told = of(answered(1, A, "来源没有载明")).issues[0].as_dict()

    assert told == {
        **CODE.as_dict(),
        "answer": {
            "reason": "来源没有载明",
            "person": "某人",
            "role": "author",
            "at": "2026-01-01T00:01:00Z",
        },
    }
    assert of().issues[0].as_dict()["answer"] is None


def test_a_caution_is_read_as_it_was_written():
    assert Caution.of(CODE.as_dict()) == CODE
    assert Caution.of(PARTIAL.as_dict()) == PARTIAL


REVIEWED = Course(State.IN_REVIEW, [reviewed()], cautions=of(answered(1, A)))


@pytest.mark.parametrize("verdict", [Verdict.DISCLOSE, Verdict.DISCLOSE_IN_PART])
def test_an_approver_waits_for_every_answer(verdict):
    with pytest.raises(CautionsUnanswered) as refused:
        REVIEWED.cautions.check_approvable_by(PERSONS[Role.APPROVER])
    assert [(each.pointer, each.code) for each in refused.value.faults] == [
        ("/verdict", "caution-unanswered")
    ]
    assert "row-constraint" in refused.value.faults[0].detail.zh
    if verdict is Verdict.DISCLOSE:
        with pytest.raises(CautionsUnanswered):
            check_may_decide(approved(), AUTHOR, REVIEWED)


@pytest.mark.parametrize("verdict", [Verdict.WITHHOLD, Verdict.RETURN])
def test_what_is_not_published_needs_no_answers(verdict):
    check_may_decide(approved(verdict, reason="r"), AUTHOR, REVIEWED)


def test_a_reviewer_gives_an_opinion_before_anything_is_answered():
    check_may_decide(reviewed(), AUTHOR, Course(State.IN_REVIEW, cautions=of()))


def test_once_all_is_answered_the_approver_may_approve():
    found = of(answered(1, A), answered(2, B, person_id=PERSONS[Role.REVIEWER]))

    check_may_decide(approved(), AUTHOR, Course(State.IN_REVIEW, [reviewed()], cautions=found))


def test_nobody_approves_their_own_answer_unless_somebody_answered_after_them():
    approver = PERSONS[Role.APPROVER]
    own = of(answered(1, A), answered(2, B, person_id=approver))
    with pytest.raises(OwnAnswer):
        own.check_approvable_by(approver)

    of(*own.answers, answered(3, B)).check_approvable_by(approver)


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ([(A, "r"), (B, "r")], None),
        ([], None),
        ([(ELSEWHERE, "r")], [("/answers/0", "unknown-caution")]),
        ([(A._replace(name=None), "r")], [("/answers/0", "unknown-caution")]),
        ([(A, "r"), (A, "s")], [("/answers/1", "repeated-caution")]),
        ([(A, "r"), (B, " \n")], [("/answers/1/reason", "reason-required")]),
        (
            [(ELSEWHERE, ""), (B, "r")],
            [("/answers/0", "unknown-caution"), ("/answers/0/reason", "reason-required")],
        ),
    ],
)
def test_answers_are_refused_with_every_fault_located(given, faults):
    if faults is None:
        check_answers(given, of())
        return
    with pytest.raises(InvalidAnswers) as refused:
        check_answers(given, of())
    assert [(each.pointer, each.code) for each in refused.value.faults] == faults
    assert refused.value.detail.en.isascii()


def test_an_unknown_kind_is_told_which_kinds_there_are():
    with pytest.raises(InvalidAnswers) as refused:
        check_answers([(ELSEWHERE, "r")], of())
    assert "uscc-known (value-expected, uscc); row-constraint" in refused.value.detail.en

    with pytest.raises(InvalidAnswers) as refused:
        check_answers([(ELSEWHERE, "r")], Cautions())
    assert "there is none" in refused.value.detail.en
