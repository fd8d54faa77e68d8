"""What may be said of a correction, and where it stands after that: every word after every other.

A correction is first shown or hidden, then answered; see the table of answers.
"""

from datetime import UTC, datetime

import pytest

from opendata.domain.corrections import (
    ANSWERS,
    AlreadyAnswered,
    Kind,
    NotModerated,
    State,
    Word,
    check_may_be_said,
    status_of,
    word_faults,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHOW, HIDE, REFUSE, TRANSFER, CORRECT = Kind


def word(kind, **more):
    return Word(kind, "某理由", NOON, **more)


def after(*kinds):
    return status_of([word(kind) for kind in kinds])


@pytest.mark.parametrize(
    ("kinds", "state", "shown"),
    [
        ([], State.RECEIVED, False),
        ([HIDE], State.OPEN, False),
        ([SHOW], State.OPEN, True),
        ([SHOW, HIDE], State.OPEN, False),
        ([HIDE, SHOW], State.OPEN, True),
        ([SHOW, REFUSE], State.REFUSED, True),
        ([HIDE, REFUSE], State.REFUSED, False),
        ([SHOW, REFUSE, HIDE], State.REFUSED, False),
        ([SHOW, REFUSE, CORRECT], State.CORRECTED, True),
        ([SHOW, TRANSFER], State.TRANSFERRED, True),
        ([SHOW, TRANSFER, CORRECT, HIDE, SHOW], State.CORRECTED, True),
    ],
)
def test_where_a_correction_stands_follows_from_what_was_said(kinds, state, shown):
    status = after(*kinds)

    assert (status.state, status.shown) == (state, shown)
    assert [each.kind for each in status.answers] == [each for each in kinds if each.is_answer]


@pytest.mark.parametrize(
    ("kinds", "may_follow"),
    [
        ([], {SHOW, HIDE}),
        ([SHOW], {HIDE, REFUSE, TRANSFER, CORRECT}),
        ([HIDE], {SHOW, REFUSE, TRANSFER, CORRECT}),
        ([SHOW, REFUSE], {HIDE, TRANSFER, CORRECT}),
        ([SHOW, TRANSFER], {HIDE, REFUSE, CORRECT}),
        ([SHOW, CORRECT], {HIDE}),
        ([SHOW, CORRECT, HIDE], {SHOW}),
    ],
)
def test_a_word_follows_where_it_changes_something(kinds, may_follow):
    status = after(*kinds)
    for kind in Kind:
        if kind in may_follow:
            check_may_be_said(word(kind), status)
            continue
        refusal = NotModerated if kind.is_answer and not kinds else AlreadyAnswered
        with pytest.raises(refusal):
            check_may_be_said(word(kind), status)


def test_every_state_has_a_name_and_says_what_may_follow():
    assert {each.label.zh for each in State}
    assert set(ANSWERS) == set(State)


@pytest.mark.parametrize(
    ("said", "pointers"),
    [
        (word(SHOW), []),
        (word(CORRECT, release=2), []),
        (word(CORRECT), ["/release"]),
        (word(CORRECT, release=1), ["/release"]),
        (word(REFUSE, release=2), ["/release"]),
        (word(TRANSFER, transferred_to="某局"), []),
        (word(TRANSFER), ["/transferred_to"]),
        (word(TRANSFER, transferred_to=" "), ["/transferred_to"]),
        (word(SHOW, transferred_to="某局", release=2), ["/release", "/transferred_to"]),
    ],
)
def test_a_word_has_what_its_kind_needs_and_no_more(said, pointers):
    assert [each.pointer for each in word_faults(said, reported=1)] == pointers
