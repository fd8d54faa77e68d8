"""Contracts: what cannot be enforced exactly is refused when it is loaded, with its place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from opendata.domain.contracts import Also, Mode, PeriodKind, Reading
from opendata.domain.treatments import Handling, Treatment
from opendata.tabular.contract import UnusableContract, load, load_all, packaged_schemas
from tests.tabular.conftest import Declarations, column

Change = Callable[[Declarations], object]


def field(name: str, /, **changes: object) -> Change:
    """A change of one column; ``None`` takes a property away."""

    def change(made: Declarations) -> None:
        found = made.column(name)
        for key, value in changes.items():
            if value is None:
                found.pop(key)
            else:
                found[key] = value

    return change


def limits(name: str, /, **changes: object) -> Change:
    """A change of one column's constraints; ``None`` takes one away."""

    def change(made: Declarations) -> None:
        found = made.column(name).setdefault("constraints", {})
        for key, value in changes.items():
            if value is None:
                found.pop(key)
            else:
                found[key] = value

    return change


def rule(name: str, /, **changes: object) -> Change:
    """A change of one rule."""
    return lambda made: made.rule(name).update(changes)


def added(**entry: object) -> Change:
    """One more rule in the checklist."""
    return lambda made: made.checklist["checks"].append({"name": "T-NEW", **entry})


def toml(old: str, new: str) -> Change:
    """A change of the text of ``collection.toml``."""

    def change(made: Declarations) -> None:
        assert old in made.collection
        made.collection = made.collection.replace(old, new)

    return change


def schema(**changes: object) -> Change:
    """A change of the Table Schema as a whole."""
    return lambda made: made.schema.update(changes)


def new_column(name: str, **more: object) -> Change:
    """One more column."""
    kind = str(more.pop("kind", "string"))
    return lambda made: made.schema["fields"].append(
        column(name, f"新列 {name}", kind, **{"example": "x", **more})
    )


S, L, C, T = "table-schema.json", "checklist.json", "cautions.json", "collection.toml"

