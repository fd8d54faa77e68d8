"""What is asked once and remembered: the same words as if it had been asked of every row."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from frictionless import Check, Checklist, Field, Schema
from hypothesis import event, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Contract
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.cells import DecimalsCheck
from opendata.tabular.checks.table import TableCheck
from opendata.tabular.judge import remembered
from opendata.tabular.judge.log import RANK_OF_CELLS, ErrorLog, Said, Sayings, rank_of_check
from opendata.tabular.judge.plan import NotPlain
from opendata.tabular.judge.rows import RowJudge, Table
from opendata.tabular.text_table import csv_line
from tests.tabular.certify.test_twins import ROWS, RULES
from tests.tabular.certify.twin_tables import KINDS, schema
from tests.tabular.conftest import CONTEXT, csv_text, judged_twice
from tests.tabular.judge.both import by_frictionless, in_parts
from tests.tabular.judge.test_contracts import CONTRACTS, SAMPLES, TRAPS, context_of, sample
from tests.tabular.judge.test_equal import FRESH

OWN_RULES = [
    name for name in RULES if name not in ("forbidden-value", "ascii-value", "truncated-value")
]
CELLS = ["甲", "\0\1\2", '1"2\\', "\x7f\u2028,\n", "😀", ""]


def judge_of(checks: Sequence[Check], fields: Sequence[Field]) -> RowJudge:
    """Return a judge by rules, that reports all they find."""
    scope = frozenset(error.type for check in checks for error in check.Errors)
    return RowJudge(Table(fields, (), ()), checks, scope)


def check_says_the_same_of_a_part(judge: RowJudge, at: int, cells: Sequence[str]) -> None:
    """Show a rule a row, and as much of it as the rule says it looks at."""
    check, names = judge.checks[at], [field.name for field in judge.table.fields]
    assert isinstance(check, RuleCheck)
    positions = [names.index(name) for name in check.looked_at() if name in names]
    part = judge.part_of_row(7, positions, [cells[at] for at in positions])
    row = judge.quick_row(7, cells)
    said = [error | {"cells": []} for error in judge.check(at, row)]
    assert [error | {"cells": []} for error in judge.check(at, part)] == said
    if any(name in names and row[name] is None for name in check.needed_fields()):
        assert not said


@pytest.mark.parametrize("rule", OWN_RULES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_rule_says_no_more_of_a_row_than_of_the_cells_it_looks_at(
    rule: str, data: st.DataObject
) -> None:
    judge = judge_of([data.draw(RULES[rule])], schema().fields)
    for cells in data.draw(ROWS):
        check_says_the_same_of_a_part(judge, 0, cells)


@pytest.mark.parametrize("collection", SAMPLES)
def test_the_rules_that_ship_say_no_more_of_a_row_than_of_the_cells_they_look_at(
    collection: str,
) -> None:
    contract, chance = CONTRACTS[collection], random.Random(collection)  # noqa: S311 - no secret.
    fields = Schema.from_descriptor(json.loads(json.dumps(dict(contract.table_schema)))).fields
    judge = judge_of([*row_rules(contract)], fields)
    rows = [list(row.values()) for row in chance.sample(sample(collection), 12)]
    for number, check in enumerate(judge.checks):
        assert isinstance(check, RuleCheck)
        seen = [at for at, field in enumerate(fields) if field.name in check.looked_at()]
        for row in rows:
            cells = list(row)
            cells[chance.choice(seen)] = chance.choice(TRAPS)
            check_says_the_same_of_a_part(judge, number, cells)


def row_rules(contract: Contract) -> Iterator[RuleCheck]:
    """Yield a contract's rules of our own over single rows, with a context."""
    for declared in (contract.checklist, contract.cautions):
        for check in Checklist.from_descriptor(json.loads(json.dumps(dict(declared)))).checks:
            if isinstance(check, RuleCheck) and not isinstance(check, TableCheck):
                check.context = context_of(contract)
                yield check


def same_verdict_by_rules(
    rules: Sequence[Check], rows: Sequence[tuple[str, ...]], folder: Path
) -> None:
    """Judge rows both ways, each of them twice: most is said more than once."""
    path = folder / "data.csv"
    lines = [csv_line([*each]) for each in [KINDS, *rows, *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    declared = schema().to_descriptor()
    # Without any places there is no such rule to write down.
    named = [each for each in rules if not isinstance(each, DecimalsCheck) or each.places]
    checks = [each.to_descriptor() for each in named]
    try:
        assert in_parts(path, declared, checks) == by_frictionless(path, declared, checks)
    except NotPlain as reason:
        event(str(reason))


@settings(FRESH, max_examples=15)
@given(rules=st.lists(st.one_of(*RULES.values()), max_size=4), rows=ROWS)
def test_with_any_rules_the_report_is_frictionless_s(
    rules: list[Check], rows: list[tuple[str, ...]], tmp_path: Path
) -> None:
    same_verdict_by_rules(rules, rows, tmp_path)


def test_what_is_forgotten_is_asked_again(
    contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "MOST_REMEMBERED", 400)
    faults = [{"serial": "x"}, {"kind": "?"}, {"agency_code": "1"}, {"decided": "2020-01-01"}]
    rows = [
        fault | {"party": f"{at}*", "decided_year": f"{1000 + at}"}
        for at in range(9)
        for fault in faults
    ]

    found = judged_twice(csv_text(*rows).encode(), contract, CONTEXT, tmp_path)

    assert len(found.errors) > len(rows)


def test_an_error_is_put_together_with_its_row() -> None:
    log = ErrorLog()
    frame = pl.DataFrame(
        [CELLS, CELLS[::-1], CELLS], schema=[*map(str, range(len(CELLS)))], orient="row"
    )
    said = Said("a", log.keep(b'{"type":"a","cells":\0,"rowNumber":\1,"text":"line \2, \\u0000"}'))
    other = Said("b", log.keep(b'{"type":"b"}'))
    sayings = Sayings()
    sayings.add(np.array([11, 12]), rank_of_check(3), [(other,), (said, other)])
    sayings.add(np.array([10, 12]), RANK_OF_CELLS, [(), (said,)])

    log.of_cells(9, {"type": "whole"})
    log.of_block(10, frame, sayings, lambda row: row * 100)

    log.rows_are_told()

    full = {"type": "a", "cells": CELLS, "rowNumber": 12, "text": "line 1200, \0"}
    assert list(log) == [{"type": "whole"}, {"type": "b"}, full, full, {"type": "b"}]
    assert log.by_type == {"whole": 1, "a": 2, "b": 2}
    assert [log.cells_of(row) for row in (9, 10, 11, 12)] == [None, None, CELLS[::-1], CELLS]

    log.replace_row(12, [{"type": "key"}])

    assert [each["type"] for each in log] == ["whole", "b", "key", "a", "b"]
    assert +log.by_type == {"whole": 1, "a": 1, "b": 2, "key": 1}
