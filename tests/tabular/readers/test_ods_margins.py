"""What an ODS workbook says outside of its cells is looked at for markings, and nothing twice."""

import io
import zipfile

import pytest

from opendata.domain.privacy import Kind, Where
from opendata.tabular.privacy import PrivacyScan
from opendata.tabular.privacy.markings import is_marked_title
from opendata.tabular.readers import Unreadable, open_table
from opendata.tabular.readers.workbooks import ods_margins, ods_parts
from tests.tabular.readers.cases.clean import clean, contracts
from tests.tabular.readers.cases.sheets import ods, ods_cell, ods_rows, packed, unpacked

TABLE = clean("administrative-penalties")
CONTRACT = contracts()[TABLE.collection]
SECRET = "机密★10年"
SPLIT = "<text:span>机</text:span><text:span>密★10</text:span>年"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (
        *((each, each) for each in ("office", "table", "text", "style", "meta", "config", "form")),
        ("draw", "drawing"),
        ("number", "datastyle"),
        ("svg", "svg-compatible"),
    )
)
SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def made(
    before: str = "",
    rows: tuple[str, ...] = (),
    old: str = "",
    new: str = "",
    styles: str = "",
    **parts: bytes,
) -> bytes:
    """Return a workbook with something more: sheets, rows, a part of the content, or others."""
    content = unpacked(ods([*ods_rows(TABLE), *rows], before, styles))
    if old:
        changed = content["content.xml"].replace(old.encode(), new.encode(), 1)
        assert changed != content["content.xml"], old
        content["content.xml"] = changed
    xml = content["content.xml"].replace(
        b"<office:document-content", f"<office:document-content {declared(content)}".encode(), 1
    )
    return packed({**content, "content.xml": xml, **parts})


def declared(content: dict[str, bytes]) -> str:
    head = content["content.xml"][:1000].decode(errors="ignore")
    return " ".join(each for each in SPACES.split() if each.split("=")[0] not in head)


def part(name: str, inner: str, root: str = "office:document") -> dict[str, bytes]:
    return {name: f"<{root} {SPACES}>{inner}</{root}>".encode()}


def beside_rows(inner: str) -> bytes:
    """Return a workbook with more before its sheets."""
    return made(before=inner)


def in_a_cell(inner: str, attributes: str = "") -> bytes:
    """Return a workbook with more in a cell of a sheet that is not read."""
    cell = f"<table:table-cell{attributes}>{inner}</table:table-cell>"
    return made(
        f'<table:table table:name="其他"><table:table-row>{cell}</table:table-row></table:table>'
    )


