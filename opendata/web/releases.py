"""Releases over HTTP: what was published, by whose word, and its files."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Response, send_file
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from opendata.domain.errors import NotFound
from opendata.domain.people import Role
from opendata.stages import publish, releases
from opendata.stages.releases import File, Release
from opendata.web.access import actor, opened_to, runtime
from opendata.web.forms import Instant
from opendata.web.links import api_url
from opendata.web.negotiation import MEDIA_TYPES
from opendata.web.submissions import GivenDecisionBody, WithheldBody

blp = Blueprint(
    "releases",
    __name__,
    url_prefix="/api/v1/datasets/<dataset>/releases",
    description="发布版本及其文件。Releases and their files.",
)
NEEDED = validate.Length(1, 2000)
YEAR_SECONDS = 31_536_000
DOCUMENTS = ("datapackage.json", "report.json", "manifest.json")
NAMES = ",".join(f'"{name}"' for name in (*publish.DATA_FILES, *DOCUMENTS))


class SuspensionBody(Schema):
    """Why a release must not be public, and on whose authority."""

    authority = fields.String(required=True, validate=NEEDED)
    reason = fields.String(required=True, validate=NEEDED)
    person = fields.String(dump_only=True)
    at = Instant(dump_only=True)


class FileBody(Schema):
    """One file of a release."""

    name = fields.String()
    sha256 = fields.String()
    size = fields.Integer()
    url = fields.String()


class ReleaseBody(Schema):
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
    links = fields.Function(
        lambda each: release_links(_get(each, "dataset"), _get(each, "number")),
        metadata={"type": "object"},
    )


class FullReleaseBody(ReleaseBody):
    """A release with its signers, known issues and files."""

    author = fields.String()
    decisions = fields.List(fields.Nested(GivenDecisionBody))
    known_issues = fields.List(fields.Dict())
    files = fields.List(fields.Nested(FileBody))


class ReleaseList(Schema):
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
        "datapackage": api_url(f"{own}/datapackage.json"),
        "manifest": api_url(f"{own}/manifest.json"),
    }


@blp.route("", methods=["GET"])
@opened_to()
@blp.response(200, ReleaseList)
def listed(dataset: str) -> dict[str, list[Release]]:
    """列出发布版本 List the releases of a dataset"""
    held = runtime()
    with held.home.database.read() as session:
        return {"data": releases.releases(session, dataset, held.now())}


@blp.route("/<int:number>", methods=["GET"])
@opened_to()
@blp.response(200, FullReleaseBody)
def one(dataset: str, number: int) -> Mapping[str, Any]:
    """查看发布版本 Read one release"""
    held = runtime()
    with held.home.database.read() as session:
        found = releases.release(session, dataset, number, held.now())
        signed = releases.signers(session, found)
        files = releases.files(session, found) if found.public else []
    own = f"datasets/{dataset}/releases/{number}"
    return {
        **{name: getattr(found, name) for name in Release.__dataclass_fields__},
        "public": found.public,
        "author": signed.submission.author,
        "decisions": signed.decisions,
        "known_issues": list(signed.report.cautions) if signed.report else [],
        "files": [
            {"name": each.name, "sha256": each.sha256, "size": each.size,
             "url": api_url(f"{own}/{each.name}")}
            for each in files
        ],
    }  # fmt: skip


@blp.route(f"/<int:number>/<any({NAMES}):name>", methods=["GET"])
@opened_to()
@blp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def file(dataset: str, number: int, name: str) -> Response:
    """下载文件 Download a file of a release"""
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
    return _send(held.home.vault.path(wanted.sha256), found, wanted)


@blp.route("/<int:number>/suspension", methods=["POST"])
@opened_to(Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR, Role.ADMIN)
@blp.arguments(SuspensionBody)
@blp.response(201, ReleaseBody)
def suspend(body: dict[str, str], dataset: str, number: int) -> Release:
    """暂停公开，或确认暂停 Suspend a release, or confirm a suspension"""
    held = runtime()
    with held.home.database.begin() as session:
        found = releases.release(session, dataset, number, held.now())
        return releases.suspend(session, actor(), found, body, held.now())


def _send(path: Path, found: Release, wanted: File) -> Response:
    kind = wanted.name.rpartition(".")[2]
    response = send_file(
        path,
        mimetype=MEDIA_TYPES[kind],
        as_attachment=kind != "json",
        download_name=f"{found.dataset}-{found.number}.{kind}" if kind != "json" else wanted.name,
        etag=wanted.sha256,
        conditional=True,
    )
    response.headers["Repr-Digest"] = f"sha-256=:{_base64(wanted.sha256)}:"
    fixed = f"public, max-age={YEAR_SECONDS}, immutable"
    # A window or a suspension must take effect at once, so only files without one are fixed.
    response.headers["Cache-Control"] = "no-cache" if found.windowed else fixed
    return response


def _base64(digest: str) -> str:
    return base64.b64encode(bytes.fromhex(digest)).decode()


def _get(each: object, name: str) -> Any:
    return each[name] if isinstance(each, Mapping) else getattr(each, name)
