"""A process keeps its view of a collection, and gives it up with the commit that changes it."""

from contextlib import contextmanager

import pytest

from opendata.runtime import Runtime
from opendata.stages import query
from opendata.storage import leases
from tests.platforms import close, on_sqlite
from tests.tables import changed, csv_of, real_rows

pytestmark = on_sqlite


@pytest.fixture
def published(chain):
    """Two records of a budget."""
    rows = changed(real_rows("budgets-2019", 0, 2), publisher_name=chain.who.agency.name.zh)
    chain.register("b", "budgets", "2019")
    chain.publish("b", csv_of(rows))
    return chain


@pytest.fixture
def elsewhere(platform):
    """The same platform as another process has it open: with connections of its own."""
    other = Runtime.around(platform.settings, platform.contracts, platform.now)
    yield other
    close(other)


def seen(platform, as_of=None):
    return query.shown(platform.home, platform.contracts["budgets"], as_of, platform.now())


def test_a_view_is_worked_out_once_while_nothing_is_published(published, platform):
    before = seen(platform)
    published.register("another", "budgets", "2018")

    assert before.releases == {"b": 1}
    assert seen(platform) is before


def test_a_commit_of_another_process_changes_the_view_at_once(published, platform, elsewhere):
    pinned = str(seen(platform).snapshot.id)
    before = [seen(platform), seen(platform, pinned), seen(elsewhere)]
    assert published.suspend("b", 1).status_code == 201

    assert [each.releases for each in before] == [{"b": 1}] * 3
    for again in (seen(platform), seen(platform, pinned), seen(elsewhere)):
        assert again.releases == {}
        assert again.scope.hidden == {("b", 1)}


def test_a_view_of_newer_facts_is_not_kept_for_older_ones(published, platform, monkeypatch):
    """The suspension is committed after the facts were looked at, before the view is read."""
    read = platform.home.database.read
    waiting = [lambda: published.suspend("b", 1)]

    @contextmanager
    def late():
        while waiting:
            waiting.pop()()
        with read() as session:
            yield session

    monkeypatch.setattr(type(platform.home.database), "read", lambda _: late())

    assert seen(platform).releases == {}
    assert seen(platform).releases == {}


def test_a_view_is_of_one_day(published, platform, clock):
    before = seen(platform)
    clock.set("2026-03-02T23:59:59+08:00")
    same = seen(platform)
    clock.set("2026-03-03T00:00:01+08:00")

    assert same is before
    assert seen(platform).scope.on.isoformat() == "2026-03-03"


def test_a_lost_connection_is_made_anew(published, platform):
    before = seen(platform)
    platform.home.database.watch._local.eye.connection.close()

    assert seen(platform) is before


def test_the_state_is_read_again_only_after_a_commit(published, platform, elsewhere, monkeypatch):
    watch = platform.home.database.watch
    reads = []
    read = type(watch)._read
    monkeypatch.setattr(type(watch), "_read", lambda *given: reads.append(1) or read(*given))
    states = [watch.state() for _ in range(3)]
    after_looking = len(reads)
    with elsewhere.home.database.begin() as session:
        leases.take(session, "anything", elsewhere.now())
    watch.state()

    assert states[0] is states[1] is states[2]
    assert after_looking <= 1
    assert len(reads) == after_looking + 1


def test_states_of_two_databases_are_never_taken_for_each_other(platform, elsewhere):
    one, other = platform.home.database.watch.state(), elsewhere.home.database.watch.state()

    assert one.of("budgets") != other.of("budgets")
    assert one.of_everything() != other.of_everything()


def test_a_view_names_what_it_shows(published, platform):
    before = seen(platform).version
    published.suspend("b", 1)

    assert seen(platform).version != before