def commented(content: bytes, comment: str, member: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, said in unpacked(content).items():
            info = zipfile.ZipInfo(name)
            info.comment = member.encode()
            archive.writestr(info, said)
        archive.comment = comment.encode()
    return out.getvalue()


def document(inner: str) -> bytes:
    """Return what Word makes of it: a package of its own kind."""
    return packed({"word/document.xml": f'<w:p xmlns:w="w">{inner}</w:p>'.encode()})


def shape(inner: str) -> str:
    return f"<table:shapes><draw:custom-shape>{inner}</draw:custom-shape></table:shapes>"


PLACES = {
    "annotation": in_a_cell(f"<office:annotation><text:p>{SPLIT}</text:p></office:annotation>"),
    "annotation's author": in_a_cell(
        f"<office:annotation><dc:creator>{SECRET}</dc:creator></office:annotation>"
    ),
    "note in a cell": in_a_cell(
        f"<text:p>甲<text:note><text:p>{SECRET}</text:p></text:note></text:p>"
    ),
    "title": made(**part("meta.xml", f"<dc:title>{SECRET}</dc:title>")),
    "keyword": made(**part("meta.xml", f"<meta:keyword>{SECRET}</meta:keyword>")),
    "property": made(
        **part("meta.xml", f'<meta:user-defined meta:name="密级">{SECRET}</meta:user-defined>')
    ),
    "property's name": made(**part("meta.xml", f'<meta:user-defined meta:name="{SECRET}"/>')),
    "template": made(**part("meta.xml", f'<meta:template xlink:title="{SECRET}"/>')),
    "header": made(**part("styles.xml", f"<style:header><text:p>{SPLIT}</text:p></style:header>")),
    "header with a page number": made(
        **part("styles.xml", "<text:p>机密★<text:page-number>1</text:page-number></text:p>")
    ),
    "header around a page number": made(
        **part("styles.xml", "<text:p>机密★1<text:page-number>0</text:page-number>年</text:p>")
    ),
    "number format": made(styles=f"<number:text>{SECRET}</number:text>"),
    "shown number": in_a_cell(
        f"<text:p>{SECRET}</text:p>", ' office:value-type="float" office:value="1"'
    ),
    "shown text": in_a_cell(
        f"<text:p>{SECRET}</text:p>", ' office:value-type="string" office:string-value="甲"'
    ),
    "value not shown": in_a_cell(
        "<text:p>1</text:p>",
        f' office:value-type="float" office:value="1" office:string-value="{SECRET}"',
    ),
    "formula": in_a_cell(
        "<text:p>甲</text:p>",
        ' office:value-type="string"'
        ' table:formula="of:=IF([.B1]=1;&quot;机&quot;&amp;&quot;密★10年&quot;;1)"',
    ),
    "tracked change": beside_rows(
        "<table:tracked-changes><table:cell-content-change><table:previous>"
        f"<table:change-track-table-cell><text:p>{SPLIT}</text:p></table:change-track-table-cell>"
        "</table:previous></table:cell-content-change></table:tracked-changes>"
    ),
    "shape": beside_rows(shape(f"<text:p>{SPLIT}</text:p>")),
    "description of a shape": beside_rows(shape(f"<svg:desc>{SECRET}</svg:desc>")),
    "name of a shape": beside_rows(
        f'<table:shapes><draw:frame draw:name="{SECRET}"/></table:shapes>'
    ),
    "table in a cell": in_a_cell(
        f"<table:table><table:table-row><table:table-cell><text:p>{SECRET}</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    ),
    "control": beside_rows(f'<office:forms><form:button form:label="{SECRET}"/></office:forms>'),
    "prompt": beside_rows(
        f"<table:content-validation><table:help-message><text:p>{SPLIT}</text:p>"
        "</table:help-message></table:content-validation>"
    ),
    "list": beside_rows(
        f'<table:content-validation table:condition=\'cell-content-is-in-list("{SECRET}";"甲")\'/>'
    ),
    "defined name": beside_rows(f'<table:named-range table:name="{SECRET}"/>'),
    "scenario": beside_rows(f'<table:scenario table:comment="{SECRET}"/>'),
    "pivot table": beside_rows(f'<table:data-pilot-table table:name="{SECRET}"/>'),
    "link": in_a_cell(
        '<text:p><text:a xlink:href="file:///%E6%9C%BA%E5%af%86.pdf">甲</text:a></text:p>'
    ),
    "sheet without cells": made('<table:table table:name="秘密"/>'),
    "XML comment": beside_rows(f"<!-- {SECRET} -->"),
    "instruction": beside_rows(f"<?x {SECRET}?>"),
    "settings": made(**part("settings.xml", f"<config:config-item>{SECRET}</config:config-item>")),
    "chart": made(**part("Object 1/content.xml", f"<text:p>{SPLIT}</text:p>")),
    "manifest": made(
        **{
            "META-INF/manifest.xml": f'<!DOCTYPE m PUBLIC "-//OpenOffice.org//DTD Manifest//EN" '
            f'"Manifest.dtd"><m full-path="{SECRET}"/>'.encode()
        }
    ),
    "UTF-16": made(**{"meta.xml": "<m>&#26426;密★10年</m>".encode("utf-16")}),
    "damaged part": made(**{"meta.xml": f"<m><t>{SECRET}".encode()}),
    "plain text": made(**{"readme.txt": SECRET.encode("gb18030")}),
    "name of a member": made(**{f"Pictures/{SECRET}.png": b"x"}),
    "embedded document": made(
        Object1=document("<w:r><w:t>机</w:t></w:r><w:r><w:t>密★10年</w:t></w:r>")
    ),
    "embedded workbook in another": made(
        Object1=packed({"a.ods": packed({"content.xml": f"<p>{SPLIT}</p>".encode()})})
    ),
    "comment of the archive": commented(ods(ods_rows(TABLE)), SECRET),
    "comment of a member": commented(ods(ods_rows(TABLE)), "", SECRET),
}


def opened(tmp_path, content: bytes):
    path = tmp_path / "received"
    path.write_bytes(content)
    return open_table(path, CONTRACT, tmp_path / "canonical.csv")


def flags(tmp_path, content: bytes):
    table = opened(tmp_path, content)
    scan = PrivacyScan(table, CONTRACT)
    for _ in table.shown_to(scan.see).blocks(1 << 24):
        pass
    return [(each.where, each.count) for each in scan.flags() if each.kind is Kind.MARKING]


@pytest.mark.parametrize("place", PLACES)
def test_a_marking_is_found_wherever_it_is(tmp_path, place):
    [(where, _)] = flags(tmp_path, PLACES[place])

    assert where is Where.SHEET


def test_a_marking_in_a_cell_is_told_once_and_with_its_row(tmp_path):
    facts = ods_cell(TABLE.rows[0][TABLE.names.index("facts")])
    formula = (
        ' table:formula="of:=&quot;机密★10年&quot;" office:value-type="string"'
        f' office:string-value="{SECRET}"'
    )
    for cell in (
        ods_cell(SECRET),
        f"<table:table-cell{formula}><text:p>{SECRET}</text:p></table:table-cell>",
    ):
        assert flags(tmp_path, made(old=facts, new=cell)) == [(Where.CELL, 1)]


def test_words_about_secrets_mark_nothing(tmp_path):
    said = "保守国家秘密工作经费"
    drawn = "<text:p>不涉及国家秘密，也不属于<text:span>商业秘密</text:span></text:p>"
    link = '<text:a xlink:href="https://a/秘密/list"/>'
    choice = '\'cell-content-is-in-list("公开";"秘密";"机密")\''
    counted = (
        ' table:formula="of:=COUNTIF([.A1:.A9];&quot;机密&quot;)" office:value-type="float"'
        ' office:value="0"'
    )
    content = made(
        before=(
            f'<table:named-range table:name="{said}"/><table:filter-condition table:value="秘密"/>'
            f"{shape(link)}"
            f"<table:content-validation table:condition={choice}/><!-- {said} -->{shape(drawn)}"
            f'<table:table table:name="密云区"><table:table-row><table:table-cell{counted}>'
            f"<office:annotation><text:p>{said}</text:p></office:annotation><text:p>0</text:p>"
            "</table:table-cell></table:table-row></table:table>"
        ),
        styles="<style:map style:condition='cell-content()=\"机密\"'/>",
        **part("meta.xml", f"<dc:title>{said}</dc:title><meta:keyword>保密审查</meta:keyword>"),
    )

    table = opened(tmp_path, content)
    beside = {each.text for each in table.beside if "密" in each.text}

    assert beside >= {said, "不涉及国家秘密，也不属于商业秘密"}
    assert not [each for each in beside if is_marked_title(each)]


@pytest.mark.parametrize(("bounded", "place"), [(ods_parts, "title"), (ods_margins, "shape")])
def test_what_is_looked_at_is_bounded(tmp_path, monkeypatch, bounded, place):
    monkeypatch.setattr(bounded, "_MOST", 5)
    with pytest.raises(Unreadable) as refusal:
        opened(tmp_path, PLACES[place])

    where = "meta" if place == "title" else "content"
    assert (refusal.value.code, [each.pointer for each in refusal.value.faults]) == (
        "too-large-uncompressed",
        [f"/member/{where}.xml"],
    )


def test_a_long_text_is_looked_at_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(ods_margins, "_LONG", 300)
    long = f"<text:p>{'<text:span>一二三</text:span>' * 99}{SPLIT}{'<text:s/>一' * 400}</text:p>"

    assert [where for where, _ in flags(tmp_path, made(before=shape(long)))] == [Where.SHEET]


def test_entities_in_any_part_are_refused(tmp_path):
    laughs = b'<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;">]><a>&y;</a>'
    with pytest.raises(Unreadable) as refusal:
        opened(tmp_path, made(**{"styles.xml": laughs}))

    assert (refusal.value.code, [each.pointer for each in refusal.value.faults]) == (
        "xml-entities",
        ["/member/styles.xml"],
    )
    assert opened(tmp_path, made(**{"Pictures/a.svg": laughs})).table()


@pytest.mark.parametrize("encoding", ["klingon", "gb18030", "utf-7"])
def test_an_encoding_that_is_not_read_is_a_damaged_part(tmp_path, encoding):
    parts = unpacked(ods(ods_rows(TABLE)))
    xml = parts["content.xml"].replace(b"UTF-8", encoding.encode(), 1)
    with pytest.raises(Unreadable) as refusal:
        opened(tmp_path, packed({**parts, "content.xml": xml}))

    assert [each.pointer for each in refusal.value.faults] == ["/member/content.xml"]
    said = f'<?xml version="1.0" encoding="{encoding}"?><a/>'
    assert opened(tmp_path, made(**{"meta.xml": said.encode()})).table()


def test_signs_that_might_begin_a_level_are_looked_at_once(tmp_path):
    signs = "㊙" * 2**17

    assert flags(tmp_path, made(before=shape(f"<text:p>{signs}a密</text:p>"))) == []
