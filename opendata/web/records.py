"""Answers to questions for records: pages of them and single ones, whoever asks how.

Nothing here knows of Flask's request, so that the direct way and the views answer the same.
"""

from typing import Any

from opendata.domain.contracts import Contract
from opendata.domain.queries import Query, parse
from opendata.runtime import Runtime
from opendata.stages import export, query
from opendata.web import envelope
from opendata.web.envelope import Addresses, Answer, Pair, Question
from opendata.web.filters import PAGING
from opendata.web.json import to_bytes
from opendata.web.links import API
from opendata.web.pinned import told_of_ended
from opendata.web.versions import links_of_record, with_links

# Proxies hold the headers of an answer in a few kilobytes; the body has every link.
MAX_LINK_HEADER = 2_000
# What a link to the next page, and one to cite, says anew or has no use for.
_PLACE = ("cursor", "as_of", "digest")
_PINNED = ("cursor", "as_of", "release", "digest")


def page(held: Runtime, contract: Contract, question: Question, pairs: list[Pair]) -> Answer:
    """Answer a page of records; ``pairs`` are the parameters that are a query's.

    Raises:
        Refusal: the query cannot be carried out.
    """
    now = held.now()
    asked = parse(pairs, contract.published)
    canonical = asked.canonical
    if question.is_conditional:
        view = query.view_for(held.home, contract, asked, now)
        tag = question.tag(view.version, canonical)
        same = envelope.unchanged(question, tag, view)
        if same is not None:
            return with_links(same, question, view)
    found = query.page(held.home, contract, asked, now)
    more: dict[str, Any] = {} if found.total is None else {"total": found.total}
    more |= told_of_pinned(held, asked, found.view)
    if asked.facets:
        more["facets"] = query.facets(held.home, found.view, asked)
    links = _links(contract.collection, question, found)
    body = envelope.listed(found.objects, envelope.meta_of(found.view, **more), links)
    tag = question.tag(found.view.version, canonical)
    answer = envelope.answer(body, tag, found.view)
    following = links.get("next", "")
    if 0 < len(following) <= MAX_LINK_HEADER:
        answer.headers.append(("Link", f'<{following}>; rel="next"'))
    return with_links(answer, question, found.view)


def told_of_pinned(held: Runtime, asked: Query, view: query.View) -> dict[str, Any]:
    """Return what ``meta`` tells of a pinned state: whether it is as cited, and what has left."""
    more: dict[str, Any] = {}
    if asked.digest is not None:
        more["same"] = asked.digest == view.digest
    ended = told_of_ended(held, asked, view)
    return more if ended is None else {**more, "ended": ended}


def one(held: Runtime, contract: Contract, question: Question, record_id: str) -> Answer:
    """Answer one record, its release and its history.

    Raises:
        Refusal: there is no such record, or no longer.
    """
    now = held.now()
    if question.is_conditional:
        view = query.shown(held.home, contract, None, now)
        beside = query.shown_beside(held.home, view, record_id)
        same = envelope.unchanged(question, _tag(question, view, beside), view)
        if same is not None:
            return same
    found = query.record(held.home, contract, record_id, now)
    root = question.root + API
    links = {
        "self": f"{root}{contract.collection}/{record_id}",
        "proof": f"{root}{contract.collection}/{record_id}/proof",
        "corrections": f"{root}{contract.collection}/{record_id}/corrections",
        "dataset": f"{root}datasets/{found.dataset}",
        "collection": f"{root}{contract.collection}",
    }
    meta = envelope.meta_of_release(found.view, found.dataset, found.release)
    beside = found.corrections
    body = envelope.single(found.line, meta, links, history=found.history, corrections=beside.told)
    answer = envelope.answer(body, _tag(question, found.view, beside), found.view)
    answer.headers.extend(links_of_record(question.root, found.dataset, found.release))
    return answer


def corrections(held: Runtime, contract: Contract, question: Question, record_id: str) -> Answer:
    """Answer what is shown of the corrections of one record.

    Raises:
        Refusal: there is no such record, or no longer.
    """
    found = query.record(held.home, contract, record_id, held.now())
    tag = _tag(question, found.view, found.corrections)
    same = envelope.unchanged(question, tag, found.view)
    if same is not None:
        return same
    root = question.root + API + contract.collection
    links = {"self": f"{root}/{record_id}/corrections", "record": f"{root}/{record_id}"}
    meta = envelope.meta_of_release(found.view, found.dataset, found.release)
    told = [to_bytes(each) for each in found.corrections.told]
    return envelope.answer(envelope.listed(told, meta, links), tag, found.view)


def _tag(question: Question, view: query.View, beside: query.Shown) -> str:
    """Name the representation of one record with what is shown beside it."""
    return question.tag(view.version, *([beside.version] if beside.version else ()))


def _links(name: str, question: Question, found: query.Page) -> dict[str, str]:
    given = Addresses(question)
    links = {"self": given.of(name)}
    if found.next_cursor is not None:
        links["next"] = given.of(name, _PLACE, [("cursor", found.next_cursor)])
    pinned = [pair for pair in question.pairs if pair[0] == "release"]
    if found.view.snapshot is not None:
        # A release is a state by itself, and is not asked for as of another one.
        pinned = pinned or [("as_of", str(found.view.snapshot.id))]
        cited = [*pinned, ("digest", found.view.digest)]
        links["cite"] = given.of(name, _PINNED, cited)
    whole = given.query(PAGING)
    for each in export.FORMATS:
        links[each] = f"{given.root}{name}.{each}{whole}"
    links["schema"] = f"{given.root}{name}/schema"
    links["known_issues"] = envelope.address(f"{given.root}{name}/known-issues", pinned)
    return links
