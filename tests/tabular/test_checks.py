"""Each check of ours: what it lets pass, what it reports, and where."""

from collections.abc import Mapping

import pytest
from frictionless import Checklist, system

from opendata.tabular.checks.plugin import CHECKS, register
from tests.tabular.conftest import CONTEXT, Judge, errors

# What a row changes, and the errors (type, column) that follow from the change.
CASES: list[tuple[str, Mapping[str, str], list[tuple[str, str]]]] = [
    ("nothing wrong", {}, []),
    ("another agency", {"agency_name": "别的局"}, [("agency-mismatch", "agency_name")]),
    ("another year", {"decided_year": "2021"}, [("period-mismatch", "decided_year")]),
    ("two decimal places", {"amount": "434.70"}, []),
    ("idle zeros", {"amount": "434.72000"}, []),
    ("three decimal places", {"amount": "434.721"}, [("decimal-places", "amount")]),
    ("an exponent", {"amount": "4.3472E+2"}, []),
    ("no number at all", {"amount": "sNaN"}, [("type-error", "amount")]),
    ("no USCC", {"agency_code": ""}, []),
    (
        "wrong check character",
        {"agency_code": "91110000600037341A"},
        [("uscc-invalid", "agency_code")],
    ),
    ("eighteen zeros", {"agency_code": "0" * 18}, [("uscc-invalid", "agency_code")]),
    ("the letter O", {"agency_code": "9111000060003734OL"}, [("uscc-invalid", "agency_code")]),
    ("fine without amount", {"amount": ""}, [("required-when", "amount")]),
    ("fine with unreadable amount", {"amount": "many"}, [("type-error", "amount")]),
    ("warning without amount", {"kind": "warning", "amount": ""}, []),
    ("warning with amount", {"kind": "warning"}, [("empty-when", "amount")]),
    ("decided on the day", {"accepted": "2020-02-29"}, []),
    ("decided before", {"accepted": "2020-03-01"}, [("date-order", "accepted")]),
    ("not accepted", {"accepted": ""}, []),
    ("a person's whole name", {"party": "张小三"}, [("not-marked", "party")]),
    ("a company's whole name", {"party": "某公司", "is_person": "false"}, []),
    ("nobody", {"party": ""}, []),
    ("number 13", {"serial": "13"}, [("row-constraint", "")]),
]


@pytest.mark.parametrize(
    ("row", "found"), [pytest.param(row, found, id=name) for name, row, found in CASES]
)
def test_checks_report_exactly_what_a_row_breaks(
    judging: Judge, row: Mapping[str, str], found: list[tuple[str, str]]
) -> None:
    reported = errors(judging(row))

    assert [(each["type"], each.get("fieldName", "")) for each in reported] == found


def test_numbers_that_are_not_finite_are_reported(judging: Judge) -> None:
    types = [each["type"] for each in errors(judging({"amount": "NaN"}))]

    assert "not-finite" in types


def test_an_error_carries_its_rule_its_basis_and_what_was_expected(judging: Judge) -> None:
    (error,) = errors(judging({"agency_name": "别的局"}))

    assert error["rule"] == "T-AGENCY"
    assert error["basis"] == "条例第十条"
    assert error["expected"] == "某市市监局"
    assert error["cell"] == "别的局"
    assert error["fieldNumber"] == 1


def test_a_formula_s_error_carries_its_rule_as_well(judging: Judge) -> None:
    (error,) = errors(judging({"serial": "13"}))

    assert (error["rule"], error["basis"]) == ("T-SERIAL", "编号规则")


def test_the_contract_s_own_words_take_the_place_of_ours(judging: Judge) -> None:
    (error,) = errors(judging({"amount": ""}))

    assert error["messages"]["zh"].endswith("罚款须写明金额。")
    assert error["messages"]["en"].endswith("A fine has an amount.")


def test_a_condition_contains_a_part_of_a_text(judging: Judge) -> None:
    row = {"types": "没收违法所得;警告", "kind": "warning", "amount": ""}

    (caution,) = judging(row).cautions

    assert (caution.code, caution.name, caution.field) == (
        "required-when",
        "T-CONFISCATED",
        "amount",
    )


def test_checks_keep_quiet_where_the_header_lacks_their_columns(judging: Judge) -> None:
    judgement = judging(text="agency_name,decided_year\n别的局,2021\n")

    types = {each["type"] for each in errors(judgement)}
    assert types == {"missing-label", "agency-mismatch", "period-mismatch"}


def test_frictionless_finds_the_plugin_by_its_name_alone() -> None:
    import frictionless_opendata

    register()
    register()

    plugin = system.plugins["opendata"]
    assert type(plugin) is frictionless_opendata.OpendataPlugin
    assert list(system.plugins).count("opendata") == 1


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_every_check_s_errors_can_be_read_back(kind: str) -> None:
    register()

    for error in CHECKS[kind].Errors:
        assert system.select_error_class(error.type) is error


def test_a_check_written_as_a_descriptor_reads_back_the_same() -> None:
    register()
    descriptor = {"checks": [{"type": "uscc", "name": "A-B", "basis": "x", "fieldName": "f"}]}

    checks = Checklist.from_descriptor({"checks": [dict(descriptor["checks"][0])]})
    checks.checks[0].context = CONTEXT  # type: ignore[attr-defined] # Ours have one.

    assert checks.to_descriptor() == descriptor
