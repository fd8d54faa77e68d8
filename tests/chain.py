"""The chain as its users walk it: over HTTP, with keys, while a worker works."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from opendata.domain.catalogue import Agency
from opendata.domain.errors import Text
from opendata.domain.people import EVERY_AGENCY, Role
from opendata.runtime import Runtime
from opendata.runtime.worker import Worker
from opendata.stages import access
from tests.platforms import runtime_of
from tests.tables import Row, csv_of

AGENCY = Agency(
    "county-office", Text("示例县人民政府（虚构）", "A county (fictitious)"), None, None
)
OTHER = Agency("other-bureau", Text("邻县某局（虚构）", "Another bureau (fictitious)"), None, None)
WIDE = frozenset({Role.SUPERVISOR, Role.ADMIN})
Keys = dict[Role, str]


class Clock:
    """A clock that tests set; it ticks a millisecond at each look, so that no instants tie."""

    def __init__(self, moment: datetime) -> None:
        """Begin at ``moment``."""
        self.moment = moment

    def __call__(self) -> datetime:
        """Return this instant."""
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def set(self, moment: str) -> None:
        """Go to an instant written in ISO 8601 with its zone."""
        self.moment = datetime.fromisoformat(moment).astimezone(UTC)

    def advance(self, **parts: float) -> None:
        """Go on by a ``timedelta`` of ``parts``."""
        self.moment += timedelta(**parts)


@dataclass(frozen=True)
class Cast:
    """Who acts: the persons of one agency by role, and their keys."""

    agency: Agency
    persons: Mapping[Role, UUID]
    keys: Keys


def cast(runtime: Runtime, agency: Agency, roles: frozenset[Role] = frozenset(Role)) -> Cast:
    """Record an agency, one person for each role, and a key for each person."""
    now = runtime.now()
    persons, keys = {}, {}
    with runtime.home.database.begin() as session:
        access.add_agency(session, agency, now)
        for role in sorted(roles):
            scope = EVERY_AGENCY if role in WIDE else agency.id
            persons[role] = access.add_person(session, f"{agency.id} {role}", now)
            terms = access.KeyTerms(role, scope)
            keys[role] = access.create_key(session, persons[role], terms, now)
    return Cast(agency, persons, keys)


class _Failures(logging.Handler):
    """Keeps what the worker logs as an error, which it survives and a test should not."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(self.format(record))


def work_off(runtime: Runtime) -> None:
    """Let a worker do everything there is to do; what it only logs as an error is raised."""
    worker, failures = Worker(runtime), _Failures()
    log = logging.getLogger("opendata.runtime.worker")
    log.addHandler(failures)
    try:
        for _ in range(50):
            if not worker.step():
                break
        else:
            raise AssertionError("The worker does not come to an end.")
    finally:
        log.removeHandler(failures)
    assert not failures.found, "\n".join(failures.found)


def sign(secret: str) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"Authorization": f"Bearer {secret}"}


