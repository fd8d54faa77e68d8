"""Midnight under load: what ends on a day is gone from every path with the day's last second."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle

import pytest
from flask.testing import FlaskClient

from opendata.domain.editions import local_day
from tests.chain import Clock
from tests.platforms import BEGINNING, on_sqlite
from tests.tables import changed, csv_of, real_rows, rows_of

PATH = "/api/v1/administrative-penalties"
NIGHTS, ROWS, READERS = 2, 4, 8
FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=number) for number in range(ROWS)]
PATIENCE_SECONDS = 60


class LockedClock(Clock):
    """A clock that many threads look at while one sets it."""

    def __init__(self) -> None:
        super().__init__(BEGINNING)
        self._lock = threading.Lock()

    def __call__(self):
        with self._lock:
            return super().__call__()

    def set(self, moment):
        with self._lock:
            super().set(moment)

    @property
    def day(self):
        with self._lock:
            return local_day(self.moment)


@pytest.fixture
def clock() -> LockedClock:
    """The platform's clock, for many threads."""
    return LockedClock()


@pytest.fixture
def published(chain):
    """Penalties of which one leaves each night."""
    found = real_rows("administrative-penalties-sample", 0, ROWS)
    named = changed(found, authority_name=chain.who.agency.name.zh, window_rule="R-SAMR")
    rows = [{**row, "public_until": str(day)} for row, day in zip(named, DAYS, strict=True)]
    chain.register("p", "administrative-penalties", "rolling")
    chain.publish("p", csv_of(rows))
    return chain


Look = Callable[[FlaskClient], list[str]]


def listed(path: str) -> Look:
    """Return a look at a list, at once with its total where that is asked for."""

    def look(client: FlaskClient) -> list[str]:
        said = client.get(path).json
        assert said["meta"].get("total", len(said["data"])) == len(said["data"])
        return [row["public_until"] for row in said["data"]]

    return look


def filed(path: str) -> Look:
    """Return a look at a file."""
    kind = path.partition("?")[0].rpartition(".")[2]

    def look(client: FlaskClient) -> list[str]:
        return [str(row["public_until"])[:10] for row in rows_of(kind, client.get(path).data)]

    return look


def single(ids: dict[str, str]) -> Look:
    """Return a look at every record by itself."""

    def look(client: FlaskClient) -> list[str]:
        said = {each: client.get(f"{PATH}/{each}").status_code for each in ids}
        assert set(said.values()) <= {200, 410}
        return [ids[each] for each, status in said.items() if status == 200]

    return look


def looks(chain) -> Iterator[tuple[Look, list[str]]]:
    """Yield ways to look, which return the last days they are shown, and what each could show."""
    half = chain.client.get(f"{PATH}?limit={ROWS // 2}").json
    before = {row["public_until"] for row in half["data"]}
    pinned, following = half["meta"]["snapshot"], half["links"]["next"]
    ids = {row["_id"]: row["public_until"] for row in chain.client.get(PATH).json["data"]}
    release = "/api/v1/datasets/p/releases/1/data"
    all_days = [str(each) for each in DAYS]
    for look in (
        listed(f"{PATH}?count=exact"),
        listed(f"{PATH}?as_of={pinned}&count=exact"),
        listed(f"{PATH}?release=p@1&sort=public_until"),
        listed(f"{PATH}/aggregate?group_by=public_until&metrics=count"),
        filed(f"{PATH}.csv"),
        filed(f"{PATH}.ndjson?as_of={pinned}"),
        filed(f"{release}.csv"),
        filed(f"{release}.ndjson"),
        single(ids),
    ):
        yield look, all_days
    cursor = listed(following.removeprefix("http://localhost"))
    yield cursor, [each for each in all_days if each not in before]


@on_sqlite
def test_nothing_is_shown_after_its_last_second_whoever_reads_meanwhile(published, clock, app):
    wrong: list[str] = []
    done = [0] * READERS
    stop, turned = threading.Event(), threading.Condition()

    def read(number: int) -> None:
        client = app.test_client()
        ways = cycle([*all_looks[number:], *all_looks[:number]])
        while not stop.is_set():
            before = clock.day
            look, could_show = next(ways)
            shown = sorted(look(client))
            days = {str(before), str(clock.day)}
            if shown not in [[each for each in could_show if each >= day] for day in days]:
                wrong.append(f"{sorted(days)}: {shown}")
            with turned:
                done[number] += 1
                turned.notify_all()

    def everybody_has_read(times: int) -> None:
        wanted = [count + times for count in done]
        with turned:
            so_far = turned.wait_for(
                lambda: all(map(int.__ge__, done, wanted)) or wrong, PATIENCE_SECONDS
            )
        assert so_far, "the readers do not get on"

    all_looks = list(looks(published))
    readers = [threading.Thread(target=read, args=(each,)) for each in range(READERS)]
    clock.set(f"{FIRST}T23:59:00+08:00")
    published.work()
    for each in readers:
        each.start()
    try:
        for night in DAYS[:NIGHTS]:
            everybody_has_read(1)
            clock.set(f"{night + timedelta(days=1)}T00:00:00+08:00")
            everybody_has_read(1)
            # The next day's files are prepared while everybody reads.
            clock.set(f"{night + timedelta(days=1)}T23:59:00+08:00")
            published.work()
    finally:
        stop.set()
        for each in readers:
            each.join()

    assert wrong == []
    assert len(published.client.get(PATH).json["data"]) == ROWS - NIGHTS
