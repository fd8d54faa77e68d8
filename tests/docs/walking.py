"""A walk through everything that anybody may read, and what of the sealed is met on it."""

import json
import re
from collections import Counter, deque
from dataclasses import dataclass
from urllib.parse import quote, urldefrag, urljoin

import requests

from tests.docs.conftest import YEAR, Served
from tests.house.tree import ROOT
from tests.unpacking import unpacked

# Some of what is sealed: who asks, by what they are reached, what for, and what is reported.
NAMED = {
    "赵某某",
    "zhao-private",
    "2024年农村公路养护资金安排",
    "钱某某",
    "2024年决算已逾期限，仍未公开。",
}
BEGINNINGS = (
    "/",
    "/catalog.jsonld",
    "/feed.atom",
    "/datasets",
    "/metrics",
    "/api/v1/datasets",
    "/api/v1/compliance?by=agency",
    "/api/v1/compliance/cases",
    "/api/v1/accountability",
    "/api/v1/accountability/outcomes",
    "/api/v1/assessments",
    "/api/v1/agencies/example-county/cross-checks",
    "/api/v1/agencies/example-county/compliance.atom",
    "/api/v1/annual-reports/example-county/2025",
    "/api/v1/annual-reports/example-county/2025.html",
    "/api/v1/annual-reports/example-county/2025.docx",
    "/api/v1/annual-reports/example-county/2025.csv",
    "/api/v1/requests",
    "/api/v1/complaints",
)
# Filters and orders of one list have no end, and records of one collection have pages of one make:
# of either so many are read of each make. All records stand in the files of the lists.
FEW = 8
# More than there is; who comes to it has found no end, and proved nothing.
MOST = 1000
_RECORD = re.compile(r"/[a-z2-7]{52}(?=/|$)")
_LINK = re.compile(r'(?:href="|"(?=http))([^"\s<>\\]+)"')
# Nothing of the year is in the product's own files and documents.
_OWN = re.compile(r"/(static|problems|api/docs)|/(api/v1/)?openapi\.json")
# Who asks or reports, and what for; what is answered to them; what is said in a case.
_PERSON = re.compile(r'"(?:applicant|reporter|wanted)": \{(.*?)\}', re.DOTALL)
_STATEMENT = re.compile(r'"statement": "(.*?)"')
_STEP = re.compile(r'^(?:step|say) \S+ .*"kind".*"text": "(.*?)"', re.MULTILINE)
_VALUE = re.compile(r': "(.*?)"')
_KEY = re.compile(r"odk_[A-Za-z0-9]{20,}")


@dataclass(frozen=True)
class Walk:
    """How many answers were read, and where what was met that is sealed."""

    read: int
    names: list[tuple[str, str]]


def sealed_texts() -> set[str]:
    """Return everything that is sealed in the year, as its page has it typed."""
    page = (ROOT / YEAR).read_text(encoding="utf-8")
    said = {value for block in _PERSON.findall(page) for value in _VALUE.findall(block)}
    said |= {*_STATEMENT.findall(page), *_STEP.findall(page)}
    # A name without the remark that it is nobody's, an address without where it is.
    said |= {each.removesuffix("（虚构）") for each in said if "某某" in each}
    said |= {each.partition("@")[0] for each in said if "@" in each}
    # Were the page typed in another way, nothing would be looked for.
    assert said >= NAMED, said
    return said


def named_in_public(served: Served) -> Walk:
    """Follow every link, as anybody may without a key, and look for what is sealed.

    It is looked for in every answer, taken out of what it is packed in, and in the log.
    """
    sealed = {form for each in sealed_texts() for form in _forms(each)}
    with requests.Session() as anybody:
        begun = dict.fromkeys((*BEGINNINGS, *_described(served)))
        waiting = deque(f"{served.url}{each}" for each in begun)
        seen, read, met = set(waiting), 0, list[tuple[str, str]]()
        makes = Counter[str]()
        while waiting:
            address = waiting.popleft()
            answer = anybody.get(address, timeout=30)
            assert answer.status_code < 500, (address, answer.text)
            read += 1
            assert read <= MOST, f"There is no end to what is public: {address}"
            told = unpacked(answer.content) + str(answer.headers)
            met += _met(address, told, sealed)
            for link in _LINK.findall(told):
                target = urldefrag(urljoin(address, link.replace("&amp;", "&"))).url
                path = target.removeprefix(served.url)
                if path != target and target not in seen and not _OWN.match(path):
                    seen.add(target)
                    makes[_make(path)] += 1
                    if makes[_make(path)] <= FEW or path == _make(path):
                        waiting.append(target)
    return Walk(read, [*met, *_met("the log", _logged(served), sealed)])


def _make(path: str) -> str:
    """Return what a path has in common with others of its make; of a page of a list, itself."""
    plain, query, asked = path.partition("?")
    return path if asked.startswith("cursor=") else _RECORD.sub("/*", plain) + query


def _described(served: Served) -> list[str]:
    """Return every path that is described and names nothing: those of all collections, too."""
    described = requests.get(f"{served.url}/api/v1/openapi.json", timeout=30).json()
    return [path for path, each in described["paths"].items() if "get" in each and "{" not in path]


def _logged(served: Served) -> str:
    assert served.log is not None
    return served.log.read_text(encoding="utf-8", errors="replace")


def _forms(text: str) -> tuple[str, ...]:
    """Return a text as it is, as JSON escapes it, and as an address does."""
    return text, json.dumps(text)[1:-1], quote(text)


def _met(where: str, told: str, sealed: set[str]) -> list[tuple[str, str]]:
    return [(where, each) for each in (*sealed, *_KEY.findall(told)) if each in told]
