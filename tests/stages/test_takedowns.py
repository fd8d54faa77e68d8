"""Taking a release down: persons take turns, and a process that dies leaves all or nothing."""

import threading
from uuid import UUID

import pytest

from opendata.domain.people import Role
from opendata.domain.takedowns import Kind
from opendata.storage import audit
from opendata.storage.tables import AuditRow, TakedownRow
from tests.dying import DIED
from tests.dying_clerks import STEPS, say_until
from tests.platforms import on_sqlite
from tests.tables import changed, csv_of, real_rows

SUSPEND, LIFT, WITHDRAW = Kind


@pytest.fixture
def published(chain):
    """A release of two records."""
    rows = changed(real_rows("budgets-2019", 0, 2), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    return chain


def words(platform):
    with platform.home.database.read() as session:
        rows = session.query(TakedownRow).order_by(TakedownRow.number)
        return [(row.number, row.kind) for row in rows]


def lines(platform):
    with platform.home.database.read() as session:
        found = session.query(AuditRow).filter(AuditRow.subject == "b@1").order_by(AuditRow.seq)
        assert audit.first_break(session) is None
        return [row.action for row in found if row.action != "released"]


def at_once(published, *sayings):
    """Let each of these be said in a thread of its own, all at the same time."""
    barrier = threading.Barrier(len(sayings))
    statuses = [0] * len(sayings)

    def say(place, how, role):
        barrier.wait()
        statuses[place] = getattr(published, how)("b", 1, role).status_code

    threads = [
        threading.Thread(target=say, args=(place, *saying)) for place, saying in enumerate(sayings)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return statuses


def test_persons_who_speak_at_once_take_turns(published, platform):
    """One by one, whoever comes first; the second word counts as one that was said after it."""
    assert at_once(published, ("suspend", "reviewer"), ("suspend", "approver")) == [201, 201]
    assert published.release("b", 1)["confirm_by"] is None
    assert at_once(published, ("lift", "reviewer"), ("lift", "approver")) == [201, 201]
    assert published.release("b", 1)["public"]

    assert published.suspend("b", 1, "supervisor").status_code == 201
    both = at_once(published, ("lift", "reviewer"), ("lift", "approver"))
    assert sorted(both) == [201, 409]
    assert published.release("b", 1)["public"]

    same = at_once(published, *(("withdraw", "reviewer") for _ in range(3)))
    assert sorted(same) == [201, 409, 409]
    assert published.release("b", 1)["public"]
    rest = at_once(published, *(("withdraw", role) for role in ("approver", "supervisor")))
    assert sorted(rest) == [201, 409]
    assert published.get("datasets/b/releases/1").status_code == 410

    numbers = [number for number, _ in words(platform)]
    assert numbers == list(range(1, 9))
    assert len(lines(platform)) == len(numbers)


@on_sqlite
def test_a_confirmation_and_a_lift_at_once_end_as_one_after_the_other(published, platform):
    published.suspend("b", 1, "supervisor")
    statuses = at_once(published, ("suspend", "reviewer"), ("lift", "approver"))

    assert statuses == [201, 201]
    # Confirmed first, then one of two lifts; or lifted first, then suspended anew: hidden.
    assert published.release("b", 1)["state"] == "suspended"


STORIES = {
    # What was said before; who dies saying what; what holds before and after.
    "suspend": ([], "approver", SUSPEND, "public", "suspended"),
    "lift": ([("suspend", "reviewer")], "approver", LIFT, "suspended", "public"),
    "withdraw": ([("withdraw", "reviewer")], "approver", WITHDRAW, "public", "withdrawn"),
}


@on_sqlite
@pytest.mark.parametrize("story", STORIES)
def test_a_process_that_dies_has_taken_down_all_or_nothing(published, platform, story):
    check_deaths(published, platform, story)


@pytest.mark.parametrize("platform", ["postgresql"], indirect=True)
def test_the_same_on_postgresql(published, platform):
    check_deaths(published, platform, "withdraw")


def check_deaths(published, platform, story):
    """Die at each step in turn; what was not committed is said again, what was is there."""
    prelude, role, kind, before, after = STORIES[story]
    for how, who in prelude:
        assert getattr(published, how)("b", 1, who).status_code == 201
    said, logged = words(platform), lines(platform)
    person: UUID = published.who.persons[Role(role)]
    for step in STEPS:
        assert state(published) == before
        assert (words(platform), lines(platform)) == (said, logged)
        assert say_until(platform, (person, Role(role), kind), ("b", 1), step) == DIED

    assert state(published) == after
    assert words(platform) == [*said, (len(said) + 1, kind.value)]
    assert len(lines(platform)) == len(logged) + 1
    shown = published.records("budgets")
    assert len(shown) == (2 if after == "public" else 0)
    published.work()
    assert published.records("budgets") == shown


def state(published):
    only = published.records("datasets/b/releases")[0]
    return only["state"]
