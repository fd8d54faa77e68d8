"""Delimited text in every encoding and dialect that is read."""

import codecs

from hypothesis import assume
from hypothesis import strategies as st

from opendata.tabular.readers import Declared
from tests.tabular.readers.cases.clean import titles
from tests.tabular.readers.cases.model import Clean
from tests.tabular.readers.writers import Draw, Uploaded, Writer

MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "gb18030": "\ufeff".encode("gb18030"),
}
ABOVE = st.lists(
    st.sampled_from(["", "示例市行政处罚信息公示表", '"填报单位：某局\n（章）"', "2020", ";|\t"]),
    max_size=3,
)


def utf_8(draw: Draw, table: Clean) -> Uploaded:
    return Uploaded(text(draw, table).encode())


def marked(draw: Draw, table: Clean) -> Uploaded:
    encoding = draw(st.sampled_from(sorted(MARKS)))
    return Uploaded(MARKS[encoding] + text(draw, table).encode(encoding))


def declared(draw: Draw, table: Clean) -> Uploaded:
    charset = draw(st.sampled_from(["utf-8", "gb18030", "big5", "utf-16-le", "utf-16-be"]))
    content = encoded(text(draw, table), "cp950" if charset == "big5" else charset)
    return Uploaded(content, Declared(f"text/csv; charset={charset}"))


def undeclared(draw: Draw, table: Clean) -> Uploaded:
    """Bytes that say nothing of their encoding; such as are UTF-8 by chance are that by rule."""
    encoding = draw(st.sampled_from(["gb18030", "cp950", "utf-16-le", "utf-16-be"]))
    content = encoded(text(draw, table), encoding)
    assume(encoding.startswith("utf") or content.isascii() or not is_wide_utf8(content))
    return Uploaded(content)


WRITERS: tuple[Writer, ...] = (utf_8, marked, declared, undeclared)


def text(draw: Draw, table: Clean) -> str:
    """Write the table with some delimiter, line end and header, and maybe titles above it."""
    delimiter = draw(st.sampled_from(",\t;|"))
    newline: str = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    always = draw(st.booleans())
    header = draw(st.sampled_from([table.names, tuple(titles(table))]))
    records = [record(row, delimiter, always) for row in (header, *table.rows)]
    above: list[str] = draw(ABOVE)
    last: str = draw(st.sampled_from(["", newline]))
    return newline.join([*above, *records]) + last


def record(cells: tuple[str, ...], delimiter: str, always: bool) -> str:
    """Write one record; ``csv`` does not quote a bare carriage return in every Python."""
    special = {delimiter, '"', "\r", "\n"}
    return delimiter.join(
        '"' + cell.replace('"', '""') + '"' if always or special & set(cell) else cell
        for cell in cells
    )


def encoded(said: str, encoding: str) -> bytes:
    """Encode what can be; tables that cannot are of no interest."""
    try:
        return said.encode(encoding)
    except UnicodeEncodeError:
        assume(False)
        raise


def is_wide_utf8(content: bytes) -> bool:
    """Whether bytes are UTF-8 with a character of three bytes: what nothing else is."""
    try:
        return any(ord(character) > 0x7FF for character in content.decode())
    except UnicodeDecodeError:
        return False
