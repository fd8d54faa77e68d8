"""Rules applied by Frictionless alone, and their vectorised twins beside them."""

import copy
import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from frictionless import Checklist, Schema
from frictionless.resources import TableResource
from frictionless.table import Row, create_cell_handlers

from opendata.tabular.certify.columns import column
from opendata.tabular.certify.twins import sure
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.plugin import register
from opendata.tabular.checks.table import TableCheck
from opendata.tabular.context import Context

register()

Texts = Mapping[str, str]
Rule = Mapping[str, Any]


def fields(**kinds: str) -> dict[str, Any]:
    """Describe a table: column names and their types."""
    return {"fields": [{"name": name, "type": kind} for name, kind in kinds.items()]}


def check_of(rule: Rule, context: Context | None = None) -> Any:
    """Read one rule as Frictionless reads it."""
    (check,) = Checklist.from_descriptor({"checks": [copy.deepcopy(dict(rule))]}).checks
    if isinstance(check, RuleCheck):
        check.context = context
    return check


def found(
    folder: Path, schema: Rule, rows: Iterable[Texts], *rules: Rule, context: Context | None = None
) -> list[dict[str, Any]]:
    """Let Frictionless validate a CSV and return what it reports of our rules."""
    described = Schema.from_descriptor(copy.deepcopy(dict(schema)))
    names = [field.name for field in described.fields]
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    resource = TableResource(
        path="table.csv", basepath=str(folder), schema=described, encoding="utf-8"
    )
    checklist = Checklist(checks=[check_of(rule, context) for rule in rules])
    report = resource.validate(checklist, limit_errors=0).to_descriptor()
    return [*report["errors"], *(each for task in report["tasks"] for each in task["errors"])]


def collected(
    schema: Rule, rows: Sequence[Texts], rule: Rule, context: Context | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
    """Return what a rule finds in all rows, what in the rows its twin suspects, and their count."""
    described = Schema.from_descriptor(copy.deepcopy(dict(schema)))
    columns = {each.name: column(each, at) for at, each in enumerate(described.fields)}
    every, some = check_of(rule, context), check_of(rule, context)
    assert isinstance(every, TableCheck)
    assert isinstance(some, TableCheck)
    names = every.gathered_fields
    frame = pl.DataFrame(
        {
            "row": pl.Series(range(2, len(rows) + 2), dtype=pl.Int64),
            **{
                name: pl.Series([row.get(name, "") for row in rows], dtype=pl.String)
                for name in names
            },
        }
    )
    marks = some.suspects(frame, columns)
    suspected = [True] * len(rows) if marks is None else marks.to_list()
    assert len(suspected) == len(rows)
    for number, (row, mark) in enumerate(zip(rows, suspected, strict=True), start=2):
        values = {name: columns[name].field.read_cell(row.get(name, ""))[0] for name in names}
        every.collect(number, values)
        if mark:
            some.collect(number, values)
    return (
        [each.to_descriptor() for each in every.validate_end()],
        [each.to_descriptor() for each in some.validate_end()],
        sum(suspected),
    )


def doubted(schema: Rule, rows: Sequence[Texts], rule: Rule) -> tuple[list[int], list[int]]:
    """Return the rows in which a row rule finds something, and those it would look at."""
    described = Schema.from_descriptor(copy.deepcopy(dict(schema)))
    columns = {each.name: column(each, at) for at, each in enumerate(described.fields)}
    check = check_of(rule)
    names = list(columns)
    frame = pl.DataFrame(
        {
            columns[name].name: pl.Series([row.get(name, "") for row in rows], dtype=pl.String)
            for name in names
        }
    )
    doubt = check.doubt(columns)
    assert doubt is not None
    unsure = pl.any_horizontal([~sure(check, columns[name]) for name in check.named_fields()])
    looked = frame.select(doubt | unsure).to_series().to_list()
    wrong = []
    handlers = create_cell_handlers(described.fields)
    for number, row in enumerate(rows):
        cells = [row.get(name, "") for name in names]
        read = Row(cells, handlers=handlers, row_number=number)
        if list(check.validate_row(read)):
            wrong.append(number)
    return wrong, [number for number, mark in enumerate(looked) if mark]
