"""The platform under measure: a home of its own, served as anywhere, filled through its chain."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

import requests

from benchmarks.penalties import publishers
from benchmarks.programs import (
    HOST,
    Program,
    children,
    cpu_share,
    free_port,
    running,
    wait_for,
)
from opendata.domain.catalogue import ROLLING, Agency
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.runtime import Runtime, initialise
from opendata.settings import MIB, Settings
from opendata.stages import access
from opendata.storage.index.roll import read_roll

COLLECTION = "administrative-penalties"
BASIS = "《政府信息公开条例》第二十条"
START_SECONDS = 90
# A million rows that another load holds up take their time.
PATIENCE_SECONDS = 900
# How often a state is asked for; it takes the web processes a millisecond each time.
LOOK_SECONDS = 0.1
IDLE_SECONDS = 2.0
IDLE_SHARE = 0.15
SETTLE_SECONDS = 300
MAX_UPLOAD_BYTES = 8192 * MIB
WHO = (Role.AUTHOR, Role.REVIEWER, Role.APPROVER)

Keys = Mapping[Role, str]


@dataclass(frozen=True, slots=True)
class Platform:
    """A running platform, and the keys of its agencies; each dataset has an agency of its own."""

    home: Path
    port: int
    program: Program
    keys: Mapping[str, Keys]
    secret: bytes
    session: requests.Session = field(default_factory=requests.Session)

    @property
    def api(self) -> str:
        """Where the API begins."""
        return f"http://{HOST}:{self.port}/api/v1"

    def submit(self, dataset: str, file: Path) -> str:
        """Register the dataset unless it is, send a file in, and return the submission's id."""
        with file.open("rb") as stream:
            answer = self.session.post(
                f"{self.api}/datasets/{self._registered(dataset)}/submissions",
                data=stream,
                headers={**self._as(dataset, Role.AUTHOR), "Content-Type": "text/csv"},
                timeout=PATIENCE_SECONDS,
            )
        return str(_good(answer, HTTPStatus.ACCEPTED)["id"])

    def wait(self, dataset: str, submission: str, state: str) -> float:
        """Wait until a submission is in a state; return how many seconds that took."""
        begun = time.perf_counter()
        while (found := self.state(dataset, submission)) != state:
            if found in ("invalid", "failed") or time.perf_counter() - begun > PATIENCE_SECONDS:
                message = f"the submission to {dataset} is {found}: {self.program.last_words}"
                raise RuntimeError(message)
            time.sleep(LOOK_SECONDS)
        return time.perf_counter() - begun

    def state(self, dataset: str, submission: str) -> str:
        """Return the state a submission is in."""
        return str(self._standing(dataset, submission)["state"])

    def approve(self, dataset: str, submission: str) -> None:
        """Answer what is doubted, and let reviewer and approver give their word."""
        path = f"{self.api}/submissions/{submission}"
        doubts = [
            {**{name: each[name] for name in ("code", "name", "field")}, "reason": "虚构数据"}
            for each in self._standing(dataset, submission)["cautions"]
            if each["answer"] is None
        ]
        if doubts:
            self._post(f"{path}/caution-answers", dataset, Role.AUTHOR, {"answers": doubts})
        for role in (Role.REVIEWER, Role.APPROVER):
            word = {"verdict": "disclose", "basis": BASIS}
            self._post(f"{path}/decisions", dataset, role, word)

    def cancel(self, dataset: str, submission: str) -> None:
        """Take a submission back."""
        path = f"{self.api}/submissions/{submission}/cancellation"
        self._post(path, dataset, Role.AUTHOR, {"reason": "measured"})

    def web_processes(self) -> list[int]:
        """Return the processes that answer requests.

        ``serve`` starts the web server first, then the worker; the server's children answer.
        """
        server = children(self.program.pid)[0]
        return children(server)

    def settle(self) -> None:
        """Wait until the platform has nothing left to do, as building an index; not for ever."""
        deadline = time.monotonic() + SETTLE_SECONDS
        busy = 1.0
        while busy > IDLE_SHARE or not self._is_one_segment():
            busy = cpu_share(self.program.pid, IDLE_SECONDS)
            if time.monotonic() > deadline:
                print(f"the platform is at {busy:.0%} of a core still", file=sys.stderr)
                return

    def _is_one_segment(self) -> bool:
        """Whether the serving index has come to rest, a while after the last change."""
        roll = read_roll(self.home / "index" / COLLECTION)
        return roll is not None and len(roll.entries) == 1

    def _standing(self, dataset: str, submission: str) -> dict[str, Any]:
        answer = self.session.get(
            f"{self.api}/submissions/{submission}",
            headers=self._as(dataset, Role.AUTHOR),
            timeout=PATIENCE_SECONDS,
        )
        return _good(answer, HTTPStatus.OK)

    def _registered(self, dataset: str) -> str:
        body = {
            "id": dataset,
            "collection": COLLECTION,
            "agency": dataset,
            "period": ROLLING,
            "title": f"{dataset}（虚构）",
            "disclosure_attribute": "proactive",
            "transcribes": sorted(publishers()),
        }
        answer = self.session.post(
            f"{self.api}/datasets", json=body, headers=self._as(dataset, Role.AUTHOR), timeout=60
        )
        if answer.status_code != HTTPStatus.CONFLICT:
            _good(answer, HTTPStatus.CREATED)
        return dataset

    def _post(self, path: str, dataset: str, role: Role, body: dict[str, Any]) -> None:
        headers = self._as(dataset, role)
        answer = self.session.post(path, json=body, headers=headers, timeout=PATIENCE_SECONDS)
        _good(answer, HTTPStatus.CREATED)

    def _as(self, dataset: str, role: Role) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[dataset][role]}"}


