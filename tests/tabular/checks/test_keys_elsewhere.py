"""Which rows another dataset holds is found for all of them at once, and never overlooked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pytest
from frictionless import Schema

from opendata.domain.identifiers import record_id
from opendata.tabular.certify.columns import column
from opendata.tabular.checks.keys import KeyUniqueAcrossCheck
from opendata.tabular.context import Context

ELSEWHERE = record_id("c", ["某局", 2])
OURS = record_id("c", ["某局", 3])


@dataclass
class Held:
    """Releases that hold two records, and remember what they were asked for."""

    holds_records: bool = True
    asked: list[str] = field(default_factory=list)

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        self.asked += ids
        held = {ELSEWHERE: "theirs", OURS: "ours"}
        return {each: held[each] for each in ids if each in held}


def suspects(held: Held, *serials: str, **more: Any) -> list[bool] | None:
    fields = [{"name": "name", "type": "string"}, {"name": "serial", "type": "integer", **more}]
    schema = Schema.from_descriptor({"fields": fields})
    columns = {each.name: column(each, at) for at, each in enumerate(schema.fields)}
    check = KeyUniqueAcrossCheck(collection="c", key=["name", "serial"])
    check.context = Context(frozenset(), None, dataset="ours", releases=held)  # type: ignore[arg-type]  # only what is asked for.
    frame = pl.DataFrame({"row": range(len(serials)), "name": "某局", "serial": serials})
    found = check.suspects(frame, columns)
    return None if found is None else found.to_list()


def test_only_a_row_that_another_dataset_holds_is_looked_at() -> None:
    held = Held()

    assert suspects(held, "1", "2", "3", "4") == [False, True, False, False]
    assert len(held.asked) == 4


@pytest.mark.parametrize("text", ["02", " 2", "２", "+2", "x", "2.0"])
def test_a_key_in_an_unusual_notation_is_read_by_the_judge(text: str) -> None:
    assert suspects(Held(), "1", text) == [False, True]


def test_a_row_without_its_whole_key_has_no_id() -> None:
    held = Held()

    assert suspects(held, "", "1") == [False, False]
    assert held.asked == [record_id("c", ["某局", 1])]


def test_where_a_cell_may_mean_something_else_every_row_is_looked_at() -> None:
    assert suspects(Held(), "1", missingValues=["", "-"]) is None


def test_nobody_is_asked_where_nothing_is_published() -> None:
    held = Held(holds_records=False)

    assert suspects(held, "2") == [False]
    assert not held.asked
