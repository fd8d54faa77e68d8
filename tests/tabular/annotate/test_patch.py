"""The sender's own workbook comes back with marks, and nothing else of it changes."""

import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from opendata.domain.errors import Text
from opendata.tabular.annotate.patch import Unfamiliar, patch
from tests.tabular.annotate.packages import (
    CAUTION_COLOUR,
    ERROR_COLOUR,
    SHEET,
    account_at,
    looks,
    made,
    opened,
    parts_of,
    patched,
    replaced,
    rewritten,
)

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360000002000100ffff03000006000557bfabd40000000049454e44ae426082"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "book.xlsx"


def test_faulty_cells_are_coloured_and_say_what_is_wrong(path):
    book = opened(patched(made(path), account_at("A2", "C4", cautions=["B3"])))

    colour, said = looks(book["数据"], "C4")
    assert colour == ERROR_COLOUR
    assert said.startswith("【错误 Error】单元格 C4：应为整数 & 非空。\nCell C4: bad.")
    assert "条例第十条" in said
    assert looks(book["数据"], "B3")[0] == CAUTION_COLOUR
    assert looks(book["数据"], "A3") == ("00000000", "")


def test_a_marked_cell_keeps_its_own_format(path):
    sheet = opened(patched(made(path), account_at("C4")))["数据"]

    assert sheet["C4"].number_format == sheet["C5"].number_format == "0.00"
    assert sheet["C4"].font.bold


def test_the_first_sheet_counts_and_leads_to_the_cells(path):
    first = opened(patched(made(path), account_at("A2", "C4", "C5"))).worksheets[0]

    assert first.title == "校验结果"
    cells = {cell.value: cell for row in first.iter_rows() for cell in row if cell.value}
    assert cells["类型不符 Wrong type"].offset(0, 1).value == "3"
    assert cells["单元格 C5 cell C5"].hyperlink.location == "'数据'!C5"


def test_rows_of_the_first_sheet_are_as_high_as_their_text(path):
    account = account_at("C4")
    long = Text("应为代码表中的一项。" * 30, "one of the list")
    account = replace(account, findings=(replace(account.findings[0], message=long),))

    first = opened(patched(made(path), account)).worksheets[0]

    heights = {first.cell(row, 1).value: first.row_dimensions[row].height for row in range(1, 20)}
    assert heights["位置 Place"] == 16
    assert heights["单元格 C4 cell C4"] == 16 * 11


def test_the_workbook_opens_at_the_first_sheet(path):
    book = opened(patched(made(path), account_at("A2")))

    assert book.active.title == "校验结果"
    assert [bool(each.sheet_view.tabSelected) for each in book] == [True, False, False]


@pytest.mark.parametrize("others", ["another one is shown", "two are selected"])
def test_no_two_sheets_are_left_selected_together(path, others):
    def show(book):
        sheet = book.get_worksheet_by_name("其他")
        sheet.activate() if others.startswith("another") else sheet.select()

    book = opened(patched(made(path, show), account_at("A2")))

    assert book.active.title == ("其他" if others.startswith("another") else "数据")
    assert not book.worksheets[0].sheet_view.tabSelected


@pytest.mark.parametrize("cell", ["F3", "A9", "AB40", "B7"])
def test_cells_that_are_not_there_are_made(path, cell):
    sheet = opened(patched(made(path), account_at("A2", cell)))["数据"]

    assert looks(sheet, cell)[0] == ERROR_COLOUR
    assert looks(sheet, cell)[1]


def test_a_cell_that_is_made_looks_as_its_column(path):
    def wide(book):
        style = book.add_format({"num_format": "yyyy"})
        book.get_worksheet_by_name("数据").set_column(4, 6, 12, style)
        book.get_worksheet_by_name("数据").set_row(8, 15, book.add_format({"num_format": "@"}))

    sheet = opened(patched(made(path, wide), account_at("F8", "F9")))["数据"]

    assert (sheet["F8"].number_format, sheet["F9"].number_format) == ("yyyy", "@")


