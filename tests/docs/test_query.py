"""The reference of queries: every request on the page has the answer that stands under it."""

import pytest

from tests.docs.answered import shown
from tests.docs.pages import Example, examples
from tests.house.tree import ROOT

ASKED = list(examples(ROOT / "docs" / "reference" / "query.md", "http"))


@pytest.mark.parametrize("example", ASKED, ids=[each.body.strip() for each in ASKED])
def test_a_request_has_the_answer_that_the_page_shows(library, example: Example):
    address = example.body.removeprefix("GET ").strip()

    assert shown(library.client.get(address)) == example.shown.splitlines()