UNUSABLE: list[tuple[str, Change, str, str]] = [
    # What, how, and where and why it is refused.
    ("unknown type", field("party", type="any"), f"{S}#party", "is not supported"),
    ("type in want of JSON", field("party", type="object"), f"{S}#party", "is not supported"),
    ("unknown format", field("party", format="ipv4"), f"{S}#party", "format 'ipv4'"),
    ("guessing dates", field("decided", format="any"), f"{S}#decided", "format 'any'"),
    ("unknown constraint", limits("party", jsonSchema={}), f"{S}#party", "cannot be enforced"),
    ("length of a number", limits("serial", maxLength=3), f"{S}#serial", "cannot be enforced"),
    ("unknown property", field("party", groupChar=","), f"{S}#party", "unknown property"),
    ("unique keys", schema(uniqueKeys=[["party"]]), f"{L}#uniqueKeys", "unique-keys rules"),
    ("foreign keys", schema(foreignKeys=[]), f"{S}#foreignKeys", "ignores"),
    ("missing values", schema(missingValues=["", "-"]), f"{S}#missingValues", '[""]'),
    ("loose header", schema(fieldsMatch="subset"), f"{S}#fieldsMatch", "exact"),
    ("loose pattern", limits("agency_code", pattern="A|B"), f"{S}#agency_code", "inside a group"),
    ("unicode digits", limits("agency_code", pattern=r"\d+"), f"{S}#agency_code", "[0-9]"),
    ("broken pattern", limits("agency_code", pattern="("), f"{S}#agency_code", "broken"),
    ("codes differ", limits("kind", enum=["fine"]), f"{S}#kind", "differ"),
    ("codes not enforced", limits("kind", enum=None), f"{L}#kind", "categories rule"),
    (
        "same label twice",
        lambda made: made.column("kind")["categories"][1].update(label="罚款"),
        f"{S}#kind",
        "occurs twice",
    ),
    ("codes of numbers", field("serial", categories=[]), f"{S}#serial", "string field"),
    ("no title", field("party", title=None), f"{S}#party", '"title" is missing'),
    ("no English", field("party", descriptionEn=""), f"{S}#party", '"descriptionEn"'),
    ("same title twice", field("party", title="来源"), f"{S}#source", "alias of party"),
    ("title is another's name", field("party", title="kind"), f"{S}#party", "alias of kind"),
    ("alias is another's title", field("party", aliases=["来源"]), f"{S}#source", "alias of party"),
    ("empty alias", field("party", aliases=[" "]), f"{S}#party", "none of them empty"),
    ("aliases no list", field("party", aliases="来源"), f"{S}#party", "must be of type list"),
    ("no example", field("party", example=None), f"{S}#party", "example"),
    ("example breaks its field", field("serial", example=0), f"{S}#serial", "example"),
    ("integer without bounds", limits("serial", maximum=None), f"{S}#serial", "required"),
    ("beyond 64 bits", limits("serial", maximum=2**63), f"{S}#serial", "64 bits"),
    ("number without bounds", limits("amount", minimum=None), f"{S}#amount", "required"),
    ("no decimal places", field("amount", decimalPlaces=None), f"{S}#amount", "decimalPlaces"),
    ("more than 38 digits", field("amount", decimalPlaces=30), f"{S}#amount", "exceed 38"),
    ("measure without unit", field("amount", unit=None), f"{S}#amount", "unit or unitField"),
    ("two units", field("amount", unitField="kind"), f"{S}#amount", "either"),
    (
        "unit in an optional column",
        lambda made: (field("amount", unit=None)(made), field("amount", unitField="types")(made)),
        f"{S}#amount",
        "required string",
    ),
    ("unknown measure", field("amount", measure="all"), f"{S}#amount", "not declared"),
    ("unit of a text", field("party", unit="人"), f"{S}#party", "only numbers"),
    ("control parameter", new_column("limit"), f"{S}#limit", "control parameter"),
    ("leading underscore", new_column("_own"), f"{S}#_own", "single underscores"),
    ("double underscore", new_column("a__gt"), f"{S}#a__gt", "single underscores"),
    (
        "optional key",
        lambda m: m.column("serial")["constraints"].pop("required"),
        f"{S}#primaryKey",
        "serial",
    ),
    ("dropped key", toml('party_id = "drop"', 'serial = "drop"'), f"{S}#primaryKey", "serial"),
    ("number in the key", schema(primaryKey=["amount"]), f"{S}#primaryKey", "amount"),
    ("no key", schema(primaryKey=[]), f"{S}#primaryKey", "missing"),
    ("unknown key column", schema(primaryKey=["nobody"]), S, "nobody"),
    ("unknown check", added(type="magic"), f"{L}#T-NEW", "unknown type"),
    ("a statistical guess", added(type="deviated-value"), f"{L}#T-NEW", "unknown type"),
    ("check lacks a column", added(type="uscc"), f"{L}#checks", "fieldName"),
    ("check of no column", rule("T-USCC", fieldName="nobody"), f"{L}#T-USCC", "nobody"),
    ("unknown argument", rule("T-USCC", strict=True), f"{L}#T-USCC", "unknown properties"),
    ("code check of a number", rule("T-USCC", fieldName="serial"), f"{L}#T-USCC", "string"),
    ("order of unlike columns", rule("T-ORDER", other="serial"), f"{L}#T-ORDER", "compared"),
    ("broken marking", rule("T-MASK", pattern="*"), f"{L}#T-MASK", "broken"),
    ("no such rule twice", rule("T-USCC", name="T-MASK"), f"{L}#T-MASK", "two rules"),
    (
        "condition never true",
        rule("T-FINE", when={"fieldName": "kind", "equals": "Fine"}),
        f"{L}#T-FINE",
        "never has the value 'Fine'",
    ),
    (
        "condition of another type",
        rule("T-MASK", when={"fieldName": "is_person", "equals": "true"}),
        f"{L}#T-MASK",
        "never has the value 'true'",
    ),
    (
        "condition without an end",
        rule("T-FINE", when={"fieldName": "kind"}),
        f"{L}#checks",
        "",
    ),
    (
        "part of a number",
        rule("T-FINE", when={"fieldName": "serial", "contains": "1"}),
        f"{L}#T-FINE",
        "no contains",
    ),
    ("formula of an optional", rule("T-SERIAL", formula="amount > 0"), f"{L}#T-SERIAL", "amount"),
    ("formula of nobody", rule("T-SERIAL", formula="nobody > 0"), f"{L}#T-SERIAL", "nobody"),
    ("formula with a float", rule("T-SERIAL", formula="serial > 0.5"), f"{L}#T-SERIAL", "exact"),
    ("formula that calls", rule("T-SERIAL", formula="rand()"), f"{L}#T-SERIAL", "call"),
    ("broken formula", rule("T-SERIAL", formula="serial >"), f"{L}#T-SERIAL", "broken"),
    ("decimals of another", rule("T-DECIMALS", places={"amount": 3}), f"{L}#amount", "says 3"),
    ("decimals forgotten", rule("T-DECIMALS", places={}), f"{L}#amount", "says None"),
    ("no agency check", rule("T-AGENCY", type="uscc"), f"{L}#agency_name", "agency"),
    ("no period check", rule("T-PERIOD", fieldName="serial"), f"{L}#decided_year", "period"),
    ("expected is no error", added(type="expected", fieldName="party"), f"{L}#T-NEW", C),
    ("no title", toml('title = "处罚"', ""), f"{T}#title", "missing"),
    ("unknown key", toml("[licence]", 'colour = "red"\n[licence]'), f"{T}#colour", "unknown"),
    ("unknown mode", toml('"replace"', '"append"'), f"{T}#mode", "replace / add"),
    ("no such column to sort by", toml('"-decided_year"', '"x"'), f"{T}#default_sort", "x"),
    (
        "sorting by a dropped one",
        toml('"-decided_year"', '"party_id"'),
        f"{T}#default_sort",
        "party_id",
    ),
    ("searching a dropped one", toml('["party"]', '["party_id"]'), f"{T}#searchable", "party_id"),
    (
        "names of persons in no column",
        toml('searchable = ["party"]', 'searchable = ["party"]\npersons = ["nobody"]'),
        f"{T}#persons",
        "nobody",
    ),
    (
        "persons that are no list",
        toml('searchable = ["party"]', 'searchable = ["party"]\npersons = "party"'),
        f"{T}#persons",
        "list",
    ),
    ("window is no date", toml('"decided"', '"serial"'), f"{T}#window_field", "date"),
    ("window may be empty", toml('"decided"', '"accepted"'), f"{T}#window_field", "required"),
    (
        "publisher is no text",
        toml('publisher_field = "agency_name"', 'publisher_field = "serial"'),
        f"{T}#publisher_field",
        "string",
    ),
    ("unknown treatment", toml('"drop"', '"blur"'), f"{T}#personal.party_id", "not supported"),
    ("personal of nobody", toml("party_id =", "nobody ="), f"{T}#personal.nobody", "no such"),
    ("measure in one language", toml(', "Fines"', ""), f"{T}#measures.fines", "English"),
    (
        "measure is no table",
        toml("[measures.fines]", '[measures]\nfees = ["费", "Fees"]\n[measures.fines]'),
        f"{T}#measures.fees",
        "table",
    ),
    (
        "measure without limits",
        toml('within = ["agency_name", "decided_year"]', ""),
        f"{T}#measures.fines.within",
        "list of field names",
    ),
    (
        "measure says more",
        toml("never =", "seldom ="),
        f"{T}#measures.fines.seldom",
        "unknown key",
    ),
    (
        "measure within nothing there",
        toml('"decided_year"]\nnever', '"decade"]\nnever'),
        f"{T}#measures.fines",
        "no published field decade",
    ),
    (
        "measure within what is dropped",
        toml('within = ["is_person"]', 'within = ["party_id"]'),
        f"{T}#measures.fines",
        "no published field party_id",
    ),
    (
        "measure never of one text",
        toml('never = { kind = ["warning"] }', 'never = { kind = "warning" }'),
        f"{T}#measures.fines.never",
        "field = [value",
    ),
    (
        "measure never of no code",
        toml('kind = ["warning"]', 'kind = ["prison"]'),
        f"{T}#measures.fines",
        "never has the value prison",
    ),
    (
        "measure never of a number",
        toml('kind = ["warning"]', 'amount = ["1"]'),
        f"{T}#measures.fines",
        "string field",
    ),
    (
        "measure of two conditions",
        toml('where = { kind = ["fine"] }', 'where = { kind = ["fine"], party = ["x"] }'),
        f"{T}#measures.fines.also",
        "where = {field",
    ),
    (
        "unit that may be mixed",
        field("amount", unit=None, unitField="kind"),
        f"{S}#amount",
        "not among within",
    ),
    (
        "reading of another kind",
        toml("[measures.fines]", '[reading]\ntotals = "keep"\n[measures.fines]'),
        f"{T}#reading.totals",
        "strip",
    ),
    ("no licence", toml("path =", "url ="), f"{T}#licence", "required"),
    ("broken TOML", toml("[licence]", "[licence"), T, "malformed"),
]


