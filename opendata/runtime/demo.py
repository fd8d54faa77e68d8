"""The demo: the packages of ``datasets/``, published through the whole chain.

Its agency and persons are openly fictitious; no signature is attributed to a real office. The
packages go the way of every submission: received, validated by the worker, reviewed, approved
by another person, published by the worker.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

import opendata
from opendata.domain.approvals import State, Verdict
from opendata.domain.catalogue import Agency, DisclosureAttribute, Metadata
from opendata.domain.cautions import CautionKind
from opendata.domain.errors import Text
from opendata.domain.people import EVERY_AGENCY, Actor, Role
from opendata.runtime import Runtime, demo_documents
from opendata.settings import Settings
from opendata.stages import access, answer, catalogue, receive, review
from opendata.stages.standing import Standing

AGENCY = Agency(
    id="demo-transcriber",
    name=Text("演示转录社（虚构）", "Demo Transcription Bureau (fictitious)"),
    uscc=None,
    region_code=None,
)
PERSONS = {
    Role.AUTHOR: "演示承办人（虚构）",
    Role.REVIEWER: "演示审查人（虚构）",
    Role.APPROVER: "演示批准人（虚构）",
    Role.SUPERVISOR: "演示主管人（虚构）",
    Role.ADMIN: "演示管理员（虚构）",
}
# Why the cautions about the demo's data are as they are, by their code; what is true of all of
# it, as docs/explanation/data.md says how it was transcribed.
NOT_IN_SOURCE = (
    "来源没有载明此项；转录不作推断，故留空。 The source does not say it; nothing is inferred, so "
    "it is empty."
)
ANSWERS = {"value-expected": NOT_IN_SOURCE, "required-when": NOT_IN_SOURCE}
OTHER_ANSWER = (
    "照来源原样转录；残缺、含糊或不一致之处原文如此，未作改动。 Transcribed as the source has it: "
    "what is partial, vague or inconsistent there is so here, and nothing was changed."
)
KEYS_LAST = timedelta(days=7)
PAUSE_SECONDS = 0.1
_ENDED = (State.INVALID, State.FAILED, State.RETURNED, State.WITHHELD, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Package:
    """One Data Package of the demo."""

    folder: Path
    descriptor: dict[str, Any]

    @property
    def dataset(self) -> str:
        """The id of the dataset it becomes."""
        return str(self.descriptor["name"])


class DemoFailed(RuntimeError):
    """A package of the demo did not pass the chain; the message says where it stands."""


def packages(settings: Settings) -> list[Package]:
    """Return the packages of the demo, in the order of their names."""
    root = settings.datasets or Path(opendata.__file__).parent.parent / "datasets"
    found = sorted(root.glob("*/datapackage.json"))
    return [Package(each.parent, json.loads(each.read_text("utf-8"))) for each in found]


def outstanding(session: Session, settings: Settings) -> list[str]:
    """Return the demo's datasets that have no release yet; nothing where no demo is wanted."""
    if not settings.demo:
        return []
    published = catalogue.published(session)
    return [each.dataset for each in packages(settings) if each.dataset not in published]


def issue_keys(runtime: Runtime) -> dict[Role, str]:
    """Set up the demo's agency and persons if need be, and issue one key per role.

    The keys work from loopback only, and the ones issued at an earlier start end.
    """
    now = runtime.now()
    with runtime.home.database.begin() as session:
        persons = _persons(session, runtime)
        access.revoke_keys_of(session, list(persons.values()), now)
        return {
            role: access.create_key(session, person_id, _terms(role, runtime), now)
            for role, person_id in persons.items()
        }


def publish(runtime: Runtime, stop: Event, told: Callable[[str], None]) -> None:
    """Take every outstanding package through the chain; a worker must be running.

    Raises:
        DemoFailed: a package was refused on its way.
    """
    with runtime.home.database.read() as session:
        waiting = set(outstanding(session, runtime.settings))
    if not waiting:
        return
    with runtime.home.database.begin() as session:
        now = runtime.now()
        actors = {
            role: access.session_key(session, person_id, _terms(role, runtime), now)
            for role, person_id in _persons(session, runtime).items()
        }
    sent = {
        each.dataset: _submit(runtime, actors[Role.AUTHOR], each)
        for each in packages(runtime.settings)
        if each.dataset in waiting
    }
    while sent and not stop.is_set():
        for dataset, submission_id in list(sent.items()):
            if _advance(runtime, actors, submission_id):
                if dataset == demo_documents.DATASET:
                    demo_documents.record_apart(runtime.settings, actors[Role.APPROVER])
                del sent[dataset]
                told(dataset)
        stop.wait(PAUSE_SECONDS)


