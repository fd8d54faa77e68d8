"""The review's table and the rules agree: what is in it can happen, and nothing else can."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.build import review as drawn
from opendata.domain.approvals import Course, check_may_decide, place_of
from opendata.domain.coordination import Consent, Consultation, Coordination, Stance
from opendata.domain.courses import Withheld
from opendata.domain.errors import Refusal
from opendata.domain.people import Role
from opendata.domain.transitions import TABLE, Event, Place, State, Verdict, Word, after
from tests.domain.made import AT, AUTHOR, person, word

DECIDING = (Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR)
ENDS = {Place.INVALID, Place.FAILED, Place.CANCELLED, Place.RETURNED, Place.WITHHELD}
MOST_RELEASES = 1
OBJECTION = Consent("bureau", Stance.OBJECT, person(90), "某", "函", "理由", 0, 0, AT)


def said(course, role, verdict):
    """A word of a new person, with whatever its verdict needs."""
    part = Withheld(rows=(1,)) if verdict is Verdict.DISCLOSE_IN_PART else Withheld()
    return word(
        role,
        verdict,
        person_id=person(10 + len(course.decisions)),
        reason="理由",
        withheld=part,
        base_release=course.base_release,
    )


def decisions(course):
    for role in DECIDING:
        for verdict in Verdict:
            spoken = said(course, role, verdict)
            try:
                check_may_decide(spoken, AUTHOR, course)
            except Refusal:
                continue
            yield Word(role, verdict), replace(course, decisions=(*course.decisions, spoken))


def consultation(answer):
    return Coordination((Consultation("bureau", AT, None, answer),))


FACTS = {
    Place.RECEIVED: [
        (Event.VALID, {"validity": State.IN_REVIEW}),
        (Event.MARKED, {"validity": State.IN_REVIEW, "stopped": True}),
        (Event.INVALID, {"validity": State.INVALID}),
        (Event.BROKEN, {"validity": State.FAILED}),
    ],
    Place.STOPPED: [(Event.CLEARED, {"stopped": False})],
    Place.CONTESTED: [
        (Event.AGREED, {"coordination": consultation(replace(OBJECTION, stance=Stance.CONSENT))})
    ],
    Place.APPROVED: [(Event.RELEASED, {"released": True}), (Event.STALE, {"failed": True})],
    Place.PUBLISHED: [(Event.WITHDRAWN, {"withdrawn": True})],
}
OPEN = {State.RECEIVED, State.IN_REVIEW, State.REFERRED, State.APPROVED}


def happenings(course):
    """Every fact that may be recorded next, as the stages let it be."""
    place = place_of(course)
    for event, fact in FACTS.get(place, ()):
        yield event, replace(course, **fact)
    if place.state in OPEN:
        yield Event.CANCELLED, replace(course, cancelled=True)
    # What was ruled on before an agency objects is not ruled on again; see test_coordination.
    ruled = any(each.role is Role.SUPERVISOR for each in course.decisions)
    if place is Place.APPROVAL and not (ruled or course.coordination.asked):
        yield Event.OBJECTED, replace(course, coordination=consultation(OBJECTION))
    if not course.released and course.base_release < MOST_RELEASES:
        overtaken = replace(course, base_release=1, coordination=Coordination())
        yield Event.OVERTAKEN, overtaken


@pytest.fixture(scope="module")
def walked():
    """Every step from the first fact on that the rules allow, and every course met on the way."""
    found, seen, waiting = {}, {key(Course()): Course()}, [Course()]
    while waiting:
        course = waiting.pop()
        place = place_of(course)
        for event, then in (*happenings(course), *decisions(course)):
            found.setdefault((place, event), set()).add(place_of(then))
            if key(then) not in seen:
                seen[key(then)] = then
                waiting.append(then)
    return found, list(seen.values())


def key(course):
    """What tells courses apart: of the rounds before, only whether they ended the submission."""
    now = tuple(each for each in course.decisions if each.round == course.round)
    earlier = len(now) < len(course.decisions)
    return replace(course, decisions=now), earlier, place_of(course)


def test_what_can_happen_is_in_the_table_and_leads_where_it_says(walked):
    found, _ = walked

    assert {step: {TABLE.get(step, step[0])} for step in found} == found


def test_what_is_in_the_table_can_happen(walked):
    found, _ = walked

    assert set(TABLE) - set(found) == set()


def test_the_diagram_has_every_row_of_the_table_and_nothing_else():
    lines = [each.strip() for each in drawn.diagram() if " --> " in each]
    arrows = {
        (line.partition(" --> ")[0], event, line.partition(" --> ")[2].partition(": ")[0])
        for line in lines
        for event in line.partition(" --> ")[2].partition(": ")[2].split(" / ")
    }

    rows = {(str(origin), str(event), str(goal)) for (origin, event), goal in TABLE.items()}
    assert arrows == rows | {("[*]", "a file is sent in", "received")}


def test_nothing_leads_out_of_an_end_and_every_place_is_reached():
    assert not [origin for origin, _ in TABLE if origin in ENDS]
    assert set(TABLE.values()) | {Place.RECEIVED} == set(Place)


def test_no_way_to_publication_leads_past_the_reviewer_or_the_approver():
    """Leaving one kind of word out of the table leaves no way to ``published``."""
    for role in (Role.REVIEWER, Role.APPROVER):
        reached, waiting = set(), [Place.RECEIVED]
        while waiting:
            here = waiting.pop()
            reached.add(here)
            waiting += [
                goal
                for (origin, event), goal in TABLE.items()
                if origin is here
                and goal not in reached
                and not (isinstance(event, Word) and event.role is role)
            ]
        assert Place.PUBLISHED not in reached


def test_a_classification_marking_is_passed_by_a_supervisor_only():
    out = [event for origin, event in TABLE if origin is Place.STOPPED]

    assert {event.role for event in out if isinstance(event, Word)} == {Role.SUPERVISOR}
    assert {event for event in out if isinstance(event, Event)} == {Event.CLEARED, Event.CANCELLED}


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_words_were_recorded_decides_nothing(walked, data):
    """Clocks differ between machines: a round is what was said in it."""
    courses = [each for each in walked[1] if len(each.decisions) > 1]
    course = courses[data.draw(st.integers(0, len(courses) - 1))]
    shuffled = data.draw(st.permutations(range(len(course.decisions))))

    said = tuple(course.decisions[each] for each in shuffled)
    assert place_of(replace(course, decisions=said)) is place_of(course)


def test_what_has_no_row_changes_nothing():
    assert after(Place.REVIEW, [Event.RELEASED, Word(Role.APPROVER, Verdict.DISCLOSE)]) is (
        Place.REVIEW
    )
