"""What may be said of a release, by whom, and what follows: the whole table, walked through."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from opendata.domain.takedowns import (
    TRANSITIONS,
    AlreadySuspended,
    AlreadyWithdrawn,
    Kind,
    NotSuspended,
    Place,
    SecondPersonNeeded,
    State,
    Status,
    TakedownWord,
    check_may_say,
    standing_of,
)

SUSPEND, LIFT, WITHDRAW = Kind
BEGAN = datetime(2026, 3, 2, 2, tzinfo=UTC)
LETTERS = {"S": SUSPEND, "L": LIFT, "W": WITHDRAW}


def word(kind, person="a", hours=0, **more):
    said = {"number": 1, "authority": "某机关", "basis": "某条", "reason": "某原因", **more}
    at = BEGAN + timedelta(hours=hours)
    return TakedownWord(kind=kind, person_id=UUID(int=ord(person)), person=person, at=at, **said)


def said(story):
    """Read a story like ``Sa Lb``: a letter for what was said, one for who said it."""
    told = [word(LETTERS[each[0]], each[1], hours) for hours, each in enumerate(story.split())]
    return standing_of(told)


@pytest.mark.parametrize(
    ("story", "place", "changes"),
    [
        ("", Place.PUBLIC, 0),
        ("Sa", Place.SUSPENDED, 1),
        ("Sa Sb", Place.CONFIRMED, 1),
        ("Sa Lb", Place.PUBLIC, 2),
        ("Sa Sb La", Place.LIFTING, 1),
        ("Sa Sb La Lb", Place.PUBLIC, 2),
        ("Sa Sb Lc Ld", Place.PUBLIC, 2),
        ("Sa Lb Sb", Place.SUSPENDED, 3),  # whoever lifted may suspend anew
        ("Sa Lb Sa Sb La Lb", Place.PUBLIC, 4),
        ("Wa", Place.PUBLIC, 0),
        ("Wa Wb", Place.WITHDRAWN, 1),
        ("Sa Wa Wb", Place.WITHDRAWN, 1),
        ("Wa Sa Wb", Place.WITHDRAWN, 1),
        ("Sa Sb Wa Wb", Place.WITHDRAWN, 1),
        ("Sa Sb La Wa Wb", Place.WITHDRAWN, 1),
        # A lift ends a withdrawal that only one person asked for …
        ("Wa Sa Lb Wb", Place.PUBLIC, 2),
        # … and its words have to be said anew.
        ("Wa Sa Lb Wb Wa", Place.WITHDRAWN, 3),
    ],
)
def test_where_a_release_stands_follows_from_what_was_said(story, place, changes):
    found = said(story)

    assert (found.place, found.changes) == (place, changes)
    assert len(found.words) == len(story.split())
    assert found.visible is (place is Place.PUBLIC) is (found.state is State.PUBLIC)
    assert found.confirmed is (place in (Place.CONFIRMED, Place.LIFTING, Place.WITHDRAWN))


@pytest.mark.parametrize(
    ("story", "refused", "why"),
    [
        ("", "La", NotSuspended),
        ("Sa", "Sa", AlreadySuspended),
        ("Sa", "La", SecondPersonNeeded),  # nobody undoes alone what they did alone
        ("Sa Sb", "Sc", AlreadySuspended),
        ("Sa Sb La", "La", SecondPersonNeeded),
        ("Sa Sb La", "Sb", AlreadySuspended),
        ("Sa Lb", "Lc", NotSuspended),
        ("Wa", "Wa", SecondPersonNeeded),
        ("Wa Wb", "Wc", AlreadyWithdrawn),
        ("Wa Wb", "Sc", AlreadyWithdrawn),
        ("Wa Wb", "Lc", AlreadyWithdrawn),
        ("Sa Sb Wa Wb", "Lc", AlreadyWithdrawn),
    ],
)
def test_any_other_word_is_refused_and_would_change_nothing(story, refused, why):
    before = said(story)
    with pytest.raises(why) as refusal:
        check_may_say(word(LETTERS[refused[0]], refused[1]), before)

    assert refusal.value.detail.zh
    assert refusal.value.detail.en.isascii()
    after = said(f"{story} {refused}")
    assert (after.place, after.changes, after.holding) == (
        before.place,
        before.changes,
        before.holding,
    )


def stories(most=5, persons="ab") -> Iterator[tuple[str, ...]]:
    """Yield every course of words that the rules allow, up to a length."""
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        story = waiting.pop()
        yield story
        if len(story) == most:
            continue
        for letter, person in product(LETTERS, persons):
            try:
                check_may_say(word(LETTERS[letter], person), said(" ".join(story)))
            except (AlreadySuspended, AlreadyWithdrawn, NotSuspended, SecondPersonNeeded):
                continue
            waiting.append((*story, letter + person))


@pytest.fixture(scope="module")
def courses():
    return {story: said(" ".join(story)) for story in stories()}


def test_every_transition_of_the_table_is_taken_and_every_other_one_is_refused(courses):
    taken = {}
    for story, after in courses.items():
        if story:
            before = courses[story[:-1]]
            kind = LETTERS[story[-1][0]]
            first = before.withdrawing if kind is WITHDRAW else before.awaiting
            taken[before.place, kind, first is not None] = after.place

    assert taken == dict(TRANSITIONS)


def test_nothing_is_taken_down_for_good_or_put_back_by_one_person(courses):
    for story, found in courses.items():
        if found.place is Place.WITHDRAWN:
            assert len({each.person_id for each in found.holding}) == 2, story
        if story and story[-1][0] == "L" and found.visible:
            before = courses[story[:-1]]
            assert before.awaiting is not None
            assert before.awaiting.person_id != found.words[-1].person_id, story


def test_a_withdrawal_is_the_end(courses):
    withdrawn = {story for story, found in courses.items() if found.place is Place.WITHDRAWN}

    assert withdrawn
    assert not any(story[:-1] in withdrawn for story in courses if story)


def test_what_is_public_changes_exactly_when_the_count_does(courses):
    for story, found in courses.items():
        if story:
            before = courses[story[:-1]]
            assert found.changes - before.changes == (before.visible is not found.visible), story


def test_whoever_may_not_speak_changes_nothing(courses):
    """All words are tried everywhere: what is refused leaves a release as hidden as it was."""
    for story, before in courses.items():
        for letter, person in product(LETTERS, "ab"):
            if (*story, letter + person) not in courses and len(story) < 5:
                after = said(" ".join((*story, letter + person)))
                assert (after.place, after.holding) == (before.place, before.holding)


def test_a_suspension_on_one_word_is_due_within_a_day():
    found = said("Sa")
    day = timedelta(days=1)

    assert found.due_by == BEGAN + day
    assert not found.is_overdue(BEGAN + day)
    assert found.is_overdue(BEGAN + day + timedelta(seconds=1))
    for settled in ("", "Sa Sb", "Sa Lb", "Sa Sb La", "Sa Wa Wb"):
        assert said(settled).due_by is None
        assert not said(settled).is_overdue(BEGAN + 9 * day)
    assert said("Sa Lb Sb").due_by == BEGAN + timedelta(hours=2) + day


def test_a_first_word_of_withdrawal_is_told_only_once_it_counts():
    """It would draw attention to what is still public."""
    pending = said("Wa")
    assert (pending.withdrawal_pending, pending.told) == (True, ())
    assert [each.kind for each in said("Sa Wb").told] == [SUSPEND]
    assert [each.kind for each in said("Wa Sa Lb Wa Wb").told] == [
        SUSPEND,
        LIFT,
        WITHDRAW,
        WITHDRAW,
    ]
    assert not said("Wa Wb").withdrawal_pending


def test_a_first_word_of_withdrawal_that_nobody_seconds_lapses_after_thirty_days():
    first, term = word(WITHDRAW, "a"), 24 * 30
    pending = standing_of([first])

    assert standing_of([first, word(WITHDRAW, "b", term)]).place is Place.WITHDRAWN
    assert pending.at(BEGAN + timedelta(hours=term)).withdrawal_pending
    assert not pending.at(BEGAN + timedelta(hours=term + 1)).withdrawal_pending
    for person in "ab":
        anew = word(WITHDRAW, person, term + 1)
        check_may_say(anew, pending)
        found = standing_of([first, anew])
        assert (found.place, found.withdrawing) == (Place.PUBLIC, anew)
    final = standing_of([first, anew, word(WITHDRAW, "a", term + 2)])
    assert (final.place, len(final.holding)) == (Place.WITHDRAWN, 2)


def test_a_tombstone_names_the_word_that_took_effect():
    assert Status().tombstone("d", 1) is None
    suspended = said("Sa Sb").tombstone("d", 1)
    withdrawn = said("Sa Wb Wc").tombstone("d", 2)

    assert (suspended.state, suspended.at) == (State.SUSPENDED, BEGAN)
    assert (withdrawn.state, withdrawn.at) == (State.WITHDRAWN, BEGAN + timedelta(hours=2))
    assert (withdrawn.authority, withdrawn.basis, withdrawn.reason) == ("某机关", "某条", "某原因")
    for stone, said_zh, said_en in (
        (suspended, "已停止公开", "suspended"),
        (withdrawn, "已撤回", "withdrawn"),
    ):
        for part in (said_zh, "某机关，某条", "某原因", "2026-03-02"):
            assert part in stone.sentence.zh
        assert said_en in stone.sentence.en


@pytest.mark.parametrize("each", [*Kind, *State])
def test_every_word_and_state_has_a_name_in_both_languages(each):
    assert not each.label.zh.isascii()
    assert each.label.en.isascii()
