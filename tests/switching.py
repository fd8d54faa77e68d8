"""Releases that are published, suspended, lifted and withdrawn while eight readers ask.

Every change is one switch from a known state to the next. A reader notes which switches had
ended before it asked and which had begun by the time it had its answer: the answer must be that
of one of these states, whole.
"""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from opendata.stages import publish
from tests.chain import Chain
from tests.platforms import runtime_of
from tests.tables import Row, changed, csv_of, read_csv, real_rows

READERS = 8
# So often a reader asks between two switches; while one goes on it asks and asks.
CALM = 2
ROWS = 2
DATASETS = {"b2019": "budgets-2019", "b2018": "budgets-2018"}
PUBLIC, SUSPENDED, WITHDRAWN = "public", "suspended", "withdrawn"
Named = tuple[str, int]
Got = tuple[int, bytes]
Ask = Callable[[str], Got]


@dataclass(frozen=True)
class Moment:
    """What may be seen between two switches: every release there is, and how it stands."""

    standing: Mapping[Named, str]

    @property
    def current(self) -> dict[str, int]:
        """The newest release of each dataset, hidden or not."""
        return dict(sorted(self.standing))

    def shown(self, snapshot: Mapping[str, int] | None = None) -> dict[str, int]:
        """Return what of a snapshot shows, or of the current one."""
        held = self.current if snapshot is None else snapshot
        return {name: n for name, n in held.items() if self.standing[name, n] == PUBLIC}

    def after(self, release: Named, standing: str) -> "Moment":
        """Return the moment after a release has come to stand so."""
        return Moment({**self.standing, release: standing})


@dataclass
class Theatre:
    """The course of all switches: the moments, and how far it has come."""

    moments: list[Moment]
    done: int = 0
    begun: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    turned: threading.Condition = field(default_factory=threading.Condition)
    snapshots: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    answers: int = 0

    @contextmanager
    def switch(self, release: Named, standing: str) -> Iterator[None]:
        """Go from this moment to the next one, while the block lasts."""
        self.moments.append(self.moments[-1].after(release, standing))
        with self.turned:
            self.begun += 1
            self.turned.notify_all()
        yield
        with self.turned:
            self.done += 1
            self.turned.notify_all()

    def end(self) -> None:
        """Let everybody go home."""
        self.over.set()
        with self.turned:
            self.turned.notify_all()

    def wait(self, asked: Mapping[tuple[int, int], int]) -> tuple[int, int]:
        """Wait until there is something to ask about; return how far it has come."""
        with self.turned:
            self.turned.wait_for(
                lambda: (
                    self.over.is_set()
                    or self.begun > self.done
                    or asked.get((self.begun, self.done), 0) < CALM
                )
            )
            return self.begun, self.done

    def check(self, question: "Question", ask: Ask) -> None:
        """Ask, and keep what no moment explains."""
        first = self.done
        got = ask(question.path)
        possible = self.moments[first : self.begun + 1]
        self.answers += 1
        if not any(question.is_answered(got, each) for each in possible):
            said = got[1][:800].decode(errors="replace")
            self.faults.append(f"{question.path}: {got[0]} {said} in none of {possible}")
            self.end()


@dataclass(frozen=True)
class Question:
    """An address, and whether an answer is the one of a moment."""

    path: str
    is_answered: Callable[[Got, Moment], bool]


def rows_of(dataset: str, number: int) -> list[Row]:
    """Return the rows of a release; each says of which one it is."""
    rows = real_rows(DATASETS[dataset], 0, ROWS)
    return changed(rows, explanation=f"{dataset} 第 {number} 版")


def _is_whole(rows: list[dict[str, Any]], shown: Mapping[str, int]) -> bool:
    """Whether these are exactly the rows of the releases that show, each of its own release."""
    told = [(row["_dataset"], int(row["_release"])) for row in rows]
    named = all(
        row["explanation"] == f"{name} 第 {n} 版" for row, (name, n) in zip(rows, told, strict=True)
    )
    return named and sorted(told) == sorted(each for each in shown.items() for _ in range(ROWS))


