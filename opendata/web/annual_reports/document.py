"""An annual report as DOCX: real tables, headings and page numbers, the same bytes every time."""

import io
import zipfile
from datetime import datetime

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from opendata.domain.annual.layout import Part, Printed, Slot
from opendata.domain.annual.paper import Paper

_TEXT_MM = 156
# GB/T 9704-2012: A4, the text 156 mm by 225 mm, its head 37 mm and its left edge 28 mm from ours.
_PAGE = {"page_width": 210, "page_height": 297}
_MARGINS = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
# Word's default template; LibreOffice and WPS put their own in the place of fonts they lack.
_FONTS = {"Normal": ("仿宋", 16), "Title": ("方正小标宋简体", 22), "Heading 1": ("黑体", 16)}
# A document is what its facts are: when it was made is none of them.
_LONGEST = 255
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - python-docx writes it as it stands, as UTC.
_ZIP_MADE = (1980, 1, 1, 0, 0, 0)


def document(paper: Paper) -> bytes:
    """Return the report as a DOCX file; of the same paper, the same bytes."""
    made = Document()
    _prepare(made, paper)
    made.add_paragraph(paper.title, style="Title")
    for remark in paper.remarks:
        _bordered(made.add_paragraph(f"{remark.zh} {remark.en}"))
    if paper.lead:
        made.add_paragraph(paper.lead)
    for section in paper.sections:
        heading = made.add_heading(section.title, level=1)
        heading.paragraph_format.page_break_before = section.begins_page
        for paragraph in section.paragraphs:
            made.add_paragraph(paragraph)
        for table in section.tables:
            _table(made, table, paper)
    for annex in paper.annexes:
        heading = made.add_heading(annex.caption, level=1)
        heading.paragraph_format.page_break_before = True
        _table(made, annex, paper)
    return _packed(made)


def _prepare(made: DocumentObject, paper: Paper) -> None:
    for each in made.sections:
        for name, millimetres in {**_PAGE, **_MARGINS}.items():
            setattr(each, name, Mm(millimetres))
        _number_pages(each.footer.paragraphs[0])
    for name, (font, points) in _FONTS.items():
        _style(made.styles[name], font, points)
    normal = made.styles["Normal"].paragraph_format
    normal.first_line_indent, normal.line_spacing = Pt(32), Pt(28)
    normal.space_after = Pt(0)
    title = made.styles["Title"].paragraph_format
    title.alignment, title.first_line_indent = WD_ALIGN_PARAGRAPH.CENTER, Pt(0)
    made.styles["Title"].element.pPr.remove(title.element.pPr.find(qn("w:pBdr")))
    heading = made.styles["Heading 1"]
    heading.font.bold, heading.paragraph_format.space_before = False, Pt(0)
    about = made.core_properties
    about.title, about.author = paper.title[:_LONGEST], paper.publisher[:_LONGEST]
    about.language, about.comments = "zh-CN", ""
    about.created = about.modified = _MADE


def _style(style: ParagraphStyle, font: str, points: int) -> None:
    style.font.name, style.font.size = "Times New Roman", Pt(points)
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "eastAsiaTheme", "hAnsiTheme", "cstheme"):
        # A theme's font would win over the one that is named.
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)


def _number_pages(paragraph: Paragraph) -> None:
    """Print the number of the page, as official documents do: — 1 —."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" —")


def _bordered(paragraph: Paragraph) -> None:
    """Draw a line around what is no part of the report itself."""
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for name, value in {"val": "single", "sz": "4", "space": "4", "color": "auto"}.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, *_AFTER_BORDERS)


_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _table(made: DocumentObject, printed: Printed, paper: Paper) -> None:
    table = made.add_table(len(printed.rows), len(printed.widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Mm(_TEXT_MM * each / sum(printed.widths)) for each in printed.widths]
    # Asked for one by one, each cell would be looked for among all of them.
    grid = [each.cells for each in table.rows]
    for column, width in enumerate(widths):
        # Word goes by the cells, LibreOffice by the columns.
        table.columns[column].width = width
        for cells in grid:
            cells[column].width = width
    for row, column, slot in printed.laid():
        cell = grid[row][column]
        if slot.rows > 1 or slot.columns > 1:
            cell = cell.merge(grid[row + slot.rows - 1][column + slot.columns - 1])
        _fill(cell, slot, paper, len(printed.widths))
        cell.paragraphs[0].paragraph_format.keep_with_next = printed.is_heading(row)
    for number, each in enumerate(table.rows):
        _keep_whole(each, is_head=number < printed.heads)


def _fill(cell: _Cell, slot: Slot, paper: Paper, columns: int) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    written = paragraph.paragraph_format
    written.first_line_indent, written.line_spacing = Pt(0), 1.0
    if slot.part is not Part.LABEL:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    text = slot.text if slot.place is None else paper.figure(slot.place)
    run = paragraph.add_run(text)
    run.font.size = Pt(9 if columns > _MANY else 12)
    run.bold = slot.part is Part.HEAD


_MANY = 6


def _keep_whole(row: _Row, *, is_head: bool) -> None:
    """Break no page within a row; print headings again on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _packed(made: DocumentObject) -> bytes:
    """Write the parts with one date: the clock is no fact of the report."""
    loose, packed = io.BytesIO(), io.BytesIO()
    made.save(loose)
    with zipfile.ZipFile(loose) as parts, zipfile.ZipFile(packed, "w") as out:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, _ZIP_MADE)
            part.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(part, parts.read(name))
    return packed.getvalue()
