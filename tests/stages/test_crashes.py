"""A worker may die at any step: nothing half is ever seen, nothing is lost or done twice."""

from uuid import UUID

import pytest

from opendata.stages import publish
from tests.chain import Chain, work_off
from tests.dying import DIED, JUDGED, STEPS, work_until
from tests.platforms import on_sqlite, runtime_of
from tests.tables import changed, csv_of, read_csv, real_rows

MODES = {"replace": "budgets", "add": "project-approvals"}


class Story:
    """Two agencies' datasets of one collection; ``mine`` has a release and another approved."""

    def __init__(self, chain: Chain, others: Chain, mode: str) -> None:
        self.chain, self.others, self.collection = chain, others, MODES[mode]
        budgets = mode == "replace"
        rows = real_rows("budgets-2019" if budgets else "project-approvals-transcribed", 0, 5)
        self.own = changed(rows, **self._naming(chain))
        self.key = "line_no" if budgets else "record_no"
        self.told = "explanation" if budgets else "note"
        self.period = "2019" if budgets else "rolling"
        chain.publish_rows("mine", self.collection, self.period, self.own[:3])
        self.before = self.shown()
        corrected = changed(self.own[2:], **{self.told: "更正"})
        self.waiting = chain.submitted("mine", csv_of(corrected))
        chain.approve(self.waiting)

    def _naming(self, chain: Chain) -> dict[str, str]:
        name = chain.who.agency.name.zh
        return (
            {"publisher_name": name} if self.collection == "budgets" else {"authority_name": name}
        )

    def others_publish(self) -> None:
        """Let the other agency publish in the same collection, by a worker that lives."""
        rows = changed(self.own[:2], **self._naming(self.others))
        if self.collection != "budgets":
            rows = [{**row, "record_no": "LX-" + row["record_no"]} for row in rows]
        made = self.others.register("theirs", self.collection, self.period)
        assert made.status_code == 201, made.text
        submission = self.others.submitted_only("theirs", csv_of(rows))
        self.others.approve(submission)
        runtime = runtime_of(self.chain.client)
        assert publish.publish(runtime.home, runtime.contracts, UUID(submission), runtime.now)

    def shown(self, dataset: str = "mine") -> list[dict[str, object]]:
        """Return the dataset's records as everybody sees them, the same on every path."""
        found = self.chain.records(self.collection, _dataset=dataset, sort="_row")
        csv = read_csv(self.chain.get(f"{self.collection}.csv", _dataset=dataset).data)
        assert sorted(row["_id"] for row in csv) == sorted(row["_id"] for row in found)
        for row in found:
            answer = self.chain.get(f"{self.collection}/{row['_id']}")
            assert answer.json["data"] == row
        return found

    def releases(self, dataset: str = "mine") -> list[int]:
        return [each["number"] for each in self.chain.records(f"datasets/{dataset}/releases")]


@pytest.fixture
def story(request, chain, client, others, work):
    return Story(chain, Chain(client, others, work), request.param)


def in_mode(*modes):
    return pytest.mark.parametrize("story", modes, indirect=True)


def check_told_once(story):
    """The second release is there exactly once, whole, and the first is still there to cite."""
    assert story.releases() == [2, 1]
    assert story.chain.submission(story.waiting)["release"] == 2
    shown = story.shown()
    assert len(shown) == len({row["_id"] for row in shown})
    assert {row["_release"] for row in shown} == {2}
    assert len(shown) == (3 if story.collection == "budgets" else 5)
    first = story.chain.release("mine", 1)
    pinned = story.chain.records(
        story.collection, as_of=first["snapshot"], _dataset="mine", sort="_row"
    )
    assert pinned == story.before


@in_mode("replace")
@pytest.mark.parametrize("step", STEPS)
@on_sqlite
def test_a_publication_that_dies_is_never_seen_and_is_done_again(story, platform, clock, step):
    check_a_death_at(story, platform, clock, step)


