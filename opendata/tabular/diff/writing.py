"""Writing: changes as lines of JSON, values with their exact digits as in a release's NDJSON."""

import json
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import orjson
import polars as pl

from opendata.domain.diffs import Summary
from opendata.domain.values import decimal_text
from opendata.tabular.diff.abreast import abreast
from opendata.tabular.export.layout import Layout
from opendata.tabular.export.rendered import rendered, utf8
from opendata.tabular.export.text import json_member

if TYPE_CHECKING:
    from opendata.tabular.diff.sides import Match, Side
    from opendata.tabular.diff.waiting import Waiting

_OWN = ("_id", "_row")


def members(frame: pl.DataFrame, layout: Layout) -> list[pl.Series]:
    """Return each column of ``frame`` as members of JSON objects, ``"name":value``."""
    part = Layout(layout.contract, tuple(frame.columns), computed=layout.computed)
    texts = rendered(frame, part)
    return texts.select(json_member(each).alias(each.name) for each in part.fields).get_columns()


def append_summary(path: Path, summary: Summary) -> None:
    """Write a summary behind the changes, as a line like theirs."""
    with path.open("ab") as out:
        out.write(b'{"op":"summary",' + summary_text(summary)[1:] + b"\n")


def summary_text(summary: Summary) -> bytes:
    """Return a summary as JSON."""
    return orjson.dumps(summary.as_dict(), _exactly)


def read_summary(text: bytes) -> Summary:
    """Read what ``summary_text`` returned, every number exactly."""
    return Summary.of(json.loads(text, parse_float=Decimal))


def _exactly(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(decimal_text(value))
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)


def write_changes(match: "Match", waiting: "Waiting", out: IO[bytes]) -> None:
    """Write what changed and what was added in the later order, then what was removed."""

    def later(begin: int, end: int) -> memoryview:
        lines = [_changed(match, waiting, begin, end), _added(match, begin, end)]
        return utf8(pl.concat(lines).sort("row")["line"])

    def removed(begin: int, end: int) -> memoryview:
        gone = ~match.kept[begin:end]
        return utf8(_whole(match.old, gone, begin, ("removed", "before"))["line"])

    for lines in chain(abreast(later, match.new.parts()), abreast(removed, match.old.parts())):
        out.write(lines)


def _added(match: "Match", begin: int, end: int) -> pl.DataFrame:
    return _whole(match.new, match.places[begin:end] < 0, begin, ("added", "after"))


def _changed(match: "Match", waiting: "Waiting", begin: int, end: int) -> pl.DataFrame:
    cells = waiting.records(begin, end)
    if cells.is_empty():
        return _NONE
    first, last = int(cells["row"][0]), int(cells["row"][-1])
    own = match.new.frame(_OWN, first, last + 1)[cells["row"] - first]
    line = _line("changed", ['"before":{', pl.col("before"), '},"after":{', pl.col("after"), "}"])
    return cells.hstack(own).select("row", line.alias("line"))


def _whole(
    side: "Side", wanted: npt.NDArray[np.bool_], begin: int, said: tuple[str, str]
) -> pl.DataFrame:
    if not wanted.any():
        return _NONE
    columns = [*_OWN, *side.names]
    frame = side.frame(columns, begin, begin + len(wanted)).filter(pl.Series(wanted))
    own = frame.select(_OWN)
    told = members(frame.select(side.names), side.layout)
    rows = pl.Series("row", np.flatnonzero(wanted) + begin)
    record = [part for each in told for part in (",", pl.col(each.name))][1:]
    line = _line(said[0], [f'"{said[1]}":{{', *record, "}"])
    return pl.DataFrame([rows, *own, *told]).select("row", line.alias("line"))


_NONE = pl.DataFrame(schema={"row": pl.Int64, "line": pl.String})


def _line(op: str, told: "list[pl.Expr | str]") -> pl.Expr:
    """Return a line; an ``_id`` has no letter that JSON writes otherwise."""
    parts: list[pl.Expr | str] = [
        f'{{"op":"{op}","_id":"',
        pl.col("_id"),
        '","_row":',
        pl.col("_row"),
        ",",
        *told,
        "}\n",
    ]
    return pl.concat_str([pl.lit(each) if isinstance(each, str) else each for each in parts])
