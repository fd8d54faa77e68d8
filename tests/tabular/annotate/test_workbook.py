"""Every format comes back as a workbook with marks: the sender's own, a copy, or the rows."""

import json
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from opendata.domain.errors import Text
from opendata.tabular.annotate import Marked, Outcome, Received, mark
from opendata.tabular.annotate import workbook as marking
from opendata.tabular.annotate.fresh import Copy, write_fresh
from opendata.tabular.judge import judge
from opendata.tabular.readers import Declared, Unreadable, open_table, read
from opendata.tabular.refused_report import refused_provenance, refused_report
from tests.tabular.annotate.packages import (
    ERROR_COLOUR,
    account_at,
    check_package,
    looks,
    replaced,
    rewritten,
)
from tests.tabular.conftest import GOOD, csv_text


@pytest.fixture
def give_back(contract, tmp_path):
    """Judge a file and mark it: what the workbook is, and the workbook itself."""

    def give(path: Path) -> tuple[Marked, openpyxl.Workbook]:
        received = Received(path, contract, Declared(filename=path.name))
        try:
            judgement = judge(open_table(path, contract, tmp_path / "table.csv"), contract)
        except Unreadable as refusal:
            report = refused_report(refusal)
            found = refused_provenance(refusal)
            outcome = Outcome(path.name, False, report["counts"], report["errors"], (), found)
        else:
            outcome = Outcome(
                path.name,
                judgement.valid,
                judgement.counts,
                judgement.errors,
                [each.as_dict() for each in judgement.cautions],
                judgement.provenance,
            )
        kind, _ = mark(received, outcome, tmp_path / "out.xlsx", tmp_path)
        check_package(tmp_path / "out.xlsx")
        return kind, openpyxl.load_workbook(tmp_path / "out.xlsx")

    return give


LABELS = {"agency_name": "处罚机关", "serial": "序号", "amount": "罚款金额（万元）"}
WRONG = [{}, {"serial": "x"}, {"serial": "3", "amount": "=1+1", "party": "李*"}]


def rows_of(*changes):
    return [GOOD | {"serial": str(at)} | each for at, each in enumerate(changes, start=1)]


