"""Rows about natural persons: what is only like an identity document's number is barred there."""

from dataclasses import replace

import pyarrow as pa
import pytest

from opendata.tabular.privacy import PrivacyScan, columns_with_identifiers
from opendata.tabular.readers import open_table
from tests.domain.made import contract, field

PERSON = "110101188203071234"
PARTY = replace(field("party"), constraints={"enum": ["法人", "自然人"]})
TELLING = contract(fields=(field("name"), PARTY), personal={})
LIKENESSES = ["110101010307123", "E12345678", f"AB{PERSON}", f"1{PERSON}", "证号12345678"]


@pytest.fixture
def scanned(tmp_path):
    """Return the flags of a table with these rows, scanned as things that tell their party."""

    def scan(*rows: str):
        path = tmp_path / "received.csv"
        path.write_text("\n".join(["name,party", *rows, ""]), "utf-8")
        table = open_table(path, TELLING, tmp_path / "table.csv")
        scan = PrivacyScan(table, TELLING)
        for _ in table.shown_to(scan.see).blocks(1 << 24):
            pass
        return scan.flags()

    return scan


@pytest.mark.parametrize("text", LIKENESSES)
def test_a_likeness_bars_publication(scanned, text):
    flags = scanned(*[f"{text},{party}" for party in ("法人", "自然人", "")])

    assert [(each.rows, each.is_barred) for each in flags] == [((3, 4), True), ((2,), False)]


def test_what_is_certain_bars_whomever_the_row_is_about(scanned):
    (flag,) = scanned(f"{PERSON},法人", f"{PERSON},自然人")

    assert (flag.count, flag.is_barred) == (2, True)


@pytest.mark.parametrize("text", LIKENESSES)
def test_no_likeness_is_left_when_it_is_published(text):
    def left(party, declared=TELLING):
        rows = pa.table({"name": [text], "party": pa.array([party], pa.string())})
        return columns_with_identifiers(rows, declared)

    assert [left("自然人"), left(None), left("法人")] == [["name"], ["name"], []]
    assert left("自然人", contract(personal={})) == []


def test_whole_numbers_are_looked_at_once_more_as_well():
    rows = pa.table({"name": ["甲"], "size": [int(PERSON)]})

    assert columns_with_identifiers(rows, contract()) == ["size"]