@pytest.mark.parametrize(
    ("change", "place", "why"), [pytest.param(*case, id=name) for name, *case in UNUSABLE]
)
def test_what_cannot_be_enforced_is_refused(
    declarations: Declarations, change: Change, place: str, why: str
) -> None:
    change(declarations)

    with pytest.raises(UnusableContract) as refusal:
        declarations.load()

    faults = [fault for fault in refusal.value.faults if fault.pointer.startswith(place)]
    assert [fault for fault in faults if why in fault.detail.en], refusal.value.faults
    assert all(fault.detail.zh for fault in refusal.value.faults)


def test_a_usable_contract_is_loaded_as_declared(declarations: Declarations) -> None:
    contract = declarations.load()

    assert contract.name == "penalties/v1"
    assert (contract.period, contract.mode) == (PeriodKind.YEAR, Mode.REPLACE)
    assert contract.primary_key == ("agency_name", "decided_year", "serial")
    assert contract.personal == {"party_id": Handling(Treatment.DROP)}
    amount = contract.field("amount")
    assert amount is not None
    assert (amount.unit, amount.measure, amount.decimal_places) == ("万元", "fines", 2)
    kind = contract.field("kind")
    assert kind is not None
    assert kind.label("fine") == "罚款"
    assert contract.published.field("party_id") is None
    fines = contract.measures["fines"]
    assert fines.text.en == "Fines"
    assert fines.within == ("agency_name", "decided_year")
    assert fines.never == {"kind": ("warning",)}
    assert fines.also == (Also("kind", ("fine",), ("is_person",)),)


