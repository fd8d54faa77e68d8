"""Every operator of every field of every collection, against the same asked of rows in Python."""

import json

import pytest

from opendata.domain.queries import SYSTEM_FIELDS, Op, operators, parse, value_text
from tests.platforms import runtime_of
from tests.stages import oracle

COLLECTIONS = ("budgets", "disclosure-statistics", "project-approvals", "administrative-penalties")
NULLS = (Op.ISNULL, Op.NOTNULL)
LISTS = (Op.IN, Op.NOTIN, Op.BETWEEN)


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_operator_of_every_field_answers_as_python_does(library, collection):
    runtime = runtime_of(library.client)
    published = runtime.contracts[collection].published
    rows = oracle.everything(runtime, runtime.contracts[collection])

    for field in (*SYSTEM_FIELDS, *published.fields):
        for op in operators(field):
            name = field.name if op is Op.EXACT else f"{field.name}__{op}"
            for text in operands(field, op, rows):
                asked = parse([(name, text), ("fields", "_id"), ("limit", "1000")], published)
                expected = [each["_id"] for each in oracle.answer(rows, asked)]
                found = library.records(collection, **{name: text}, fields="_id", limit="1000")
                assert [each["_id"] for each in found] == expected, (name, text)


def operands(field, op, rows):
    """Return what to compare with: what the column holds, between its least and its greatest."""
    if op in NULLS:
        return ["1", "0"]
    known = sorted({row[field.name] for row in rows} - {None}) or [field.example]
    texts = [value_text(each) for each in (known[0], known[len(known) // 2], known[-1])]
    if op in LISTS:
        return [json.dumps(texts[:2], ensure_ascii=False)]
    # The label of a code means the code.
    return [texts[1], field.label(texts[1])] if field.categories else [texts[1]]
