"""Markings in whatever a file holds beside the cells of its table, wherever programs put them."""

import io
import json
import struct
import zipfile
import zlib

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from opendata.domain.privacy import Kind, Where
from opendata.tabular.privacy import PrivacyScan
from opendata.tabular.readers import Declared, open_table
from opendata.tabular.readers.archives import BROKEN
from opendata.tabular.readers.documents import Allowance, texts_in
from opendata.tabular.readers.markup import compared
from opendata.tabular.readers.workbooks.xls_texts import in_records
from tests.domain.made import contract, field

CONTRACT = contract(fields=(*contract().fields, field("secret")))
NAMES = ["name", "size", "secret"]
SECRET = "机密★10年"
UTF_16 = SECRET.encode("utf-16-le")
HELD = [(Kind.MARKING, Where.SHEET)]
FORMULA = xlwt.Formula(f'IF(1;1;"{SECRET}")')
SHEET = "xl/worksheets/sheet1.xml"
# Runs of one paragraph, the second with a colour: DrawingML has elements within its properties.
RUNS = (
    "<a:p><a:r><a:t>机</a:t></a:r><a:r><a:rPr><a:solidFill><a:srgbClr val='F00'/></a:solidFill>"
    "</a:rPr><a:t>密★10年</a:t></a:r></a:p>"
)


@pytest.fixture
def found(tmp_path):
    """Return what kinds of flags a file raises, and where."""

    def scan(content, filename):
        path = tmp_path / "received"
        path.write_bytes(content)
        table = open_table(path, CONTRACT, tmp_path / "table.csv", Declared("", filename))
        scan = PrivacyScan(table, CONTRACT)
        for _ in table.shown_to(scan.see).blocks():
            pass
        return [(each.kind, each.where) for each in scan.flags(filename)]

    return scan