class Chain:
    """An agency's way through the chain: register, submit, decide, publish."""

    def __init__(self, client: FlaskClient, who: Cast, work: Callable[[], None]) -> None:
        """Act with ``client`` as the persons of ``who``."""
        self.client = client
        self.who = who
        self.work = work

    def as_(self, role: Role | str) -> dict[str, str]:
        """Return the headers of this role's key."""
        return sign(self.who.keys[Role(role)])

    def register(self, dataset: str, collection: str, period: str, **more: Any) -> TestResponse:
        """Register a dataset; its attribute is proactive unless said otherwise."""
        body = {
            "id": dataset,
            "collection": collection,
            "agency": self.who.agency.id,
            "period": period,
            "title": f"{dataset} 测试数据",
            "disclosure_attribute": "proactive",
            **more,
        }
        return self.client.post("/api/v1/datasets", json=body, headers=self.as_("author"))

    def submit(self, dataset: str, content: bytes, **headers: str) -> TestResponse:
        """Send a file in as the author; ``headers`` are named with ``_`` for ``-``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            f"/api/v1/datasets/{dataset}/submissions",
            data=content,
            content_type=named.pop("Content-Type", "text/csv"),
            headers={**self.as_("author"), **named},
        )

    def submitted(self, dataset: str, content: bytes) -> str:
        """Send a file in, let it be validated, and return the submission's id."""
        answer = self.submit(dataset, content)
        assert answer.status_code == 202, answer.text
        self.work()
        return str(answer.json["id"])

    def submitted_only(self, dataset: str, content: bytes) -> str:
        """Send a file in and let it be validated, while nothing else is worked on."""
        answer = self.submit(dataset, content)
        assert answer.status_code == 202, answer.text
        Worker(runtime_of(self.client)).validate_all()
        return str(answer.json["id"])

    def submission(self, submission_id: str) -> dict[str, Any]:
        """Return what is told of a submission."""
        answer = self.client.get(f"/api/v1/submissions/{submission_id}", headers=self.as_("author"))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def decide(
        self, submission_id: str, role: Role | str, verdict: str = "disclose", **more: Any
    ) -> TestResponse:
        """Give this role's word."""
        return self.client.post(
            f"/api/v1/submissions/{submission_id}/decisions",
            json={"verdict": verdict, "basis": "《政府信息公开条例》第十九条", **more},
            headers=self.as_(role),
        )

    def answer_with(
        self, submission_id: str, answers: list[dict[str, Any]], role: Role | str = "author"
    ) -> TestResponse:
        """Answer cautions of a submission as this role."""
        return self.client.post(
            f"/api/v1/submissions/{submission_id}/caution-answers",
            json={"answers": answers},
            headers=self.as_(role),
        )

    def answer(self, submission_id: str, reason: str = "来源如此") -> None:
        """Answer as the author every kind of caution that has no answer yet."""
        cautions = self.submission(submission_id)["cautions"]
        open_ones = [each for each in cautions if each["answer"] is None]
        if open_ones:
            said = [
                {**{name: each[name] for name in ("code", "name", "field")}, "reason": reason}
                for each in open_ones
            ]
            answer = self.answer_with(submission_id, said)
            assert answer.status_code == 201, answer.text

    def approve(self, submission_id: str, verdict: str = "disclose", **more: Any) -> None:
        """Answer the cautions, then give the reviewer's and the approver's word, both the same.

        Nothing is published yet.
        """
        self.answer(submission_id)
        for role in (Role.REVIEWER, Role.APPROVER):
            answer = self.decide(submission_id, role, verdict, **more)
            assert answer.status_code == 201, answer.text

    def publish(self, dataset: str, content: bytes, **word: Any) -> dict[str, Any]:
        """Take a file through the whole chain and return its release; ``word`` as in approve."""
        submission_id = self.submitted(dataset, content)
        found = self.submission(submission_id)
        assert found["state"] == "in_review", found
        self.approve(submission_id, **word)
        self.work()
        return self.release(dataset, self.submission(submission_id)["release"])

    def publish_rows(
        self, dataset: str, collection: str, period: str, rows: list[Row], **word: Any
    ) -> dict[str, Any]:
        """Register a dataset for whoever ``rows`` name as publishers, and publish them."""
        publisher = "authority_name" if "authority_name" in rows[0] else "publisher_name"
        names = sorted({row[publisher] for row in rows} - {self.who.agency.name.zh})
        made = self.register(dataset, collection, period, transcribes=names)
        assert made.status_code == 201, made.text
        return self.publish(dataset, csv_of(rows), **word)

    def release(self, dataset: str, number: int) -> dict[str, Any]:
        """Return what is told of a release."""
        answer = self.client.get(f"/api/v1/datasets/{dataset}/releases/{number}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def suspend(self, dataset: str, number: int, role: Role | str = "approver") -> TestResponse:
        """Say as this role that a release must not be public."""
        return self.client.post(
            f"/api/v1/datasets/{dataset}/releases/{number}/suspension",
            json={"authority": "示例县保密局", "reason": "含应当隐去的内容"},
            headers=self.as_(role),
        )

    def lift(self, dataset: str, number: int, role: Role | str = "approver") -> TestResponse:
        """Say as this role that a suspended release may be public again."""
        return self.client.post(
            f"/api/v1/datasets/{dataset}/releases/{number}/lifting",
            json={"authority": "示例县保密局", "reason": "经核不含应当隐去的内容"},
            headers=self.as_(role),
        )

    def withdraw(self, dataset: str, number: int, role: Role | str = "approver") -> TestResponse:
        """Say as this role that a release is to be withdrawn."""
        body = {"authority": "示例县人民政府", "basis": "《政府信息公开条例》第十四条"}
        return self.client.post(
            f"/api/v1/datasets/{dataset}/releases/{number}/withdrawal",
            json={**body, "reason": "依法不得公开"},
            headers=self.as_(role),
        )

    def get(self, path: str, **query: str) -> TestResponse:
        """Ask the API as anybody."""
        return self.client.get(f"/api/v1/{path}", query_string=query, buffered=True)

    def records(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Return the records of a page."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json["data"]
        return found
