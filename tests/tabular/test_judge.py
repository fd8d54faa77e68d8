"""The judge: Frictionless's own Report, complete, located, in two languages."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from frictionless import Checklist, Dialect, Schema
from frictionless.formats import CsvControl
from frictionless.resources import TableResource
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Contract
from opendata.domain.identifiers import record_id
from opendata.tabular.judge import judge
from opendata.tabular.public_report import public_report
from opendata.tabular.readers import open_table
from opendata.tabular.rules import RULES
from opendata.tabular.text_table import csv_line
from tests.tabular.conftest import CHECKLIST, CONTEXT, GOOD, SCHEMA, Judge, csv_text, errors

ADDITIONS = (
    "messages", "source_line", "source_lines", "same_lines", "fieldTitle", "rule", "basis"
)  # fmt: skip


def plain_frictionless(path: Path) -> dict[str, Any]:
    """Validate a canonical file as anyone would who has the plugin installed."""
    resource = TableResource(
        path=path.name,
        basepath=str(path.parent),
        schema=Schema.from_descriptor(json.loads(json.dumps(SCHEMA))),
        # Frictionless guesses the header row from the widths of the first rows, and from a few
        # of them whether spaces after commas are part of the cells.
        dialect=Dialect(header_rows=[1], controls=[CsvControl(skip_initial_space=False)]),
    )
    checklist = Checklist.from_descriptor(json.loads(json.dumps(CHECKLIST)))
    report: dict[str, Any] = resource.validate(checklist, limit_errors=0).to_descriptor()
    return report


def without_additions(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: each[key] for key in each if key not in ADDITIONS} for each in found]


BROKEN = (
    csv_text(
        {},
        {},
        {"amount": "x", "kind": "别的"},
        {"decided": "", "serial": "0"},
        {"source": "no uri", "party": "很长很长很长很长很长的名字"},
        {"serial": "13", "agency_code": "short"},
    )
    + "\n,,\n"
    + ",".join(["a"] * 15)
    + "\n"
)


def canonical(folder: Path) -> Path:
    """Where the table is that was judged: as it was received, if that was canonical."""
    written = folder / "canonical.csv"
    return written if written.exists() else folder / "received.csv"


def test_the_report_is_the_one_frictionless_gives(judging: Judge, tmp_path: Path) -> None:
    judgement = judging(text=BROKEN, context=None)
    plain = plain_frictionless(canonical(tmp_path))

    assert len(errors(judgement)) > 20
    assert without_additions(errors(judgement)) == without_additions(plain["tasks"][0]["errors"])
    assert judgement.report["valid"] is plain["valid"] is False
    ours, theirs = judgement.report["tasks"][0]["stats"], plain["tasks"][0]["stats"]
    assert {**ours, "seconds": 0} == {**theirs, "seconds": 0}


NUMBERS = ["1", "-1", "1.5", "NaN", "inf", "１２", " 12 ", "1_000", "9" * 30, "1e400", "0"]
OTHERS = ["", "x", "2020", "2020-01-01", "2020-1-5", "true", "TRUE", "fine"]
BREAKING = ['a"b', "a,b", "a\nb", "a\r\nb", "a\rb"]
CELLS = st.sampled_from([*NUMBERS, *OTHERS, *BREAKING])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.lists(CELLS, max_size=15), max_size=6))
def test_whatever_the_rows_the_report_is_frictionless_s(
    contract: Contract, tmp_path: Path, rows: list[list[str]]
) -> None:
    source, work = tmp_path / "source.csv", tmp_path / "canonical.csv"
    # A full row at the end, or what precedes it could be a note that stands below the table.
    lines = [list(GOOD), list(GOOD.values()), *rows, list(GOOD.values())]
    source.write_text("".join(csv_line(each) + "\n" for each in lines), "utf-8", newline="")

    judgement = judge(open_table(source, contract, work), contract)

    written = open_table(source, contract, work).table().path
    plain = plain_frictionless(written)["tasks"][0]["errors"]
    assert without_additions(errors(judgement)) == without_additions(plain)
    for error in errors(judgement):
        assert not re.search(r"\{[a-z]+\}", error["messages"]["zh"])
        assert "None" not in error["messages"]["en"]


@pytest.mark.parametrize(
    "header",
    [
        ["kind", "kind"],
        ["", "decided_year"],
        [*GOOD, "more"],
        list(reversed(GOOD)),
        ["kind", *list(GOOD)[1:]],
    ],
    ids=["duplicate", "blank", "extra", "reordered", "other"],
)
def test_header_errors_are_frictionless_s_too(
    judging: Judge, tmp_path: Path, header: list[str]
) -> None:
    judgement = judging(
        text=csv_line(header) + "\n" + csv_line(["1"] * len(header)) + "\n", context=None
    )

    plain = plain_frictionless(canonical(tmp_path))["tasks"][0]["errors"]
    assert without_additions(errors(judgement)) == without_additions(plain)
    assert not judgement.valid


def test_errors_are_never_cut_off(judging: Judge) -> None:
    judgement = judging(*[{"serial": str(number), "kind": "x"} for number in range(14, 2000)])

    assert judgement.counts == {
        "rows": 1986,
        "errors": 1986,
        "by_type": {"constraint-error": 1986},
    }
    assert judgement.report["complete"] is True
    assert judgement.report["frictionless_version"] == "5.21.0"


def test_positions_are_those_of_the_file_received(judging: Judge) -> None:
    (error,) = errors(judging({"party": "张*\n三"}, {"serial": "2", "kind": "x"}))

    assert (error["rowNumber"], error["source_line"]) == (3, 4)
    assert error["messages"]["zh"].startswith("第 4 行第 4 列“类别”（kind）")


def test_a_table_may_be_valid_without_any_row(judging: Judge) -> None:
    judgement = judging(text=csv_text())

    assert judgement.valid
    assert judgement.counts == {"rows": 0, "errors": 0, "by_type": {}}


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        ({"kind": "x"}, "“x”不在代码表中，可用：fine（罚款）、warning（警告）", '"x" is no code'),
        ({"serial": "0"}, "“0”小于下限 1", "below the minimum 1"),
        ({"serial": "99999"}, "“99999”大于上限 9999", "above the maximum 9999"),
        ({"serial": "1.5"}, "“1.5”不是整数", "is not an integer"),
        ({"decided": "24-01-05"}, "不是日期，格式如 2026-01-31", "is not a date like 2026-01-31"),
        ({"is_person": "是"}, "“是”不是true 或 false", "is not true or false"),
        ({"agency_name": ""}, "不能为空", "a value is required"),
        ({"source": "none"}, "“none”不是网址", "is not a URI"),
        ({"party": "*" * 11}, "超过 10 个字符", "has more than 10 characters"),
        ({"agency_code": "9"}, "正确示例：91110000600037341L", "one that does: 91110000600037341L"),
    ],
)
def test_messages_say_what_is_wrong_and_what_would_be_right(
    judging: Judge, row: Mapping[str, str], zh: str, en: str
) -> None:
    messages = errors(judging(row))[0]["messages"]

    assert zh in messages["zh"]
    assert en in messages["en"]


def test_every_kind_of_error_has_words_of_its_own(judging: Judge) -> None:
    found = {each["type"] for each in errors(judging(text=BROKEN))}

    assert found <= set(RULES)
    for rule in RULES.values():
        assert rule.title.zh != rule.title.en
        for text in (rule.title, rule.advice):
            assert "{" not in text.zh + text.en


def test_checks_without_context_are_said_not_to_have_run(judging: Judge) -> None:
    judgement = judging({"agency_name": "别的局", "decided_year": "1999"}, context=None)

    assert judgement.valid
    assert judgement.report["not_run"] == ["T-AGENCY", "T-PERIOD", "key-unique-across"]


def test_a_rolling_dataset_takes_any_period(judging: Judge) -> None:
    judgement = judging({"decided_year": "1999"}, context=replace(CONTEXT, period="rolling"))

    assert judgement.valid
    assert judgement.report["not_run"] == ["key-unique-across"]


class Published:
    """A collection in which the records with some serial numbers are published already."""

    def __init__(self, **owners: list[int]) -> None:
        self.owners = {
            record_id("penalties", ["某市市监局", 2020, serial]): owner
            for owner, serials in owners.items()
            for serial in serials
        }
        self.asked: list[int] = []

    @property
    def holds_records(self) -> bool:
        """Whether there are any."""
        return True

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        self.asked.append(len(ids))
        return {each: self.owners[each] for each in ids if each in self.owners}


def test_a_record_of_another_dataset_is_an_error_one_of_our_own_is_not(judging: Judge) -> None:
    context = replace(CONTEXT, releases=Published(other=[2], own=[1, 3]))
    judgement = judging(*[{"serial": str(number)} for number in (1, 2, 3)], context=context)

    (error,) = errors(judgement)
    assert (error["type"], error["rowNumber"], error["expected"]) == ("key-elsewhere", 3, "other")
    assert judgement.report["not_run"] == []


def test_published_keys_are_asked_for_in_batches(judging: Judge) -> None:
    published = Published(other=[6001])
    rows = [{"serial": str(number)} for number in range(14, 6002)]

    judgement = judging(*rows, context=replace(CONTEXT, releases=published))

    # The column engine asks for all at once and has the judge ask for what it doubts.
    assert published.asked == [5988, 1, 5000, 988]
    assert judgement.counts["by_type"] == {"key-elsewhere": 1}


def test_cautions_are_kinds_and_never_make_a_table_invalid(judging: Judge) -> None:
    judgement = judging(*[{"serial": str(number), "source": ""} for number in range(14, 60)])

    assert judgement.valid
    (caution,) = judgement.cautions
    assert caution.count == 46
    assert caution.rows == tuple(range(2, 22))
    assert caution.as_dict() == {
        "code": "value-expected",
        "name": "T-SOURCE",
        "basis": "条例第十二条",
        "field": "source",
        "count": 46,
        "rows": list(range(2, 22)),
        "lines": list(range(2, 22)),
        "message": {
            "zh": "“来源”（source）：建议填写。请核对后填写。",
            "en": "“来源” (source): Value expected. Look it up and fill it in.",
        },
    }


def test_the_report_can_be_stored_as_json(judging: Judge) -> None:
    judgement = judging(text=BROKEN)

    stored = json.loads(json.dumps(judgement.report))
    assert public_report(stored) == public_report(judgement.report)
