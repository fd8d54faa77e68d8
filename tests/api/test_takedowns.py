"""What is taken down leaves every path at once, and says why; what is put back is as it was."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from opendata.domain.people import Role
from opendata.runtime import Runtime
from opendata.stages import access
from opendata.storage.tables import AuditRow
from tests.chain import AGENCY, OTHER, Cast, Chain, Clock, cast, sign, work_off
from tests.platforms import BEGINNING, close, settings_of
from tests.tables import changed, csv_of, read_csv, real_rows

FILES = (
    "data.csv",
    "data.xlsx",
    "data.ndjson",
    "data.parquet",
    "datapackage.json",
    "report.json",
    "manifest.json",
)
AUTHORITY, BASIS, REASON = "示例县人民政府", "《政府信息公开条例》第十四条", "依法不得公开"
PROJECTS = "project-approvals"


@dataclass(frozen=True)
class Before:
    """A home as it was when everything in it had just been published."""

    home: Path
    copy: Path
    mine: Cast
    theirs: Cast

    def put_back(self):
        """Make the home again what it was; its lake knows where it is."""
        shutil.rmtree(self.home)
        shutil.copytree(self.copy, self.home)


@pytest.fixture(scope="module")
def before(tmp_path_factory, template_home, web):
    """Two budgets, and three projects in two releases, the second merged onto the first."""
    folder = tmp_path_factory.mktemp("takedowns")
    home = shutil.copytree(template_home, folder / "home")
    runtime = Runtime.of(settings_of(home), Clock(BEGINNING))
    web.extensions["opendata"] = runtime
    mine, theirs = cast(runtime, AGENCY), cast(runtime, OTHER)
    chain = Chain(web.test_client(), mine, lambda: work_off(runtime))
    chain.publish_rows("stays", "budgets", "2018", real_rows("budgets-2018", 0, 2))
    chain.publish_rows("b", "budgets", "2019", real_rows("budgets-2019", 0, 3))
    projects = real_rows("project-approvals-transcribed", 0, 3)
    projects = changed(projects, authority_name=AGENCY.name.zh)
    chain.register("p", PROJECTS, "rolling")
    chain.publish("p", csv_of(projects[:2]))
    chain.publish("p", csv_of(projects[2:]))
    close(runtime)
    return Before(home, shutil.copytree(home, folder / "copy"), mine, theirs)


@pytest.fixture
def chain(before, web, contracts, clock):
    before.put_back()
    runtime = Runtime.around(settings_of(before.home), contracts, clock)
    clock.advance(hours=1)
    web.extensions["opendata"] = runtime
    yield Chain(web.test_client(), before.mine, lambda: work_off(runtime))
    close(runtime)


@pytest.fixture
def platform(chain):
    return chain.client.application.extensions["opendata"]


def withdraw(chain, dataset="b", number=1):
    for role in ("approver", "supervisor"):
        answer = chain.withdraw(dataset, number, role)
        assert answer.status_code == 201, answer.text
    return answer.json


def everything(chain):
    """Return what every path about both collections answers, by address."""
    record = chain.records("budgets", _dataset="b")[0]["_id"]
    snapshot = chain.get("budgets").json["meta"]["snapshot"]
    paths = [
        "budgets?count=exact",
        "budgets.csv",
        "budgets.ndjson",
        "budgets/aggregate?group_by=_dataset&metrics=count",
        f"budgets/{record}",
        f"budgets?as_of={snapshot}",
        "budgets?release=b@1",
        f"{PROJECTS}?count=exact",
        f"{PROJECTS}.csv",
        *(f"datasets/b/releases/1/{name}" for name in FILES),
        "datasets/p/releases/2/data.csv",
    ]
    found = {path: chain.client.get(f"/api/v1/{path}", buffered=True) for path in paths}
    return {path: (each.status_code, each.data) for path, each in found.items()}


def test_a_withdrawn_release_answers_410_everywhere_and_says_why(chain):
    record = chain.records("budgets", _dataset="b")[0]["_id"]
    pinned = chain.get("budgets").json["meta"]["snapshot"]
    told = withdraw(chain)

    assert (told["state"], told["public"], told["withdrawal_pending"]) == (
        "withdrawn",
        False,
        False,
    )
    addresses = {
        "datasets/b/releases/1": "withdrawn",
        **{f"datasets/b/releases/1/{name}": "withdrawn" for name in FILES},
        "budgets?release=b@1": "withdrawn",
        "budgets.csv?release=b@1": "withdrawn",
        "budgets/aggregate?release=b@1&metrics=count": "withdrawn",
        f"budgets?as_of={pinned}&_dataset=b": "withdrawn",
        f"budgets.csv?as_of={pinned}&_dataset=b": "withdrawn",
        f"budgets/{record}": "gone",
    }
    for path, code in addresses.items():
        answer = chain.client.get(f"/api/v1/{path}", buffered=True)
        assert (answer.status_code, answer.json["code"]) == (410, code), path
        assert answer.headers["Cache-Control"] == "no-store"
        stone = answer.json["takedown"]
        assert (stone["dataset"], stone["release"], stone["state"]) == ("b", 1, "withdrawn")
        assert (stone["authority"], stone["basis"], stone["reason"]) == (AUTHORITY, BASIS, REASON)
        assert stone["at"].startswith("2026-03-02T03:")
        assert BASIS in answer.json["detail"]


def test_a_collection_loses_the_rows_with_the_second_word(chain):
    first = chain.withdraw("b", 1, "reviewer")
    assert (first.status_code, first.json["withdrawal_pending"]) == (201, True)
    assert {row["_dataset"] for row in chain.records("budgets")} == {"b", "stays"}

    chain.withdraw("b", 1, "approver")
    page = chain.get("budgets", count="exact").json
    assert {row["_dataset"] for row in page["data"]} == {"stays"}
    assert (page["meta"]["total"], page["meta"]["releases"]) == (2, {"stays": 1})
    for path in ("budgets.csv", "budgets.csv?sort=_id"):
        rows = read_csv(chain.client.get(f"/api/v1/{path}", buffered=True).data)
        assert {row["_dataset"] for row in rows} == {"stays"}


def test_a_pinned_state_says_what_of_it_was_taken_down(chain):
    cited = chain.get("budgets", limit="1").json
    pinned = cited["meta"]["snapshot"]
    assert "taken_down" not in chain.get("budgets", as_of=pinned).json["meta"]
    withdraw(chain)

    answer = chain.get("budgets", as_of=pinned)
    stones = answer.json["meta"]["taken_down"]
    assert [(each["dataset"], each["release"], each["basis"]) for each in stones] == [
        ("b", 1, BASIS)
    ]
    assert {row["_dataset"] for row in answer.json["data"]} == {"stays"}
    following = chain.client.get(cited["links"]["next"].removeprefix("http://localhost"))
    assert following.json["meta"]["taken_down"] == stones
    cite = chain.client.get(cited["links"]["cite"].removeprefix("http://localhost"))
    assert cite.json["meta"]["same"] is False
    assert "taken_down" not in chain.get("budgets").json["meta"]
    assert "taken_down" not in chain.get("budgets", release="stays@1").json["meta"]


def test_a_pinned_state_of_which_nothing_is_left_is_gone(chain):
    pinned = chain.get(PROJECTS).json["meta"]["snapshot"]
    chain.suspend("p", 1)
    assert chain.get(PROJECTS, as_of=pinned).json["data"] == []
    withdraw(chain, "p")

    answer = chain.get(PROJECTS, as_of=pinned)
    assert (answer.status_code, answer.json["code"]) == (410, "withdrawn")
    assert (chain.get(PROJECTS).status_code, chain.get(PROJECTS).json["data"]) == (200, [])


def test_a_reader_who_has_a_pinned_answer_hears_of_every_change(chain):
    """A suspension, lifted and said again for another reason, is another answer."""
    pinned = chain.get("budgets").json["meta"]["snapshot"]
    tags = set()
    for _ in range(2):
        chain.suspend("b", 1, "reviewer")
        tags.add(chain.get("budgets", as_of=pinned).headers["ETag"])
        chain.lift("b", 1, "approver")
    for role in ("approver", "reviewer"):
        chain.withdraw("b", 1, role)
    tags.add(chain.get("budgets", as_of=pinned).headers["ETag"])

    assert len(tags) == 3


def test_what_is_lifted_is_back_at_once_and_byte_for_byte(chain):
    before = everything(chain)
    assert {status for status, _ in before.values()} == {200}
    for dataset in ("b", "p"):
        chain.suspend(dataset, 1, "reviewer")
    during = everything_down(chain, before)
    assert during["datasets/p/releases/2/data.csv"] == 410
    chain.work()
    for dataset in ("b", "p"):
        answer = chain.lift(dataset, 1, "approver")
        assert (answer.status_code, answer.json["public"]) == (201, True)

    assert everything(chain) == before


def everything_down(chain, paths):
    """Check that nothing is answered as it was; return the status of each path."""
    found = {}
    for path, (_, body) in paths.items():
        answer = chain.client.get(f"/api/v1/{path}", buffered=True)
        assert answer.data != body, path
        found[path] = answer.status_code
    return found


def test_two_persons_lift_what_two_persons_suspended(chain):
    for role in ("reviewer", "approver"):
        chain.suspend("b", 1, role)
    first = chain.lift("b", 1, "supervisor")
    assert (first.status_code, first.json["public"]) == (201, False)
    again = chain.lift("b", 1, "supervisor")
    assert (again.status_code, again.json["code"]) == (409, "second-person-needed")
    second = chain.lift("b", 1, "approver")

    assert (second.status_code, second.json["public"]) == (201, True)
    said = [(each["kind"], each["person"]) for each in chain.release("b", 1)["takedowns"]]
    who = "county-office"
    assert said == [
        ("suspend", f"{who} reviewer"),
        ("suspend", f"{who} approver"),
        ("lift", f"{who} supervisor"),
        ("lift", f"{who} approver"),
    ]


@pytest.mark.parametrize(
    ("say", "code"), [("lift", "not-suspended"), ("withdraw", "second-person-needed")]
)
def test_what_nobody_may_say_is_refused_and_changes_nothing(chain, say, code):
    before = everything(chain)
    if say == "withdraw":
        chain.withdraw("b", 1)
    answer = getattr(chain, say)("b", 1)

    assert (answer.status_code, answer.json["code"]) == (409, code)
    assert everything(chain) == before


def test_a_withdrawal_is_for_good(chain):
    withdraw(chain)

    for say in (chain.suspend, chain.lift, chain.withdraw):
        answer = say("b", 1, "reviewer")
        assert (answer.status_code, answer.json["code"]) == (409, "already-withdrawn")


@pytest.mark.parametrize("missing", ["authority", "basis", "reason"])
def test_a_withdrawal_names_authority_basis_and_reason(chain, missing):
    body = {"authority": AUTHORITY, "basis": BASIS, "reason": REASON, missing: ""}
    answer = chain.client.post(
        "/api/v1/datasets/b/releases/1/withdrawal", json=body, headers=chain.as_("approver")
    )

    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == f"/{missing}"


@pytest.mark.parametrize(
    "text", [" \n\t", "\u3000\u200b", "依法\u202e文", "依法\u001b[2J", "\u2028"]
)
def test_what_everybody_will_read_says_something_and_looks_as_it_is(chain, text):
    said = {"authority": "示例县保密局\n（虚构）", "reason": text}
    for path in ("datasets/b/releases/1/suspension", f"submissions/{UUID(int=1)}/erasure"):
        answer = chain.client.post(f"/api/v1/{path}", json=said, headers=chain.as_("supervisor"))
        assert (answer.status_code, answer.json["code"]) == (422, "invalid-body")
        assert [each["pointer"] for each in answer.json["errors"]] == ["/reason"]
        assert "须填写文字" in answer.text


def test_the_submission_of_what_is_withdrawn_is_withdrawn(chain):
    headers = chain.as_("author")
    withdraw(chain, "p")

    found = chain.client.get("/api/v1/submissions", headers=headers).json["data"]
    states = {(each["dataset"], each["release"]): each["state"] for each in found}
    # The second release carries what was withdrawn with the first.
    assert states == {
        ("p", 1): "withdrawn",
        ("p", 2): "withdrawn",
        ("b", 1): "published",
        ("stays", 1): "published",
    }


def test_what_was_merged_onto_a_release_goes_and_comes_with_it(chain):
    chain.suspend("p", 1, "reviewer")
    told = chain.release("p", 2)
    assert (told["public"], told["state"], told["hidden_by"]) == (False, "suspended", 1)
    chain.lift("p", 1, "approver")
    told = chain.release("p", 2)
    assert (told["public"], told["state"], told["hidden_by"]) == (True, "public", None)
    withdraw(chain, "p")

    answer = chain.get("datasets/p/releases/2")
    assert (answer.status_code, answer.json["takedown"]["release"]) == (410, 2)
    third = real_rows("project-approvals-transcribed", 3, 4)
    chain.publish("p", csv_of(changed(third, authority_name=AGENCY.name.zh)))
    assert len(chain.records(PROJECTS)) == 1
    assert [each["state"] for each in chain.records("datasets/p/releases")] == [
        "public",
        "withdrawn",
        "withdrawn",
    ]


def test_the_pages_for_people_carry_the_tombstone(chain):
    record = chain.records("budgets", _dataset="b")[0]["_id"]
    withdraw(chain)

    for page, status in (
        ("/datasets/b/releases/1", 410),
        (f"/budgets/{record}", 410),
        ("/datasets/b", 200),
    ):
        answer = chain.client.get(page, headers={"Accept": "text/html"})
        assert answer.status_code == status, page
        for word in ("已撤回", AUTHORITY, BASIS, REASON):
            assert word in answer.text, (page, word)
    assert "已撤回" in chain.client.get("/datasets").text


def readings(platform):
    with platform.home.database.read() as session:
        rows = session.query(AuditRow).filter_by(action="sealed-file-read").order_by(AuditRow.seq)
        return [(row.actor, row.subject) for row in rows]


@pytest.mark.parametrize("take", ["suspend", "withdraw"])
def test_the_sealed_copy_is_read_by_supervisors_and_administrators(chain, platform, take):
    path = "/api/v1/datasets/b/releases/1"
    before = {name: chain.client.get(f"{path}/{name}", buffered=True).data for name in FILES}
    _ = chain.suspend("b", 1) if take == "suspend" else withdraw(chain)

    for role in ("supervisor", "admin"):
        for name in FILES:
            answer = chain.client.get(f"{path}/{name}", headers=chain.as_(role), buffered=True)
            assert (answer.status_code, answer.data) == (200, before[name])
            assert answer.headers["Cache-Control"] == "private, no-store"
        told = chain.client.get(path, headers=chain.as_(role))
        assert len(told.json["files"]) == len(FILES)
        assert told.headers["Cache-Control"] == "private, no-store"
    persons = [chain.who.persons[Role(role)] for role in ("supervisor", "admin")]
    assert readings(platform) == [
        (str(person), f"b@1/{name}") for person in persons for name in FILES
    ]
    with_tag = chain.client.get(
        f"{path}/data.csv", headers={**chain.as_("admin"), "Range": "bytes=0-9"}, buffered=True
    )
    assert (with_tag.status_code, with_tag.data) == (206, before["data.csv"][:10])
    assert with_tag.headers["Cache-Control"] == "private, no-store"


def test_the_sealed_copy_is_nobody_elses(chain, before, platform):
    withdraw(chain)
    keys = [chain.who.keys[each] for each in ("author", "reviewer", "approver")]
    keys.append(before.theirs.keys[Role.APPROVER])
    with platform.home.database.begin() as session:
        terms = access.KeyTerms(Role.ADMIN, OTHER.id)
        person = before.theirs.persons[Role.ADMIN]
        keys.append(access.create_key(session, person, terms, platform.now()))

    for headers in ({}, *map(sign, keys)):
        for name in ("", "/data.csv", "/manifest.json"):
            path = f"/api/v1/datasets/b/releases/1{name}"
            answer = chain.client.get(path, headers=headers, buffered=True)
            assert (answer.status_code, answer.json["code"]) == (410, "withdrawn")
    assert readings(platform) == []


def late(chain, **query):
    answer = chain.client.get(
        "/api/v1/suspensions", query_string=query, headers=chain.as_("supervisor")
    )
    assert answer.status_code == 200, answer.text
    return [(each["dataset"], each["release"], each["overdue"]) for each in answer.json["data"]]


def test_a_suspension_that_nobody_looks_at_is_overdue_after_a_day(chain, clock):
    said = chain.suspend("b", 1).json
    assert (said["overdue"], said["confirm_by"][:11]) == (False, "2026-03-03T")
    clock.advance(hours=1)
    chain.suspend("p", 2)
    assert late(chain) == [("b", 1, False), ("p", 2, False)]
    assert late(chain, overdue="true") == []

    clock.advance(hours=23, minutes=30)
    assert late(chain) == [("b", 1, True), ("p", 2, False)]
    assert late(chain, overdue="true") == [("b", 1, True)]
    assert chain.release("b", 1)["overdue"]
    assert "Overdue" in chain.client.get("/datasets/b/releases/1").text
    chain.suspend("b", 1, "reviewer")
    chain.lift("p", 2, "reviewer")
    clock.advance(days=9)
    assert late(chain) == [("b", 1, False)]
    assert not chain.release("b", 1)["overdue"]


def test_no_kept_answer_is_late_in_saying_so(chain, clock):
    """Nothing is recorded when a day has passed, and the same day of the calendar goes on."""
    chain.suspend("b", 1)
    clock.set("2026-03-03T10:59:00+08:00")
    paths = ("/api/v1/datasets/b/releases/1", "/api/v1/datasets/b/releases", "/datasets/b")
    before = [chain.client.get(path) for path in paths for _ in range(2)]
    assert all(each.status_code == 200 for each in before)
    clock.set("2026-03-03T11:01:00+08:00")

    assert chain.client.get(paths[0]).json["overdue"]
    assert chain.client.get(paths[1]).json["data"][0]["overdue"]
    assert "Overdue" in chain.client.get(paths[2]).text


def test_the_list_of_suspensions_tells_of_a_withdrawal_that_awaits_its_second(chain):
    chain.withdraw("b", 1)
    answer = chain.client.get("/api/v1/suspensions", headers=chain.as_("admin"))

    only = answer.json["data"][0]
    assert (only["state"], only["withdrawal_pending"], only["due_by"]) == ("public", True, None)
    assert [each["basis"] for each in only["words"]] == [BASIS]
    # Nobody else is told: it would draw attention to what is still public.
    assert chain.release("b", 1)["takedowns"] == []
    assert "withdrawal_pending" not in chain.release("b", 1)


def test_the_list_of_suspensions_is_of_the_own_agency(chain, platform, before):
    chain.suspend("b", 1)
    with platform.home.database.begin() as session:
        key = access.create_key(
            session,
            before.theirs.persons[Role.SUPERVISOR],
            access.KeyTerms(Role.SUPERVISOR, OTHER.id),
            platform.now(),
        )

    assert chain.client.get("/api/v1/suspensions", headers=sign(key)).json["data"] == []


def test_an_approval_counts_only_for_what_was_public_when_it_was_given(chain):
    """A lift changes what is public, as a suspension does; a confirmation changes nothing."""
    rows = real_rows("budgets-2019", 0, 3)
    waiting = chain.submitted("b", csv_of(rows))

    def due():
        return chain.submission(waiting)["waiting_for"]

    chain.answer(waiting)
    assert chain.decide(waiting, "reviewer").status_code == 201
    assert due() == "approver"
    chain.suspend("b", 1, "reviewer")
    assert due() == "reviewer"
    assert chain.decide(waiting, "reviewer").status_code == 201
    chain.suspend("b", 1, "approver")
    assert due() == "approver"
    for role in ("reviewer", "approver"):
        chain.lift("b", 1, role)
    assert due() == "reviewer"
