"""The part of the new first sheet."""

from collections.abc import Iterator, Mapping

from opendata.domain.errors import Text
from opendata.tabular.annotate.account import Account
from opendata.tabular.annotate.patch.markup import escaped, quoted
from opendata.tabular.annotate.patch.relations import MAIN
from opendata.tabular.annotate.places import Cell, cell_name, quoted_sheet
from opendata.tabular.annotate.summary import WIDTHS, Style, height, rows

ABOUT = Text(
    "其余工作表是您报送的工作簿，内容未改：有问题的单元格加了底色和批注。改正后可直接再次报送。",
    "The other sheets are the workbook you sent in, unchanged but for colours and comments on "
    "the cells with findings. Correct them and send the workbook in again.",
)


def first_sheet(
    account: Account, sheet: str, looks: Mapping[Style, int], *, shown: bool
) -> Iterator[bytes]:
    """Yield the part; its links lead to cells of ``sheet``."""
    selected = b' tabSelected="1"' if shown else b""
    yield (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns=%s>'
        b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        b'<sheetViews><sheetView%s workbookViewId="0"/></sheetViews>'
        b'<sheetFormatPr defaultRowHeight="15"/><cols>%s</cols><sheetData>'
        % (quoted(MAIN), selected, b"".join(_columns()))
    )
    place = quoted_sheet(sheet)
    links = []
    for number, row in enumerate(rows(account, ABOUT), start=1):
        yield b'<row r="%d" ht="%d" customHeight="1">' % (number, height(row))
        for column, cell in enumerate(row, start=1):
            name = cell_name(Cell(number, column))
            yield _cell(name, looks[cell.style], cell.text)
            if cell.target is not None:
                target = quoted(f"{place}!{cell_name(cell.target)}")
                links.append(b'<hyperlink ref="%s" location=%s/>' % (name.encode(), target))
        yield b"</row>"
    yield b"</sheetData>"
    if links:
        yield b"<hyperlinks>" + b"".join(links) + b"</hyperlinks>"
    yield b'<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'


def _columns() -> Iterator[bytes]:
    for number, width in enumerate(WIDTHS, start=1):
        yield b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (number, number, width)


def _cell(name: str, look: int, text: str) -> bytes:
    return b'<c r="%s" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
        name.encode(),
        look,
        escaped(text),
    )