def _advance(runtime: Runtime, actors: dict[Role, Actor], submission_id: UUID) -> bool:
    """Answer what there is to answer, or give the word that is awaited.

    Returns whether the submission is published.
    """
    with runtime.home.database.read() as session:
        found = review.visible(session, actors[Role.AUTHOR], submission_id)
    if found.state is State.PUBLISHED:
        return True
    if found.state in _ENDED:
        message = f"{found.submission.dataset} is {found.state}: {found.told_problem}"
        raise DemoFailed(message)
    if found.cautions.unanswered and found.due_role is not None:
        given = [_answer(each) for each in found.cautions.unanswered]
        with runtime.home.database.begin() as session:
            answer.answer(session, actors[Role.AUTHOR], submission_id, given, runtime.now())
    elif found.due_role is not None:
        word = review.Word(Verdict.DISCLOSE, basis="演示", reason="演示数据，公开来源。")
        circumstances = (runtime.contracts, runtime.now())
        with runtime.home.database.begin() as session:
            review.decide(session, actors[found.due_role], submission_id, word, circumstances)
    return False


def _answer(kind: CautionKind) -> answer.Answer:
    return answer.Answer(kind, ANSWERS.get(kind.code, OTHER_ANSWER))


def _submit(runtime: Runtime, author: Actor, package: Package) -> UUID:
    """Register the package's dataset and send its file in, unless that was done before."""
    known = _known(runtime, author, package)
    if known is not None:
        return known.submission.id
    now, home = runtime.now(), runtime.home
    path = package.folder / package.descriptor["resources"][0]["path"]
    upload = receive.Upload(package.dataset, "text/csv", path.name, path.stat().st_size, None, None)
    with path.open("rb") as file:
        blob = receive.store(home.vault, file, upload, runtime.settings.max_upload_bytes)
    with home.database.begin() as session:
        if not catalogue.registered(session, package.dataset):
            wanted = _registration(package)
            catalogue.register(session, author, wanted, runtime.contracts, now)
        found, _ = receive.record(session, author, upload, blob, now)
    return found.submission.id


def _known(runtime: Runtime, author: Actor, package: Package) -> Standing | None:
    """Return the submission that an interrupted start left on its way."""
    with runtime.home.database.read() as session:
        found = review.submissions(session, author, dataset=package.dataset)
    return next((each for each in found if each.state not in _ENDED), None)


def _persons(session: Session, runtime: Runtime) -> dict[Role, UUID]:
    """Return the demo's persons by role, recording agency and persons the first time."""
    now = runtime.now()
    if not catalogue.has_agency(session, AGENCY.id):
        access.add_agency(session, AGENCY, now)
    return {
        role: access.person_named(session, name) or access.add_person(session, name, now)
        for role, name in PERSONS.items()
    }


def _terms(role: Role, runtime: Runtime) -> access.KeyTerms:
    wide = role in (Role.SUPERVISOR, Role.ADMIN)
    return access.KeyTerms(
        role=role,
        agency=EVERY_AGENCY if wide else AGENCY.id,
        expires_at=runtime.now() + KEYS_LAST,
        loopback_only=True,
    )


def _registration(package: Package) -> catalogue.Registration:
    told = package.descriptor
    metadata = Metadata(
        title=Text(told["title"], told.get("titleEn", "")),
        description=Text(told["description"], told.get("descriptionEn", "")),
        disclosure_attribute=DisclosureAttribute(told["disclosureAttribute"]),
        attribute_reason="",
        transcribes=tuple(told["transcribes"]),
        sources=tuple((each["title"], each.get("path", "")) for each in told["sources"]),
    )
    return catalogue.Registration(
        id=package.dataset,
        collection=told["collection"],
        agency=told["agency"],
        period=told["period"],
        metadata=metadata,
    )
