"""The scan of whole files: which columns, which rows, and what stands around the table."""

import io
import json
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from opendata.domain.privacy import Kind, Where
from opendata.tabular.privacy import PrivacyScan
from opendata.tabular.privacy.markings import is_marking
from opendata.tabular.privacy.scanning import signs_in
from opendata.tabular.readers import Declared, open_table
from opendata.tabular.readers.documents import about_levels
from tests.domain.made import contract, field

PERSON = "110101188203071234"
MOBILE = "13900001234"
SECRET = "机密★10年"
CONTRACT = contract(
    fields=(*contract().fields, field("chief"), field("passport_no")),
    persons=("chief",),
)
NAMES = ["name", "size", "secret", "chief"]
PLAIN = "\n".join([",".join(NAMES), "甲,1,,", ""])
TITLES = [f"{name}列" for name in NAMES]


@pytest.fixture
def scanned(tmp_path):
    """Return the flags of a file with these bytes, in the pass in which its rows are read."""

    def scan(content: bytes, filename: str = "data.csv", size: int = 1 << 24):
        path = tmp_path / "received"
        path.write_bytes(content)
        table = open_table(path, CONTRACT, tmp_path / "table.csv", Declared("", filename))
        scan = PrivacyScan(table, CONTRACT)
        for _ in table.shown_to(scan.see).blocks(size):
            pass
        return scan.flags(filename)

    return scan


def csv(*rows, names=NAMES) -> bytes:
    return "\n".join([",".join(names), *rows, ""]).encode()


def workbook(*rows, title="", sheet="数据", other=None, header="", comment="") -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.oddHeader.right.text = header or None
    if comment:
        page["A1"].comment = Comment(comment, "某人")
    page.title = sheet
    for row in ([title], NAMES, *rows) if title else (NAMES, *rows):
        page.append(list(row))
    if other is not None:
        book.create_sheet("封面").append([other])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def package(title: str, content: bytes) -> bytes:
    out = io.BytesIO()
    described = {"title": title, "resources": [{"name": "data", "path": "data.csv"}]}
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("datapackage.json", json.dumps(described, ensure_ascii=False))
        archive.writestr("data.csv", content)
    return out.getvalue()


def zipped(members, comment="") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = comment.encode()
    return out.getvalue()


def described(**schema) -> bytes:
    fields = [{"name": name, **schema} for name in NAMES]
    resource = {"name": "data", "path": "data.csv", "schema": {"fields": fields}}
    return zipped({"datapackage.json": json.dumps({"resources": [resource]}), "data.csv": PLAIN})


