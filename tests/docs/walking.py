"""A walk through everything that anybody may read, and whose names are met on it."""

import re
from collections import deque
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

import requests

from tests.docs.conftest import Served

# Who asks and who reports in the year that is typed.
PRIVATE = ("赵某某", "钱某某", "zhao-private", "qian-private")
BEGINNINGS = (
    "/",
    "/catalog.jsonld",
    "/feed.atom",
    "/datasets",
    "/api/v1/datasets",
    "/api/v1/disclosure-obligations",
    "/api/v1/budgets",
    "/api/v1/disclosure-statistics",
    "/api/v1/compliance",
    "/api/v1/compliance/cases",
    "/api/v1/accountability",
    "/api/v1/assessments",
    "/api/v1/agencies/example-county/compliance.atom",
    "/api/v1/annual-reports/example-county/2025",
    "/api/v1/annual-reports/example-county/2025.html",
    "/api/v1/requests",
    "/api/v1/complaints",
)
# Beyond them lies no more than the same lists in another order.
MOST = 240
_LINK = re.compile(r'(?:href="|"(?=http))([^"\s<>\\]+)"')
# Nothing of the year is in the product's own files and documents.
_OWN = re.compile(r"/(static|problems|api/docs)|/openapi\.json")


@dataclass(frozen=True)
class Walk:
    """How many answers were read, and where which names were met."""

    read: int
    names: list[tuple[str, str]]


def named_in_public(served: Served) -> Walk:
    """Follow every link, as anybody may without a key, and look for names in what is answered."""
    seen, read, names = set(BEGINNINGS), 0, []
    waiting = deque(f"{served.url}{each}" for each in BEGINNINGS)
    with requests.Session() as anybody:
        while waiting and read < MOST:
            address = waiting.popleft()
            answer = anybody.get(address, timeout=30)
            assert answer.status_code < 500, (address, answer.text)
            read += 1
            told = answer.content.decode("utf-8", "replace") + str(answer.headers)
            names += [(address, each) for each in PRIVATE if each in told]
            for link in _LINK.findall(told):
                target = urldefrag(urljoin(address, link.replace("&amp;", "&"))).url
                path = target.removeprefix(served.url)
                if path != target and path not in seen and not _OWN.match(path):
                    seen.add(path)
                    waiting.append(target)
    return Walk(read, names)
