"""What holds for every page: well-formed, closed to the outside, and readable by everybody."""

import pytest

from tests.chain import Chain
from tests.pages.document import Document, read, visit

PAGES = (
    "/",
    "/datasets",
    "/datasets?q=2016",
    "/datasets?collection=budgets",
    "/datasets/budgets-2016",
    "/datasets/budgets-2016/releases/1",
    "/datasets/budgets-2016/releases/1/diff/1",
    "/budgets",
    "/budgets?fields=_id,subject_name,amount_total,unit&sort=-amount_total",
    "/budgets?subject_name=nowhere",
    "/administrative-penalties?limit=20",
    "/disclosure-statistics?limit=20",
    "/project-approvals?limit=20",
    "/about/contracts/budgets",
    "/about/contracts/administrative-penalties",
    "/problems",
    "/problems/bad-query",
    "/requests/new",
    "/requests/status",
)
REFUSED = {
    "/budgets?fiscal_year=abc": 400,
    "/budgets?nothing=1": 400,
    "/nowhere": 404,
    "/datasets/nowhere": 404,
    "/datasets/budgets-2016/releases/9": 404,
    "/budgets/nowhere": 404,
    "/problems/nowhere": 404,
}
EVERY = [*PAGES, *REFUSED]


@pytest.fixture
def record_path(library: Chain) -> str:
    """Address of a record's page."""
    return f"/budgets/{library.records('budgets', limit='1')[0]['_id']}"


def page_of(library: Chain, path: str) -> Document:
    return read(library.client, path, REFUSED.get(path, 200))


@pytest.mark.parametrize("path", EVERY)
def test_a_page_is_well_formed(library: Chain, path: str) -> None:
    page = page_of(library, path)

    assert page.faults == []
    assert page.one("html").attributes["lang"] == "zh-Hans"
    assert page.one("title").text
    assert page.one("h1").text
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))


def test_the_page_of_a_record_is_well_formed(library: Chain, record_path: str) -> None:
    assert page_of(library, record_path).faults == []


@pytest.mark.parametrize("path", EVERY)
def test_a_page_has_no_script_and_loads_nothing_from_elsewhere(library: Chain, path: str) -> None:
    page = page_of(library, path)
    loaded = [each.attributes["href"] for each in page.all("link", rel="stylesheet")]
    loaded += [each.attributes["href"] for each in page.all("link", rel="icon")]
    loaded += [each.attributes["src"] for each in page.elements if "src" in each.attributes]

    assert all(each.startswith("/static/") for each in loaded)
    assert not page.all("script")
    assert not [each for each in page.elements if "style" in each.attributes]
    assert not [name for each in page.elements for name in each.attributes if name[:2] == "on"]


@pytest.mark.parametrize("path", EVERY)
def test_a_browser_is_told_to_load_nothing_else(library: Chain, path: str) -> None:
    policy = visit(library.client, path).headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("path", EVERY)
def test_a_page_can_be_used_without_seeing_it(library: Chain, path: str) -> None:
    page = page_of(library, path)
    ids = {each.attributes.get("id") for each in page.elements}
    labelled = {each.attributes.get("for") for each in page.all("label")}
    inputs = [each for tag in ("input", "select") for each in page.all(tag)]
    shown = [each for each in inputs if each.attributes.get("type") != "hidden"]

    assert page.one("a", class_="skip").attributes["href"] == "#main"
    assert "main" in ids
    assert not [
        each.attributes
        for each in shown
        if each.attributes.get("id") not in labelled and "label" not in each.inside
    ]
    assert all(each.attributes.get("scope") in ("col", "row") for each in page.all("th"))
    for name in ("aria-labelledby", "aria-describedby"):
        assert {each.attributes[name] for each in page.elements if name in each.attributes} <= ids
    assert all(each.text or "aria-label" in each.attributes for each in page.all("a"))


@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_the_platform_leads_somewhere(library: Chain, path: str) -> None:
    client = library.client
    links = {each.attributes["href"].partition("#")[0] for each in page_of(library, path).all("a")}
    own = {each for each in links if each.startswith("/") and not each.startswith("/api/")}

    assert not [
        f"{each} {answer.status_code}"
        for each in sorted(own)[:25]
        if (answer := visit(client, each)).status_code != 200
    ]


def test_a_browser_asks_whether_its_copy_is_still_the_page(library: Chain) -> None:
    first = visit(library.client, "/datasets/budgets-2016")
    again = library.client.get(
        "/datasets/budgets-2016", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert again.status_code == 304
    assert again.data == b""


def test_no_collection_hides_another_room(library: Chain) -> None:
    for path in ("/healthz", "/readyz", "/api/v1/openapi.json", "/static/opendata.css"):
        assert library.client.get(path, buffered=True).status_code == 200