def drawn(draw) -> bytes:
    """Return a workbook that was changed in some way before it was saved."""
    book = openpyxl.load_workbook(io.BytesIO(workbook(["甲", 1])))
    draw(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def far_below(book):
    book.create_sheet("说明")["A71"] = SECRET


def chart(book):
    made = BarChart()
    made.title = SECRET
    made.add_data(Reference(book.active, min_col=2, min_row=1, max_row=2))
    book.create_chartsheet("图").add_chart(made)


def prompt(book):
    asked = DataValidation(type="list", formula1='"a,b"', promptTitle="说明", prompt=SECRET)
    book.active.add_data_validation(asked)
    asked.add("A2")


def number_format(book):
    book.active["B2"].number_format = f'"{SECRET}"0'


def defined_name(book):
    book.defined_names["m"] = DefinedName("m", attr_text=f'"{SECRET}"')


def defined_comment(book):
    book.defined_names["m"] = DefinedName("m", attr_text="1", comment=SECRET)


def chart_sheet_name(book):
    book.create_chartsheet("秘密").add_chart(BarChart())


def brief(flags):
    return [(each.kind, each.field, each.count, each.rows) for each in flags]


def test_a_flag_says_which_column_and_which_rows(scanned):
    found = scanned(csv("甲,1,,", f"乙{PERSON},2,,", "丙,3,,", f"丁{PERSON}和{MOBILE},4,,"))

    assert brief(found) == [
        (Kind.RESIDENT_ID, "name", 2, (3, 5)),
        (Kind.MOBILE, "name", 1, (5,)),
    ]
    assert all(each.strong for each in found)


def test_lines_are_those_of_the_file_as_received(scanned):
    found = scanned(("标题\n" + csv('"甲\n乙",1,,', f"{PERSON},2,,").decode()).encode())

    assert [(each.rows, each.lines) for each in found] == [((3,), (5,))]


def test_what_publication_takes_out_or_treats_is_looked_at_for_markings_only(scanned):
    assert scanned(csv(f"甲,1,{PERSON},")) == ()
    assert brief(scanned(csv(f"甲,1,{SECRET},"))) == [(Kind.MARKING, "secret", 1, (2,))]


def test_whole_numbers_are_resident_numbers_but_no_telephones(scanned):
    assert brief(scanned(csv(f"甲,{PERSON},,"))) == [(Kind.RESIDENT_ID, "size", 1, (2,))]
    assert scanned(csv(f"甲,{MOBILE},,")) == ()


def test_whole_names_are_looked_for_in_declared_columns_only(scanned):
    found = scanned(csv("张小三,1,,李四", "王五,2,,李某", "赵六,3,,欧阳修文"))

    assert brief(found) == [(Kind.PERSON_NAME, "chief", 2, (2, 4))]
    assert not found[0].strong


def test_what_a_column_is_called_tells_what_its_cells_are(scanned):
    number = b"G12345678"

    assert scanned(csv("甲,1,,").replace("甲".encode(), number)) == ()
    found = scanned(csv("甲,G12345678", names=["name", "passport_no"]))
    assert brief(found) == [(Kind.PASSPORT, "passport_no", 1, (2,))]


def test_at_most_twenty_rows_are_named_and_all_are_counted(scanned):
    (found,) = scanned(csv(*[f"{MOBILE},1,,"] * 50), size=200)

    assert (found.count, found.rows) == (50, tuple(range(2, 22)))


def test_codes_that_begin_like_bank_cards_are_told_by_their_check_digits(scanned):
    """One in ten passes by chance; of cards nearly every one does."""
    codes = [f"6225990000000{number:03}" for number in range(100)]

    (found,) = scanned(csv(*[f"{code},1,," for code in codes]))

    assert (found.kind, found.count, found.strong) == (Kind.BANK_CARD, 10, False)


def test_codes_of_fifteen_digits_that_happen_to_hold_a_birthday_are_let_be(scanned):
    person, others = "110101010307123", [f"110101010307{number}" for number in (124, 125)]
    codes = [f"999999010307{number}" for number in range(100, 120)]

    assert scanned(csv(*[f"{code},1,," for code in (*codes, person)])) == ()
    (found,) = scanned(csv(*[f"{code},1,," for code in (person, *others)]))
    assert (found.kind, found.strong) == (Kind.RESIDENT_ID, False)


def test_a_pass_that_reads_no_cells_is_scanned_all_the_same(tmp_path):
    """As when Frictionless judges alone."""
    path = tmp_path / "data.csv"
    path.write_bytes(csv(f"甲{MOBILE},1,,"))
    table = open_table(path, CONTRACT, tmp_path / "table.csv")
    scan = PrivacyScan(table, CONTRACT)

    table.shown_to(scan.see).table()

    assert brief(scan.flags()) == [(Kind.MOBILE, "name", 1, (2,))]


def test_damaged_rows_are_scanned_as_well(scanned):
    (found,) = scanned(csv("甲,1", f'乙"{MOBILE},2,,', "丙,3,,,,,"))

    assert (found.kind, found.rows) == (Kind.MOBILE, (3,))


@pytest.mark.parametrize(
    ("content", "filename", "where"),
    [
        (csv("甲,1,,"), "2026年预算-机密.csv", Where.FILE_NAME),
        (csv("甲,1,,"), "秘密★.csv", Where.FILE_NAME),
        (("机 密\n" + csv("甲,1,,").decode()).encode(), "a.csv", Where.HEADING),
        (("密级：秘密,,\n表一,,\n" + csv("甲,1,,").decode()).encode(), "a.csv", Where.HEADING),
        (workbook(["甲", 1], title="绝密★长期"), "a.xlsx", Where.HEADING),
        (workbook(["甲", 1], sheet="秘密"), "a.xlsx", Where.SHEET),
        (workbook(["甲", 1], other="机密★5年"), "a.xlsx", Where.SHEET),
        (workbook(["甲", 1], header="秘密★3年"), "a.xlsx", Where.SHEET),
        (workbook(["甲", 1], comment="密级：机密"), "a.xlsx", Where.SHEET),
        (package("某表（秘密）", csv("甲,1,,")), "a.zip", Where.DESCRIPTION),
    ],
)
def test_markings_around_the_table_are_found(scanned, content, filename, where):
    assert [(each.kind, each.where) for each in scanned(content, filename)] == [
        (Kind.MARKING, where)
    ]


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (csv(f"甲{MOBILE},1,,"), "a.csv"),
        (csv(f"甲{MOBILE},1,,", names=TITLES).decode().encode("gb18030"), "a.csv"),
        (csv(f"甲{MOBILE},1,,").replace(b",", b"\t"), "a.tsv"),
        (workbook([f"甲{MOBILE}", 1]), "a.xlsx"),
        (package("某表", csv(f"甲{MOBILE},1,,")), "a.zip"),
        (json.dumps({"name": f"甲{MOBILE}", "size": 1}).encode() + b"\n", "a.ndjson"),
    ],
)
def test_every_format_is_scanned(scanned, content, filename):
    assert [(each.kind, each.field) for each in scanned(content, filename)] == [
        (Kind.MOBILE, "name")
    ]