def zipped(members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(edit=lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for row in (NAMES, ["甲", 1, "乙"]):
        book.active.append(row)
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(parts, edited=None) -> bytes:
    """Return a workbook with more parts, and one of its own ``edited``: what becomes what."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, (old, new) in (edited or {}).items():
        assert old.encode() in members[name]
        members[name] = members[name].replace(old.encode(), new.encode(), 1)
    return zipped(members | parts)


def behind_cells(xml) -> bytes:
    return with_parts({}, {SHEET: ("</sheetData>", f"</sheetData>{xml}")})


def with_formula(formula) -> bytes:
    return with_parts({}, {SHEET: ("<v>1</v>", f"<f>{formula}</f><v>1</v>")})


def chosen_from(listed):
    def edit(book):
        choice = DataValidation(type="list", formula1=f'"{listed}"')
        book.active.add_data_validation(choice)
        choice.add("C2")

    return workbook(edit)


def coloured(condition):
    rule = FormulaRule(formula=[condition])
    return workbook(lambda book: book.active.conditional_formatting.add("C2", rule))


def named(formula):
    said = DefinedName("m", attr_text=formula)
    return workbook(lambda book: book.defined_names.add(said))


def linked(target):
    return workbook(lambda book: setattr(book.active["A2"], "hyperlink", target))


def shown_as(code):
    return workbook(lambda book: setattr(book.active["B2"], "number_format", code))


def headed(text):
    header = f"<headerFooter><oddHeader>{text}</oddHeader></headerFooter>"
    return behind_cells(header)


def aloud(text):
    return f'<rPh sb="0" eb="1"><t>{text}</t></rPh>'


def shared(text):
    return with_parts({"xl/sharedStrings.xml": f"<sst><si><t>甲</t>{text}</si></sst>"})


def xls(edit=lambda book, sheet: None, cell="乙") -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("数据")
    for at, cells in enumerate((NAMES, ["甲", 1, cell])):
        for column, each in enumerate(cells):
            sheet.write(at, column, each)
    edit(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls_headed(text):
    return xls(lambda _, sheet: setattr(sheet, "_Worksheet__header_str", text))


def with_stream(name, content) -> bytes:
    """Return an XLS workbook with one more stream, behind all others ([MS-CFB] 2.2 to 2.6)."""
    data = bytearray(xls())
    content = content.ljust(4096, b"\0")
    first, count = (len(data) - 512) // 512, len(content) // 512
    (table,) = struct.unpack_from("<I", data, 76)
    (directory,) = struct.unpack_from("<I", data, 48)
    for at in range(count):
        following = first + at + 1 if at < count - 1 else 0xFFFFFFFE
        struct.pack_into("<I", data, 512 + 512 * table + 4 * (first + at), following)
    entries = 512 + 512 * directory
    struct.pack_into("<I", data, entries + 128 + 72, 2)
    encoded = name.encode("utf-16-le")
    none = 0xFFFFFFFF
    struct.pack_into(
        "<64sHBB3I", data, entries + 256, encoded, len(encoded) + 2, 2, 1, none, none, none
    )
    struct.pack_into("<IQ", data, entries + 256 + 116, first, len(content))
    return bytes(data) + content


def packaged(**said) -> bytes:
    resource = {"name": "data", "path": "data.csv", **said}
    described = json.dumps({"resources": [resource]}, ensure_ascii=False)
    return zipped({"datapackage.json": described, "data.csv": ",".join(NAMES) + "\n甲,1,乙\n"})


def parquet(**metadata) -> bytes:
    table = pa.table({"name": ["甲"], "size": [1], "secret": ["乙"]})
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(chosen_from(f"公开,{SECRET}"), id="validation"),
        pytest.param(coloured(f'C2="{SECRET}"'), id="condition"),
        pytest.param(with_formula(f'IF(1,1,"{SECRET}")'), id="formula"),
        pytest.param(with_formula('IF(1,1,"机"&amp;"密★10年")'), id="joined"),
        pytest.param(named(f'{{"公开","{SECRET}"}}'), id="name"),
        pytest.param(linked(f"https://a.cn/{SECRET}"), id="link"),
        pytest.param(linked("https://a.cn/%E6%9C%BA%E5%AF%86%E2%98%8510%E5%B9%B4"), id="escaped"),
        pytest.param(headed("&amp;R&amp;&quot;宋体&quot;机&amp;12密★10年"), id="header"),
        pytest.param(headed("&amp;C秘密&amp;P/&amp;N"), id="header-level"),
        pytest.param(shown_as(r"0\机\密\★10\年"), id="number-format"),
        pytest.param(shared(aloud(SECRET)), id="phonetic"),
        pytest.param(
            with_parts({}, {SHEET: ("<t>name</t>", f"<t>name</t>{aloud(SECRET)}")}),
            id="phonetic-within",
        ),
        pytest.param(behind_cells(f'<extLst><ext caption="{SECRET}"/></extLst>'), id="extension"),
        pytest.param(with_parts({f"xl/media/{SECRET}.png": b""}), id="part-name"),
        pytest.param(with_parts({"xl/media/a.emf": b"\1" + UTF_16}), id="picture"),
        pytest.param(with_parts({"xl/drawings/a.xml": f"<x>{RUNS}</x>"}), id="coloured-run"),
        pytest.param(with_parts({"customXml/item1.xml": f"<x><!--{SECRET}--></x>"}), id="comment"),
        pytest.param(with_parts({"xl/a.xml": f"<x><![CDATA[{SECRET}]]></x>"}), id="unparsed"),
        pytest.param(with_parts({"xl/a.vml": f'<v:textpath string="{SECRET}"/>'}), id="word-art"),
        pytest.param(with_parts({"docProps/a.xml": f"<p><l>{SECRET}</l></p>"}), id="property"),
        pytest.param(
            with_parts({"xl/embeddings/a.docx": zipped({"word/a.xml": f"<x>{RUNS}</x>"})}),
            id="embedded-document",
        ),
        pytest.param(
            with_parts({"xl/embeddings/a.bin": b"head" + zipped({"b.zip": zipped({"c": UTF_16})})}),
            id="embedded-archive",
        ),
        pytest.param(with_parts({"xl/embeddings/a.xls": xls(cell=SECRET)}), id="embedded-xls"),
    ],
)
def test_markings_are_found_in_every_part_of_a_workbook(found, content):
    assert found(content, "a.xlsx") == HELD


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(chosen_from("公开,秘密,机密"), id="validation"),
        pytest.param(coloured('C2="秘密"'), id="condition"),
        pytest.param(with_formula('IF(A1="秘密",1,COUNTIF(C:C,"*机密*"))'), id="formula"),
        pytest.param(named('{"公开","秘密"}'), id="name"),
        pytest.param(with_parts({"xl/tables/a.xml": '<a><f>A="秘密"</f></a>'}), id="column"),
        pytest.param(linked("https://a.cn/?q=秘密"), id="link"),
        pytest.param(headed("保守国家秘密工作经费"), id="header"),
        pytest.param(
            behind_cells('<autoFilter><filter val="秘密"/></autoFilter><cfRule text="机密"/>'),
            id="filter",
        ),
        pytest.param(shared(aloud("保守国家秘密")), id="phonetic"),
        pytest.param(with_parts({"xl/media/a.png": bytes(range(256)) * 64}), id="picture"),
        pytest.param(
            with_parts({"xl/embeddings/a.docx": zipped({"a.xml": "<t>保守国家秘密法</t>"})}),
            id="embedded",
        ),
        pytest.param(with_parts({"xl/a.zip": b"PK\3\4 damaged"}), id="damaged"),
    ],
)
def test_what_compares_with_levels_or_speaks_of_secrets_marks_no_workbook(found, content):
    assert found(content, "a.xlsx") == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(xls_headed(SECRET), id="header"),
        pytest.param(xls_headed('&C&"宋体"机&12密★10年'), id="header-codes"),
        pytest.param(xls_headed("&C秘密"), id="header-level"),
        pytest.param(xls(lambda book, _: book.add_sheet("秘密")), id="sheet"),
        pytest.param(
            xls(lambda book, _: book.add_sheet("说明").write(0, 0, FORMULA)), id="formula"
        ),
        pytest.param(with_stream("\5SummaryInformation", b"\x1e\0\0" + UTF_16), id="utf-16"),
        pytest.param(
            with_stream("\5SummaryInformation", b"\5\0\0\0" + "秘密".encode("gbk")), id="property"
        ),
        pytest.param(with_stream("a", zipped({"a.docx": zipped({"b.xml": SECRET})})), id="object"),
    ],
)
def test_markings_are_found_around_the_cells_of_an_old_workbook(found, content):
    assert found(content, "a.xls") == HELD


def test_what_a_workbook_says_in_cells_is_told_of_cells_alone(found):
    filled = workbook(lambda book: book.active.append(["丙", 2, SECRET]))

    assert found(filled, "a.xlsx") == [(Kind.MARKING, Where.CELL)]
    assert found(xls(cell=SECRET), "a.xls") == [(Kind.MARKING, Where.CELL)]


def test_a_header_that_speaks_of_secrets_marks_no_old_workbook(found):
    assert found(xls_headed("保守国家秘密工作经费"), "a.xls") == []


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ((0x1B6, b"", 0x3C, b"\1" + UTF_16), SECRET),
        ((0x1BE, b"\x05\0\1" + "公开,".encode("utf-16-le") + UTF_16), SECRET),
        ((0x1BE, b"\x05\0\1" + "公开,秘密".encode("utf-16-le")), None),
        ((0xFC, b"\x05\0\1" + UTF_16), None),
        ((0xFC, b"", 0x3C, b"\1" + UTF_16), None),
    ],
)
def test_texts_are_found_in_records_that_hold_no_cells(record, text):
    kinds, contents = record[::2], record[1::2]
    said = b"".join(
        struct.pack("<HH", kind, len(content)) + content
        for kind, content in zip(kinds, contents, strict=True)
    )

    assert list(in_records(said, is_unicode=True)) == ([text] if text else [])


def test_texts_of_the_oldest_workbooks_are_in_a_code_page():
    text = SECRET.encode("gbk")

    assert SECRET in list(
        in_records(struct.pack("<HHB", 0x14, len(text) + 1, len(text)) + text, is_unicode=False)
    )


@pytest.mark.parametrize(
    ("content", "filename", "where"),
    [
        (packaged(sources=[{"contact": {"note": SECRET}}]), "a.zip", Where.DESCRIPTION),
        (packaged(**{SECRET: 1}), "a.zip", Where.DESCRIPTION),
        (packaged(schema={"missingValues": [SECRET]}), "a.zip", Where.DESCRIPTION),
        (parquet(note=SECRET), "a.parquet", Where.DESCRIPTION),
        (parquet(**{SECRET: "x"}), "a.parquet", Where.DESCRIPTION),
        (json.dumps({"name": "甲", "size": 1, SECRET: ""}).encode(), "a.ndjson", Where.HEADING),
        (f"{SECRET}\n{','.join(NAMES)}\n甲,1,乙\n".encode("utf-16"), "a.csv", Where.HEADING),
        (f"# {SECRET}\n{','.join(NAMES)}\n甲,1,乙\n".encode(), "a.csv", Where.HEADING),
    ],
)
def test_markings_are_found_around_the_table_in_every_format(found, content, filename, where):
    assert found(content, filename) == [(Kind.MARKING, where)]


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (packaged(schema={"missingValues": ["秘密"], "fields": [{"name": "秘密"}]}), "a.zip"),
        (parquet(note="保守国家秘密工作经费"), "a.parquet"),
    ],
)
def test_words_around_the_table_mark_no_file(found, content, filename):
    assert found(content, filename) == []


@pytest.mark.parametrize(
    "content",
    [
        SECRET.encode("gbk"),
        b"\1" + UTF_16,
        b"\1" + SECRET.encode("utf-16-be"),
        "甲乙".encode("gbk") * 200 + SECRET.encode("gbk"),
        b"\xff\xfe" + f"<a b='{SECRET}'/>".encode("utf-16-le"),
        rb"{\rtf1{\b \'bb\'fa}\'c3\'dc\u9733?10\'c4\'ea\par}",
        b"%PDF-1.4 /Title<FEFF" + SECRET.encode("utf-16-be").hex().encode() + b">",
        b"%PDF-1.5 stream\n"
        + zlib.compress(b"(\xfe\xff" + SECRET.encode("utf-16-be") + b")")
        + b"\nendstream",
        json.dumps({"a": SECRET}).encode(),
        zipped({"a": zipped({"b": zipped({"c": SECRET})})}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + zipped({"a": SECRET}),
    ],
)
def test_markings_are_found_in_files_of_any_form(content):
    assert any(SECRET in each for each in texts_in(content, Allowance()))


@pytest.mark.parametrize(
    "content",
    [b"<" * 2**18, b"<rPr>" * 2**16, b' a="' * 2**17, b"%PDF-" + b"stream\n" * 2**16, b"a" * 2**19],
)
def test_what_is_made_to_take_long_does_not(content):
    """Whoever made it would have the server search for hours."""
    assert len(list(texts_in(content + "密".encode() + b"<", Allowance()))) < 2


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_nested_archive_of_another_method_is_damaged_like_any(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a", SECRET * 99)
    whole = out.getvalue()
    middle = 40 + (whole.index(b"PK\x01\x02") - 40) // 2

    assert any(SECRET in each for each in texts_in(whole, Allowance()))
    with pytest.raises(BROKEN):
        list(texts_in(whole[:middle] + bytes(8) + whole[middle + 8 :], Allowance()))


def test_a_level_with_much_behind_it_is_looked_at_once():
    assert len(list(compared("机密" + " " * 2**17 + "a"))) == 1