@in_mode("add")
@pytest.mark.parametrize("step", ["committed"])
@on_sqlite
def test_the_same_where_records_are_added(story, platform, clock, step):
    check_a_death_at(story, platform, clock, step)


@pytest.mark.parametrize(
    ("story", "step"), [("add", "committed"), ("replace", "recorded")], indirect=["story"]
)
@pytest.mark.parametrize("platform", ["postgresql"], indirect=True)
def test_the_same_on_postgresql(story, platform, clock, step):
    check_a_death_at(story, platform, clock, step)


def check_a_death_at(story, platform, clock, step):
    assert work_until(platform, step) == DIED
    clock.advance(seconds=30)
    published = step == "released"
    if not published:
        assert story.shown() == story.before
        assert story.releases() == [1]

    story.others_publish()
    theirs = story.shown("theirs")
    assert len(theirs) == 2
    if not published:
        assert story.shown() == story.before

    work_off(platform)
    check_told_once(story)
    assert story.shown("theirs") == theirs
    assert story.releases("theirs") == [1]


@in_mode("replace")
@on_sqlite
def test_a_worker_may_die_again_and_again(story, platform, clock):
    for step in (*STEPS[:-1], STEPS[0]):
        assert work_until(platform, step) == DIED
        clock.advance(seconds=1)
    work_off(platform)

    check_told_once(story)


@pytest.mark.parametrize(
    ("story", "platform"), [("replace", "postgresql"), ("add", "sqlite")], indirect=True
)
def test_of_two_publishers_at_once_one_wins_and_the_other_begins_anew(story, platform):
    """The second sees the pointer moved and gives up; its next try is on the new snapshot."""

    def meanwhile(step):
        if step == "files-built":
            story.others_publish()

    first_try = publish.publish(
        platform.home, platform.contracts, UUID(story.waiting), platform.now, meanwhile
    )

    assert first_try is False
    assert story.shown() == story.before
    work_off(platform)
    check_told_once(story)
    assert len(story.shown("theirs")) == 2


@in_mode("replace")
@on_sqlite
def test_a_cancellation_during_publication_wins(story, platform):
    def meanwhile(step):
        if step == "files-built":
            path = f"/api/v1/submissions/{story.waiting}/cancellation"
            story.chain.client.post(path, json={}, headers=story.chain.as_("author"))

    tried = publish.publish(
        platform.home, platform.contracts, UUID(story.waiting), platform.now, meanwhile
    )

    assert tried is False
    assert story.shown() == story.before


@in_mode("add")
@on_sqlite
def test_a_suspension_during_publication_is_not_undone_by_it(story, platform):
    """What is added to a release that was just taken down would show it again."""

    def meanwhile(step):
        if step == "files-built":
            assert story.chain.suspend("mine", 1).status_code == 201

    tried = publish.publish(
        platform.home, platform.contracts, UUID(story.waiting), platform.now, meanwhile
    )

    assert tried is False
    assert story.shown() == []


@pytest.fixture
def received(chain):
    """A submission that awaits its verdict."""
    rows = changed(real_rows("budgets-2019"), publisher_name=chain.who.agency.name.zh)
    chain.register("mine", "budgets", "2019")
    return chain.submit("mine", csv_of(rows[:2])).json["id"]


def test_a_validation_that_dies_is_done_again(chain, platform, received):
    assert work_until(platform, JUDGED) == DIED
    assert chain.submission(received)["state"] == "received"
    chain.work()

    assert chain.submission(received)["state"] == "in_review"


@on_sqlite
def test_a_file_that_kills_the_worker_every_time_is_set_aside(chain, platform, received):
    for _ in range(3):
        assert work_until(platform, JUDGED) == DIED
    assert work_until(platform, JUDGED) == 0

    found = chain.submission(received)
    assert found["state"] == "failed"
    assert found["problem"]["code"] == "processing-failed"
    assert len(platform.home.vault.read(found["sha256"])) == found["size"]