def listed(path: str, snapshot: Mapping[str, int] | None = None) -> Question:
    def is_answered(got: Got, moment: Moment) -> bool:
        shown = moment.shown(snapshot)
        held = moment.current if snapshot is None else snapshot
        if got[0] == 410:
            return not shown and {moment.standing[each] for each in held.items()} == {WITHDRAWN}
        found = json.loads(got[1])
        meta = found["meta"]
        return (
            _is_whole(found["data"], shown)
            and meta["releases"] == shown
            and meta.get("total", len(found["data"])) == len(found["data"])
        )

    return Question(path, is_answered)


def _exported(kind: str) -> Question:
    def is_answered(got: Got, moment: Moment) -> bool:
        rows = read_csv(got[1]) if kind == "csv" else [json.loads(x) for x in got[1].splitlines()]
        return got[0] == 200 and _is_whole(rows, moment.shown())

    return Question(f"/api/v1/budgets.{kind}", is_answered)


def _counted() -> Question:
    def is_answered(got: Got, moment: Moment) -> bool:
        groups = {each["_dataset"]: each["count"] for each in json.loads(got[1])["data"]}
        return got[0] == 200 and groups == dict.fromkeys(moment.shown(), ROWS)

    return Question("/api/v1/budgets/aggregate?group_by=_dataset&metrics=count", is_answered)


def _record(dataset: str, record_id: str) -> Question:
    def is_answered(got: Got, moment: Moment) -> bool:
        number = moment.shown().get(dataset)
        found = json.loads(got[1])
        if number is None:
            return got[0] == 410 and found["takedown"]["dataset"] == dataset
        public = [n for (name, n), how in sorted(moment.standing.items(), reverse=True)
                  if name == dataset and how == PUBLIC]  # fmt: skip
        told = [each["release"] for each in found.get("history", ())]
        return got[0] == 200 and found["data"]["_release"] == number and told == public

    return Question(f"/api/v1/budgets/{record_id}", is_answered)


def _of_release(release: Named, path: str) -> Question:
    def is_answered(got: Got, moment: Moment) -> bool:
        standing = moment.standing.get(release)
        if standing == PUBLIC:
            return got[0] == 200 and f"{release[0]} 第 {release[1]} 版" in got[1].decode()
        gone = got[0] == 410 and json.loads(got[1])["code"] == standing
        return gone if standing else got[0] == 404

    return Question(path, is_answered)


def _history(dataset: str) -> Question:
    def is_answered(got: Got, moment: Moment) -> bool:
        told = {(dataset, each["number"]): each["state"] for each in json.loads(got[1])["data"]}
        return told == {each: how for each, how in moment.standing.items() if each[0] == dataset}

    return Question(f"/api/v1/datasets/{dataset}/releases", is_answered)


