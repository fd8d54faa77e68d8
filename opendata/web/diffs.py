"""Diffs over HTTP: what changed from one release to another."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from flask import Response, request

from opendata.domain.diffs import Summary
from opendata.stages import diff
from opendata.stages.releases import Release
from opendata.web.access import opened_to, runtime
from opendata.web.diff_bodies import (
    DEFAULT_LIMIT,
    LINES_ANSWERS,
    PARAMETERS,
    DiffBody,
    DiffQuery,
    answers,
)
from opendata.web.downloads import RANGE, Sending, unless_known
from opendata.web.json import to_bytes
from opendata.web.links import api_url, base_url
from opendata.web.negotiation import MEDIA_TYPES, wanted_format
from opendata.web.room import ACCEPT, Room, itself

blp = Room(
    "diffs",
    __name__,
    label="版本比较 Diffs",
    url_prefix="/api/v1/datasets/<dataset>/releases",
    description="两个发布版本之间的变动。What changed from one release to another.",
)
FORMS = {each: MEDIA_TYPES[each] for each in ("json", "ndjson")}
_NUMBER = "int(min=1, max=2147483647)"
_PAIR = f"/<{_NUMBER}:before>/diff/<{_NUMBER}:after>"


@blp.route(_PAIR, methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.arguments(DiffQuery, location="query")
@blp.response(200, DiffBody, description="变动 What changed")
@blp.doc(
    operationId="compare_releases",
    parameters=PARAMETERS,
    responses=answers("变动 What changed", "Diff"),
)
@blp.refuses(404, 406, 410, 503)
def between(asked: dict[str, int], dataset: str, before: int, after: int) -> Response:
    """比较两个版本 Compare two releases

    由 before 到 after 增加、减少、变动了哪些记录；变动的记录只列变动的单元格。比较的是两版今天仍
    公开的内容；任一版已停止公开时返回 410。按 Accept 给出 JSON 或 NDJSON，JSON 至多列出 limit 处。

    Which records were added, removed or changed from before to after; of a changed one only the
    cells that did. Compared is what is public today of both; 410 if one of them is not. JSON or
    NDJSON as Accept asks; the JSON lists at most limit changes.
    """
    found = _pair(dataset, before, after)
    if wanted_format(FORMS) == "ndjson":
        return _as_lines(found)
    return _as_json(found, asked["limit"])


@blp.route(f"{_PAIR}.ndjson", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(
    operationId="download_diff",
    parameters=["If-None-Match", RANGE],
    responses=LINES_ANSWERS,
)
@blp.refuses(404, 410, 416, 503)
def lines(dataset: str, before: int, after: int) -> Response:
    """下载全部变动 Download every change

    每行一个 JSON 对象，op 为 added、removed 或 changed，次序依后一版，减少的在后；最后一行 op 为
    summary，是汇总。

    One JSON object a line, op being added, removed or changed, in the order of the later release,
    what was removed behind it; the last line, summary, sums them up.
    """
    return _as_lines(_pair(dataset, before, after))


def listed(summary: Summary, changes: Sequence[bytes]) -> dict[str, Any]:
    """Return what is told of a diff: its summary, its first changes, how many more there are."""
    return {
        "summary": summary.as_dict(),
        "changes": [orjson.Fragment(each) for each in changes],
        "left_off": summary.changes - len(changes),
    }


def json_answer(body: Mapping[str, Any], tag: str, links: Mapping[str, str]) -> Response:
    """Answer with a diff as JSON, under a validator that is known without it."""
    response = Response(to_bytes({**body, "links": links}) + b"\n", mimetype=FORMS["json"])
    return validated(response, tag)


def validated(response: Response, tag: str) -> Response:
    """Give an answer its validator; whoever has it is told so."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Encoding"))
    response.make_conditional(request)
    return response


def tag_of(tag: str, limit: int) -> str:
    """Return the validator of a diff's JSON: it has links, and so many changes."""
    return hashlib.sha256(f"{tag} {limit} {base_url()}".encode()).hexdigest()[:32]


def _pair(dataset: str, before: int, after: int) -> diff.Pair:
    held = runtime()
    with held.home.database.read() as session:
        return diff.pair(session, held.contracts, dataset, (before, after), held.now())


def _made(found: diff.Pair) -> diff.Diff:
    held = runtime()
    return diff.diff(held.home, held.contracts, found, held.now)


def _as_json(found: diff.Pair, limit: int) -> Response:
    tag = tag_of(found.tag, limit)
    if request.if_none_match.contains_weak(tag):
        return _related(validated(Response(mimetype=FORMS["json"]), tag), found)
    made = _made(found)
    body = {
        "dataset": found.before.dataset,
        "collection": found.before.collection,
        "before": _told(found.before),
        "after": _told(found.after),
        **listed(made.summary, made.first(limit)),
    }
    return _related(json_answer(body, tag, _links(found, limit)), found)


def _as_lines(found: diff.Pair) -> Response:
    name = f"{found.before.dataset}-{found.before.number}-{found.after.number}.ndjson"
    how = Sending(name, FORMS["ndjson"], negotiated=True)
    return _related(unless_known(found.tag, lambda: _made(found).lines, how), found)


def _told(release: Release) -> dict[str, Any]:
    told = {"number": release.number, "edition": release.edition}
    return {**told, "released_at": release.released_at}


def _links(found: diff.Pair, limit: int) -> dict[str, str]:
    own = f"datasets/{found.before.dataset}/releases"
    numbers = found.before.number, found.after.number
    pairs = [] if limit == DEFAULT_LIMIT else [("limit", str(limit))]
    return {
        "self": api_url(f"{own}/{numbers[0]}/diff/{numbers[1]}", pairs),
        "ndjson": api_url(f"{own}/{numbers[0]}/diff/{numbers[1]}.ndjson"),
        "before": api_url(f"{own}/{numbers[0]}"),
        "after": api_url(f"{own}/{numbers[1]}"),
        "dataset": api_url(f"datasets/{found.before.dataset}"),
    }


def _related(response: Response, found: diff.Pair) -> Response:
    """Say where the releases' history is (RFC 5829), and the two forms of the answer."""
    links = _links(found, DEFAULT_LIMIT)
    history = api_url(f"datasets/{found.before.dataset}/releases")
    response.headers.add("Link", f'<{history}>; rel="version-history"')
    for name, media_type in FORMS.items():
        url = links["self" if name == "json" else name]
        response.headers.add("Link", f'<{url}>; rel="alternate"; type="{media_type}"')
    return response
