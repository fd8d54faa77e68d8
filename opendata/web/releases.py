"""Releases over HTTP: what was published, by whose word, and its files."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import fields
from werkzeug.datastructures import Headers

from opendata.domain.errors import NotFound
from opendata.domain.takedowns import State
from opendata.stages import publish, query, releases, takedowns
from opendata.stages.releases import Release
from opendata.stages.timeliness import timeliness_of
from opendata.web.access import opened_to, reader, runtime
from opendata.web.catalogue import KEY_OR_NONE
from opendata.web.downloads import RANGE, Sending, send
from opendata.web.forms import Answer, Instant, Links
from opendata.web.links import api_url, base_url
from opendata.web.negotiation import MEDIA_TYPES
from opendata.web.pinned import EndedBody, ended_header
from opendata.web.room import ACCEPT, Room, itself
from opendata.web.submissions.bodies import CautionBody
from opendata.web.submissions.decided import GivenDecisionBody, WithheldBody
from opendata.web.timeliness import TimelinessBody
from opendata.web.tombstones import TakedownBody, TakedownWordBody, keep_only_while_true
from opendata.web.versions import version_links

blp = Room(
    "releases",
    __name__,
    label="发布版本 Releases",
    url_prefix="/api/v1/datasets/<dataset>/releases",
    description="发布版本及其文件。Releases and their files.",
)
# What is taken down goes to nobody but the reader it was sent to, and is kept nowhere.
SEALED = "private, no-store"
DOCUMENTS = ("datapackage.json", "report.json", "manifest.json")
NAMES = ",".join(f'"{name}"' for name in (*publish.DATA_FILES, *DOCUMENTS))
FILE_PARAMETERS = ["If-None-Match", RANGE]
_OF_FILES = ("Link", "Content-Disposition", "Content-Length", "Opendata-Ended", "Repr-Digest")
FILE_HEADERS = {name: name for name in ("ETag", *_OF_FILES)}
FILE_CONTENT = {
    "application/json": {"schema": {"type": "object"}},
    "text/csv": {"schema": {"type": "string"}},
    **{MEDIA_TYPES[name]: {} for name in ("xlsx", "ndjson", "parquet")},
}
FILE_ANSWERS = {
    "200": {"description": "文件 The file", "headers": FILE_HEADERS, "content": FILE_CONTENT},
    "206": {
        "description": "文件的一段 A part of the file",
        "headers": {name: name for name in ("ETag", "Repr-Digest")},
        "content": FILE_CONTENT,
    },
    "304": "NotModified",
}


class FileBody(Answer):
    """One file of a release."""

    name = fields.String()
    sha256 = fields.String()
    size = fields.Integer()
    url = fields.String()


class ReleaseBody(Answer):
    """One immutable published version of a dataset."""

    dataset = fields.String()
    collection = fields.String()
    number = fields.Integer()
    version = fields.String(
        allow_none=True,
        metadata={
            "description": "语义化版本；早期版本没有 Semantic version; early releases have none",
            "example": "1.2.0",
        },
    )
    supersedes = fields.Integer(
        allow_none=True,
        metadata={"description": "所取代的版本 The release it takes the place of"},
    )
    corrects = fields.Integer(
        allow_none=True, metadata={"description": "所更正的版本 The release it corrects"}
    )
    notes = fields.String(
        allow_none=True, metadata={"description": "发布说明 What the author says of it"}
    )
    contract = fields.String()
    rows = fields.Integer()
    snapshot = fields.Function(
        lambda each: str(_get(each, "snapshot")), metadata={"type": "string"}
    )
    edition = fields.Date()
    released_at = Instant()
    public = fields.Boolean()
    withheld = fields.Nested(WithheldBody)
    state = fields.Enum(State, by_value=True, attribute="status.state")
    takedown = fields.Nested(
        TakedownBody,
        allow_none=True,
        metadata={"description": "不公开的原因；公开时为空 Why it is not public; else null"},
    )
    hidden_by = fields.Integer(
        allow_none=True,
        metadata={
            "description": "含有其记录的、被停止公开的版本 "
            "The release that was taken down, where it is one whose rows this one carries"
        },
    )
    confirm_by = Instant(
        attribute="status.due_by",
        allow_none=True,
        metadata={"description": "停止公开须于何时前确认或恢复 When its second person is due"},
    )
    overdue = fields.Boolean(
        metadata={"description": "是否逾期无人确认或恢复 Whether nobody did so in time"}
    )
    takedowns = fields.List(fields.Nested(TakedownWordBody), attribute="status.told")
    links = Links(lambda each: release_links(_get(each, "dataset"), _get(each, "number")))


class FullReleaseBody(ReleaseBody):
    """A release with its signers, known issues and files."""

    author = fields.String()
    decisions = fields.List(fields.Nested(GivenDecisionBody))
    known_issues = fields.List(fields.Nested(CautionBody))
    files = fields.List(fields.Nested(FileBody))
    timeliness = fields.Nested(
        TimelinessBody,
        allow_none=True,
        metadata={
            "description": "是否按时公开；null 为不公开的版本，或转录的数据 "
            "Whether it was in time; null: it is not public, or it was transcribed"
        },
    )
    ended = fields.Nested(
        EndedBody,
        allow_none=True,
        metadata={
            "description": "rows 中公开期限已届满、不再给出的；null 为没有公开期限，或版本不公开 "
            "Those of its rows that are not given any more as their windows ended; null: there "
            "are no windows, or it is not public"
        },
    )


class ReleaseList(Answer):
    """The releases of a dataset, newest first."""

    data = fields.List(fields.Nested(ReleaseBody))


class NoSuchFile(NotFound):
    """The release has no file of this name."""

    code = "no-such-file"


def release_links(dataset: str, number: int) -> dict[str, str]:
    """Return where a release and what belongs to it are."""
    own = f"datasets/{dataset}/releases/{number}"
    before = f"datasets/{dataset}/releases/{number - 1}"
    links = {
        "self": api_url(own),
        "dataset": api_url(f"datasets/{dataset}"),
        "csv": api_url(f"{own}/data.csv"),
        "xlsx": api_url(f"{own}/data.xlsx"),
        "ndjson": api_url(f"{own}/data.ndjson"),
        "parquet": api_url(f"{own}/data.parquet"),
        "datapackage": api_url(f"{own}/datapackage.json"),
        "manifest": api_url(f"{own}/manifest.json"),
    }
    return links | ({"diff": api_url(f"{before}/diff/{number}")} if number > 1 else {})


@blp.route("", methods=["GET"])
@opened_to()
@blp.doc(operationId="list_releases")
@blp.refuses(404)
@blp.response(200, ReleaseList, description="发布版本 The releases")
def listed(dataset: str) -> dict[str, list[Release]]:
    """列出发布版本 List the releases of a dataset

    由新到旧，含已停止公开的。

    Newest first, with those that are no longer public.
    """
    held = runtime()
    with held.home.database.read() as session:
        found = releases.releases(session, dataset, held.now())
    keep_only_while_true(found)
    return {"data": found}


@blp.route("/<int(min=1, max=2147483647):number>", methods=["GET"])
@opened_to()
@blp.doc(operationId="read_release", security=KEY_OR_NONE)
@blp.refuses(404, 410)
@blp.response(200, FullReleaseBody, description="发布版本 The release")
def one(dataset: str, number: int) -> tuple[Mapping[str, Any], Headers]:
    """查看发布版本 Read one release

    由谁报送、审查、批准，已知问题，是否按时公开，各文件及其 SHA-256。已撤回的版本返回 410；主管部门
    和系统管理员的密钥仍可查看。

    Who sent it in, who signed, its known issues, whether it was in time, its files and their
    SHA-256. One that is withdrawn answers 410, but to keys of supervisors and administrators.
    """
    held = runtime()
    with held.home.database.read() as session:
        version = releases.versioned(session, (dataset, number), held.now())
        found = version.release
        reading = None if found.public else reader()
        unsealing = takedowns.unsealer(session, reading, found)
        if found.status.state is State.WITHDRAWN and unsealing is None:
            releases.check_public(found)
        account = releases.account(session, found, sealed=unsealing is not None)
        in_time = timeliness_of(session, held.home, held.contracts, held.rules, found)
    keep_only_while_true([found])
    own = f"datasets/{dataset}/releases/{number}"
    body = {
        **{name: getattr(found, name) for name in Release.__dataclass_fields__},
        "public": found.public,
        "takedown": found.takedown,
        "author": account.signed.submission.author,
        "decisions": account.signed.decisions,
        "known_issues": account.known_issues,
        "timeliness": in_time,
        "ended": query.ended_of_release(held.home, held.contracts, found, held.now()),
        "files": [
            {"name": each.name, "sha256": each.sha256, "size": each.size,
             "url": api_url(f"{own}/{each.name}")}
            for each in account.files
        ],
    }  # fmt: skip
    headers = Headers(version_links(base_url(), version))
    if unsealing is not None:
        headers["Cache-Control"] = SEALED
    return body, headers


@blp.route(f"/<int(min=1, max=2147483647):number>/<any({NAMES}):name>", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(
    operationId="download_release_file",
    parameters=FILE_PARAMETERS,
    responses=FILE_ANSWERS,
    security=KEY_OR_NONE,
)
@blp.refuses(404, 410, 416)
def file(dataset: str, number: int, name: str) -> Response:
    """下载文件 Download a file of a release

    文件自生成起不再改变；摘要在 Repr-Digest 中，可用 Range 续传。已停止公开或撤回的版本返回 410；
    封存的文件仍可由主管部门和系统管理员凭密钥查看，每次查看均记入日志。

    A file never changes; its digest is in Repr-Digest, and Range resumes. A release that is no
    longer public answers 410. Its sealed files are read with keys of supervisors and
    administrators, and every reading leaves a line in the log.
    """
    held = runtime()
    with held.home.database.read() as session:
        version = releases.versioned(session, (dataset, number), held.now())
        found = version.release
        reading = None if found.public else reader()
        unsealing = takedowns.unsealer(session, reading, found)
        if unsealing is None:
            releases.check_public(found)
        wanted = next((each for each in releases.files(session, found) if each.name == name), None)
    if wanted is None:
        raise NoSuchFile(
            f"此版本没有文件 {name}，或其当前版次正在生成。",
            f"The release has no {name}, or its current edition is being built.",
        )
    kind = wanted.name.rpartition(".")[2]
    attached = kind != "json"
    name = f"{found.dataset}-{found.number}.{kind}" if attached else wanted.name
    how = Sending(name, MEDIA_TYPES[kind], found.changed_at, attached)
    if unsealing is not None:
        with held.home.database.begin() as writing:
            takedowns.record_reading(writing, unsealing, found, wanted, held.now())
    response = send(releases.contents(held.home, wanted), how)
    response.headers.extend(version_links(base_url(), version, wanted.name))
    if wanted.name in publish.DATA_FILES:
        ended = query.ended_of_release(held.home, held.contracts, found, held.now())
        response.headers.extend(ended_header(ended))
    if unsealing is not None:
        response.headers["Cache-Control"] = SEALED
    return response


def _get(each: object, name: str) -> Any:
    return each[name] if isinstance(each, Mapping) else getattr(each, name)
