"""An approver says from when on a release is public; before then no path shows anything of it."""

import pytest

from tests.platforms import on_sqlite
from tests.stages.test_review import code_of
from tests.tables import csv_of, real_rows

pytestmark = on_sqlite
ROWS = real_rows("budgets-2019")[:2]
PUBLISHERS = sorted({row["publisher_name"] for row in ROWS})
AT = "2026-03-09T09:00:00+08:00"
PUBLIC = (
    "budgets",
    "budgets.csv",
    "budgets/aggregate?group_by=fiscal_year&metrics=count",
    "datasets",
    "datasets/b",
    "datasets/b/releases",
    "datasets/b/releases/1",
    "datasets/b/releases/1/data.csv",
    "datasets/b/releases/1/manifest.json",
)


def shown(chain):
    """What anybody is shown, apart from the addresses of what was asked."""
    answers = [chain.client.get(f"/api/v1/{path}", buffered=True) for path in PUBLIC]
    pages = [chain.client.get(path, buffered=True) for path in ("/catalog.jsonld", "/feed.atom")]
    return [(each.status_code, each.headers.get("ETag")) for each in (*answers, *pages)]


@pytest.fixture
def waiting(chain):
    chain.register("b", "budgets", "2019", transcribes=PUBLISHERS)
    submission = chain.submitted("b", csv_of(ROWS))
    chain.answer(submission)
    chain.decide(submission, "reviewer")
    return submission


def test_nothing_of_it_is_shown_by_any_path_before_its_moment(clock, chain, waiting):
    before = shown(chain)
    assert chain.decide(waiting, "approver", publish_at=AT).status_code == 201
    chain.work()

    told = chain.submission(waiting)
    assert (told["state"], told["publish_at"]) == ("approved", "2026-03-09T01:00:00Z")
    assert shown(chain) == before
    clock.set("2026-03-09T08:59:59+08:00")
    chain.work()
    assert shown(chain) == before

    clock.set(AT)
    chain.work()
    release = chain.release("b", 1)
    assert release["released_at"].startswith("2026-03-09T01:00:00")
    assert [each["publish_at"] for each in release["decisions"]] == [None, "2026-03-09T01:00:00Z"]
    assert len(chain.records("budgets")) == len(ROWS)


def test_what_waits_for_its_moment_may_be_taken_back_or_overtaken(clock, chain, waiting):
    chain.decide(waiting, "approver", publish_at=AT)
    chain.publish("b", csv_of(ROWS[:1]))

    found = chain.submission(waiting)
    assert (found["state"], found["publish_at"]) == ("in_review", None)
    clock.set(AT)
    chain.work()
    assert len(chain.records("budgets")) == 1


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("approver", {"publish_at": "2026-03-02T09:00:00+08:00"}),
        ("approver", {"publish_at": "9999-12-31T23:59:59-12:00"}),
        ("approver", {"publish_at": AT, "verdict": "return", "reason": "请更正"}),
    ],
)
def test_a_moment_that_nobody_can_mean_is_refused(chain, waiting, role, more):
    answer = chain.decide(waiting, role, **more)

    assert code_of(answer) == (422, "invalid-embargo")
    assert [each["pointer"] for each in answer.json["errors"]] == ["/publish_at"]


@pytest.mark.parametrize("moment", ["2026-03-09T09:00:00", "morgen", 7])
def test_a_moment_has_its_zone(chain, waiting, moment):
    answer = chain.decide(waiting, "approver", publish_at=moment)

    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json["errors"]] == ["/publish_at"]
