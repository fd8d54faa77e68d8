"""Answering: whatever is asked of segments, the answer is the one plain Python gives."""

import io
import itertools
import json
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from opendata.domain.editions import Scope
from opendata.domain.queries import whole
from opendata.storage.index import finding, walking
from opendata.storage.index.building import write_segment
from opendata.storage.index.grams.slots import lower
from opendata.storage.index.roll import Entry, Roll, write_roll
from opendata.storage.index.serving import Index
from opendata.storage.vault import Vault
from opendata.tabular.export import Layout, write_csv, write_ndjson
from tests.index import built
from tests.queries import made
from tests.stages import oracle

SERIAL = itertools.count()
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


def shown_of(releases, contract, shown):
    """Return the records that a view of some releases shows on the day of asking."""
    rows = [row for part in shown.items() for row in releases[part]]
    if contract.window_field is None:
        return rows
    return [row for row in rows if (row["public_until"] or made.date.min) >= made.DAY]


def expected_of(rows, query):
    """Return the records a query is answered by, searched as the index does."""
    found = oracle.answer(rows, replace(query, search=None, fields=tuple(rows[0]) if rows else ()))
    if query.search is not None:
        term = "".join(map(lower, query.search))
        found = [
            row
            for row in found
            if any(term in "".join(map(lower, row[name] or "")) for name in query.searchable)
        ]
    return found


def written(write, rows, contract, columns):
    """Return the lines of records as a file of these columns has them."""
    out = io.BytesIO()
    write(made.table_of(rows, contract).to_batches(), Layout(contract, columns), out)
    return out.getvalue()


@st.composite
def situations(draw):
    """Return releases, how they are cut into segments, a view of them, and a question."""
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
    rows = shown_of(releases, contract, shown)
    return contract, releases, cuts, shown, draw(made.queries(rows, contract))


def pages_of(reading, query):
    """Follow the pages from the first to the last."""
    page = reading.page(query, None)
    yield page
    while page.more:
        page = reading.page(query, page.last_id)
        yield page


@settings(max_examples=250, deadline=None, phases=[Phase.generate])
@given(situation=situations(), limit=st.integers(1, 5), prices=st.sampled_from(PRICES))
def test_walking_the_pages_gives_every_record_once_and_in_order(
    tmp_path_factory, situation, limit, prices
):
    contract, releases, cuts, shown, query = situation
    index = index_of(tmp_path_factory.mktemp("index"), releases, contract, cuts)
    reading = index.reading(contract, Scope(contract.window_field, made.DAY), shown)
    query = replace(query, limit=limit)
    rows = expected_of(shown_of(releases, contract, shown), query)

    near, far, put = prices
    with (
        patch.multiple(finding, NEAR=near, FAR=far, SORTED=put, CALL=0.0),
        patch.multiple(walking, NEAR=near, FAR=far, SORTED=put, CALL=0.0),
        patch.multiple(walking, _LEAST=2, _MOST=4),
    ):
        pages = list(pages_of(reading, query))
        counted = reading.count(query)
        lines = b"".join(reading.lines(query, "csv"))

    found = [each for page in pages for each in page.objects]
    assert [json.loads(each) for each in found] == [
        json.loads(each)
        for each in written(write_ndjson, rows, contract, query.fields).splitlines()
    ]
    assert b"".join(each + b"\n" for each in found) == written(
        write_ndjson, rows, contract, query.fields
    )
    assert counted == len(rows)
    every = whole(contract).fields
    header = len(written(write_csv, [], contract, every))
    assert lines == written(write_csv, rows, contract, every)[header:]