class Stage:
    """Where it happens: a chain that changes things, readers that look on."""

    def __init__(self, chain: Chain, seed: int) -> None:
        """Publish one release of each dataset."""
        self.chain = chain
        self.random = random.Random(seed)  # noqa: S311 - a course that can be repeated.
        moment = Moment({})
        for dataset in DATASETS:
            rows = rows_of(dataset, 1)
            chain.publish_rows(dataset, "budgets", dataset[1:], rows)
            moment = moment.after((dataset, 1), PUBLIC)
        self.theatre = Theatre([moment])
        self.ids = {row["_dataset"]: row["_id"] for row in chain.records("budgets")}
        self._keep_snapshot()

    def run(self, switches: int, asking: Callable[[], Ask]) -> Theatre:
        """Make switches while eight readers ask; ``asking`` makes what one of them asks with."""
        readers = [
            threading.Thread(target=self._read, args=(asking(), number))
            for number in range(READERS)
        ]
        for each in readers:
            each.start()
        try:
            for _ in range(switches):
                if self.theatre.over.is_set():
                    break
                self._switch()
        finally:
            self.theatre.end()
            for each in readers:
                each.join()
        return self.theatre

    def _read(self, ask: Ask, number: int) -> None:
        choose = random.Random(number)  # noqa: S311 - as above.
        try:
            asked: Counter[tuple[int, int]] = Counter()
            while not self.theatre.over.is_set():
                asked[self.theatre.wait(asked)] += 1
                self.theatre.check(self._question(choose), ask)
        except Exception as error:
            self.theatre.faults.append(repr(error))
            self.theatre.end()
            raise

    def _question(self, choose: random.Random) -> Question:
        dataset = choose.choice(list(DATASETS))
        newest = self.theatre.moments[-1].current[dataset]
        release = dataset, choose.randint(max(1, newest - 2), newest)
        own = f"/api/v1/datasets/{release[0]}/releases/{release[1]}"
        snapshot = choose.choice(list(self.theatre.snapshots))
        pinned = self.theatre.snapshots[snapshot]
        return choose.choice(
            [
                listed("/api/v1/budgets?count=exact"),
                listed("/api/v1/budgets"),
                listed(f"/api/v1/budgets?as_of={snapshot}", pinned),
                _exported("csv"),
                _exported("ndjson"),
                _counted(),
                _record(dataset, self.ids[dataset]),
                _of_release(release, f"{own}/data.csv"),
                _of_release(release, f"/api/v1/budgets?release={dataset}@{release[1]}"),
                _history(dataset),
            ]
        )

    def _switch(self) -> None:
        moment = self.theatre.moments[-1]
        dataset = self.random.choice(list(DATASETS))
        newest = dataset, moment.current[dataset]
        standing = moment.standing[newest]
        if standing == WITHDRAWN or self.random.random() < 0.08:
            self._publish(dataset, newest[1] + 1)
        elif self.random.random() < 0.08:
            self._withdraw(newest)
        elif standing == SUSPENDED:
            with self.theatre.switch(newest, PUBLIC):
                self._expect(self.chain.lift(*newest, "approver"))
        else:
            with self.theatre.switch(newest, SUSPENDED):
                self._expect(self.chain.suspend(*newest, "reviewer"))

    def _withdraw(self, release: Named) -> None:
        self._expect(self.chain.withdraw(*release, "approver"))
        with self.theatre.switch(release, WITHDRAWN):
            self._expect(self.chain.withdraw(*release, "supervisor"))

    def _publish(self, dataset: str, number: int) -> None:
        waiting = self.chain.submitted(dataset, csv_of(rows_of(dataset, number)))
        with ExitStack() as last:
            step = partial(last.enter_context, self.theatre.switch((dataset, number), PUBLIC))
            self._release(waiting, step)
        state = self.chain.submission(waiting)["state"]
        assert state == "published", state
        self.chain.work()
        self._keep_snapshot()

    def _release(self, waiting: str, begin: Callable[[], object]) -> None:
        """Publish what waits; the switch begins when its files are built."""
        self.chain.approve(waiting)
        held = runtime_of(self.chain.client)

        def mark(step: str) -> None:
            if step == "files-built":
                begin()

        publish.publish(held.home, held.contracts, UUID(waiting), held.now, mark)

    def _keep_snapshot(self) -> None:
        """Pin the present state; between switches it stays what it is."""
        answer: Any = self.chain.get("budgets", limit="1").json
        self.theatre.snapshots[answer["meta"]["snapshot"]] = self.theatre.moments[-1].current

    @staticmethod
    def _expect(answer: Any) -> None:
        assert answer.status_code == 201, answer.text


class Served(Stage):
    """A stage beside a served platform, whose own worker may publish what is approved."""

    def _release(self, waiting: str, begin: Callable[[], object]) -> None:
        begin()
        self.chain.approve(waiting)
        self.chain.work()