def xlsx(path: Path, rows, first: int = 2) -> Path:
    """Write an agency's workbook: a title, an empty row, the header, the rows."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("处罚")
        sheet.write(0, 0, "2020 年处罚一览")
        for column, name in enumerate(GOOD):
            sheet.write_string(first, column + 1, LABELS.get(name, name))
            for at, row in enumerate(rows, start=first + 1):
                sheet.write_string(at, column + 1, row[name])
    return path


def test_an_agencys_own_workbook_comes_back(give_back, tmp_path):
    kind, book = give_back(xlsx(tmp_path / "表.xlsx", rows_of(*WRONG)))

    assert kind is Marked.OWN
    assert book.sheetnames == ["校验结果", "处罚"]
    colour, said = looks(book["处罚"], "D5")
    assert colour == ERROR_COLOUR
    assert "单元格 D5“序号”" in said
    assert book["处罚"]["A1"].value == "2020 年处罚一览"


def test_the_workbook_that_comes_back_can_be_sent_in_again(give_back, contract, tmp_path):
    path = xlsx(tmp_path / "表.xlsx", rows_of(*WRONG))
    give_back(path)

    was = read(path, contract, tmp_path / "was.csv")
    now = read(tmp_path / "out.xlsx", contract, tmp_path / "now.csv")

    assert now.path.read_bytes() == was.path.read_bytes()
    assert now.provenance["sheet"] == "处罚"


def test_a_csv_becomes_a_workbook_of_texts(give_back, tmp_path):
    (tmp_path / "表.csv").write_text(csv_text(*WRONG), encoding="utf-8")

    kind, book = give_back(tmp_path / "表.csv")

    assert kind is Marked.COPY
    sheet = book["数据"]
    assert [cell.value for cell in sheet[1]] == list(GOOD)
    assert (sheet["F4"].value, sheet["F4"].data_type) == ("=1+1", "s")
    assert looks(sheet, "C3")[0] == looks(sheet, "F4")[0] == ERROR_COLOUR
    assert "第 3 行第 3 列" in looks(sheet, "C3")[1]


@pytest.mark.parametrize("kind", ["tsv in GB18030", "ndjson", "json"])
def test_other_formats_become_workbooks_too(give_back, tmp_path, kind):
    rows = [
        {LABELS.get(name, name): value for name, value in row.items()} for row in rows_of(*WRONG)
    ]
    path = tmp_path / f"表.{kind.split()[0]}"
    if kind.startswith("tsv"):
        lines = [list(rows[0]), *(list(row.values()) for row in rows)]
        path.write_bytes("\n".join("\t".join(each) for each in lines).encode("gb18030"))
    elif kind == "ndjson":
        path.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in rows), "utf-8")
    else:
        path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")

    made, book = give_back(path)

    assert made is Marked.COPY
    marked = {
        str(cell.value)
        for row in book["数据"].iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == ERROR_COLOUR
    }
    assert {"x", "=1+1"} <= marked


def test_an_unknown_kind_of_workbook_is_copied(give_back, tmp_path):
    path = xlsx(tmp_path / "表.xlsx", rows_of(*WRONG))
    rewritten(path, {"xl/styles.xml": replaced(b"cellXfs", b"cellYfs")})

    kind, book = give_back(path)

    assert kind is Marked.COPY
    assert book["处罚"]["A1"].value == "2020 年处罚一览"
    assert looks(book["处罚"], "D5")[0] == ERROR_COLOUR


def test_names_of_sheets_that_excel_does_not_know_are_changed(tmp_path):
    account = account_at("A2", sheet="'*'")
    names = ["", "'*'", "a" * 40, "A" * 40, "History", "校验结果"]
    copies = [Copy(name, [(1, ["x"]), (2, [1.5])], is_marked=name == "'*'") for name in names]

    with (tmp_path / "out.xlsx").open("wb") as out:
        write_fresh(account, Text("关于", "About"), copies, out)

    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert len({each.casefold() for each in book.sheetnames}) == len(names) + 1
    assert looks(book["___"], "A2")[0] == ERROR_COLOUR


def test_of_a_table_that_is_too_large_only_the_rows_with_findings_come_back(
    give_back, tmp_path, monkeypatch
):
    monkeypatch.setattr(marking, "MOST_CELLS", 10)
    (tmp_path / "表.csv").write_text(csv_text(*WRONG), encoding="utf-8")

    kind, book = give_back(tmp_path / "表.csv")

    assert kind is Marked.EXCERPT
    sheet = book["数据"]
    assert [row[0].value for row in sheet.iter_rows()] == ["行 Line", "3", "4"]
    assert looks(sheet, "D2")[0] == looks(sheet, "G3")[0] == ERROR_COLOUR
    first = book["校验结果"]
    links = [cell.hyperlink.location for row in first for cell in row if cell.hyperlink]
    assert "'数据'!D2" in links


def test_a_refused_workbook_has_its_cells_marked(give_back, tmp_path):
    path = xlsx(tmp_path / "表.xlsx", rows_of({}))
    book = openpyxl.load_workbook(path)
    book["处罚"]["C4"].value = "#REF!"
    book["处罚"]["C4"].data_type = "e"
    book.save(path)

    kind, book = give_back(path)

    assert kind is Marked.OWN
    colour, said = looks(book["处罚"], "C4")
    assert colour == ERROR_COLOUR
    assert "公式错误值" in said


def test_of_a_file_that_is_no_table_there_is_the_first_sheet(give_back, tmp_path):
    (tmp_path / "表.csv").write_bytes(b"a,b\n1,2\n")

    kind, book = give_back(tmp_path / "表.csv")

    assert kind is Marked.EXCERPT
    assert book.sheetnames == ["校验结果"]
    assert book.worksheets[0]["B3"].value == "不合格 INVALID"


def test_a_header_that_is_wrong_is_marked_in_the_header(give_back, tmp_path):
    text = csv_text({}).replace("party,", "party_name,", 1)
    (tmp_path / "表.csv").write_text(text, encoding="utf-8")

    _, book = give_back(tmp_path / "表.csv")

    assert looks(book["数据"], "K1")[0] == ERROR_COLOUR


def test_rows_that_belong_together_are_all_marked(give_back, tmp_path):
    (tmp_path / "表.csv").write_text(csv_text({}, {}), encoding="utf-8")

    _, book = give_back(tmp_path / "表.csv")

    assert looks(book["数据"], "A3")[0] == ERROR_COLOUR


def test_a_blank_row_and_ragged_rows_are_marked(give_back, tmp_path):
    lines = csv_text({}, {"serial": "2"}).splitlines()
    lines[1:1] = ["", lines[1] + ",zu viel"]
    (tmp_path / "表.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    _, book = give_back(tmp_path / "表.csv")

    assert looks(book["数据"], "A2")[0] == ERROR_COLOUR
    assert looks(book["数据"], "N3")[0] == ERROR_COLOUR


def test_quoted_line_breaks_do_not_shift_the_marks(give_back, tmp_path):
    text = csv_text({"party": "张*\n三"}, {"serial": "x"})
    (tmp_path / "表.csv").write_text(text, encoding="utf-8")

    _, book = give_back(tmp_path / "表.csv")

    assert looks(book["数据"], "C3")[0] == ERROR_COLOUR
    assert "第 4 行" in looks(book["数据"], "C3")[1]
