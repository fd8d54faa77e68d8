"""Links between the versions of one thing (RFC 5829), and to what describes it (RFC 8288)."""

from collections.abc import Iterator

from opendata.stages.publish import MANIFEST
from opendata.stages.releases import Neighbours, Release
from opendata.web.links import api_url


def version_links(found: Release, beside: Neighbours, file: str = "") -> list[tuple[str, str]]:
    """Return the ``Link`` headers of a release, or of the one of its files that is named.

    Of each other release they lead to the same file.
    """
    return [("Link", f'<{url}>; rel="{relation}"') for relation, url in _found(found, beside, file)]


def _found(found: Release, beside: Neighbours, file: str) -> Iterator[tuple[str, str]]:
    history = api_url(f"datasets/{found.dataset}/releases")
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
