"""Who is answerable: the four branches of the rule, and nobody for having been right."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.domain.approvals import Verdict, Withheld, check_may_decide
from opendata.domain.collective import (
    CollectiveDecision,
    InvalidCollective,
    Member,
    MemberStance,
    check_collective,
)
from opendata.domain.courses import Course, Decision
from opendata.domain.people import Role
from opendata.domain.responsibility import (
    Branch,
    Case,
    Part,
    Share,
    is_right,
    responsibility,
)
from opendata.domain.transitions import State
from tests.domain.made import AT, AUTHOR, approved, reviewed, ruled

DISCLOSE, IN_PART, WITHHOLD, REFER, RETURN = Verdict
DECIDED, AGREED, SILENT, OPPOSED = MemberStance
WHOLE, MAIN, SECONDARY, NONE = Share
ROW_3, ROW_4 = Withheld(rows=(3,)), Withheld(rows=(4,))
NAMES = Withheld(columns=("name",))


def shares(*decisions):
    """What follows for whom, those who are not answerable included."""
    found = responsibility(Case("author", AT, decisions))
    return found.branch, {each.person: each.share for each in found.persons}


def decided_by(**stances):
    """An approval that records what a body decided; the approver is one of its members."""
    members = tuple(Member(name, stance) for name, stance in stances.items())
    return approved(collective=CollectiveDecision("会议纪要〔2026〕3号", members))


@pytest.mark.parametrize(
    ("decisions", "branch", "expected"),
    [
        # 未经审查或者批准，承办人擅自作出
        ((), Branch.UNAPPROVED, {"author": MAIN}),
        ((reviewed(),), Branch.UNAPPROVED, {"author": MAIN, "reviewer": NONE}),
        ((reviewed(WITHHOLD),), Branch.UNAPPROVED, {"author": MAIN, "reviewer": NONE}),
        # 意见有错误，批准人未予纠正
        (
            (reviewed(), approved()),
            Branch.UNCORRECTED,
            {"author": MAIN, "reviewer": MAIN, "approver": SECONDARY},
        ),
        (
            (reviewed(IN_PART, withheld=ROW_3), approved(IN_PART, withheld=ROW_3)),
            Branch.UNCORRECTED,
            {"author": MAIN, "reviewer": MAIN, "approver": SECONDARY},
        ),
        # … though the approver withheld more than the reviewer would have: still too little.
        (
            (reviewed(), approved(IN_PART, withheld=ROW_3)),
            Branch.UNCORRECTED,
            {"author": MAIN, "reviewer": MAIN, "approver": SECONDARY},
        ),
        (
            (reviewed(), ruled(), approved()),
            Branch.UNCORRECTED,
            {"author": MAIN, "reviewer": MAIN, "supervisor": SECONDARY, "approver": SECONDARY},
        ),
        # 批准人不采纳或者改变正确意见
        (
            (reviewed(WITHHOLD), approved()),
            Branch.OVERRIDDEN,
            {"author": NONE, "reviewer": NONE, "approver": WHOLE},
        ),
        (
            (reviewed(IN_PART, withheld=ROW_3), approved()),
            Branch.OVERRIDDEN,
            {"author": NONE, "reviewer": NONE, "approver": WHOLE},
        ),
        (
            (reviewed(IN_PART, withheld=NAMES), approved(IN_PART, withheld=ROW_3)),
            Branch.OVERRIDDEN,
            {"author": NONE, "reviewer": NONE, "approver": WHOLE},
        ),
        (
            (reviewed(), ruled(IN_PART, withheld=ROW_4), approved()),
            Branch.OVERRIDDEN,
            {"author": NONE, "reviewer": NONE, "supervisor": NONE, "approver": WHOLE},
        ),
        # … or the supervisor did, and the approver followed
        (
            (reviewed(REFER), ruled(), approved()),
            Branch.OVERRIDDEN,
            {"author": NONE, "reviewer": NONE, "supervisor": MAIN, "approver": SECONDARY},
        ),
        # 未经初审，批准人直接作出
        ((approved(),), Branch.OVERRIDDEN, {"author": NONE, "approver": WHOLE}),
        # 集体讨论决定
        (
            (reviewed(), decided_by(chief=DECIDED, approver=AGREED, quiet=SILENT, against=OPPOSED)),
            Branch.COLLECTIVE,
            {"author": SECONDARY, "reviewer": SECONDARY, "chief": MAIN, "approver": SECONDARY,
             "quiet": SECONDARY, "against": NONE},
        ),
        (
            (reviewed(WITHHOLD), ruled(), decided_by(chief=DECIDED, approver=OPPOSED)),
            Branch.COLLECTIVE,
            {"author": SECONDARY, "reviewer": NONE, "supervisor": SECONDARY, "chief": MAIN,
             "approver": NONE},
        ),
    ],
)  # fmt: skip
def test_the_branches_of_the_rule(decisions, branch, expected):
    assert shares(*decisions) == (branch, expected)


VERDICTS = {
    Role.REVIEWER: st.sampled_from([DISCLOSE, IN_PART, WITHHOLD, REFER]),
    Role.SUPERVISOR: st.sampled_from([DISCLOSE, IN_PART]),
    Role.APPROVER: st.sampled_from([DISCLOSE, IN_PART, WITHHOLD]),
}


@st.composite
def words(draw, role, make):
    if draw(st.booleans()) and role is not Role.APPROVER:
        return ()
    verdict = draw(VERDICTS[role])
    withheld = draw(st.sampled_from([ROW_3, ROW_4, NAMES])) if verdict is IN_PART else Withheld()
    return (make(verdict, withheld=withheld),)


@st.composite
def cases(draw):
    approval = draw(words(Role.APPROVER, approved))
    stances = draw(st.lists(st.sampled_from(MemberStance), max_size=4))
    if stances and draw(st.booleans()):
        members = tuple(Member(f"m{n}", each) for n, each in enumerate(stances))
        approval = (replace(approval[0], collective=CollectiveDecision("纪要", members)),)
    before = draw(words(Role.REVIEWER, reviewed)), draw(words(Role.SUPERVISOR, ruled))
    return Case("author", AT, (*before[0], *before[1], *approval))


@given(cases())
@settings(max_examples=200, deadline=None)
def test_nobody_is_blamed_who_gave_the_right_word_and_somebody_always_is(case):
    """Right is a word that would have kept back something of what was published."""
    found = responsibility(case)
    approval = case.word(Role.APPROVER)
    published = approval.withheld if approval.verdict.releases else Withheld()
    right = {each.person for each in case.decisions if is_right(each, published)}
    opposed = (
        {each.name for each in approval.collective.members if each.stance is OPPOSED}
        if approval.collective
        else set()
    )

    blamed = {each.person for each in found.persons if each.share is not NONE}
    assert not blamed & (right | opposed)
    assert blamed
    assert not (any(each.share is WHOLE for each in found.persons) and len(blamed) > 1), (
        "the whole is one person's"
    )


@given(cases())
@settings(max_examples=50, deadline=None)
def test_every_conclusion_names_facts_that_are_told(case):
    found = responsibility(case)

    numbers = {each.number for each in found.facts}
    assert sorted(numbers) == list(range(1, len(found.facts) + 1))
    assert all(each.rests_on and set(each.rests_on) <= numbers for each in found.persons)
    assert [each.person for each in found.persons] == [each.person for each in found.facts]


def test_what_the_facts_do_not_say_is_told():
    missing = responsibility(Case("author", AT, (approved(),))).missing
    assert len(missing) == 2
    assert responsibility(Case("author", AT, (reviewed(), decided_by(c=DECIDED)))).missing == ()


@pytest.mark.parametrize("each", [*Share, *Branch, *MemberStance])
def test_every_share_branch_and_stance_has_a_name_in_both_languages(each):
    assert not each.label.zh.isascii()
    assert each.label.en.isascii()


def test_each_branch_names_its_clause():
    assert Branch.COLLECTIVE.clause.endswith("第六条第（三）项")
    assert set(Part) >= {Part.AUTHOR, Part.MEMBER}


@pytest.mark.parametrize(
    ("members", "role", "faults"),
    [
        ({"approver": DECIDED}, Role.APPROVER, []),
        ({"chief": DECIDED, "approver": OPPOSED}, Role.APPROVER, []),
        ({"chief": DECIDED}, Role.APPROVER, ["approver-not-named"]),
        ({"approver": AGREED}, Role.APPROVER, ["no-decider"]),
        ({"approver": DECIDED}, Role.REVIEWER, ["not-the-approver"]),
    ],
)
def test_what_a_body_decided_names_who_took_it_and_who_recorded_it(members, role, faults):
    recorded = decided_by(**members).collective
    if not faults:
        check_collective(recorded, role, "approver")
        return
    with pytest.raises(InvalidCollective) as refused:
        check_collective(recorded, role, "approver")
    assert [each.code for each in refused.value.faults] == faults


def test_nobody_takes_part_twice():
    twice = CollectiveDecision("纪要", (Member("approver", DECIDED), Member("approver", OPPOSED)))

    with pytest.raises(InvalidCollective) as refused:
        check_collective(twice, Role.APPROVER, "approver")
    assert [each.pointer for each in refused.value.faults] == ["/collective/members/1/name"]


def test_a_collective_decision_is_checked_with_the_word_that_records_it():
    course = Course(State.IN_REVIEW, [reviewed()])
    word: Decision = decided_by(approver=DECIDED)
    check_may_decide(word, AUTHOR, course)

    with pytest.raises(InvalidCollective):
        check_may_decide(decided_by(chief=DECIDED), AUTHOR, course)
