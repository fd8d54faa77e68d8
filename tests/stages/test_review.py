"""Review: two persons, neither of them the author, sign by name and say why."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from opendata.domain.people import Role
from opendata.stages import access
from tests.chain import AGENCY, sign
from tests.platforms import on_sqlite
from tests.tables import csv_of, real_rows

ROWS = real_rows("budgets-2019")
PUBLISHERS = sorted({row["publisher_name"] for row in ROWS})
FILE = csv_of(ROWS)


@pytest.fixture
def waiting(chain):
    """A submission whose file is valid and whose cautions are answered: it awaits the reviewer."""
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)
    submission = chain.submitted("b", FILE)
    chain.answer(submission)
    return submission


def another_key(platform, people, owner, role):
    """Give the person who is ``owner`` another key with the role ``role``."""
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(role, AGENCY.id)
        return access.create_key(session, people.persons[owner], terms, platform.now())


def code_of(answer):
    return answer.status_code, answer.json.get("code")


def speak_once(client, submission, key):
    """Give a word through a client of the thread's own."""
    answer = client.application.test_client().post(
        f"/api/v1/submissions/{submission}/decisions",
        json={"verdict": "disclose"},
        headers=sign(key),
    )
    return code_of(answer)


def test_reviewer_then_approver_release_a_submission(chain, waiting):
    assert chain.submission(waiting)["waiting_for"] == "reviewer"
    chain.decide(waiting, "reviewer")
    assert chain.submission(waiting)["waiting_for"] == "approver"
    chain.decide(waiting, "approver")
    assert chain.submission(waiting)["state"] == "approved"
    assert chain.records("budgets") == []
    chain.work()

    assert chain.submission(waiting)["state"] == "published"
    assert len(chain.records("budgets")) == len(ROWS)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_an_author_cannot_decide_even_with_another_key(platform, people, chain, waiting, role):
    people.keys[role] = another_key(platform, people, Role.AUTHOR, role)

    assert code_of(chain.decide(waiting, role)) == (403, "own-submission")


def test_a_person_with_two_keys_speaks_once(platform, people, chain, waiting):
    chain.decide(waiting, "reviewer")
    people.keys[Role.APPROVER] = another_key(platform, people, Role.REVIEWER, Role.APPROVER)

    assert code_of(chain.decide(waiting, "approver")) == (403, "already-decided")


@on_sqlite
def test_words_are_given_in_their_order(chain, waiting):
    assert code_of(chain.decide(waiting, "approver")) == (409, "not-due")
    assert code_of(chain.decide(waiting, "supervisor")) == (409, "not-due")


@on_sqlite
@pytest.mark.parametrize("verdict", ["withhold", "refer", "return", "disclose_in_part"])
def test_a_word_other_than_disclose_says_why(chain, waiting, verdict):
    answer = chain.decide(waiting, "reviewer", verdict, reason=" ")

    assert code_of(answer) == (422, "reason-required")


@on_sqlite
@pytest.mark.parametrize(
    ("verdict", "basis", "fault"),
    [
        ("disclose", {"basis": "", "basis_code": "gk2019-99"}, "unknown-basis"),
        ("withhold", {"basis": "", "basis_code": "gk2019-19"}, "basis-not-suited"),
        ("refer", {"basis": ""}, "basis-required"),
    ],
)
def test_an_opinion_rests_on_a_basis_of_the_code_list_or_in_words(
    chain, waiting, verdict, basis, fault
):
    answer = chain.decide(waiting, "reviewer", verdict, reason="理由", **basis)

    assert code_of(answer) == (422, "invalid-basis")
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        ("/basis_code", fault)
    ]


@on_sqlite
def test_the_basis_that_was_named_is_published_with_the_release(chain, waiting):
    listed = {each["code"]: each for each in chain.get("review-bases").json["data"]}
    assert listed["gk2019-20-7"]["citation"] == "《政府信息公开条例》第二十条第（七）项"
    assert listed["gk2019-37"]["verdicts"] == ["disclose_in_part"]

    chain.approve(waiting, basis_code="gk2019-20-7")
    chain.work()
    said = chain.release("b", 1)["decisions"]
    assert [each["basis_code"] for each in said] == ["gk2019-20-7"] * 2


@on_sqlite
def test_an_approver_who_departs_from_the_reviewer_says_why(chain, waiting):
    chain.decide(waiting, "reviewer", "withhold", reason="涉及商业秘密")

    assert code_of(chain.decide(waiting, "approver")) == (422, "reason-required")
    assert chain.decide(waiting, "approver", reason="已征得同意").status_code == 201
    assert chain.submission(waiting)["state"] == "approved"