@pytest.mark.parametrize(
    "draw",
    [
        *(far_below, chart, prompt, number_format, defined_name, defined_comment),
        chart_sheet_name,
    ],
)
def test_markings_are_found_wherever_a_workbook_shows_text(scanned, draw):
    assert [(each.kind, each.where) for each in scanned(drawn(draw), "a.xlsx")] == [
        (Kind.MARKING, Where.SHEET)
    ]


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (zipped({"data.csv": PLAIN, f"{SECRET}.txt": "x"}), Where.FILE_NAME),
        (zipped({f"{SECRET}/data.csv": PLAIN}), Where.FILE_NAME),
        (zipped({"data.csv": PLAIN}, SECRET), Where.DESCRIPTION),
        (zipped({"data.csv": PLAIN, "说明.txt": f"甲\n{SECRET}\n"}), Where.DESCRIPTION),
        (zipped({"data.csv": PLAIN, "说明.txt": SECRET.encode("gbk")}), Where.DESCRIPTION),
        (zipped({"data.csv": PLAIN, "说明.doc": SECRET.encode("utf-16-le")}), Where.DESCRIPTION),
        (
            zipped({"data.csv": PLAIN, "函.docx": zipped({"a.xml": f"<t>{SECRET}</t>"})}),
            Where.DESCRIPTION,
        ),
        (described(description=SECRET), Where.DESCRIPTION),
    ],
)
def test_markings_are_found_on_whatever_else_an_archive_holds(scanned, content, where):
    assert [(each.kind, each.where) for each in scanned(content, "a.zip")] == [
        (Kind.MARKING, where)
    ]


def test_levels_that_a_schema_lists_and_unread_words_mark_nothing(scanned):
    listed = described(constraints={"enum": ["秘密", "机密"]}, missingValues=["秘密"])

    assert scanned(listed, "a.zip") == ()
    assert scanned(zipped({"data.csv": PLAIN, "a.txt": "保守国家秘密法"}), "a.zip") == ()


@pytest.mark.parametrize("at", [0, 58, 59, 60, 61, 97, 98, 99, 100, 101, 300])
def test_no_sign_is_lost_between_the_pieces_of_a_long_line(at):
    text = "密" * at + "甲" + SECRET + "乙" * 300

    assert any(is_marking(each) for each in about_levels(text.encode(), "utf-8"))


def test_a_plain_file_raises_nothing(scanned):
    text = "国家秘密、商业秘密，12345热线，91110000600037341L"

    assert scanned(csv(f"{text},1,,"), "保守国家秘密工作经费.csv") == ()
    assert scanned(workbook([text, 1], title="涉密人员管理经费（2026年）"), "a.xlsx") == ()


def test_however_long_the_digits_are_each_place_is_looked_at_once():
    """Who tries every place against all that stands beside it never ends here."""
    digits = "1" * 50_000

    assert not signs_in(f"{digits}a{digits}")
    assert [each.kind for each in signs_in(f"{digits}a11010519491231002X")] == [Kind.RESIDENT_ID]
