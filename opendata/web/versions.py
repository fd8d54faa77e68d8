"""Links between the versions of one thing (RFC 5829), and to what describes it (RFC 8288)."""

from collections.abc import Iterator

from opendata.stages import query
from opendata.stages.publish import MANIFEST
from opendata.stages.releases import Version
from opendata.web.envelope import Answer, Pair, Question
from opendata.web.links import API


def version_links(root: str, version: Version, file: str = "") -> list[Pair]:
    """Return the ``Link`` headers of a release, or of the one of its files that is named.

    Of each other release they lead to the same file. ``root`` is what links begin with.
    """
    history = _history(root, version.release.dataset)
    return [_link(url, relation) for relation, url in _found(history, version, file)]


def links_of_view(root: str, view: query.View) -> list[Pair]:
    """Return the ``Link`` headers of what is answered from one release; none of a whole state."""
    return [] if view.pinned is None else version_links(root, view.pinned)


def links_of_record(root: str, dataset: str, release: int) -> list[Pair]:
    """Return the ``Link`` headers of a record as it is: in ``release``, the newest it is in."""
    history = _history(root, dataset)
    return [_link(history, "version-history"), _link(f"{history}/{release}", "latest-version")]


def with_links(answer: Answer, question: Question, view: query.View) -> Answer:
    """Return an answer with the ``Link`` headers of its view: releases come without its tag."""
    answer.headers.extend(links_of_view(question.root, view))
    return answer


def _history(root: str, dataset: str) -> str:
    return f"{root}{API}datasets/{dataset}/releases"


def _link(url: str, relation: str) -> Pair:
    return "Link", f'<{url}>; rel="{relation}"'


def _found(history: str, version: Version, file: str) -> Iterator[tuple[str, str]]:
    found, beside = version.release, version.beside
    yield "version-history", history
    numbers = {
        "predecessor-version": beside.predecessor,
        "successor-version": beside.successor,
        "latest-version": beside.latest,
    }
    for relation, number in numbers.items():
        if number is not None:
            yield relation, f"{history}/{number}/{file}".rstrip("/")
    if file != MANIFEST and found.public:
        yield "describedby", f"{history}/{found.number}/{MANIFEST}"
