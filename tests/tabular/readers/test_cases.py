"""Every case: read with the cells of the clean table, or refused where and for what is said."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from opendata.domain.contracts import Contract, Reading
from opendata.tabular.judge import judge
from opendata.tabular.readers import Declared, OpenTable, Unreadable, open_table
from tests.tabular.readers.cases import cases
from tests.tabular.readers.cases.clean import clean, contracts
from tests.tabular.readers.cases.model import Case, Clean

CASES = cases()
ACCEPTED = [case for case in CASES if case.refused is None]
REFUSED = [case for case in CASES if case.refused is not None]


def contract_of(case: Case) -> Contract:
    """Return the contract with what the case adds to it."""
    contract = contracts()[case.collection]
    other = {field: alias for alias, field in case.aliases.items()}
    fields = [
        replace(each, aliases=(other[each.name],)) if each.name in other else each
        for each in contract.fields
    ]
    reading = Reading("notes" in case.contract_reading, "totals" in case.contract_reading)
    return replace(contract, fields=tuple(fields), reading=reading)


def received(case: Case, folder: Path) -> OpenTable:
    """Write the case's file and open it."""
    path = folder / "received"
    path.write_bytes(case.make(clean(case.collection)))
    declared = Declared(case.media_type, case.filename)
    return open_table(path, contract_of(case), folder / "canonical.csv", declared)


def cells_of(path: Path, collection: str) -> Clean:
    """Read a canonical file."""
    with path.open(newline="", encoding="utf-8") as stream:
        names, *rows = csv.reader(stream, strict=True)
    return Clean(collection, tuple(names), tuple(tuple(row) for row in rows))


def named(case: Case) -> str:
    return f"{case.format}: {case.id}"


def test_every_case_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(map(named, CASES)).items() if count > 1] == []


@pytest.mark.parametrize("case", ACCEPTED, ids=named)
def test_an_oddity_that_is_understood_leaves_the_cells_of_the_clean_table(
    case: Case, tmp_path: Path
) -> None:
    table = received(case, tmp_path).table()

    wanted = clean(case.collection)
    assert cells_of(table.path, case.collection) == (
        case.cells(wanted) if case.cells is not None else wanted
    )
    notes = table.provenance.get("notes", ())
    assert [code for code in case.notes if code not in {each["code"] for each in notes}] == []
    assert all(each["zh"] and each["en"] for each in notes)


@pytest.mark.parametrize("case", REFUSED, ids=named)
def test_an_oddity_that_is_not_understood_is_refused_with_its_place(
    case: Case, tmp_path: Path
) -> None:
    with pytest.raises(Unreadable) as refusal:
        received(case, tmp_path).table()

    code, pointers = case.refused or ("", ())
    assert refusal.value.code == code
    assert tuple(fault.pointer for fault in refusal.value.faults) == pointers
    assert refusal.value.detail.zh
    assert refusal.value.detail.en


@pytest.mark.parametrize(
    "case",
    list({case.format: case for case in reversed(ACCEPTED) if case.cells is None}.values()),
    ids=named,
)
def test_what_is_understood_of_a_clean_table_is_judged_valid(case: Case, tmp_path: Path) -> None:
    judgement = judge(received(case, tmp_path), contract_of(case))

    assert judgement.report["errors"] == []
    assert judgement.valid
