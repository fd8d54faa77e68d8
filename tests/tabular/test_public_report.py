"""Public reports: positions and rules, never the value of a cell."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Contract
from opendata.tabular.judge import judge
from opendata.tabular.public_report import public_report
from opendata.tabular.readers import open_table
from opendata.tabular.text_table import csv_line
from tests.tabular.conftest import CONTEXT, GOOD, Judge


def test_a_public_report_has_positions_and_rules(judging: Judge) -> None:
    public = public_report(judging({"agency_name": "别的局"}).report)

    assert public["valid"] is False
    assert public["errors"] == [
        {
            "type": "agency-mismatch",
            "title": {"zh": "发布机构与登记不符", "en": "Other publisher than registered"},
            "advice": {
                "zh": "请改正机构名称，或先登记转录来源。",
                "en": "Correct the name, or register the source.",
            },
            "rule": "T-AGENCY",
            "basis": "条例第十条",
            "rowNumber": 2,
            "fieldNumber": 1,
            "source_line": 2,
            "fieldName": "agency_name",
            "fieldTitle": "处罚机关",
        }
    ]


SECRET = st.text("甲乙丙丁戊己庚辛壬癸", min_size=3, max_size=9).map(lambda text: f"密{text}密")


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_public_report_never_holds_the_value_of_a_cell(
    contract: Contract, tmp_path: Path, data: st.DataObject
) -> None:
    cell = st.one_of(SECRET, st.just(""), st.sampled_from(list(GOOD.values())[1:4]))
    width = st.integers(1, 15)
    header = data.draw(
        st.one_of(st.just(list(GOOD)), st.lists(SECRET, max_size=14).map(lambda x: ["kind", *x]))
    )
    rows = data.draw(st.lists(width.flatmap(lambda n: st.lists(cell, min_size=n, max_size=n))))
    source = tmp_path / "source.csv"
    # A full row at the end, or what precedes it could be a note that stands below the table.
    lines = [header, *rows, list(GOOD.values())]
    source.write_text("".join(csv_line(each) + "\n" for each in lines), "utf-8", newline="")

    table = open_table(source, contract, tmp_path / "canonical.csv")
    report = judge(table, contract, CONTEXT).report

    text = json.dumps(public_report(report), ensure_ascii=False)
    secrets = {each for line in lines for each in line if each.startswith("密")}
    assert not [each for each in secrets if each in text]
