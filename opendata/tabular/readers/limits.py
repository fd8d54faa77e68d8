"""What a received file may cost: every limit on hostile input, in one place.

A file that keeps within them may still be too much for one machine; the judging process has
limits of its own for that.
"""

from dataclasses import dataclass
from typing import IO

from opendata.domain.errors import Text
from opendata.tabular.physical_lines import MAX_LINE_CHARACTERS
from opendata.tabular.refusals import Unreadable

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers; each is the most that is still taken.

    ``columns``: of any table; as many as a worksheet has. ``cell_characters``: of a cell, and of
    a whole record of the canonical table. ``sheet_cells``: of a sheet's extent, blank ones
    included. ``members``: of an archive. ``uncompressed_bytes``: of all that is unpacked of one
    file. ``ratio``: of unpacked to packed bytes, where more than ``ratio_free_bytes`` come out.
    ``written_bytes``: of the canonical table a reader writes. ``record_bytes``: of one JSON
    object as received, with all its escapes. ``descriptor_bytes``: of a Data Package descriptor.
    ``footer_bytes`` and ``group_bytes``: of a Parquet file's metadata, and of one row group,
    unpacked.
    """

    columns: int = 16_384
    cell_characters: int = MAX_LINE_CHARACTERS
    sheet_cells: int = 64_000_000
    members: int = 4096
    uncompressed_bytes: int = 4 * GIB
    ratio: int = 250
    ratio_free_bytes: int = 16 * MIB
    written_bytes: int = 4 * GIB
    record_bytes: int = 8 * MIB
    descriptor_bytes: int = 8 * MIB
    footer_bytes: int = 32 * MIB
    group_bytes: int = GIB


LIMITS = Limits()


class TooManyColumns(Unreadable):
    """It has more columns than any table."""

    code = "too-many-columns"
    title = Text("列数过多", "Too many columns")


class CellTooLarge(Unreadable):
    """A cell, or a record, has more characters than any table's."""

    code = "cell-too-large"
    title = Text("单元格内容过长", "A cell is too long")


class TooManyCells(Unreadable):
    """A sheet declares, or has, more cells than can be read."""

    code = "too-many-cells"
    title = Text("单元格过多", "Too many cells")


class TooManyMembers(Unreadable):
    """An archive has more members than any table needs."""

    code = "too-many-members"
    title = Text("压缩包内文件过多", "Too many members in the archive")


class TooLargeUncompressed(Unreadable):
    """Unpacked or converted it is larger than what is read."""

    code = "too-large-uncompressed"
    title = Text("解压后过大", "Too large once unpacked")


class CompressionRatio(Unreadable):
    """It is packed more densely than data can be: unpacking it would do harm."""

    code = "compression-ratio"
    title = Text("压缩比异常", "The compression ratio is out of bounds")


class TooDeep(Unreadable):
    """Its values, or archives in archives, are nested more deeply than what is read."""

    code = "too-deep"
    title = Text("嵌套过深", "Nested too deeply")


def check_columns(count: int, where: str = "") -> None:
    """Refuse a table of more columns than there may be; ``where`` is the header's place.

    Raises:
        TooManyColumns: so many.
    """
    if count > LIMITS.columns:
        raise TooManyColumns(
            f"文件有 {count} 列，超过 {LIMITS.columns} 列的上限，不像一张表。"
            "请检查列分隔符和换行。",
            f"The file has {count} columns; at most {LIMITS.columns} are taken. "
            "Are the delimiter and the line ends right?",
            where,
        )


def check_cell(characters: int, where: str) -> None:
    """Refuse a cell that is longer than one may be.

    Raises:
        CellTooLarge: so long.
    """
    if characters > LIMITS.cell_characters:
        raise CellTooLarge(
            f"此处的内容超过 {LIMITS.cell_characters} 个字符，不像表格数据。请检查后重新上传。",
            f"There are more than {LIMITS.cell_characters} characters here, which no table has.",
            where,
        )


def check_extent(rows: int, columns: int, where: str) -> None:
    """Refuse a sheet that spans more cells than there may be, before they are read.

    Raises:
        TooManyColumns, TooManyCells: so many.
    """
    check_columns(columns, where)
    if rows * columns > LIMITS.sheet_cells:
        raise TooManyCells(
            f"工作表声明的范围是 {rows} 行 × {columns} 列，超过 {LIMITS.sheet_cells} 个单元格的"
            "上限。请删去表格以外的行和列，或改用 CSV。",
            f"The sheet spans {rows} rows × {columns} columns; at most {LIMITS.sheet_cells} cells "
            "are taken. Delete the rows and columns outside the table, or send CSV.",
            where,
        )


def check_unpacked(unpacked: int, packed: int, where: str) -> None:
    """Refuse what unpacks to too much, or from too little.

    Raises:
        TooLargeUncompressed: more bytes than are read.
        CompressionRatio: more densely packed than data can be.
    """
    check_size(unpacked, LIMITS.uncompressed_bytes, where)
    if unpacked > LIMITS.ratio_free_bytes and unpacked > LIMITS.ratio * packed:
        raise CompressionRatio(
            f"压缩比超过 {LIMITS.ratio}:1，不像真实数据，未予解压。请上传未压缩的文件。",
            f"It is packed more densely than {LIMITS.ratio}:1, as no data is, and was not "
            "unpacked. Send the file uncompressed.",
            where,
        )


def check_size(size: int, most: int, where: str) -> None:
    """Refuse what takes more bytes than ``most``.

    Raises:
        TooLargeUncompressed: so many.
    """
    if size > most:
        raise TooLargeUncompressed(
            f"解压或转换后超过 {most} 字节的上限。请拆分后上传，或改用 CSV。",
            f"Unpacked or converted it is over the limit of {most} bytes. Split it, or send CSV.",
            where,
        )


def copy_bounded(
    source: IO[bytes], target: IO[bytes], packed: int, where: str, most: int | None = None
) -> int:
    """Copy what is being unpacked, counting what really comes out; return how many bytes.

    An archive may say less of a member's size than there is.

    Args:
        source: What gives the unpacked bytes.
        target: Where they go.
        packed: How many bytes they are packed in.
        where: The place to name, such as ``/member/data.csv``.
        most: A limit below that for all unpacked bytes.

    Raises:
        TooLargeUncompressed, CompressionRatio: see ``check_unpacked``.
    """
    size = 0
    while chunk := source.read(MIB):
        size += len(chunk)
        check_size(size, LIMITS.uncompressed_bytes if most is None else most, where)
        check_unpacked(size, packed, where)
        target.write(chunk)
    return size
