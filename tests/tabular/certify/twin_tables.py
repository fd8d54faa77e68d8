"""One table that has a column of every kind, judged by checks and by their twins."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl
from frictionless import Check, Error, Schema
from frictionless.table import Row
from frictionless.table.row import create_cell_handlers

from opendata.tabular.certify.columns import column
from opendata.tabular.certify.model import Column
from opendata.tabular.certify.twins import named_cells, sure, twin
from opendata.tabular.checks.plugin import register
from opendata.tabular.context import Context

# What each column may hold: good cells, missing ones, bad ones and ones that nobody can read.
TEXTS = ["", "a", "b", "ab", "A", "罚款", "罚款;警告", "2020", "张*三", " a", "\ta\n", "0"]
INTEGERS = ["", "0", "1", "2", "-3", "7", "31", "2020", "9999", "x", "1.0"]
NUMBERS = ["", "0", "0.0", "-0", "1", "1.0", "1.5", "-2.25", "434.720", "0.0001", "31", "many"]
DATES = ["", "2019-12-31", "2020-01-01", "2020-02-29", "2021-06-30", "2020-13-01", "now"]
KINDS: dict[str, tuple[str, list[str], dict[str, Any]]] = {
    "text": ("string", TEXTS, {}),
    "other_text": ("string", TEXTS, {}),
    "name": ("string", TEXTS, {"required": True}),
    "count": ("integer", INTEGERS, {"minimum": -1000, "maximum": 1000}),
    "limit": ("integer", INTEGERS, {"minimum": 0, "maximum": 9999, "required": True}),
    "serial": ("integer", [*INTEGERS, "9223372036854775807", "-9223372036854775808"], {}),
    "amount": ("number", NUMBERS, {}),
    "total": ("number", [*NUMBERS, "123456789.012345", "123456789.012346"], {"required": True}),
    "part": ("number", ["", "0", "0.00", "0.4", "0.5", "0.55", "1", "1.49", "1.51", "2.0"], {}),
    "day": ("date", DATES, {}),
    "until": ("date", DATES, {"required": True}),
    "year": ("year", ["", "2019", "2020", "0007", "20", "-020"], {}),
    "flag": ("boolean", ["", "true", "false", "1", "0", "yes"], {}),
    "sure": ("boolean", ["", "true", "false", "maybe"], {"required": True}),
}
CONTEXT = Context(publishers=frozenset({"a", "罚款"}), period="2020")


@cache
def schema() -> Schema:
    """Return the table's schema."""
    register()
    return Schema.from_descriptor(
        {
            "fields": [
                {"name": name, "type": kind, "constraints": constraints}
                for name, (kind, _, constraints) in KINDS.items()
            ]
        }
    )


@cache
def columns() -> Mapping[str, Column]:
    """Return the table's columns by name."""
    return {each.name: column(each, at) for at, each in enumerate(schema().fields)}


def both_ways(
    check: Check, rows: Sequence[Sequence[str]]
) -> tuple[list[list[tuple[type[Error], str | None]]], ...] | None:
    """Judge rows by a check and by its twin; ``None`` if it has none.

    Returned are, of each row whose named cells are sure, the errors and their columns.
    """
    findings = twin(check, columns())
    if findings is None:
        return None
    frame = pl.DataFrame(
        list(rows), schema={str(at): pl.String for at in range(len(KINDS))}, orient="row"
    )
    judged = proven_rows(check, frame)
    handlers = create_cell_handlers(schema().fields)
    by_check = [
        [
            (type(error), getattr(error, "field_name", None))
            for error in check.validate_row(Row(list(cells), handlers=handlers, row_number=2))
        ]
        for cells, is_judged in zip(rows, judged, strict=True)
        if is_judged
    ]
    answers = frame.with_columns(
        each.when.alias(f"finding {at}") for at, each in enumerate(findings)
    ).filter(judged)
    assert not sum(answers.null_count().row(0))
    by_twin = [
        [
            (each.error, each.field)
            for at, each in enumerate(findings)
            if answers[f"finding {at}"][row]
        ]
        for row in range(len(answers))
    ]
    return by_check, by_twin


def proven_rows(check: Check, frame: pl.DataFrame) -> pl.Series:
    """Say in which rows all cells are told well enough that a check's twin rests on."""
    named = [sure(check, columns()[name]) for name in named_cells(check, columns())]
    return frame.select(pl.all_horizontal(pl.col("0").is_not_null(), *named)).to_series()
