"""What changed between two releases, for people."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template

from opendata.domain.contracts import Contract, Field
from opendata.domain.diffs import Total
from opendata.domain.errors import Text
from opendata.stages import catalogue, diff
from opendata.web.access import opened_to, runtime
from opendata.web.links import api_url
from opendata.web.pages.columns import usual
from opendata.web.pages.writing import Cell, cell, unit_of

# So many changes are on the page; the file has them all.
SHOWN = 200
_OPS = {
    "added": Text("新增", "added"),
    "removed": Text("减少", "removed"),
    "changed": Text("变动", "changed"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A field before and after; of a record that was added or removed, one side has nothing."""

    field: Field
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True)
class Change:
    """One record as the page shows it; ``op`` is the kind of change, ``label`` what it is called.

    Of a record that was added or removed only the usual columns are shown.
    """

    op: str
    label: Text
    record_id: str
    row: int
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """A sum that moved, and what its records have in common."""

    within: str
    pair: Pair


@opened_to()
def one(dataset: str, before: int, after: int) -> str:
    """Show what changed from one release to another: how much, then the first changes."""
    held = runtime()
    with held.home.database.read() as session:
        told = catalogue.readable(session, None, dataset)
        wanted = diff.pair(session, held.contracts, dataset, (before, after), held.now())
    found = diff.diff(held.home, held.contracts, wanted, held.now)
    contract = wanted.contract
    return render_template(
        "diff.html",
        dataset=told,
        contract=contract,
        pair=wanted,
        summary=found.summary,
        cells=[(contract.field(name), count) for name, count in found.summary.cells.items()],
        totals=[_moved(each, contract) for each in found.summary.totals],
        changes=[_change(line, contract) for line in found.first(SHOWN)],
        api=api_url(f"datasets/{dataset}/releases/{before}/diff/{after}"),
    )


def _change(line: bytes, contract: Contract) -> Change:
    told = json.loads(line, parse_float=Decimal)
    before, after = told.get("before", {}), told.get("after", {})
    names: Iterable[str] = {**before, **after}
    if told["op"] != "changed":
        shown = usual(contract)
        record = before or after
        names = [name for name in names if name in shown and record[name] is not None]
    pairs = tuple(_pair(name, before, after, contract) for name in names)
    return Change(told["op"], _OPS[told["op"]], told["_id"], told["_row"], pairs)


def _pair(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], contract: Contract
) -> Pair:
    fields = {each.name: each for each in contract.fields}
    field = fields[name]
    sides = (cell(field, each.get(name), unit_of(field, each, fields)) for each in (before, after))
    return Pair(field, *sides)


def _moved(total: Total, contract: Contract) -> Moved:
    """Say what a group has in common, units apart, which stand behind the sums."""
    fields = {each.name: each for each in contract.fields}
    field = fields[total.column]
    told = [
        cell(fields[name], value).text
        for name, value in total.within.items()
        if value is not None and name != field.unit_field
    ]
    before, after = ({**total.within, total.column: each} for each in (total.before, total.after))
    return Moved("，".join(told), _pair(total.column, before, after, contract))