@on_sqlite
@pytest.mark.parametrize("role", ["reviewer", "approver"])
def test_either_may_return_a_submission_and_that_ends_it(chain, waiting, role):
    if role == "approver":
        chain.decide(waiting, "reviewer")
    chain.decide(waiting, role, "return", reason="第二行请更正")
    chain.work()

    found = chain.submission(waiting)
    assert (found["state"], found["waiting_for"]) == ("returned", None)
    assert code_of(chain.decide(waiting, "approver")) in [
        (403, "already-decided"),
        (409, "not-due"),
    ]
    assert chain.records("budgets") == []


@on_sqlite
def test_what_the_approver_withholds_is_never_public(chain, waiting):
    chain.approve(waiting, "withhold", reason="国家秘密")
    chain.work()

    assert chain.submission(waiting)["state"] == "withheld"
    assert chain.records("budgets") == []


@on_sqlite
@pytest.mark.parametrize(
    ("ruling", "then"),
    [("disclose", "in_review"), ("withhold", "withheld"), ("return", "returned")],
)
def test_what_is_referred_waits_for_the_supervisor(chain, waiting, ruling, then):
    chain.decide(waiting, "reviewer", "refer", reason="定密不明")
    found = chain.submission(waiting)
    assert (found["state"], found["waiting_for"]) == ("referred", "supervisor")
    assert code_of(chain.decide(waiting, "approver", reason="急")) == (409, "not-due")

    chain.decide(waiting, "supervisor", ruling, reason="经审定")
    assert chain.submission(waiting)["state"] == then


@on_sqlite
def test_after_the_supervisor_the_approver_releases(chain, waiting):
    chain.decide(waiting, "reviewer", "refer", reason="定密不明")
    chain.decide(waiting, "supervisor", reason="可以公开")
    assert code_of(chain.decide(waiting, "approver", "refer", reason="再问")) == (409, "not-due")
    chain.decide(waiting, "approver", reason="依主管部门意见")
    chain.work()

    assert chain.submission(waiting)["state"] == "published"


@on_sqlite
@pytest.mark.parametrize(
    ("verdict", "withheld", "refusal"),
    [
        ("disclose_in_part", None, "withheld-mismatch"),
        ("disclose_in_part", {"columns": [], "rows": []}, "withheld-mismatch"),
        ("disclose", {"columns": ["explanation"]}, "withheld-mismatch"),
        ("disclose_in_part", {"columns": ["no_such"]}, "invalid-withheld"),
        ("disclose_in_part", {"columns": ["fiscal_year"]}, "invalid-withheld"),
        ("disclose_in_part", {"columns": ["_id"]}, "invalid-withheld"),
        ("disclose_in_part", {"rows": [1]}, "invalid-withheld"),
        ("disclose_in_part", {"rows": [len(ROWS) + 2]}, "invalid-withheld"),
    ],
)
def test_what_is_withheld_must_be_there_and_be_dispensable(
    chain, waiting, verdict, withheld, refusal
):
    more = {} if withheld is None else {"withheld": withheld}
    answer = chain.decide(waiting, "reviewer", verdict, reason="个人隐私", **more)

    assert code_of(answer) == (422, refusal)


@on_sqlite
def test_of_many_unknown_rows_the_first_few_are_told_and_only_to_who_may_speak(chain, waiting):
    withheld = {"rows": [10**9] * 1000}
    said = {"verdict": "disclose_in_part", "reason": "个人隐私", "withheld": withheld}

    assert code_of(chain.decide(waiting, "approver", **said)) == (409, "not-due")
    answer = chain.decide(waiting, "reviewer", **said)
    assert code_of(answer) == (422, "invalid-withheld")
    assert len(answer.json["errors"]) == 20
    assert len(answer.data) < 20_000


def test_another_release_opens_a_new_round_in_which_the_same_persons_act(chain, waiting):
    second = chain.submitted("b", csv_of(ROWS[:2]))
    chain.approve(waiting)
    chain.approve(second)
    chain.work()

    states = {each: chain.submission(each)["state"] for each in (waiting, second)}
    assert states == {waiting: "published", second: "in_review"}
    assert chain.submission(second)["waiting_for"] == "reviewer"
    assert len(chain.records("budgets")) == len(ROWS)

    chain.approve(second)
    chain.work()
    assert chain.submission(second)["release"] == 2
    assert len(chain.records("budgets")) == 2


