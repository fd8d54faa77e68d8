"""Files that cannot be read as a table at all; each says where, and what to do about it."""

from opendata.domain.errors import Fault, Text, Unprocessable


class Unreadable(Unprocessable):
    """The file is no table that could be judged."""

    code = "unreadable"
    title = Text("文件无法读取", "The file cannot be read")

    def __init__(self, zh: str, en: str, where: str = "") -> None:
        """Say what is wrong; ``where`` is a place, ``/line/3`` or ``/byte/17``."""
        faults = (Fault(where, Text(zh, en), self.code),) if where else ()
        super().__init__(zh, en, faults)


class EmptyFile(Unreadable):
    """There is nothing in it."""

    code = "empty-file"


class NotUtf8(Unreadable):
    """Its bytes are no UTF-8."""

    code = "not-utf8"


class NotATable(Unreadable):
    """It is a workbook, a PDF or some other binary under a name that promises text."""

    code = "not-a-table"


class LineTooLong(Unreadable):
    """One physical line is longer than any table's."""

    code = "line-too-long"


class BrokenQuoting(Unreadable):
    """A quotation mark is never closed, or text follows a closed one."""

    code = "broken-quoting"


class NoHeader(Unreadable):
    """The first line names no column of the contract."""

    code = "no-header"


class OtherDelimiter(Unreadable):
    """The header would match if the columns were divided by something other than a comma."""

    code = "other-delimiter"


class UnusableContract(Unprocessable):
    """A contract declares what cannot be enforced exactly, or contradicts itself."""

    code = "unusable-contract"
    title = Text("数据规范不能使用", "The contract cannot be used")
