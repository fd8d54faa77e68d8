"""Files that cannot be read as a table at all; each says where, and what to do about it."""

from collections.abc import Sequence

from opendata.domain.errors import Fault, Text, Unprocessable

MOST_FAULTS = 100


class Unreadable(Unprocessable):
    """The file is no table that could be judged."""

    code = "unreadable"
    title = Text("文件无法读取", "The file cannot be read")
    # Which format and which sheet the places are in, where it is a workbook's.
    sheet: tuple[str, str] | None = None

    def __init__(
        self, zh: str, en: str, where: str | Sequence[str | tuple[str, Text]] = ""
    ) -> None:
        """Say what is wrong, and where.

        ``where`` is a place (``/line/3``, ``/byte/17``, ``/cell/C7``, ``/row/7``) or several,
        those with words of their own as pairs. No more than ``MOST_FAULTS`` of them become
        faults; how many others there are is said.
        """
        places = [where] if isinstance(where, str) else list(where)
        located = [(each, Text(zh, en)) if isinstance(each, str) else each for each in places]
        if (more := len(located) - MOST_FAULTS) > 0:
            zh += f"（另有 {more} 处未列出。）"
            en += f" ({more} more places are not listed.)"
        faults = [Fault(place, words, self.code) for place, words in located[:MOST_FAULTS] if place]
        super().__init__(zh, en, tuple(faults))


class EmptyFile(Unreadable):
    """There is nothing in it."""

    code = "empty-file"
    title = Text("文件是空的", "The file is empty")


class NotUtf8(Unreadable):
    """Its bytes are no UTF-8."""

    code = "not-utf8"
    title = Text("文件不是 UTF-8", "The file is not UTF-8")


class Undecodable(Unreadable):
    """It is not in the encoding that it, or whoever sent it, says it is in."""

    code = "undecodable"
    title = Text("不符合所声明的编码", "Not in the encoding it is said to be in")


class UnknownCharset(Unreadable):
    """The charset it is said to be in is none that is read."""

    code = "unknown-charset"
    title = Text("不支持的字符编码", "An encoding that is not read")


class AmbiguousEncoding(Unreadable):
    """It can be read in two encodings, and comes out differently."""

    code = "ambiguous-encoding"
    title = Text("字符编码无法确定", "The encoding is ambiguous")


class AmbiguousDelimiter(Unreadable):
    """Divided by two different characters its header names as many columns."""

    code = "ambiguous-delimiter"
    title = Text("列分隔符无法确定", "The delimiter is ambiguous")


class NotATable(Unreadable):
    """It is a workbook, a PDF or some other binary under a name that promises text."""

    code = "not-a-table"
    title = Text("文件不是表格", "The file is no table")


class LineTooLong(Unreadable):
    """One physical line is longer than any table's."""

    code = "line-too-long"
    title = Text("一行过长", "A line is too long")


class BrokenQuoting(Unreadable):
    """A quotation mark is never closed, or text follows a closed one."""

    code = "broken-quoting"
    title = Text("引号不配对", "Unbalanced quotation marks")


class NoHeader(Unreadable):
    """No row near the top names the columns of the contract."""

    code = "no-header"
    title = Text("没有找到表头", "No header was found")


class SeveralHeaders(Unreadable):
    """Two rows name the contract's columns equally well."""

    code = "several-headers"
    title = Text("不止一行像表头", "Several rows could be the header")


class RecordsAboveHeader(Unreadable):
    """Above the header stand rows that are filled as records are: no titles, but data."""

    code = "records-above-header"
    title = Text("表头之上有数据行", "There are records above the header")


class UnitContradicts(Unreadable):
    """A header says another unit than the contract; amounts are never converted."""

    code = "unit-contradicts"
    title = Text("表头单位与数据规范不符", "A header contradicts the contract's unit")


class TrailingNote(Unreadable):
    """Explanations stand below the table, and the contract does not say that they may."""

    code = "trailing-note"
    title = Text("表格下方有说明文字", "Notes below the table")


class TotalsRow(Unreadable):
    """A row below the table adds it up, and the contract does not say that it may."""

    code = "totals-row"
    title = Text("表格下方有合计行", "Totals below the table")


class DamagedIdentifier(Unreadable):
    """A spreadsheet has turned codes into rounded numbers such as 9.14403E+17."""

    code = "damaged-identifier"
    title = Text("编号被改成了科学计数", "A code was turned into a rounded number")


class OtherDelimiter(Unreadable):
    """Its columns are divided by a character that is no delimiter, such as a full-width comma."""

    code = "other-delimiter"
    title = Text("列分隔符不对", "Another delimiter is needed")


class UnusableContract(Unprocessable):
    """A contract declares what cannot be enforced exactly, or contradicts itself."""

    code = "unusable-contract"
    title = Text("数据规范不能使用", "The contract cannot be used")
