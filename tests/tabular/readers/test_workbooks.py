"""Workbooks: what cases of files cannot say, and that no table ever comes back different."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlrd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.tabular.readers import Unreadable, open_table
from opendata.tabular.readers.workbooks.model import letters, place
from opendata.tabular.readers.workbooks.texts import number_text
from tests.tabular.readers.cases.clean import contracts
from tests.tabular.readers.cases.model import Clean
from tests.tabular.readers.cases.sheets import Layout, ods, ods_cell, ods_rows, xls, xlsx

NAMES = ("code", "title", "amount", "count", "day")
KINDS = ("string", "string", "number", "integer", "date")
TITLES = ("编号", "名称", "金额", "件数", "日期")


def contract(unit: str | None = None) -> Contract:
    """Return a contract of five columns; the amounts are in ``unit``."""
    fields = tuple(
        Field(name, kind, Text(title, name), Text(title, name), "", {}, unit=unit)
        for name, kind, title in zip(NAMES, KINDS, TITLES, strict=True)
    )
    return replace(contracts()["budgets"], fields=fields)


def cells_read(workbook: bytes, meant: Contract, folder: Path) -> list[list[str]]:
    """Return the rows of a workbook as they are judged."""
    path = folder / "received"
    path.write_bytes(workbook)
    table = open_table(path, meant, folder / "canonical.csv").table()
    with table.path.open(newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream, strict=True))[1:]


class TestPercentages:
    def test_are_read_as_shown_where_the_unit_is_per_cent(self, tmp_path):
        def edit(book, sheet):
            shown = book.add_format({"num_format": "0.00%"})
            for row, number in enumerate((0.123, 1, 0.07, 1e-9), 1):
                sheet.write_number(row, 2, number, shown)

        table = Clean("budgets", NAMES, (("a", "b", "", "", ""),) * 4)

        rows = cells_read(xlsx(table, edit, Layout(header=TITLES)), contract("%"), tmp_path)

        assert [row[2] for row in rows] == ["12.3", "100", "7", "0.0000001"]

    def test_are_said_to_be_read_so(self, tmp_path):
        cell = (
            '<table:table-cell office:value-type="percentage" office:value="0.5">'
            "<text:p>50%</text:p></table:table-cell>"
        )
        row = f"<table:table-row>{ods_cell('a')}{ods_cell('b')}{cell}</table:table-row>"
        path = tmp_path / "received"
        path.write_bytes(ods([ods_rows(Clean("budgets", NAMES, ()), TITLES)[0], row]))

        table = open_table(path, contract("%"), tmp_path / "canonical.csv").table()

        assert table.path.read_text().splitlines()[1] == "a,b,50,,"
        assert [each["code"] for each in table.provenance["notes"]] == ["percent-cells"]


class TestProvenance:
    def test_says_sheet_header_columns_and_what_is_hidden(self, tmp_path):
        def edit(book, sheet):
            sheet.write("A1", "统计表")
            sheet.set_column("D:D", None, None, {"hidden": True})
            sheet.set_row(3, None, None, {"hidden": True})

        table = Clean("budgets", NAMES, (("a", "b", "1", "2", "2024-05-01"),) * 2)
        path = tmp_path / "received"
        path.write_bytes(xlsx(table, edit, Layout(top=2, left=1, header=TITLES)))

        opened = open_table(path, contract(), tmp_path / "canonical.csv")
        lines = opened.table().lines
        said = opened.provenance

        assert opened.columns == ("B", "C", "D", "E", "F")
        assert [lines.line_of(row) for row in (1, 2, 3)] == [3, 4, 5]
        assert {name: said[name] for name in ("format", "sheet", "sheets", "rows")} == {
            "format": "xlsx",
            "sheet": "行政处罚",
            "sheets": 1,
            "rows": 2,
        }
        assert (said["header_row"], said["title_rows"]) == (3, 1)
        assert (said["hidden_rows"], said["hidden_columns"]) == (1, ["D"])
        assert said["mapping"][0] == {
            "label": "编号",
            "field": "code",
            "by": "title",
            "column": "B",
        }
        assert "newline" not in said


class TestFaults:
    def test_name_a_hundred_cells_and_count_the_rest(self, tmp_path):
        def edit(_, sheet):
            for row in range(1, 131):
                sheet.write_formula(row, 2, "=1/0", None, "#DIV/0!")

        table = Clean("budgets", NAMES, (("a", "b", "", "", ""),) * 130)

        with pytest.raises(Unreadable) as refusal:
            cells_read(xlsx(table, edit, Layout(header=TITLES)), contract(), tmp_path)

        assert len(refusal.value.faults) == 100
        assert refusal.value.faults[99].pointer == "/cell/C101"
        assert "30" in refusal.value.detail.zh


class TestNumbers:
    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (0.1 + 0.2, "0.3"),
            (1 / 3, "0.3333333333333333"),
            (123456789012345.0, "123456789012345"),
            (1e21, "1000000000000000000000"),
            (-0.0, "0"),
            (5e-324, "0." + "0" * 323 + "49406564584124654"),
            (1234567.891 * 100, "123456789.1"),
        ],
    )
    def test_are_written_without_an_exponent(self, number, text):
        assert number_text(number) == text or float(number_text(number)) == number
        assert "e" not in number_text(number)

    @given(st.floats(allow_nan=False, allow_infinity=False))
    @settings(max_examples=100)
    def test_are_what_the_spreadsheet_shows(self, number):
        shown = float(number_text(number))

        assert shown == pytest.approx(number, rel=1e-14)


def test_columns_have_letters():
    assert [letters(each) for each in (0, 25, 26, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert place("XFD7") == (6, 16383)


TEXT = st.one_of(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="￾￿"),
        max_size=8,
    ),
    st.sampled_from(
        [
            "007",
            "3-5",
            "=1+1",
            " a ",
            "　",
            "1.50",
            "１２３",
            '"',
            ",",
            "a\nb",
            "\t",
            "_x000D_",
            "-",
        ]
    ),
    st.from_regex(r"[0-9]{1,20}", fullmatch=True),
)
NUMBER = st.decimals(-(10**9), 10**9, places=4).map(lambda each: f"{each.normalize():f}")
CELLS = (
    TEXT,
    TEXT,
    st.one_of(st.just(""), NUMBER.map(lambda each: "0" if Decimal(each) == 0 else each)),
    st.one_of(st.just(""), st.integers(-(10**15) + 1, 10**15 - 1).map(str)),
    st.one_of(st.just(""), st.dates(date(1900, 3, 1)).map(str)),
)
ROWS = st.lists(st.tuples(*CELLS), min_size=1, max_size=6)


@st.composite
def workbooks(draw):
    """Return a clean table and a workbook of it, in any format and place."""
    table = Clean("made", NAMES, tuple(draw(ROWS)))
    kind = draw(st.sampled_from(["xlsx", "xls", "ods"]))
    titles = draw(st.integers(0, 2))
    if kind == "xls":
        return table, xls(table, header=TITLES)
    if kind == "ods":
        above = [f"<table:table-row>{ods_cell('统计表')}</table:table-row>"] * titles
        return table, ods([*above, *ods_rows(table, TITLES)])
    layout = Layout(titles, draw(st.integers(0, 2)), TITLES, as_text=draw(st.booleans()))
    typed = draw(st.booleans())

    def edit(_, sheet):
        for row in range(titles):
            sheet.write(row, 0, "统计表")
        for down, cells in enumerate(table.rows if typed else (), titles + 1):
            if cells[0].isdecimal() and cells[0].isascii() and not cells[0].startswith("0"):
                sheet.write_number(down, layout.left, float(cells[0]))

    return table, xlsx(table, edit, layout)


@given(made=workbooks())
@settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_table_comes_back_cell_for_cell_or_is_refused(made, tmp_path):
    table, workbook = made
    wanted = [list(row) for row in table.rows]
    while wanted and not any(wanted[-1]):
        wanted.pop()
    try:
        rows = cells_read(workbook, contract(), tmp_path)
    except Unreadable as refusal:
        code = refusal.code
    else:
        code = "" if rows == wanted else "different"
    # Codes that a spreadsheet rounds are refused; nothing else about these tables is.
    long = any(len(row[0]) > 15 and row[0].isdecimal() for row in wanted)
    assert code in ("", "damaged-identifier" if long else "")


def test_an_old_workbook_without_a_code_page_is_not_taken_for_latin_1(tmp_path, monkeypatch):
    """Of Excel 5.0 and 95; no library writes them any more, so that the book says it is one."""
    meant = contract()
    opened = xlrd.open_workbook

    def old(*args, **options):
        book = opened(*args, **options)
        book.biff_version, book.codepage = 50, None
        return book

    table = Clean("administrative-penalties", NAMES, (("A1", "一", "", "", ""),))
    workbook = xls(table, header=NAMES)
    assert cells_read(workbook, meant, tmp_path)
    monkeypatch.setattr(xlrd, "open_workbook", old)

    with pytest.raises(Unreadable, match="unknown encoding") as refused:
        cells_read(workbook, meant, tmp_path)
    assert refused.value.code == "unreadable-workbook"
