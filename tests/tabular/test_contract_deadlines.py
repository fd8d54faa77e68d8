"""``[[deadline_rules]]``: which rule records are published by is declared, and checked."""

import pytest

from opendata.domain.contracts import DeadlineChoice
from opendata.domain.deadlines import RULES, choices_of
from opendata.tabular.contract import UnusableContract, load_all, packaged_schemas
from tests.tabular.conftest import Declarations

DECLARED = '[[deadline_rules]]\nrule = "PEN-7"\ntrigger_field = "decided"\n'
PLACE = "collection.toml#deadline_rules"


def declared(declarations: Declarations, text: str) -> None:
    assert DECLARED in declarations.collection
    declarations.collection = declarations.collection.replace(DECLARED, text)


def test_several_rules_are_looked_at_in_their_order(declarations: Declarations) -> None:
    first = '[[deadline_rules]]\nrule = "PRJ-7"\nwhere = { is_person = [true], kind = ["fine"] }\n'
    declared(declarations, first + DECLARED)

    assert declarations.load().deadline_rules == (
        DeadlineChoice("PRJ-7", None, {"is_person": (True,), "kind": ("fine",)}),
        DeadlineChoice("PEN-7", "decided", {}),
    )


def test_without_a_rule_there_is_the_general_one(declarations: Declarations) -> None:
    declared(declarations, "")

    assert choices_of(declarations.load()) == (DeadlineChoice("PRO", None, {}),)


@pytest.mark.parametrize(
    ("text", "place", "why"),
    [
        (DECLARED.replace("PEN-7", "PEN-8"), ".1.rule", "no deadline rule"),
        (DECLARED.replace('"PEN-7"', "7"), ".1.rule", "no deadline rule"),
        (DECLARED + "days = 3\n", ".1.days", "unknown key"),
        (DECLARED.replace('"decided"', '"party"'), ".1.trigger_field", "date or year"),
        (DECLARED.replace('"decided"', '"party_id"'), ".1.trigger_field", "date or year"),
        (DECLARED + 'where = "kind"\n', ".1.where", "field = [value"),
        (DECLARED + 'where = { kind = "fine" }\n', ".1.where.kind", "list values"),
        (DECLARED + 'where = { kind = ["prison"] }\n', ".1.where.kind", "list values"),
        (DECLARED + 'where = { is_person = ["true"] }\n', ".1.where.is_person", "list values"),
        (DECLARED + "where = { serial = [1] }\n", ".1.where.serial", "string or boolean"),
        (DECLARED + 'where = { party_id = ["1"] }\n', ".1.where.party_id", "as it is"),
        (DECLARED + "where = { kind = [] }\n", ".1.where.kind", "list values"),
    ],
)
def test_a_rule_that_cannot_be_applied_is_refused_with_its_place(
    declarations: Declarations, text: str, place: str, why: str
) -> None:
    declared(declarations, text)

    with pytest.raises(UnusableContract) as refused:
        declarations.load()

    faults = {each.pointer: each.detail for each in refused.value.faults}
    assert why in faults[PLACE + place].en
    assert faults[PLACE + place].zh


def test_rules_are_tables(declarations: Declarations) -> None:
    declared(declarations, "")
    declarations.collection = 'deadline_rules = "PRO"\n' + declarations.collection

    with pytest.raises(UnusableContract, match="must be written") as refused:
        declarations.load()

    assert [each.pointer for each in refused.value.faults] == [PLACE]


def test_what_ships_is_due_by_the_rules_that_the_law_has_for_it() -> None:
    found = {name: choices_of(each) for name, each in load_all(packaged_schemas()).items()}

    rules = {name: [each.rule for each in choices] for name, choices in found.items()}
    assert rules["disclosure-statistics"] == ["AR-DEPT", "AR-GOV"]
    assert rules["project-approvals"] == ["PRJ-7", "PRJ-20"]
    assert rules["administrative-penalties"] == ["PEN-7"]
    assert rules["budgets"] == ["BUD-GOV", "BUD-DEPT", "BUD-UNIT"]
    assert {each for named in rules.values() for each in named} - RULES.keys() <= {"PRO"}