def test_comments_that_are_there_stay_and_ours_follow(path):
    def comment(book):
        sheet = book.get_worksheet_by_name("数据")
        sheet.write_comment("A2", "请复核")
        sheet.write_comment("B3", "已复核")

    marked = patched(made(path, comment), account_at("A2", "C4"))

    sheet = opened(marked)["数据"]
    assert looks(sheet, "A2")[1].startswith("请复核\n\n【错误 Error】")
    assert looks(sheet, "B3") == ("00000000", "已复核")
    shapes = re.findall(rb'<v:shape id="([^"]+)"', parts_of(marked)["xl/drawings/vmlDrawing1.vml"])
    assert len(shapes) == len(set(shapes)) == 3


def test_a_thread_of_comments_stays(path):
    thread = b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>'
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    made(path, lambda book: book.get_worksheet_by_name("数据").write_comment("A2", "x"))
    rewritten(path, {
        "xl/threadedComments/threadedComment1.xml": lambda _: thread,
        "xl/worksheets/_rels/sheet1.xml.rels": replaced(
            b"</Relationships>",
            f'<Relationship Id="rId77" Type="{kind}" '
            'Target="../threadedComments/threadedComment1.xml"/></Relationships>'.encode()),
        "[Content_Types].xml": replaced(
            b"</Types>",
            b'<Override PartName="/xl/threadedComments/threadedComment1.xml" '
            b'ContentType="application/vnd.ms-excel.threadedcomments+xml"/></Types>'),
    })  # fmt: skip

    assert parts_of(patched(path, account_at("A2")))["xl/threadedComments/threadedComment1.xml"]


def test_buttons_share_their_drawing_with_the_comments(path):
    made(path, lambda book: book.get_worksheet_by_name("数据").insert_button("H2"))

    drawing = parts_of(patched(path, account_at("C4")))["xl/drawings/vmlDrawing1.vml"]

    assert b'ObjectType="Button"' in drawing
    assert b'ObjectType="Note"' in drawing


def test_charts_images_names_and_rules_stay(path, tmp_path):
    def adorn(book):
        sheet = book.get_worksheet_by_name("数据")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=数据!$C$1:$C$6"})
        sheet.insert_chart("H2", chart)
        (tmp_path / "pixel.png").write_bytes(PIXEL)
        sheet.insert_image("H20", str(tmp_path / "pixel.png"))
        sheet.data_validation("A2:A6", {"validate": "list", "source": ["a", "b"]})
        sheet.conditional_format("C1:C6", {"type": "duplicate"})
        sheet.autofilter("A1:D6")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.merge_range("A10:B11", "合并")
        book.define_name("其他!范围", "=其他!$A$1")
        book.define_name("全局", "=数据!$A$1")

    book = opened(patched(made(path, adorn), account_at("A2", "A11")))

    assert book["其他"].defined_names["范围"].attr_text == "其他!$A$1"
    assert book["数据"].auto_filter.ref == "A1:D6"
    assert book["数据"].row_dimensions[5].hidden
    assert book["数据"].data_validations.dataValidation


def test_macros_stay_and_the_name_says_so(path, tmp_path):
    (tmp_path / "vba.bin").write_bytes(bytes(100))
    made(path, lambda book: book.add_vba_project(str(tmp_path / "vba.bin")))
    account = account_at("A2")

    with (tmp_path / "out").open("wb") as out:
        assert patch(path, "数据", account, out) == ".xlsm"
    assert parts_of(patched(path, account))["xl/vbaProject.bin"] == bytes(100)


def without_places(sheet):
    return re.sub(rb'(<(?:c|row)\b[^>]*?) (?:r|spans)="[^"]*"', rb"\1", sheet).replace(
        b' spans="1:6"', b""
    )


def prefixed(sheet):
    sheet = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", sheet)
    return sheet.replace(b"<x:?xml", b"<?xml").replace(b"xmlns=", b"xmlns:x=")