@on_sqlite
@pytest.mark.parametrize(("verdict", "ended"), [("return", "returned"), ("withhold", "withheld")])
def test_another_release_does_not_revive_what_was_ended(chain, waiting, verdict, ended):
    chain.decide(waiting, "reviewer", verdict, reason="理由")
    if ended == "withheld":
        chain.decide(waiting, "approver", verdict, reason="理由")
    chain.publish("b", csv_of(ROWS[:2]))

    found = chain.submission(waiting)
    assert (found["state"], found["waiting_for"]) == (ended, None)


@on_sqlite
def test_an_unvalidated_submission_cannot_be_decided_on(chain):
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)
    received = chain.submit("b", FILE).json["id"]
    invalid = chain.submitted("b", csv_of([{"wrong": "1"}]))

    received_now = chain.submit("b", FILE).json["id"]
    assert code_of(chain.decide(received_now, "reviewer")) == (409, "not-due")
    assert code_of(chain.decide(invalid, "reviewer")) == (409, "not-due")
    assert chain.submission(received)["state"] == "in_review"


@on_sqlite
def test_only_the_author_takes_a_submission_back_and_only_before_its_release(
    platform, people, chain, waiting
):
    def cancel(key):
        path = f"/api/v1/submissions/{waiting}/cancellation"
        return chain.client.post(path, json={"reason": "发错了"}, headers=sign(key))

    colleague = another_key(platform, people, Role.ADMIN, Role.AUTHOR)
    assert code_of(cancel(colleague)) == (403, "not-your-submission")
    assert cancel(people.keys[Role.AUTHOR]).json["state"] == "cancelled"
    assert code_of(cancel(people.keys[Role.AUTHOR])) == (409, "not-cancellable")
    assert code_of(chain.decide(waiting, "reviewer")) == (409, "not-due")


@on_sqlite
def test_the_waiting_list_names_what_awaits_this_very_person(platform, people, chain, waiting):
    def mine(key):
        answer = chain.client.get("/api/v1/submissions?waiting_for=me", headers=sign(key))
        return [each["id"] for each in answer.json["data"]]

    authors_own = another_key(platform, people, Role.AUTHOR, Role.REVIEWER)
    assert mine(people.keys[Role.REVIEWER]) == [waiting]
    assert mine(people.keys[Role.APPROVER]) == []
    assert mine(authors_own) == []
    chain.decide(waiting, "reviewer")
    assert mine(people.keys[Role.REVIEWER]) == []
    assert mine(people.keys[Role.APPROVER]) == [waiting]


def test_reviewers_who_speak_at_once_take_turns(platform, people, chain, waiting):
    keys = [people.keys[Role.REVIEWER]]
    for number in range(5):
        with platform.home.database.begin() as session:
            person = access.add_person(session, f"另一审查人 {number}", platform.now())
            terms = access.KeyTerms(Role.REVIEWER, AGENCY.id)
            keys.append(access.create_key(session, person, terms, platform.now()))

    def speak(key):
        return speak_once(chain.client, waiting, key)

    with ThreadPoolExecutor(len(keys)) as threads:
        answers = Counter(threads.map(speak, keys))

    assert answers == {(201, None): 1, (409, "not-due"): 5}
    assert len(chain.submission(waiting)["decisions"]) == 1


def test_an_approval_and_a_cancellation_at_once_leave_one_outcome(people, chain, waiting):
    chain.decide(waiting, "reviewer")
    path = f"/api/v1/submissions/{waiting}"
    calls = [
        (f"{path}/cancellation", {"reason": "发错了"}, people.keys[Role.AUTHOR]),
        (f"{path}/decisions", {"verdict": "disclose"}, people.keys[Role.APPROVER]),
    ]

    def say(call):
        address, body, key = call
        client = chain.client.application.test_client()
        return code_of(client.post(address, json=body, headers=sign(key)))

    with ThreadPoolExecutor(len(calls)) as threads:
        cancelled, approved = threads.map(say, calls)
    chain.work()

    # The approval may have come before it or too late; nothing is published either way.
    assert cancelled == (201, None)
    assert approved in [(201, None), (409, "not-due")]
    assert chain.submission(waiting)["state"] == "cancelled"
    assert chain.records("budgets") == []


def test_one_person_who_clicks_twice_is_counted_once(people, chain, waiting):
    def speak(_):
        return speak_once(chain.client, waiting, people.keys[Role.REVIEWER])

    with ThreadPoolExecutor(4) as threads:
        answers = Counter(threads.map(speak, range(4)))

    assert answers == {(201, None): 1, (403, "already-decided"): 3}
