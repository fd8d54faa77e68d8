"""Timeliness: when each record of a release was first published, and by when it was due."""

from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, MINYEAR, date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy.orm import Session

from opendata.domain.contracts import Contract, DeadlineChoice
from opendata.domain.deadlines import Trigger, choices_of
from opendata.domain.editions import local_day
from opendata.domain.timeliness import Batch, Timeliness, timeliness
from opendata.stages import catalogue
from opendata.stages.first_editions import first_editions
from opendata.stages.releases import Release
from opendata.stages.rules import Rules
from opendata.storage.home import Home
from opendata.storage.tables import ReleaseRow

_FIRST, _TRIGGER = "_first", "_trigger"
# Records that no rule of their collection is for.
_NO_RULE = DeadlineChoice("", None, {})


def timeliness_of(
    session: Session,
    home: Home,
    contracts: catalogue.Contracts,
    rules: Rules,
    found: Release,
) -> Timeliness | None:
    """Say whether the records of a release were published in time.

    It is worked out once for the rules there are: neither releases nor what was in them changes.
    Of a release that is not public nothing is said, nor of what was transcribed: when its
    publisher published it, and whether that was in time, nobody here knows.
    """
    contract = contracts.get(found.collection)
    dataset = catalogue.dataset(session, found.dataset)
    if contract is None or not found.public or dataset.metadata.transcribes:
        return None
    agency = dataset.agency
    key = ("timeliness", found.id)
    holds_for = (contract.digest, rules, agency.id, agency.region_code)
    kept: Timeliness | None = home.views.get(key, holds_for)
    if kept is None:
        kept = timeliness(
            _counted(session, home, contract.published, found),
            local_day(found.released_at),
            lambda rule, day: rules.due(rule, day, agency.id, agency.region_code),
            rules.calendar(agency.region_code),
        )
        home.views.keep(key, holds_for, kept, 1 + len(kept.rules))
    return kept


def triggers(
    after: Path, before: Path | None, contract: Contract
) -> tuple[tuple[Trigger, ...], ...]:
    """Return from which days the terms run of records that are in ``after`` alone, and of how many.

    Both are Parquet files of records; for each rule of the contract, the published one.
    """
    rows = _read(str(after), contract, "_id")
    if before is not None:
        known = pq.read_table(before, columns=["_id"]).column("_id").combine_chunks()
        rows = rows.filter(pc.invert(pc.is_in(rows.column("_id"), value_set=known)))
    rows = rows.append_column(_FIRST, pa.array(np.zeros(rows.num_rows, int)))
    of_rules = [
        [Trigger(each.trigger, each.count) for each in _grouped(found, choice, (date.min,))]
        for choice, found in _by_rule(rows, contract)
    ]
    return tuple(map(tuple, of_rules[:-1]))


def _counted(session: Session, home: Home, contract: Contract, found: Release) -> Iterator[Batch]:
    """Yield how many records of a release have their rule, day and first publication in common."""
    of_it = (ReleaseRow.dataset_id == found.dataset) & (ReleaseRow.number <= found.number)
    made = first_editions(session, of_it)[::-1]
    days = [local_day(row.released_at) for row, _ in made]
    files = [str(home.vault.path(digest)) for _, digest in made]
    rows = _read(files[-1], contract, "_row")
    firsts = home.keys.firsts(f"{found.collection}/{found.dataset}", files)
    rows = rows.append_column(_FIRST, pa.array(firsts))
    for choice, its_rows in _by_rule(rows, contract):
        yield from _grouped(its_rows, choice, days)


def _by_rule(rows: pa.Table, contract: Contract) -> Iterator[tuple[DeadlineChoice, pa.Table]]:
    """Yield each rule with the rows that it is for, then those that none is for."""
    for choice in choices_of(contract):
        is_for = _matching(rows, choice)
        yield choice, rows.filter(is_for)
        rows = rows.filter(pc.invert(is_for))
    yield _NO_RULE, rows


def _read(path: str, contract: Contract, always: str) -> pa.Table:
    """Read the columns that decide by when a record is due; an older contract may lack some.

    ``always`` is one that every file has, so that the rows are there even where none decides.
    """
    choices = choices_of(contract)
    wanted = {name for each in choices for name in each.where}
    wanted |= {each.trigger_field for each in choices if each.trigger_field}
    with pq.ParquetFile(path) as file:
        there = [name for name in file.schema_arrow.names if name in wanted]
        return file.read(columns=[always, *there])


def _matching(rows: pa.Table, choice: DeadlineChoice) -> Any:
    """Say of each row whether the rule is for it."""
    found: Any = pa.array(np.ones(rows.num_rows, bool))
    for name, values in choice.where.items():
        if name not in rows.column_names:
            return pa.array(np.zeros(rows.num_rows, bool))
        column = rows.column(name)
        is_one = pc.is_in(column, value_set=pa.array(values, column.type))
        found = pc.and_(found, is_one)
    return found


def _grouped(rows: pa.Table, choice: DeadlineChoice, days: Sequence[date]) -> Iterator[Batch]:
    named = choice.trigger_field
    nothing = pa.nulls(rows.num_rows, pa.date32())
    trigger = rows.column(named) if named in rows.column_names and named else nothing
    table = pa.table({_TRIGGER: trigger, _FIRST: rows.column(_FIRST)})
    groups = table.group_by([_TRIGGER, _FIRST]).aggregate([([], "count_all")])
    for value, first, count in zip(*(each.to_pylist() for each in groups.columns), strict=True):
        yield Batch(choice.rule, _day(value), days[first], count)


def _day(value: date | int | None) -> date | None:
    """Return the day a term runs from: of a year it is the last."""
    if isinstance(value, int):
        return date(value, 12, 31) if MINYEAR <= value <= MAXYEAR else None
    return value
