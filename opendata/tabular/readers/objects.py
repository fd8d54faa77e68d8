"""NDJSON and JSON arrays: each object is a row, each member a cell."""

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from opendata.domain.contracts import Contract
from opendata.domain.privacy import Where
from opendata.tabular.readers.canonical import CanonicalWriter
from opendata.tabular.readers.formats import Format
from opendata.tabular.readers.headers import match
from opendata.tabular.readers.json_records import Records, elements_of, lines_of
from opendata.tabular.readers.limits import check_cell, check_columns
from opendata.tabular.readers.model import Beside, Origin, note, pointer
from opendata.tabular.readers.refused import BrokenJson, NestedValue
from opendata.tabular.readers.table import OpenTable, converted
from opendata.tabular.refusals import EmptyFile, NoHeader

# Members are looked for in so many records before the first is written; one that is met later
# makes another pass.
_SAMPLE = 1000
_SHOWN = 5
Header = tuple[tuple[str, str], ...]


def open_objects(path: Path, contract: Contract, work: Path, kind: Format) -> OpenTable:
    """Write the records of a file to ``work``.

    Members have no order, so the columns are the contract's, in its order, and then those that
    it does not know, as they were met. Where a record lacks a member, the cell is empty.

    Raises:
        Unreadable: it is no sequence of flat objects, or none of their members is a column.
    """
    source = _Source(path, kind)
    for number, record in islice(source.records(), _SAMPLE):
        source.add(record, number)
    written = 0
    while written < len(source.members):
        written = len(source.members)
        header, found = _header(source, contract)
        with CanonicalWriter(work, header, source.first, source.place) as writer:
            blank = _write(source, header, writer)
    if not written:
        raise _without_members(source)
    notes = [*found.pop("notes"), *blank_note(blank)]
    found |= {"notes": notes} if notes else {}
    beside = tuple(Beside(Where.HEADING, None, each) for each in source.members)
    return converted(work, Origin(header, found, lines=writer.lines, beside=beside))


class _Source:
    """The records of one file, to be passed over more than once, and their members so far."""

    def __init__(self, path: Path, kind: Format) -> None:
        """Take NDJSON by its lines, an array by its elements."""
        self._path = path
        self.kind = kind
        self.place = "line" if kind is Format.NDJSON else "row"
        self.first = 1
        self.members: dict[str, int] = {}
        self._characters = 0

    def records(self) -> Records:
        """Pass over the records."""
        return lines_of(self._path) if self.kind is Format.NDJSON else elements_of(self._path)

    def add(self, record: Mapping[str, Any], number: int) -> None:
        """Remember the members that are met for the first time, as far as a header may go."""
        for name in record:
            if name not in self.members:
                self.members[name] = number
                self._characters += len(name)
                if any(map(_is_half, name)):
                    raise _half_character(self.where(number))
        check_columns(len(self.members), self.where(number))
        check_cell(self._characters, self.where(number))

    def where(self, number: int, *member: str) -> str:
        """Return the pointer of a record, or of one of its members."""
        return pointer(self.place, str(number), *member)


def _header(source: _Source, contract: Contract) -> tuple[Header, dict[str, Any]]:
    """Return the columns, and the provenance so far."""
    labels = list(source.members)
    matched = match(
        labels, contract, lambda at: source.where(source.members[labels[at]], labels[at])
    )
    if labels and not matched.count:
        raise NoHeader(
            "没有任何成员名属于该数据规范。成员名应为数据规范的字段名或中文列名。",
            "No member is named as a column of the contract, by its name or its Chinese title.",
            source.where(next(iter(source.members.values()))),
        )
    order = {field.name: at for at, field in enumerate(contract.fields)}
    absent = [name for name in order if name not in {name for _, name in matched.header}]
    columns = [*matched.header, *((name, name) for name in absent)]
    columns.sort(key=lambda pair: order.get(pair[1], len(order)))
    notes = [*matched.notes, *_absent_note(contract, absent)]
    found = {"format": str(source.kind), "encoding": "utf-8", "mapping": matched.mapping}
    return tuple(columns), {**found, "notes": notes}


def _write(source: _Source, header: Header, writer: CanonicalWriter) -> list[str]:
    """Write the records, up to one with a member that is not in ``header``; then only look on.

    Returns the members that are an empty string somewhere.
    """
    columns = {label: at for at, (label, _) in enumerate(header)}
    width, known = len(header), len(source.members)
    blank: dict[str, None] = {}
    for number, record in source.records():
        if len(source.members) > known or not record.keys() <= columns.keys():
            source.add(record, number)
            continue
        cells = [""] * width
        for name, value in record.items():
            if type(value) is str:
                cells[columns[name]] = value
                if not value:
                    blank[name] = None
            elif value is not None:
                cells[columns[name]] = _text(value, source.where(number, name))
        _put(writer, cells, number, source)
    return list(blank)


def _put(writer: CanonicalWriter, cells: Sequence[str], number: int, source: _Source) -> None:
    try:
        writer.write(cells, number)
    except UnicodeEncodeError as error:
        raise _half_character(source.where(number)) from error


def _is_half(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def _half_character(where: str) -> BrokenJson:
    return BrokenJson(
        "文字中有半个字符（单独的 UTF-16 代理项），不能写成 UTF-8。请更正后上传。",
        "The text holds half a character (a lone surrogate), which is no UTF-8. Mend it.",
        where,
    )


def _text(value: Any, where: str) -> str:
    """Return a truth value as text; what else is no text is no cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    raise NestedValue(
        "此处的值是数组或对象，表格的单元格只能有一个值。请改为每个字段一个值。",
        "The value here is an array or an object; a cell has one value. Write one for each field.",
        where,
    )


def _without_members(source: _Source) -> EmptyFile | NoHeader:
    for number, _ in source.records():
        return NoHeader(
            "记录都是空对象，没有任何成员。", "No record has any member.", source.where(number)
        )
    return EmptyFile("文件里没有记录。", "There is no record in the file.", source.where(1))


def _absent_note(contract: Contract, absent: Sequence[str]) -> list[Mapping[str, str]]:
    titles = [field.title.zh for field in contract.fields if field.name in absent]
    zh = f"没有一条记录有这些成员，按空白读取：{listed(titles, '、')}"
    en = f"No record has these members; their cells are empty: {listed(absent, ', ')}"
    return [note("absent-members", zh, en)] if absent else []


def blank_note(blank: Sequence[str]) -> list[Mapping[str, str]]:
    """Return the note on columns some cells of which are an empty string and not null."""
    zh = f"空字符串与 null 一样按空白读取：{listed(blank, '、')}"
    en = f"Empty strings are read as null is, as nothing: {listed(blank, ', ')}"
    return [note("empty-strings", zh, en)] if blank else []


def listed(names: Sequence[str], between: str) -> str:
    """Return the first few names, and that there are more."""
    return between.join(names[:_SHOWN]) + ("……" if len(names) > _SHOWN else "")
