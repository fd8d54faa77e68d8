"""Downloads in a browser: what its links lead to arrives, whatever the coding it came in."""

import json

import pytest

from tests.api.test_downloads import derive_all
from tests.platforms import runtime_of

FILE = "/api/v1/datasets/budgets-2018/releases/1/data.csv"
FETCHED = """(() => {
    const asked = new XMLHttpRequest();
    asked.open("GET", %s, false);
    asked.send();
    return [asked.status, asked.getResponseHeader("Content-Encoding"), asked.responseText];
})()"""


def fetched(tab, address, path):
    """Fetch as the browser does, from a place whose policy lets scripts do so: pages let none."""
    tab.open(f"{address}/healthz")
    return tab.ask(FETCHED % json.dumps(path))


def test_a_packed_file_is_unpacked_on_its_way(tab, address, library):
    derive_all(runtime_of(library.client))
    status, coding, text = fetched(tab, address, FILE)

    assert (status, coding in ("gzip", "zstd")) == (200, True)
    assert text == library.get("datasets/budgets-2018/releases/1/data.csv").text


@pytest.mark.parametrize("page", ["budgets?fiscal_year=2018", "datasets/budgets-2018"])
def test_every_download_of_a_page_arrives(tab, address, page):
    tab.open(f"{address}/{page}")
    links = tab.ask("[...document.links].map(a => a.href).filter(h => h.includes('/api/v1/'))")
    files = {each for each in links if any(f".{kind}" in each for kind in ("csv", "xlsx"))}

    assert len(files) > 1
    for each in files:
        status, _, text = fetched(tab, address, each)
        assert (status, bool(text)) == (200, True), each
