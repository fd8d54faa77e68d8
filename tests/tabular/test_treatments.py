"""Treatments: what publication leaves of personal data, and what cannot be treated exactly."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Contract
from opendata.domain.treatments import Handling, Level, Treatment, generalised_region, masked
from opendata.tabular.contract import UnusableContract
from opendata.tabular.readers import OpenTable, open_table
from opendata.tabular.treatments import column_secret, dataset_secret, treated
from opendata.tabular.typed import Secrets, typed_schema, typed_table
from tests.tabular.conftest import Declarations, csv_text

MASK, HASH = Handling(Treatment.MASK), Handling(Treatment.HASH)
YEAR = '{treatment = "generalise", to = "year"}'
S, L, T = "table-schema.json", "checklist.json", "collection.toml"
SECRETS = Secrets(b"home", dataset_secret(b"home", "own"))
Change = Callable[[Declarations], object]


def treating(name: str, said: str) -> Change:
    """A treatment that is declared, in place of one that was."""

    def change(made: Declarations) -> None:
        kept = re.sub(rf"(?m)^{name} = .*\n", "", made.collection)
        made.collection = kept.replace("[personal]\n", f"[personal]\n{name} = {said}\n")

    return change


def on(name: str, **more: object) -> Change:
    """A change of one column."""
    return lambda made: made.column(name).update(more)


UNUSABLE: list[tuple[str, list[Change], str, str]] = [
    ("of a number", [treating("party_id", "18")], f"{T}#personal.party_id", "not supported"),
    ("to nothing", [treating("accepted", '"generalise"')], f"{T}#personal.accepted", "not supp"),
    (
        "a mask to a level",
        [treating("party", '{treatment = "mask", to = "year"}')],
        f"{T}#personal.party",
        "not supported",
    ),
    (
        "to an unknown level",
        [treating("accepted", '{treatment = "generalise", to = "week"}')],
        f"{T}#personal.accepted",
        "not supported",
    ),
    (
        "saying more",
        [treating("party", '{treatment = "hash", salt = "x"}')],
        f"{T}#personal.party",
        "not supported",
    ),
    ("of the key", [treating("serial", '"hash"')], f"{T}#personal.serial", "as they are"),
    ("of the publisher", [treating("agency_name", '"mask"')], f"{T}#personal.agency", "as they"),
    ("of the period", [treating("decided_year", '"hash"')], f"{T}#personal.decided_y", "as they"),
    ("of the window", [treating("decided", YEAR)], f"{T}#personal.decided", "as they are"),
    ("masking a date", [treating("accepted", '"mask"')], f"{T}#personal.accepted", "string"),
    ("masking codes", [treating("kind", '"mask"')], f"{T}#personal.kind", "few values"),
    ("hashing codes", [treating("kind", '"hash"')], f"{T}#personal.kind", "few values"),
    ("hashing yes or no", [treating("is_person", '"hash"')], f"{T}#personal.is_person", "string"),
    ("hashing an amount", [treating("amount", '"hash"')], f"{T}#personal.amount", "integer"),
    ("a range", [treating("amount", YEAR)], f"{T}#personal.amount", "use drop"),
    (
        "an address",
        [treating("source", '{treatment = "generalise", to = "city"}')],
        f"{T}#personal.source",
        "region-code",
    ),
    (
        "treated and unique",
        [treating("party", '"mask"'), on("party", constraints={"unique": True})],
        f"{T}#personal.party",
        "unique",
    ),
    (
        "treated and searched, though no text",
        [
            treating("accepted", YEAR),
            lambda made: setattr(
                made, "collection", made.collection.replace('["party"]', '["accepted"]')
            ),
        ],
        f"{T}#personal.accepted",
        "no searching",
    ),
    (
        "treated and compared over rows",
        [
            treating("party", '"mask"'),
            lambda made: made.schema.update(uniqueKeys=[["party"]]),
            lambda made: made.checklist["checks"].append(
                {"type": "unique-keys", "name": "T-NEW", "keys": [["party"]]}
            ),
        ],
        f"{L}#T-NEW",
        "dropped or treated",
    ),
]


@pytest.mark.parametrize(
    ("changes", "place", "why"), [pytest.param(*case, id=name) for name, *case in UNUSABLE]
)
def test_what_could_not_be_treated_exactly_is_refused(
    declarations: Declarations, changes: list[Change], place: str, why: str
) -> None:
    for each in changes:
        each(declarations)

    with pytest.raises(UnusableContract) as refusal:
        declarations.load()

    faults = [each for each in refusal.value.faults if each.pointer.startswith(place)]
    assert [each for each in faults if why in each.detail.en], refusal.value.faults
    assert all(each.detail.zh for each in faults)


@pytest.fixture
def contract(declarations: Declarations) -> Contract:
    """A contract with every treatment."""
    region = {"type": "region-code", "name": "T-R", "fieldName": "types"}
    declarations.checklist["checks"].append({**region, "periodField": "decided_year"})
    declarations.column("types").update(example="330106")
    declarations.column("party").update(constraints={"required": True, "maxLength": 10})
    declarations.cautions["checks"].pop()
    for name, said in [
        ("party", '"mask"'),
        ("agency_code", '"hash"'),
        ("accepted", YEAR),
        ("types", '{treatment = "generalise", to = "city"}'),
    ]:
        treating(name, said)(declarations)
    return declarations.load()


@pytest.fixture
def opening(contract: Contract, tmp_path: Path) -> Callable[..., OpenTable]:
    """A function that opens rows as a received file."""

    def run(*rows: dict[str, str]) -> OpenTable:
        (tmp_path / "received.csv").write_text(csv_text(*rows), encoding="utf-8")
        return open_table(tmp_path / "received.csv", contract, tmp_path / "canonical.csv")

    return run


def test_the_published_contract_says_what_is_left_and_no_more(contract: Contract) -> None:
    published = contract.published
    raw = {each["name"]: each for each in published.table_schema["fields"]}

    assert contract.treatments == {
        "accepted": "generalise:year",
        "agency_code": "hash",
        "party": "mask",
        "party_id": "drop",
        "types": "generalise:city",
    }
    assert "party_id" not in raw
    assert raw["accepted"]["type"] == "year"
    assert raw["accepted"]["example"] == "2020"
    assert raw["types"]["example"] == "330100"
    assert raw["party"]["constraints"] == {"required": True}
    assert raw["party"]["personalTreatment"] == "mask"
    assert "已隐去" in raw["party"]["description"]
    assert "Masked" in raw["party"]["descriptionEn"]
    # A pattern that no digest has would be a false promise, and an example a true number.
    assert raw["agency_code"]["constraints"] == {}
    assert raw["agency_code"]["example"] != contract.field("agency_code").example
    assert published.published is published


ROWS = [
    {"party": "王小明*", "types": "330106", "agency_code": "91110000600037341L"},
    {"serial": "2", "party": "张三*", "types": "", "agency_code": "", "accepted": ""},
]


def test_typed_rows_are_the_treated_ones(
    contract: Contract, opening: Callable[..., OpenTable]
) -> None:
    table = typed_table(opening(*ROWS), contract, SECRETS)

    assert table.schema == typed_schema(contract)
    first, second = table.to_pylist()
    assert (first["accepted"], first["types"]) == (2020, "330100")
    assert re.fullmatch("[a-z2-7]{52}", first["agency_code"])
    assert [second[name] for name in ("accepted", "types", "agency_code")] == [None] * 3
    assert "91110000600037341L" not in str(table.to_pylist())


def test_a_hash_without_a_secret_is_refused(
    contract: Contract, opening: Callable[..., OpenTable]
) -> None:
    with pytest.raises(ValueError, match="needs the dataset's secret"):
        typed_table(opening({"types": ""}), contract)


def test_identifiers_stay_what_they_were_before_the_treatments(
    contract: Contract, declarations: Declarations, opening: Callable[..., OpenTable]
) -> None:
    plain = declarations.collection.split("[personal]")
    rest = plain[1][plain[1].index("[measures") :]
    declarations.collection = f'{plain[0]}[personal]\nparty_id = "drop"\n{rest}'

    treated_ids = typed_table(opening(*ROWS), contract, SECRETS).column("_id")

    untreated = declarations.load()
    assert treated_ids == typed_table(opening(*ROWS), untreated).column("_id")


@given(st.lists(st.text() | st.text("张王李欧阳某·*＊𠮷0x\n", max_size=5) | st.none(), max_size=6))
@example(["张三\n", "张\n三", "张三", "𠮷田一郎", None, ""])
@settings(max_examples=60, deadline=None)
def test_whole_columns_are_masked_like_single_names(texts: list[str | None]) -> None:
    found = treated(pl.Series("x", texts, pl.String), "string", MASK).to_list()

    assert found == [None if each is None else masked(each) for each in texts]


@given(st.text() | st.from_regex("[0-9]{6,18}[0-9Xx]", fullmatch=True))
@settings(max_examples=60, deadline=None)
def test_of_what_is_no_name_nothing_is_left_and_of_a_name_two_characters(text: str) -> None:
    left = masked(text)

    assert len(left) <= 3
    assert not re.search("[0-9A-Za-z]", left)
    assert masked(left) == left


@given(st.lists(st.dates() | st.none(), max_size=5), st.sampled_from([Level.YEAR, Level.MONTH]))
@settings(max_examples=30, deadline=None)
def test_a_date_is_generalised_to_what_its_text_begins_with(
    days: list[date | None], level: Level
) -> None:
    found = treated(pl.Series("x", days, pl.Date), "date", Handling(Treatment.GENERALISE, level))

    length = {Level.YEAR: 4, Level.MONTH: 7}[level]
    begun = [each and each.isoformat()[:length] for each in days]
    assert [each and str(each).rjust(4, "0") for each in found.to_list()] == begun


def test_a_region_is_generalised_to_its_city_or_province() -> None:
    codes = ["330106", "100000", "429004", None]
    handling = Handling(Treatment.GENERALISE, Level.PROVINCE)

    found = treated(pl.Series("x", codes, pl.String), "string", handling).to_list()

    assert found == ["330000", "100000", "420000", None]
    assert [generalised_region(each, 4) for each in codes if each] == ["330100", "100000", "429000"]


def test_a_hash_joins_within_a_column_of_a_dataset_and_nowhere_else() -> None:
    values = pl.Series("x", ["110101199001011234", "110101199001011234", "x", None])

    def hashed(secret: bytes, dataset: str, column: str) -> list[str]:
        key = column_secret(dataset_secret(secret, dataset), column)
        return treated(values, "string", HASH, key).to_list()

    found = hashed(b"home", "a", "id")
    assert found[0] == found[1] != found[2]
    assert found[3] is None
    elsewhere = [(b"home", "b", "id"), (b"home", "a", "other"), (b"another", "a", "id")]
    assert not {*found[:3]} & {each for place in elsewhere for each in hashed(*place) if each}
    assert found == hashed(b"home", "a", "id")
