"""A complaint goes its way in order, no one person does all of it, and figures point at nobody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from opendata.domain.approvals import Verdict
from opendata.domain.complaints.accountability import (
    EVERY_GROUND,
    Case,
    Outcome,
    results,
    statistics,
)
from opendata.domain.complaints.attribution import departure_faults, departures
from opendata.domain.complaints.deeds import of_request
from opendata.domain.complaints.grounds import Ground
from opendata.domain.complaints.measures import Gravity, Measure, Target
from opendata.domain.complaints.order import (
    check_by_body,
    check_may_follow,
    check_may_tell,
    day_faults,
    kinds_now,
    kinds_of_body,
)
from opendata.domain.complaints.procedure import TABLE, Kind, Place, Result, Source, Token, kinds_at
from opendata.domain.complaints.refusals import (
    HearingNeeded,
    InvalidStep,
    NoticeNeeded,
    NotInTurn,
    NotSettled,
)
from opendata.domain.complaints.standing import Event, status_of
from opendata.domain.complaints.steps import Held, Manner, Part, Party, Step, Words, step_faults
from opendata.domain.complaints.terms import rectification, reply, rule_faults
from opendata.domain.complaints.views import (
    Phase,
    answers_to_reporter,
    phase_of,
    place_for_body,
    seen_by_body,
)
from opendata.domain.people import Role
from opendata.domain.responsibility import Case as OfRelease
from opendata.domain.responsibility import Share, responsibility
from opendata.domain.takedowns import SecondPersonNeeded
from opendata.domain.working_days import Calendar
from tests.domain.made import word

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, tzinfo=UTC)
FINDER, DECIDER, REVIEWER = (UUID(int=each) for each in (1, 2, 3))
WEEKDAYS = Calendar.of(date(2026, 1, 1), date(2026, 12, 31), lambda day: day.weekday() < 5)


def step(kind, result=None, **more):
    return Step(Kind(kind), more.pop("on", DAY), result and Result(result), **more)


CHECKED = step("preliminary_check", "proceed")
FOUND = step("finding", "substantiated", grounds=(Ground.LATE,), gravity=Gravity.SERIOUS)
HEARD = step("heard", party=Party.BODY, manner=Manner.WRITTEN)
CIRCULATED = step("decided", body=(Measure.CRITICISM_CIRCULATED,))
RECTIFY = step("decided", body=(Measure.RECTIFICATION_ORDERED,))
TOLD = step("notified", party=Party.BODY)
TOLD_REPORTER = step("notified", party=Party.REPORTER)
ORDER = step("rectification_ordered", rule="RECT-GY")
ASKED_FOR_REVIEW = step("review_asked", party=Party.BODY)
TO_A_DECISION = (CHECKED, FOUND, HEARD, RECTIFY)


def after(*steps, by=FINDER):
    """Where a case stands after steps, recorded by one person, or by those of ``by`` in turn."""
    persons = by if isinstance(by, tuple) else (by,) * len(steps)
    events = [
        Event(number, each, person, "", AT)
        for number, (each, person) in enumerate(zip(steps, persons, strict=True), start=1)
    ]
    return status_of(events)


def refusal(status, wanted, person=DECIDER, *, is_named=False):
    try:
        check_may_follow(status, wanted, person, is_named=is_named)
    except (NotInTurn, HearingNeeded, NoticeNeeded, NotSettled, SecondPersonNeeded) as refused:
        return refused.code
    return None


def test_every_ground_and_measure_is_told_in_two_languages_and_where_it_is_from():
    for each in (*Ground, *Measure):
        assert all(each.label), each
        assert all("第" in article for article in each.articles), each
        assert each.articles, each
    of_guilin = {one for each in Ground for one in each.articles if "桂林" in one}
    of_shaanxi = {one for each in Ground for one in each.articles if "陕西" in one}
    assert (len(of_guilin), len(of_shaanxi)) == (11, 11)
    assert {each.level for each in Measure} == {each.level for each in Gravity} == {1, 2, 3, 4}


def test_every_state_kind_and_source_has_two_names():
    for each in (*Kind, *Place, *Source, *Gravity, *Target, *Phase, *Outcome):
        assert all(each.label), each


def test_every_place_is_reached_and_all_but_a_closed_case_lead_on():
    reached = set(TABLE.values()) | {Place.RECEIVED}

    assert reached == set(Place)
    assert {at for at, _ in TABLE} == set(Place)


@pytest.mark.parametrize(
    ("steps", "wanted", "code"),
    [
        ((), FOUND, "complaint-not-in-turn"),
        ((), CIRCULATED, "complaint-not-in-turn"),
        ((CHECKED,), CIRCULATED, "complaint-not-in-turn"),
        ((CHECKED, FOUND), CIRCULATED, "hearing-needed"),
        ((CHECKED, FOUND, HEARD), CIRCULATED, None),
        # Heard on what was found before, not on this.
        ((CHECKED, FOUND, HEARD, FOUND), CIRCULATED, "hearing-needed"),
        # The body was heard, and not the person.
        (
            (CHECKED, FOUND, HEARD),
            step("decided", persons=(Held(Part.AUTHOR, Share.MAIN, (Measure.ADMONITION,)),)),
            "hearing-needed",
        ),
        (TO_A_DECISION, ORDER, "notice-needed"),
        (TO_A_DECISION, ASKED_FOR_REVIEW, "notice-needed"),
        (TO_A_DECISION, TOLD_REPORTER, "notice-needed"),
        (TO_A_DECISION, step("closed"), "notice-needed"),
        ((*TO_A_DECISION, TOLD), ORDER, None),
        ((CHECKED, FOUND, HEARD, CIRCULATED, TOLD), ORDER, "complaint-not-in-turn"),
        ((*TO_A_DECISION, TOLD), HEARD, "complaint-not-in-turn"),
        ((*TO_A_DECISION, step("notified", party=Party.PERSON)), ORDER, "notice-needed"),
        ((*TO_A_DECISION, TOLD), step("reviewed", "upheld"), "complaint-not-in-turn"),
        ((*TO_A_DECISION, TOLD, ASKED_FOR_REVIEW), ASKED_FOR_REVIEW, "complaint-not-in-turn"),
        ((*TO_A_DECISION, TOLD, ASKED_FOR_REVIEW), HEARD, None),
        ((CHECKED,), step("answered"), "complaint-not-in-turn"),
        ((CHECKED, step("answer_asked")), step("answered"), None),
    ],
)
def test_steps_come_in_the_order_of_the_rules(steps, wanted, code):
    assert refusal(after(*steps), wanted) == code


@pytest.mark.parametrize(
    ("steps", "wanted", "allowed"),
    [
        ((CHECKED, FOUND, HEARD), CIRCULATED, {DECIDER, REVIEWER}),
        ((step("preliminary_check", "unfounded"),), step("dismissed"), {DECIDER, REVIEWER}),
        ((*TO_A_DECISION, TOLD, ASKED_FOR_REVIEW), step("reviewed", "upheld"), {REVIEWER}),
        ((*TO_A_DECISION, TOLD), ORDER, {DECIDER, REVIEWER}),
        (
            (*TO_A_DECISION, TOLD, ORDER, step("rectified")),
            step("rectification_checked", "accepted"),
            {DECIDER, REVIEWER},
        ),
        ((CHECKED,), FOUND, {FINDER, DECIDER, REVIEWER}),
    ],
)
def test_who_finds_does_not_decide_and_who_did_either_does_not_review(steps, wanted, allowed):
    by = tuple(DECIDER if each.kind is Kind.DECIDED else FINDER for each in steps)
    status = after(*steps, by=by)

    found = {each for each in (FINDER, DECIDER, REVIEWER) if refusal(status, wanted, each) is None}
    assert found == allowed


def test_who_registered_a_clue_investigates_it():
    status = status_of((), registered_by=FINDER)

    assert status.investigators == {FINDER}


def test_a_case_is_closed_once_nothing_is_left_to_do():
    decided = (*TO_A_DECISION, TOLD)
    rectified = (*decided, ORDER, step("rectified"), step("rectification_checked", "accepted"))
    closing = step("closed")
    assert refusal(after(*rectified), closing) is None
    assert refusal(after(*rectified), closing, is_named=True) == "not-settled"
    assert refusal(after(*rectified, TOLD_REPORTER), closing, is_named=True) is None
    assert refusal(after(*rectified, ASKED_FOR_REVIEW), closing) == "not-settled"
    assert refusal(after(*decided), closing) == "not-settled"
    insufficient = (
        *decided,
        ORDER,
        step("rectified"),
        step("rectification_checked", "insufficient"),
    )
    assert after(*insufficient).place is Place.RECTIFYING
    referred = step(
        "decided",
        persons=(Held(Part.AUTHOR, Share.MAIN, (Measure.SANCTIONED,)),),
        body=(Measure.CRITICISM_CIRCULATED,),
    )
    both = (CHECKED, FOUND, HEARD, step("heard", party=Party.PERSON), referred, TOLD)
    only_told_the_person = (*both[:-1], step("notified", party=Party.PERSON))
    assert refusal(after(*only_told_the_person), closing) == "not-settled"
    handed = (step("transferred", party=Party.AUTHORITY), step("notified", party=Party.PERSON))
    assert refusal(after(*both), closing) == "not-settled"
    assert refusal(after(*both, *handed), closing) is None


def test_a_review_upholds_changes_or_revokes():
    asked = (*TO_A_DECISION, TOLD, ASKED_FOR_REVIEW)
    upheld = after(*asked, step("reviewed", "upheld"))
    assert (upheld.place, upheld.under_review, upheld.told) == (Place.STANDING, False, frozenset())
    assert upheld.notice_on == DAY
    lighter = step("reviewed", "changed", body=(Measure.CRITICISM_CIRCULATED,))
    changed = after(*asked, lighter)
    assert (changed.place, changed.measures) == (Place.DECIDED, (Measure.CRITICISM_CIRCULATED,))
    assert refusal(changed, ORDER) == "notice-needed"
    revoked = after(*asked, step("reviewed", "revoked"))
    assert (revoked.place, revoked.decision) == (Place.DISMISSED, None)
    assert refusal(revoked, step("closed")) is None
    more = step("reviewed", "changed", persons=(Held(Part.AUTHOR, Share.MAIN, (Measure.REMOVED,)),))
    assert refusal(after(*asked), more, REVIEWER) == "hearing-needed"


def test_a_step_that_could_not_be_recorded_changes_nothing():
    assert after(CIRCULATED, TOLD).place is Place.RECEIVED


@pytest.mark.parametrize(
    ("wanted", "words", "pointers"),
    [
        (step("preliminary_check"), "", ["/result", "/text"]),
        (step("preliminary_check", "upheld"), "某事", ["/result"]),
        (step("dismissed", party=Party.BODY), "某事", ["/party"]),
        (step("notified", party=Party.DISCIPLINE), "某事", ["/party"]),
        (step("finding", "substantiated"), "某事", ["/grounds", "/gravity"]),
        (step("finding", "unsubstantiated", gravity=Gravity.MINOR), "某事", ["/gravity"]),
        (step("decided"), "某事", ["/body"]),
        (step("decided", body=(Measure.REMOVED,)), "某事", ["/body"]),
        (step("decided", body=(Measure.PUBLIC_APOLOGY,) * 3), "某事", ["/body"]),
        (replace(FOUND, grounds=(Ground.LATE, Ground.LATE)), "某事", ["/grounds"]),
        (
            step("decided", persons=(Held(Part.AUTHOR, Share.MAIN, (Measure.REMOVED,) * 2),)),
            "某事",
            ["/persons/0/measures"],
        ),
        (
            step(
                "decided",
                persons=(Held(Part.AUTHOR, Share.MAIN, (Measure.RECTIFICATION_ORDERED,)),),
            ),
            "某事",
            ["/persons/0/measures"],
        ),
        (step("reviewed", "upheld", body=(Measure.PUBLIC_APOLOGY,)), "某事", ["/body"]),
        (
            step("reviewed", "upheld", persons=(Held(Part.AUTHOR, Share.MAIN),)),
            "某事",
            ["/persons"],
        ),
        (step("rectification_ordered"), "某事", ["/due_on"]),
        (step("rectification_ordered", rule="RECT-GY", due_on=DAY), "某事", ["/due_on"]),
        (step("rectification_ordered", due_on=date(2026, 3, 1)), "某事", ["/due_on"]),
        (step("rectified", dataset="b"), "某事", ["/release"]),
        (step("closed"), "", []),
        (step("answer_asked"), " ", ["/text"]),
    ],
)
def test_what_a_kind_of_step_lacks_or_may_not_have_is_told_where(wanted, words, pointers):
    assert [each.pointer for each in step_faults(wanted, Words(words))] == pointers


def test_a_proof_is_an_address_of_the_web_and_a_term_a_rule_for_rectification():
    proof = Words("某事", url="javascript:x")
    assert [each.pointer for each in step_faults(step("rectified"), proof)] == ["/url"]
    assert [each.pointer for each in rule_faults(replace(ORDER, rule="REQ-2019"))] == ["/rule"]
    assert not list(rule_faults(ORDER))


def test_a_step_is_of_no_day_to_come_and_not_before_the_one_before_it():
    status = after(CHECKED)
    assert not list(day_faults(status, DAY, DAY, DAY))
    tomorrow = DAY + timedelta(days=1)
    for on, today in ((tomorrow, DAY), (DAY - timedelta(days=1), DAY)):
        assert [each.pointer for each in day_faults(status, on, DAY, today)] == ["/on"]


def test_a_step_is_read_as_it_was_kept():
    wanted = replace(
        RECTIFY,
        persons=(Held(Part.APPROVER, Share.WHOLE, (Measure.ADMONITION,)),),
        due_on=DAY,
        departs=True,
        release=1,
        dataset="b",
    )
    assert Step.of(wanted.kind, wanted.on, wanted.details) == wanted
    assert CHECKED.details == {"result": "proceed"}
    assert CHECKED.token == Token(Kind.PRELIMINARY_CHECK, Result.PROCEED)


def of_release():
    """Who is answerable for a release that author, reviewer and approver all wanted."""
    decisions = (word(Role.REVIEWER, Verdict.DISCLOSE), word(Role.APPROVER, Verdict.DISCLOSE))
    return responsibility(OfRelease("承办人", AT, decisions))


def test_a_decision_that_departs_from_facts_or_ladder_says_why():
    facts = of_release()
    persons = tuple(
        Held(Part(each.part.value), each.share, (Measure.SELF_CRITICISM,)) for each in facts.persons
    )
    names = [each.person for each in facts.persons]
    by_the_facts = step("decided", persons=persons)
    assert departures(by_the_facts, names, Gravity.SERIOUS, facts) == ()
    assert len(departures(by_the_facts, names, Gravity.MINOR, facts)) == 1
    other = [*names[:-1], "某人"]
    assert len(departures(by_the_facts, other, Gravity.SERIOUS, facts)) == 1
    assert len(departures(CIRCULATED, (), Gravity.SERIOUS, facts)) == 1
    assert departures(CIRCULATED, (), Gravity.SERIOUS, None) == ()
    departing = departures(CIRCULATED, (), Gravity.MINOR, facts)
    assert [each.code for each in departure_faults(departing, Words())] == ["reason-required"]
    assert not list(departure_faults(departing, Words(departure="情有可原")))
    assert [each.code for each in departure_faults((), Words(departure="多余"))] == [
        "misplaced-value"
    ]


def test_a_term_by_rule_runs_from_the_notice_and_one_by_decision_is_its_day():
    told = (*TO_A_DECISION, replace(TOLD, on=date(2026, 3, 6)))
    assert rectification(after(*told), DAY, WEEKDAYS) is None
    # Seven days after the 6th, a Friday.
    found = rectification(after(*told, ORDER), date(2026, 3, 17), WEEKDAYS)
    assert (found.due.day, found.late_by, found.is_overdue) == (date(2026, 3, 13), 2, True)
    done = (*told, ORDER, step("rectified", on=date(2026, 3, 16)))
    found = rectification(after(*done), date(2026, 4, 1), WEEKDAYS)
    assert (found.late_by, found.accepted, found.is_overdue) == (1, False, False)
    settled = after(*done, step("rectification_checked", "accepted"))
    assert rectification(settled, date(2026, 4, 1), WEEKDAYS).accepted
    by_day = step("rectification_ordered", due_on=date(2026, 3, 20))
    found = rectification(after(*told, by_day), date(2026, 3, 20), WEEKDAYS)
    assert (found.due.day, found.late_by) == (date(2026, 3, 20), 0)
    assert found.due.term.zh == "决定指定的期限"


def test_a_further_order_puts_nothing_off_unless_a_report_was_insufficient():
    told = (*TO_A_DECISION, replace(TOLD, on=date(2026, 3, 6)))
    by_day = [step("rectification_ordered", due_on=date(*each)) for each in (
        (2026, 3, 9), (2030, 1, 1), (2026, 3, 6),
    )]  # fmt: skip
    today = date(2026, 6, 1)

    def found(*more):
        return rectification(after(*told, *more), today, WEEKDAYS)

    for orders, day in (
        (by_day[:2], date(2026, 3, 9)),
        (by_day, date(2026, 3, 6)),
        ((ORDER, by_day[1]), date(2026, 3, 13)),
        ((by_day[1], ORDER), date(2026, 3, 13)),
    ):
        assert (found(*orders).due.day, found(*orders).is_overdue) == (day, True)
    done = (by_day[0], step("rectified"), step("rectification_checked", "insufficient"))
    assert (found(*done).due.day, found(*done).is_overdue) == (date(2026, 3, 9), True)
    anew = (*done, step("rectification_ordered", due_on=date(2026, 6, 30)))
    assert (found(*anew).due.day, found(*anew).is_overdue) == (date(2026, 6, 30), False)
    assert found(*anew, by_day[1]).due.day == date(2026, 6, 30)


def test_the_body_sees_what_was_said_to_it_and_no_more():
    steps = (
        step("reporter_named"),
        CHECKED,
        step("answer_asked"),
        FOUND,
        HEARD,
        step("heard", party=Party.PERSON),
        RECTIFY,
        TOLD,
        TOLD_REPORTER,
    )
    events = [Event(number, each, None, "", AT) for number, each in enumerate(steps, start=1)]
    assert [each.number for each in seen_by_body(events)] == [3, 5, 8]
    assert [each.number for each in answers_to_reporter(events)] == [9]
    known = [status_of(events[:upto]).known_to_body for upto in range(10)]
    assert known == [False] * 3 + [True] * 7
    places = [place_for_body(status_of(events[:upto])) for upto in range(10)]
    assert places == [Place.INVESTIGATION] * 8 + [Place.STANDING] * 2
    phases = [phase_of(status_of(events[:upto]), is_named=False) for upto in range(10)]
    assert phases == [Phase.RECEIVED] * 2 + [Phase.IN_PROGRESS] * 7 + [Phase.ANSWERED]
    dismissed = (step("preliminary_check", "duplicate"), step("dismissed"))
    assert place_for_body(after(*dismissed)) is Place.INVESTIGATION
    assert place_for_body(after(*dismissed, TOLD)) is Place.DISMISSED
    closed = after(*dismissed, step("closed"))
    phase = phase_of(closed, is_named=True)
    assert (phase, place_for_body(closed)) == (Phase.CLOSED, Place.INVESTIGATION)
    assert place_for_body(after(*dismissed, TOLD, step("closed"))) is Place.CLOSED


def test_of_a_ledger_no_fact_says_who_handled_a_request():
    taken_in = of_request("17", [], is_answered=True, from_ledger=True)
    handled = of_request("17", [], is_answered=True, from_ledger=False)

    assert ["台账" in each.zh for each in taken_in.missing] == [False, True]
    assert taken_in.missing[:1] == handled.missing


def test_a_reporter_who_gave_a_name_is_owed_an_answer_from_the_decision_on():
    def owed(*steps, on=DAY + timedelta(days=1), is_named=True):
        status = after(*steps)
        found = reply(status, on, WEEKDAYS, is_named=is_named)
        told = found and (found.due.rolled, found.given_on, found.late_by, found.is_overdue)
        return told, phase_of(status, is_named=is_named)

    dismissed = (step("preliminary_check", "duplicate"), step("dismissed"))
    assert owed(*dismissed[:1]) == (None, Phase.IN_PROGRESS)
    assert owed(*dismissed, is_named=False) == (None, Phase.IN_PROGRESS)
    assert owed(*dismissed, on=DAY) == ((DAY, None, 0, False), Phase.ANSWER_OWED)
    assert owed(*dismissed) == ((DAY, None, 1, True), Phase.ANSWER_OWED)
    # Until its own notice the body does not know, nor does anybody who has the reporter's code.
    assert owed(*TO_A_DECISION) == ((DAY, None, 1, True), Phase.IN_PROGRESS)
    assert owed(*TO_A_DECISION, TOLD) == ((DAY, None, 1, True), Phase.ANSWER_OWED)
    answered = (*TO_A_DECISION, TOLD, TOLD_REPORTER, replace(TOLD_REPORTER, on=date(2026, 3, 5)))
    assert owed(*answered) == ((DAY, DAY, 0, False), Phase.ANSWERED)
    # What a review changed is told anew; what it upheld was told.
    upheld = (*answered, ASKED_FOR_REVIEW, step("reviewed", "upheld"))
    assert owed(*upheld) == ((DAY, DAY, 0, False), Phase.ANSWERED)
    revoked = (*answered, ASKED_FOR_REVIEW, step("reviewed", "revoked", on=date(2026, 3, 6)))
    later = owed(*revoked, on=date(2026, 3, 9))
    assert later == ((date(2026, 3, 6), None, 1, True), Phase.ANSWER_OWED)
    # Of a year whose working days nobody knows: late, and not by how much.
    assert owed(*dismissed, on=date(2027, 3, 2)) == ((DAY, None, None, True), Phase.ANSWER_OWED)


def test_the_body_learns_of_no_decision_before_its_own_notice():
    only_the_person = after(*TO_A_DECISION, step("notified", party=Party.PERSON))
    assert only_the_person.place is Place.STANDING
    assert place_for_body(only_the_person) is Place.INVESTIGATION
    assert kinds_of_body(only_the_person) == ()
    with pytest.raises(NotInTurn):
        check_by_body(only_the_person, ASKED_FOR_REVIEW, DAY)
    assert refusal(only_the_person, ASKED_FOR_REVIEW) == "notice-needed"
    by_the_person = replace(ASKED_FOR_REVIEW, party=Party.PERSON)
    assert refusal(only_the_person, by_the_person) is None


def test_what_was_reviewed_for_somebody_is_not_reviewed_for_them_again():
    by_person = replace(ASKED_FOR_REVIEW, party=Party.PERSON)
    standing = (*TO_A_DECISION, TOLD)
    upheld = after(*standing, ASKED_FOR_REVIEW, step("reviewed", "upheld"))
    assert refusal(upheld, ASKED_FOR_REVIEW) == "complaint-not-in-turn"
    assert Kind.REVIEW_ASKED not in kinds_of_body(upheld)
    assert Kind.REVIEW_ASKED in kinds_now(upheld)
    assert refusal(upheld, by_person) is None
    lighter = step("reviewed", "changed", body=(Measure.CRITICISM_CIRCULATED,))
    for asked, again in ((ASKED_FOR_REVIEW, by_person), (by_person, ASKED_FOR_REVIEW)):
        changed = after(*standing, asked, lighter, TOLD)
        assert refusal(changed, asked) == "complaint-not-in-turn"
        assert refusal(changed, again) is None
    both = (ASKED_FOR_REVIEW, step("reviewed", "upheld"), by_person, step("reviewed", "upheld"))
    assert Kind.REVIEW_ASKED not in kinds_now(after(*standing, *both))


def test_of_several_persons_each_may_ask_for_a_review():
    held = tuple(
        Held(part, Share.MAIN, (Measure.ADMONITION,)) for part in (Part.AUTHOR, Part.APPROVER)
    )
    heard = (CHECKED, FOUND, step("heard", party=Party.PERSON))
    by_person = replace(ASKED_FOR_REVIEW, party=Party.PERSON)
    for persons, code in ((held, None), (held[:1], "complaint-not-in-turn")):
        decided = (*heard, step("decided", persons=persons), step("notified", party=Party.PERSON))
        reviewed = after(*decided, by_person, step("reviewed", "upheld"))
        assert refusal(reviewed, by_person) == code


def test_the_body_records_its_own_steps_today_and_learns_nothing_by_trying():
    asked, decided = after(CHECKED, step("answer_asked")), after(*TO_A_DECISION)
    check_by_body(asked, step("answered"), DAY)
    for status, wanted in (
        (asked, FOUND),
        (decided, step("answered")),
        (decided, ASKED_FOR_REVIEW),
    ):
        with pytest.raises(NotInTurn) as refused:
            check_by_body(status, wanted, DAY)
        assert status.place.label.zh not in refused.value.detail.zh
    standing = after(*TO_A_DECISION, TOLD)
    for wanted in (replace(ASKED_FOR_REVIEW, party=Party.PERSON), ASKED_FOR_REVIEW):
        today = DAY if wanted.party is Party.PERSON else DAY + timedelta(days=1)
        with pytest.raises(InvalidStep):
            check_by_body(standing, wanted, today)


def test_a_reporter_tells_more_until_it_is_decided():
    check_may_tell(after(*TO_A_DECISION[:-1]))
    with pytest.raises(NotInTurn):
        check_may_tell(after(*TO_A_DECISION))


def test_what_may_follow_is_told():
    assert kinds_now(after()) == (Kind.PRELIMINARY_CHECK,)
    assert Kind.REPORTER_NAMED in kinds_at(Place.RECEIVED)
    assert kinds_now(after(*TO_A_DECISION, TOLD, ASKED_FOR_REVIEW)) == (
        Kind.HEARD,
        Kind.NOTIFIED,
        Kind.REVIEWED,
        Kind.RECTIFICATION_ORDERED,
        Kind.TRANSFERRED,
        Kind.CLOSED,
    )


TODAY = date(2026, 6, 1)


def case(*steps, agency="a", received=DAY):
    status = after(*steps)
    return Case(agency, Ground.LATE, received, status, rectification(status, TODAY, WEEKDAYS))


def sanctioned(*measures):
    held = tuple(Held(Part.AUTHOR, Share.MAIN, (each,)) for each in measures)
    both = step("decided", body=(Measure.CRITICISM_CIRCULATED,), persons=held)
    return case(CHECKED, FOUND, HEARD, step("heard", party=Party.PERSON), both, TOLD)


def test_a_case_is_told_by_agency_once_it_was_told_to_the_agency():
    told = (*TO_A_DECISION, TOLD)
    cases = [case(), case(CHECKED), case(*TO_A_DECISION), case(*told), case(*told, ORDER)]
    found = {(each.agency, each.ground, each.outcome): each for each in statistics(cases, TODAY)}
    assert set(found) == {("a", "late", Outcome.IN_FORCE), ("a", "late", Outcome.RECTIFYING)}
    overdue = found["a", "late", Outcome.RECTIFYING]
    assert (overdue.level, overdue.cases, overdue.ordered, overdue.overdue) == (2, 1, 1, 1)
    assert overdue.rate == 0
    assert found["a", "late", Outcome.IN_FORCE].rate is None


def test_a_decision_against_persons_alone_is_told_of_no_agency():
    held = (Held(Part.RESPONSIBLE, Share.MAIN, (Measure.SANCTIONED,)),)
    heard = (CHECKED, FOUND, step("heard", party=Party.PERSON))
    of_persons = (*heard, step("decided", persons=held), step("notified", party=Party.PERSON))
    found = statistics([case(*of_persons), case(*of_persons, step("closed"))], TODAY)
    assert [(each.agency, each.ground, each.target, each.cases) for each in found] == [
        ("*", EVERY_GROUND, Target.PERSON, None)
    ]
    assert not after(*of_persons, TOLD).is_public
    assert results([case(*of_persons)], 2026).upheld == 1


def test_what_came_to_nothing_or_is_open_still_is_told_of_no_agency():
    dismissed = case(step("preliminary_check", "unfounded"), step("dismissed"))
    old = case(CHECKED, received=date(2025, 12, 30))
    found = {
        (each.year, each.outcome): each for each in statistics([dismissed, case(), old], TODAY)
    }
    assert set(found) == {(2026, Outcome.UNFOUNDED), (2025, Outcome.OPEN)}
    assert {(each.agency, each.ground) for each in found.values()} == {("*", EVERY_GROUND)}


def test_measures_against_persons_are_counted_together_and_a_few_are_not_told():
    several = [sanctioned(Measure.REASSIGNED, Measure.REMOVED) for _ in range(2)]
    spared = replace(CIRCULATED, persons=(Held(Part.AUTHOR, Share.MAIN),))
    several.append(case(CHECKED, FOUND, HEARD, spared, TOLD))
    found = statistics([*several, sanctioned(Measure.ADMONITION)], TODAY)
    persons = {each.level: each for each in found if each.target is Target.PERSON}
    assert {level: each.cases for level, each in persons.items()} == {1: None, 3: 4}
    assert {(each.agency, each.ground) for each in persons.values()} == {("*", EVERY_GROUND)}


def test_the_annual_report_has_the_exact_figures():
    rectified = (ORDER, step("rectified"), step("rectification_checked", "accepted"))
    found = results(
        [
            case(*TO_A_DECISION, TOLD, *rectified, ASKED_FOR_REVIEW),
            case(*TO_A_DECISION, TOLD, *rectified, step("closed")),
            sanctioned(Measure.REMOVED),
            case(step("preliminary_check", "unfounded"), step("dismissed")),
            case(),
        ],
        2026,
    )
    assert (found.received, found.upheld, found.unfounded) == (5, 3, 1)
    assert found.bodies == {Measure.RECTIFICATION_ORDERED: 2, Measure.CRITICISM_CIRCULATED: 1}
    assert found.persons == {Measure.REMOVED: 1}
    assert (found.ordered, found.rectified) == (2, 2)
    assert results([case()], 2025).received == 0


def test_outcomes_follow_review_and_closing():
    told = (*TO_A_DECISION, TOLD)
    rectified = (ORDER, step("rectified"), step("rectification_checked", "accepted"))
    assert case(*told, ASKED_FOR_REVIEW).outcome is Outcome.UNDER_REVIEW
    assert case(*told, *rectified).outcome is Outcome.SETTLED
    assert case(*told, *rectified, step("closed")).outcome is Outcome.CLOSED
    assert case(*TO_A_DECISION).outcome is Outcome.OPEN
    assert case(*told).grounds == (Ground.LATE,)
    assert case().grounds == (Ground.LATE,)