def test_a_rolling_contract_needs_no_period(declarations: Declarations) -> None:
    toml('period = "year"\nperiod_field = "decided_year"', 'period = "rolling"')(declarations)
    declarations.checklist["checks"] = [
        each for each in declarations.checklist["checks"] if each["type"] != "period"
    ]

    assert declarations.load().period_field is None


def test_the_digest_is_over_the_four_files(declarations: Declarations) -> None:
    first = declarations.load().digest
    again = declarations.load().digest
    (declarations.folder / "notes.txt").write_text("not one of them", encoding="utf-8")
    beside = load(declarations.folder).digest
    declarations.collection += "# a comment\n"

    assert first == again == beside != declarations.load().digest


@pytest.mark.parametrize("name", ["submissions", "api", "Penalties", "a_b", "docs"])
def test_a_collection_may_not_be_called_like_a_route(declarations: Declarations, name: str) -> None:
    declarations.folder = declarations.folder.parent.parent / name / "v1"

    with pytest.raises(UnusableContract, match="may not be called"):
        declarations.load()


def test_all_faults_are_named_at_once(declarations: Declarations) -> None:
    field("party", title=None)(declarations)
    field("source", type="any")(declarations)

    with pytest.raises(UnusableContract) as refusal:
        declarations.load()

    assert len(refusal.value.faults) == 2
    assert "另有 1 处问题" in refusal.value.detail.zh


def test_a_missing_file_is_named(declarations: Declarations) -> None:
    (declarations.write() / "cautions.json").unlink()

    with pytest.raises(UnusableContract, match=r"cautions\.json"):
        load(declarations.folder)


def test_the_latest_version_is_taken_and_a_later_root_wins(
    declarations: Declarations, tmp_path: Path
) -> None:
    declarations.write()
    for root, version in (("schemas", "v2"), ("schemas", "v10"), ("own", "v3")):
        declarations.folder = tmp_path / root / "penalties" / version
        declarations.write()

    assert load_all(tmp_path / "schemas")["penalties"].version == 10
    assert load_all(tmp_path / "schemas", tmp_path / "own")["penalties"].version == 3


def test_the_contracts_that_ship_can_be_used() -> None:
    assert load_all(packaged_schemas())


def test_aliases_and_what_stands_below_tables_are_declared(declarations: Declarations) -> None:
    declarations.column("party")["aliases"] = [" 被处罚人 "]
    declarations.collection += '[reading]\nnotes = "strip"\n'

    contract = declarations.load()

    party = contract.field("party")
    assert party is not None
    assert party.aliases == ("被处罚人",)
    assert contract.reading == Reading(strip_notes=True, strip_totals=False)
