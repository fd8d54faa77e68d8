"""Answers to questions for totals: as JSON, and as files."""

from dataclasses import replace
from typing import Any

from flask import Response

from opendata.domain.contracts import Contract
from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.queries import parse_aggregation
from opendata.domain.queries.aggregates import MAX_GROUPS
from opendata.runtime import Runtime
from opendata.stages import export, query
from opendata.web import envelope
from opendata.web.downloads import send
from opendata.web.envelope import Addresses, Answer, Pair, Question
from opendata.web.exports import sending
from opendata.web.json import to_bytes
from opendata.web.negotiation import FILE_CONTROLS
from opendata.web.pinned import headers_of_file
from opendata.web.records import told_of_pinned
from opendata.web.versions import with_links

_PINNED = ("as_of", "release", "digest")
_LIMIT = "limit"
# What only totals are asked with; without it the records remain that they are made of.
_FOR_TOTALS = ("group_by", "metrics", "sort", _LIMIT, *FILE_CONTROLS)


class TooManyGroups(Unprocessable):
    """A file would not have all groups; nothing is cut off in silence."""

    code = "too-many-groups"
    title = Text("分组过多", "There are too many groups")

    def __init__(self, total: int) -> None:
        """Say how many there are."""
        text = Text(
            f"共有 {total} 组，文件至多 {MAX_GROUPS} 组；请缩小范围、减少分组，"
            f"或用 sort 和 limit 说明要哪些组。",
            f"There are {total} groups and a file has {MAX_GROUPS} at most: narrow the query, "
            "group by less, or say with sort and limit which groups are wanted.",
        )
        super().__init__(*text, (Fault("?limit", text, self.code),))


def listed(held: Runtime, contract: Contract, question: Question, pairs: list[Pair]) -> Answer:
    """Answer groups and their metrics; ``pairs`` are the parameters that ask for them.

    Raises:
        Refusal: the question cannot be answered.
    """
    now = held.now()
    asked = parse_aggregation(pairs, contract.published)
    if question.is_conditional:
        view = query.view_for(held.home, contract, asked.query, now)
        same = envelope.unchanged(question, question.tag(view.version), view)
        if same is not None:
            return with_links(same, question, view)
    found = query.totals(held.home, contract, asked, now)
    more: dict[str, Any] = {"groups": found.groups.total}
    more |= told_of_pinned(held, asked.query, found.view)
    meta = envelope.meta_of(found.view, **more)
    links = _links(contract.collection, question, found.view)
    body = envelope.listed([to_bytes(each) for each in found.rows], meta, links)
    answer = envelope.answer(body, question.tag(found.view.version), found.view)
    return with_links(answer, question, found.view)


def file(held: Runtime, contract: Contract, choices: export.Choices, pairs: list[Pair]) -> Response:
    """Answer groups and their metrics as a file.

    Raises:
        TooManyGroups: it would not have all groups, and nobody said which are wanted.
        Refusal: the question cannot be answered.
    """
    now = held.now()
    asked = parse_aggregation(pairs, contract.published)
    is_limited = any(name == _LIMIT for name, _ in pairs)
    if not is_limited:
        asked = replace(asked, limit=MAX_GROUPS)
    found = query.totals(held.home, contract, asked, now)
    query.check_cited(found.view, asked.query)
    if found.groups.total > MAX_GROUPS and not is_limited:
        raise TooManyGroups(found.groups.total)
    content = export.spool_totals(held.home, found, choices, now)
    response = send([content], sending(f"{contract.collection}-totals", choices, ranges=False))
    response.headers.extend(headers_of_file(held, asked.query, found.view))
    return response


def _links(name: str, question: Question, view: query.View) -> dict[str, str]:
    given, path = Addresses(question), f"{name}/aggregate"
    links = {"self": given.of(path)}
    pinned = [pair for pair in question.pairs if pair[0] == "release"]
    if view.snapshot is not None:
        # A release is a state by itself, and is not asked for as of another one.
        pinned = pinned or [("as_of", str(view.snapshot.id))]
        links["cite"] = given.of(path, _PINNED, [*pinned, ("digest", view.digest)])
    # A file has all groups, unless it is said here how many.
    for each in export.FORMATS:
        links[each] = given.of(f"{path}.{each}")
    links["records"] = given.of(name, _FOR_TOTALS)
    links["schema"] = f"{given.root}{name}/schema"
    return links