@contextmanager
def platform(home: Path, datasets: list[str]) -> Iterator[Platform]:
    """Set up a home with an agency for each of these datasets, and serve it until the block ends.

    Read limits are off: the measurement is one address that asks for everything.
    """
    environment = {
        "OPENDATA_HOME": str(home),
        "OPENDATA_MAX_UPLOAD_BYTES": str(MAX_UPLOAD_BYTES),
        "OPENDATA_READ_LIMIT": "0",
        "OPENDATA_DEMO": "0",
    }
    settings = Settings.from_environment(environment)
    initialise(settings)
    runtime = Runtime.of(settings)
    keys = _cast(runtime, datasets)
    port = free_port()
    command = [sys.executable, "-m", "opendata", "serve", "--port", str(port)]
    with running(command, home / "serve.log", environment) as program:
        wait_for(program, port, "/healthz", START_SECONDS)
        yield Platform(home, port, program, keys, runtime.home.secret)


def _cast(runtime: Runtime, datasets: list[str]) -> dict[str, Keys]:
    """Record the agencies and three persons for all of them, and give out their keys."""
    now = runtime.now()
    with runtime.home.database.begin() as session:
        persons: dict[Role, UUID] = {
            role: access.add_person(session, f"测试{role.label.zh}（虚构）", now) for role in WHO
        }
        for each in datasets:
            name = Text(f"示例机关 {each}（虚构）", f"Agency {each} (fictitious)")
            access.add_agency(session, Agency(each, name, None, None), now)
        keys: dict[str, Keys] = {
            each: {
                role: access.create_key(session, persons[role], access.KeyTerms(role, each), now)
                for role in WHO
            }
            for each in datasets
        }
    runtime.home.database.engine.dispose()
    return keys


def _good(answer: requests.Response, status: HTTPStatus) -> dict[str, Any]:
    if answer.status_code != status:
        message = f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:1000]}"
        raise RuntimeError(message)
    found: dict[str, Any] = answer.json()
    return found
