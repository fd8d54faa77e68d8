"""Totals of a view through the index: filters, windows, suspensions and segments all together."""

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from opendata.domain.editions import Scope
from tests import reference
from tests.index.test_answering import index_of
from tests.queries import made
from tests.queries.test_totals import QUESTIONS, check

CUTS = st.lists(st.integers(0, 6), max_size=2)


def check_view(folder, data):
    """Compare totals of a view with those of what it shows."""
    contract = data.draw(st.sampled_from([made.PLAIN, made.WINDOWED]))
    releases = data.draw(made.releases())
    index = index_of(folder, releases, contract, data.draw(CUTS))
    shown = dict(data.draw(st.permutations(list(releases))))
    some = st.sets(st.sampled_from(list(releases)), max_size=1)
    hidden = data.draw(some) if data.draw(made.rarely()) else set()
    scope = Scope(contract.window_field, made.DAY, frozenset(hidden))
    rows = [row for part in shown.items() for row in releases[part]]
    public = reference.public(rows, scope)
    reading = index.reading(contract, scope, shown)
    for _ in range(QUESTIONS):
        asked, demands = data.draw(made.aggregations(public, contract)), data.draw(made.demands())

        answer = reading.totals(asked, demands)

        if answer is None:
            event(f"declined{'' if public else ' of nothing'}")
        else:
            check(answer, public, asked, demands)


@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(data=st.data())
def test_totals_of_a_view_are_those_of_what_it_shows(tmp_path_factory, data):
    check_view(tmp_path_factory.mktemp("index"), data)
