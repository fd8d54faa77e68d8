"""Answering: whatever is asked of segments, the answer is the one plain Python gives."""

import io
import itertools
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from opendata.domain.editions import Scope
from opendata.domain.queries import whole
from opendata.storage.index import finding, walking
from opendata.storage.index.building import write_segment
from opendata.storage.index.roll import Entry, Roll, write_roll
from opendata.storage.index.serving import Index
from opendata.storage.vault import Vault
from opendata.tabular.export import Layout, write_csv, write_ndjson
from tests import reference
from tests.index import built
from tests.queries import made

SERIAL = itertools.count()
QUESTIONS = 10
COLUMNS = whole(made.PLAIN).fields
# Prices of looking at neighbours, at records anywhere, and of sorting, under which each of the
# ways to find records is the cheapest for some question.
PRICES = [(1.0, 8.0, 25.0), (0.0, 1e6, 0.0), (1e6, 0.0, 0.0), (1e6, 0.0, 1e9), (0.0, 0.0, 1e9)]


def index_of(folder, releases, contract, cuts=()):
    """Write an index of some releases; ``cuts`` says where the next segment begins."""
    home = folder / f"{next(SERIAL)}"
    vault = Vault(home / "vault")
    sources = [built.keep(vault, part, rows, contract) for part, rows in releases.items()]
    target = home / "index" / contract.collection
    (target / "segments").mkdir(parents=True)
    borders = [0, *sorted({each % (len(sources) + 1) for each in cuts}), len(sources)]
    entries = []
    for at, (begin, end) in enumerate(itertools.pairwise(borders)):
        own = sources[begin:end]
        if own:
            rows = write_segment(target / "segments" / f"s{at}", contract, own, vault)
            entries.append(Entry(f"s{at}", rows, tuple(each.part for each in own)))
    write_roll(target, Roll(contract.digest, tuple(entries)))
    return Index(home / "index", vault)


def written(write, rows, contract, columns):
    """Return the lines of records as a file of these columns has them."""
    out = io.BytesIO()
    write(made.table_of(rows, contract).to_batches(), Layout(contract, columns), out)
    return out.getvalue()


@st.composite
def situations(draw):
    """Return releases, how they are cut into segments, a view of them, and questions."""
    contract = draw(st.sampled_from([made.PLAIN, made.WINDOWED]))
    releases = draw(made.releases())
    cuts = draw(st.lists(st.integers(0, 6), max_size=2))
    numbers = {}
    for dataset, number in releases:
        numbers.setdefault(dataset, []).append(number)
    shown = {
        dataset: draw(st.sampled_from(has))
        for dataset, has in numbers.items()
        if len(numbers) == 1 or not draw(made.rarely())
    }
    scope = Scope(contract.window_field, made.DAY)
    rows = reference.public([row for part in shown.items() for row in releases[part]], scope)
    questions = [draw(made.queries(rows, contract)) for _ in range(QUESTIONS)]
    return contract, (releases, cuts), (scope, shown), rows, questions


def pages_of(reading, query):
    """Follow the pages from the first to the last."""
    page = reading.page(query, None)
    yield page
    while page.more:
        assert len(page.objects) == query.limit
        page = reading.page(query, page.last_id)
        yield page


@contextmanager
def paying(near, far, put):
    """Let the ways of finding records cost something else."""
    prices = {"NEAR": near, "FAR": far, "SORTED": put, "CALL": 0.0}
    with (
        patch.multiple(finding, **prices),
        patch.multiple(walking, **prices),
        patch.multiple(walking, _LEAST=2, _MOST=4),
    ):
        yield


def check_answers(folder, situation, limit, prices):
    """Compare pages, counts and lines of some questions with what plain Python finds."""
    contract, indexed, view, rows, questions = situation
    reading = index_of(folder, indexed[0], contract, indexed[1]).reading(contract, *view)
    for asked in questions:
        query = replace(asked, limit=limit)
        found = reference.answer(rows, replace(query, fields=COLUMNS))
        with paying(*prices):
            pages = [each for page in pages_of(reading, query) for each in page.objects]
            counted = reading.count(query)
            lines = list(reading.lines(query, "csv"))
        assert b"".join(each + b"\n" for each in pages) == written(
            write_ndjson, found, contract, query.fields
        )
        assert counted == len(found)
        header = len(written(write_csv, [], contract, COLUMNS))
        assert b"".join(lines) == written(write_csv, found, contract, COLUMNS)[header:]


@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(situation=situations(), limit=st.integers(1, 5), prices=st.sampled_from(PRICES))
def test_every_question_is_answered_as_plain_python_does(
    tmp_path_factory, situation, limit, prices
):
    check_answers(tmp_path_factory.mktemp("index"), situation, limit, prices)


@pytest.mark.soak
@settings(max_examples=300, deadline=None, phases=[Phase.generate])
@given(situation=situations(), limit=st.integers(1, 5), prices=st.sampled_from(PRICES))
def test_many_questions_are_answered_as_plain_python_does(
    tmp_path_factory, situation, limit, prices
):
    check_answers(tmp_path_factory.mktemp("index"), situation, limit, prices)
