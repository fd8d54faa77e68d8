"""Contracts made of nonsense are refused; none of it becomes a stack trace."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata.tabular.contract import UnusableContract
from tests.tabular.conftest import COLLECTION, Declarations

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 1),
    st.sampled_from(["", "x", "kind", "amount", 0.5]),
    st.builds(list),
    st.builds(dict),
    st.lists(st.sampled_from(["kind", 1, None])),
    st.just({"fieldName": "kind"}),
)


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a JSON document, as a container and a key into it."""
    keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from places(node[key])


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_nonsense_is_refused_and_never_a_stack_trace(
    declarations: Declarations, data: st.DataObject
) -> None:
    made = Declarations(declarations.folder)
    file = data.draw(st.sampled_from([made.schema, made.checklist, made.cautions]))
    node, key = data.draw(st.sampled_from(list(places(file))))
    node[key] = data.draw(JUNK)

    with suppress(UnusableContract):
        made.load()


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_nonsensical_collection_toml_is_refused_too(
    declarations: Declarations, data: st.DataObject
) -> None:
    lines = COLLECTION.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    junk = data.draw(st.sampled_from(["", "1", "true", "[]", '["kind"]', "{}", '"x"', "[1]"]))
    lines[at] = lines[at].partition("=")[0] + f"= {junk}"
    made = Declarations(declarations.folder, collection="\n".join(lines))

    with suppress(UnusableContract):
        made.load()
