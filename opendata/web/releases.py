"""Releases over HTTP: what was published, by whose word, and its files."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import Headers

from opendata.domain.errors import NotFound
from opendata.domain.people import Role
from opendata.stages import publish, releases
from opendata.stages.releases import Release
from opendata.web.access import actor, opened_to, runtime
from opendata.web.downloads import RANGE, Sending, send
from opendata.web.forms import Answer, Instant, Links
from opendata.web.links import api_url
from opendata.web.negotiation import MEDIA_TYPES
from opendata.web.room import ACCEPT, Room, itself
from opendata.web.submissions.bodies import CautionBody, GivenDecisionBody, WithheldBody

blp = Room(
    "releases",
    __name__,
    label="发布版本 Releases",
    url_prefix="/api/v1/datasets/<dataset>/releases",
    description="发布版本及其文件。Releases and their files.",
)
NEEDED = validate.Length(1, 2000)
DOCUMENTS = ("datapackage.json", "report.json", "manifest.json")
NAMES = ",".join(f'"{name}"' for name in (*publish.DATA_FILES, *DOCUMENTS))
FILE_PARAMETERS = ["If-None-Match", RANGE]
FILE_HEADERS = {
    name: name for name in ("ETag", "Link", "Content-Disposition", "Content-Length", "Repr-Digest")
}
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


class SuspensionBody(Schema):
    """Why a release must not be public, and on whose authority."""

    authority = fields.String(
        required=True,
        validate=NEEDED,
        metadata={"description": "依据 On whose authority", "example": "示例县保密局"},
    )
    reason = fields.String(
        required=True,
        validate=NEEDED,
        metadata={"description": "原因 Why", "example": "含应当隐去的内容"},
    )
    person = fields.String(dump_only=True)
    at = Instant(dump_only=True)


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
    contract = fields.String()
    rows = fields.Integer()
    snapshot = fields.Function(
        lambda each: str(_get(each, "snapshot")), metadata={"type": "string"}
    )
    edition = fields.Date()
    released_at = Instant()
    public = fields.Boolean()
    withheld = fields.Nested(WithheldBody)
    suspensions = fields.List(fields.Nested(SuspensionBody))
    links = Links(lambda each: release_links(_get(each, "dataset"), _get(each, "number")))


class FullReleaseBody(ReleaseBody):
    """A release with its signers, known issues and files."""

    author = fields.String()
    decisions = fields.List(fields.Nested(GivenDecisionBody))
    known_issues = fields.List(fields.Nested(CautionBody))
    files = fields.List(fields.Nested(FileBody))


class ReleaseList(Answer):
    """The releases of a dataset, newest first."""

    data = fields.List(fields.Nested(ReleaseBody))


class NoSuchFile(NotFound):
    """The release has no file of this name."""

    code = "no-such-file"


def release_links(dataset: str, number: int) -> dict[str, str]:
    """Return where a release and what belongs to it are."""
    own = f"datasets/{dataset}/releases/{number}"
    return {
        "self": api_url(own),
        "dataset": api_url(f"datasets/{dataset}"),
        "csv": api_url(f"{own}/data.csv"),
        "xlsx": api_url(f"{own}/data.xlsx"),
        "ndjson": api_url(f"{own}/data.ndjson"),
        "parquet": api_url(f"{own}/data.parquet"),
        "datapackage": api_url(f"{own}/datapackage.json"),
        "manifest": api_url(f"{own}/manifest.json"),
    }


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
        return {"data": releases.releases(session, dataset, held.now())}


@blp.route("/<int(min=1, max=2147483647):number>", methods=["GET"])
@opened_to()
@blp.doc(operationId="read_release")
@blp.refuses(404)
@blp.response(200, FullReleaseBody, description="发布版本 The release")
def one(dataset: str, number: int) -> tuple[Mapping[str, Any], Headers]:
    """查看发布版本 Read one release

    由谁报送、审查、批准，已知问题，各文件及其 SHA-256。

    Who sent it in, who signed, its known issues, its files and their SHA-256.
    """
    held = runtime()
    with held.home.database.read() as session:
        found = releases.release(session, dataset, number, held.now())
        account = releases.account(session, found)
    own = f"datasets/{dataset}/releases/{number}"
    body = {
        **{name: getattr(found, name) for name in Release.__dataclass_fields__},
        "public": found.public,
        "author": account.signed.submission.author,
        "decisions": account.signed.decisions,
        "known_issues": account.known_issues,
        "files": [
            {"name": each.name, "sha256": each.sha256, "size": each.size,
             "url": api_url(f"{own}/{each.name}")}
            for each in account.files
        ],
    }  # fmt: skip
    return body, _relations(dataset, number)


@blp.route(f"/<int(min=1, max=2147483647):number>/<any({NAMES}):name>", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(operationId="download_release_file", parameters=FILE_PARAMETERS, responses=FILE_ANSWERS)
@blp.refuses(404, 410, 416)
def file(dataset: str, number: int, name: str) -> Response:
    """下载文件 Download a file of a release

    文件自生成起不再改变；摘要在 Repr-Digest 中，可用 Range 续传。已停止公开的版本返回 410。

    A file never changes; its digest is in Repr-Digest, and Range resumes. A release that is no
    longer public answers 410.
    """
    held = runtime()
    with held.home.database.read() as session:
        found = releases.release(session, dataset, number, held.now())
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
    return send(releases.contents(held.home, wanted), how)


@blp.route("/<int(min=1, max=2147483647):number>/suspension", methods=["POST"])
@opened_to(Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(SuspensionBody)
@blp.doc(operationId="suspend_release")
@blp.refuses(404, 409)
@blp.response(201, ReleaseBody, description="已停止公开 Suspended")
def suspend(body: dict[str, str], dataset: str, number: int) -> Release:
    """停止公开，或确认停止 Suspend a release, or confirm a suspension

    一人即可立即停止公开，须有依据和原因；随后由另一人以同一请求确认。

    One person ends the publication at once, with authority and reason; another person confirms
    it by the same request.
    """
    held = runtime()
    with held.home.database.begin() as session:
        found = releases.release(session, dataset, number, held.now())
        return releases.suspend(session, actor(), found, body, held.now())


def _relations(dataset: str, number: int) -> Headers:
    """Return where a release's history and its predecessor are (RFC 5829)."""
    history = api_url(f"datasets/{dataset}/releases")
    found = Headers([("Link", f'<{history}>; rel="version-history"')])
    if number > 1:
        found.add("Link", f'<{history}/{number - 1}>; rel="predecessor-version"')
    return found


def _get(each: object, name: str) -> Any:
    return each[name] if isinstance(each, Mapping) else getattr(each, name)
