"""What is drawn for property tests can be judged by Frictionless from end to end."""

from datetime import timedelta

import hypothesis.strategies as st
from frictionless import Dialect, Resource, Schema
from hypothesis import HealthCheck, given, settings

from tests.tabular.certify.strategies import is_valid, schemas, tables

EXPECTED = {
    "blank-row",
    "constraint-error",
    "extra-cell",
    "foreign-key",
    "missing-cell",
    "primary-key",
    "type-error",
    "unique-error",
}


@settings(
    max_examples=60,
    deadline=timedelta(seconds=10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(st.data())
def test_frictionless_judges_every_table_that_is_drawn(data):
    descriptor = data.draw(schemas())
    assert is_valid(descriptor)
    rows = data.draw(tables(descriptor, ragged=True))
    header = [each["name"] for each in descriptor["fields"]]
    schema = Schema.from_descriptor(descriptor)

    # Said outright: Frictionless takes a row of another width for the header when it guesses.
    dialect = Dialect(header=True, header_rows=[1])
    report = Resource(name="t", data=[header, *rows], schema=schema, dialect=dialect).validate()

    assert not {error.type for error in report.tasks[0].errors} - EXPECTED, report
