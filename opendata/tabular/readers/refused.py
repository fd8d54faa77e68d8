"""Files that are refused for their format, or for what is inside them; each says what to do."""

from opendata.domain.errors import Text
from opendata.tabular.refusals import Unreadable


class UnsupportedFormat(Unreadable):
    """It holds a table, in a format that is not read here."""

    code = "unsupported-format"
    title = Text("不支持此格式", "This format is not taken")


class Encrypted(Unreadable):
    """It, or a part of it, can be opened with a password only."""

    code = "encrypted-file"
    title = Text("文件已加密", "The file is encrypted")


class Polyglot(Unreadable):
    """It is two kinds of file at once, so that two programs would read two different things."""

    code = "polyglot"
    title = Text("文件兼有两种格式", "The file is of two formats at once")


class DamagedArchive(Unreadable):
    """A ZIP, or a workbook that is one, cannot be unpacked; or its members lie over one another."""

    code = "damaged-archive"
    title = Text("压缩包已损坏", "The archive is damaged")


class BrokenDescriptor(Unreadable):
    """A Data Package descriptor is no JSON, or does not say what it must."""

    code = "broken-descriptor"
    title = Text("Data Package 描述文件有误", "The Data Package descriptor is broken")


class DescriptorContradicts(Unreadable):
    """A descriptor says of its file what the file's bytes contradict."""

    code = "descriptor-contradicts"
    title = Text("描述文件与数据文件不符", "The descriptor contradicts the file")


class RemotePath(Unreadable):
    """A descriptor names a file elsewhere, which is never fetched."""

    code = "remote-path"
    title = Text("描述文件指向别处", "The descriptor points elsewhere")


class UnsafePath(Unreadable):
    """A path leads out of the archive, or is no path that all systems read alike."""

    code = "unsafe-path"
    title = Text("路径不安全", "The path is unsafe")


class NoSuchMember(Unreadable):
    """A descriptor names a file that is not in the archive, or did not come with it."""

    code = "no-such-member"
    title = Text("压缩包中没有所指的文件", "The archive has not what is named")


class NoTableInside(Unreadable):
    """An archive holds no table file, or a descriptor no resource."""

    code = "no-table"
    title = Text("其中没有表格", "There is no table in it")


class SeveralTables(Unreadable):
    """Several files of an archive may be the table that is meant."""

    code = "several-tables"
    title = Text("其中有多个表格", "There are several tables in it")


class BrokenJson(Unreadable):
    """It is no JSON from some place on."""

    code = "broken-json"
    title = Text("JSON 有语法错误", "The JSON is broken")


class NotRecords(Unreadable):
    """It is JSON, but no sequence of objects, one for each row."""

    code = "not-records"
    title = Text("JSON 不是记录的序列", "The JSON is no sequence of records")


class RepeatedMember(Unreadable):
    """A JSON object has two members of one name, of which programs take one or the other."""

    code = "duplicate-member"
    title = Text("JSON 对象中有重名成员", "A JSON object names a member twice")


class NestedValue(Unreadable):
    """A value is an array or an object where a cell has text."""

    code = "nested-value"
    title = Text("单元格中有嵌套的值", "A cell holds a nested value")


class UnreadableParquet(Unreadable):
    """It is no Parquet file, or a damaged one."""

    code = "unreadable-parquet"
    title = Text("Parquet 文件无法读取", "The Parquet file cannot be read")


class UnsupportedColumn(Unreadable):
    """A column of a Parquet file holds what has no one text: bytes, lists, spans of time."""

    code = "unsupported-column"
    title = Text("列的类型不能作为文字", "A column's type has no text")


class UnreadableWorkbook(Unreadable):
    """A workbook is damaged, or written in a way that can be read in two."""

    code = "unreadable-workbook"
    title = Text("工作簿无法读取", "The workbook cannot be read")