ODD = {
    "rows and cells do not say where they are": {SHEET: without_places},
    "names have a prefix": {SHEET: prefixed},
    "quotation marks are single": {
        SHEET: lambda sheet: re.sub(rb'([ :]\w+)="([^"]*)"', rb"\1='\2'", sheet)
    },
    "there are line breaks between elements": {
        SHEET: lambda sheet: sheet.replace(b"><row", b">\n <row").replace(b"><c ", b">\n\t<c ")
    },
    "there is a byte-order mark": {SHEET: lambda sheet: b"\xef\xbb\xbf" + sheet},
    "targets are absolute": {
        "xl/_rels/workbook.xml.rels": replaced(b'Target="worksheets/', b'Target="/xl/worksheets/')
    },
    "a row has no cells": {
        SHEET: lambda sheet: re.sub(rb'<row r="2".*?</row>', b'<row r="2"/>', sheet)
    },
    "an extension follows": {
        SHEET: replaced(b"</worksheet>", b"<extLst><ext uri='{1}'/></extLst></worksheet>")
    },
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_ways_of_writing_a_workbook_are_known(path, odd):
    book = opened(patched(rewritten(made(path), ODD[odd]), account_at("A2", "C2", "E2", "B9")))

    for cell in ("A2", "C2", "E2", "B9"):
        assert looks(book["数据"], cell)[0] == ERROR_COLOUR


def test_an_empty_sheet_can_be_marked(path):
    rewritten(
        made(path),
        {SHEET: lambda sheet: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", sheet)},
    )

    assert looks(opened(patched(path, account_at("B3")))["数据"], "B3")[0] == ERROR_COLOUR


def test_a_workbook_without_styles_gets_some(path):
    def bare(book):
        return re.sub(rb'<Relationship [^>]*styles"[^>]*/>', b"", book)

    rewritten(
        made(path),
        {
            "xl/styles.xml": lambda _: b"",
            "xl/_rels/workbook.xml.rels": bare,
            "[Content_Types].xml": lambda types: re.sub(
                rb"<Override [^>]*styles[^>]*/>", b"", types
            ),
            SHEET: lambda sheet: re.sub(rb' s="\d+"', b"", sheet),
        },
    )

    assert looks(opened(patched(path, account_at("A2")))["数据"], "A2")[0] == ERROR_COLOUR


def test_a_sheet_of_the_new_ones_name_is_not_in_the_way(path):
    marked = patched(made(path, lambda book: book.add_worksheet("校验结果")), account_at("A2"))

    assert opened(marked).sheetnames[0] == "校验结果 (2)"


def test_a_sheet_with_a_quotation_mark_in_its_name_is_linked_to(path):
    rewritten(made(path), {
        "xl/workbook.xml": replaced("数据".encode(), b"it's"),
        "xl/worksheets/sheet2.xml": lambda sheet: sheet,
    })  # fmt: skip

    first = opened(patched(path, account_at("A2", sheet="it's"))).worksheets[0]

    links = {cell.hyperlink.location for row in first for cell in row if cell.hyperlink}
    assert links == {"'it''s'!A2"}


def test_a_marked_workbook_can_be_marked_again(path, tmp_path):
    again = tmp_path / "again.xlsx"
    shutil.copy(patched(made(path), account_at("A2")), again)
    rewritten(again, {})

    with (tmp_path / "out.xlsx").open("wb") as out:
        patch(again, "数据", account_at("A2", "A3"), out)

    book = opened(tmp_path / "out.xlsx")
    assert book.sheetnames == ["校验结果 (2)", "校验结果", "数据", "其他"]
    assert looks(book["数据"], "A3")[0] == ERROR_COLOUR


def test_what_openpyxl_writes_is_marked_too(path):
    book = openpyxl.Workbook()
    book.active.title = "数据"
    book.active.append(["列", 1, None])
    book.active["B1"].comment = openpyxl.comments.Comment("旧", "某人")
    book.save(path)

    sheet = opened(patched(path, account_at("A1", "B1")))["数据"]

    assert looks(sheet, "A1")[0] == looks(sheet, "B1")[0] == ERROR_COLOUR
    assert looks(sheet, "B1")[1].startswith("旧\n\n【错误")


def test_a_drawing_may_use_a_usual_prefix_for_something_else(path):
    drawing = "xl/drawings/vmlDrawing1.vml"
    made(path, lambda book: book.worksheets()[0].write_comment("A1", "旧"))
    rewritten(path, {drawing: lambda _: b'<xml xmlns:v="urn:x"><v:own/></xml>'})

    marked = parts_of(patched(path, account_at("B2", "B3")))[drawing]
    root = ElementTree.fromstring(marked)  # noqa: S314 - what we wrote ourselves.

    assert len(root.findall("{urn:schemas-microsoft-com:vml}shape")) == 2
    assert len(root.findall("{urn:x}own")) == 1


def test_the_same_findings_give_the_same_bytes(path):
    first = patched(made(path), account_at("A2")).read_bytes()

    assert patched(path, account_at("A2")).read_bytes() == first


def test_valid_workbooks_get_only_the_first_sheet(path):
    book = opened(patched(made(path), account_at()))

    assert book.worksheets[0]["B3"].value == "合格 VALID"


UNKNOWN = {
    "a document type": {SHEET: replaced(b"<worksheet", b"<!DOCTYPE worksheet []><worksheet")},
    "CDATA in a row": {SHEET: replaced(b"<v>0</v>", b"<v><![CDATA[0]]></v>")},
    "rows out of order": {SHEET: replaced(b'<row r="3"', b'<row r="1"')},
    "cells out of order": {SHEET: replaced(b'r="B2"', b'r="A2"')},
    "another encoding": {
        SHEET: lambda sheet: sheet.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    },
    "the strict namespace": {
        SHEET: replaced(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
    },
    "another root": {SHEET: lambda sheet: sheet.replace(b"worksheet", b"chartsheet")},
    "a sheet that ends early": {SHEET: lambda sheet: sheet[:-300]},
    "styles of another kind": {"xl/styles.xml": replaced(b"cellXfs", b"cellYfs")},
    "broken styles": {"xl/styles.xml": lambda styles: styles[:-5]},
    "no workbook": {"_rels/.rels": replaced(b'officeDocument"', b'somethingElse"')},
    "a template": {"[Content_Types].xml": replaced(b"sheet.main", b"template.main")},
}


@pytest.mark.parametrize("odd", UNKNOWN)
def test_what_is_not_known_is_left_alone(path, odd, tmp_path):
    rewritten(made(path), UNKNOWN[odd])

    with pytest.raises(Unfamiliar), (tmp_path / "out").open("wb") as out:
        patch(path, "数据", account_at("A2", "B2", "C3"), out)


@pytest.mark.parametrize("odd", ["no archive", "a name twice", "no such sheet", "damaged bytes"])
def test_odd_packages_are_left_alone(path, odd, tmp_path):
    made(path)
    if odd == "no archive":
        path.write_text("a,b\n")
    if odd == "a name twice":
        with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
            package.writestr(SHEET, b"")
    if odd == "damaged bytes":
        content = bytearray(path.read_bytes())
        with zipfile.ZipFile(path) as package:
            at = package.getinfo(SHEET).header_offset + 60
        content[at : at + 20] = bytes(20)
        path.write_bytes(content)

    with pytest.raises(Unfamiliar), (tmp_path / "out").open("wb") as out:
        patch(path, "没有" if odd == "no such sheet" else "数据", account_at("A2"), out)


def test_rows_larger_than_a_piece_are_put_together(path, tmp_path, monkeypatch):
    monkeypatch.setattr("opendata.tabular.annotate.patch.sheet._PIECE", 40)

    sheet = opened(patched(made(path), account_at("A2", "D6", "C9")))["数据"]

    assert {looks(sheet, cell)[0] for cell in ("A2", "D6", "C9")} == {ERROR_COLOUR}


def test_no_more_findings_are_marked_than_a_person_reads(path: Path):
    account = account_at(*(f"A{row}" for row in range(2, 40)))
    few = account.__class__(account.outcome, account.layout, account.findings[:5], account.kinds)

    first = opened(patched(made(path), few)).worksheets[0]

    said = [str(row[0].value) for row in first.iter_rows()]
    assert any(each.startswith("共 38 处，以下列出并标出 5 处，其余 33 处未标") for each in said)
