"""Delimited text: CSV and its kin, in the encodings and dialects that agencies' systems write."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from opendata.domain.contracts import Contract
from opendata.tabular.physical_lines import PhysicalLines, open_text, records
from opendata.tabular.readers.canonical import CanonicalWriter
from opendata.tabular.readers.codes import code_columns
from opendata.tabular.readers.encodings import Encoding, Grounds, transcoded
from opendata.tabular.readers.heads import DELIMITERS, Head
from opendata.tabular.readers.last_records import last_record
from opendata.tabular.readers.limits import check_columns
from opendata.tabular.readers.model import Declared, Origin, note
from opendata.tabular.readers.settling import settled
from opendata.tabular.readers.table import OpenTable, canonical_header, converted
from opendata.tabular.readers.tails import Tail
from opendata.tabular.tally import Tally

_BY_GROUNDS = {
    Grounds.BOM: ("据文件开头的字节顺序标记", "by its byte-order mark"),
    Grounds.DECLARED: ("据所声明的 charset", "by the declared charset"),
    Grounds.HEADER: (
        "只有按此编码才能读出全文和表头",
        "only so can all of it be read, header included",
    ),
}


def open_delimited(path: Path, contract: Contract, work: Path, declared: Declared) -> OpenTable:
    """Look at the head of a text file: its encoding, its delimiter and its header.

    Where rows are divided by commas and nothing stands below them they are not changed in any
    byte but by decoding; where they are UTF-8 and the header is machine names already, the
    received file is the canonical table. Otherwise records are written anew.

    Raises:
        Unreadable: so much shows that it is no table.
    """
    encoding, head = settled(path, declared, contract)
    check_columns(len(head.matched.header), f"/line/{head.line}")
    source = (
        path if encoding.is_utf8 else transcoded(path, encoding, work.with_suffix(".transcoded"))
    )
    mark = encoding.mark if encoding.is_utf8 else 0
    tail = Tail(head.matched, contract, lambda line: f"/line/{line}")
    found = _found(encoding, head)
    codes = code_columns(head.matched.header, contract)
    origin = Origin(head.matched.header, found, codes=codes, beside=head.beside)
    if head.delimiter == "," and not _may_have_tail(source, tail):
        return _as_received(source, origin, work, (head, mark))
    return _rewritten(source, origin, work, (head, mark, tail))


def _found(encoding: Encoding, head: Head) -> dict[str, Any]:
    name, zh, en = DELIMITERS[head.delimiter]
    notes = [*_encoding_notes(encoding), *head.matched.notes]
    if head.delimiter != ",":
        words = f"各列以{zh}分隔（据表头认出）。", f"Columns are divided by a {en}, by the header."
        notes.append(note(f"delimiter-{name}", *words))
    if head.titles:
        notes.append(
            note(
                "title-rows",
                f"表头在第 {head.line} 行，之前的 {head.titles} 行文字是标题，未读入。",
                f"The header is on line {head.line}; {head.titles} rows of titles before it "
                "were left out.",
            )
        )
    return {
        "format": "tsv" if head.delimiter == "\t" else "csv",
        "encoding": encoding.name,
        "bom": bool(encoding.mark),
        "encoding_grounds": str(encoding.grounds),
        "delimiter": head.delimiter,
        "delimiter_grounds": "header",
        "header_row": head.line,
        "title_rows": head.titles,
        "mapping": list(head.matched.mapping),
        **({"notes": notes} if notes else {}),
    }


def _encoding_notes(encoding: Encoding) -> Iterator[Mapping[str, str]]:
    if encoding.is_utf8:
        return
    zh, en = _BY_GROUNDS[encoding.grounds]
    name = encoding.name.upper()
    yield note(
        f"encoding-{encoding.name}",
        f"按 {name} 编码读取（{zh}）。",
        f"It was read as {name} ({en}).",
    )


def _may_have_tail(source: Path, tail: Tail) -> bool:
    """Whether the last record looks as if it stood below the table; else nothing does."""
    record = last_record(source)
    return record is not None and tail.rule(record) is not None


def _as_received(source: Path, origin: Origin, work: Path, at: tuple[Head, int]) -> OpenTable:
    """Return the table whose rows are those of ``source``, byte by byte."""
    head, mark = at
    tally = Tally()
    with open_text(source, mark=mark) as stream:
        lines = PhysicalLines(source, stream, tally)
        read = records(lines)
        for _ in range(head.index):
            next(read)
        tally.begin()
        next(read)
    length = mark + lines.bytes
    canonical = canonical_header(origin.header)
    with source.open("rb") as file:
        is_canonical = file.read(len(canonical) + 1)[:length] == canonical
    return OpenTable(source, origin, work, tally, (length, is_canonical))


def _rewritten(source: Path, origin: Origin, work: Path, at: tuple[Head, int, Tail]) -> OpenTable:
    """Return the table whose records are written anew, without what stands below it."""
    head, mark, tail = at
    tally = Tally()
    with (
        open_text(source, mark=mark) as stream,
        CanonicalWriter(work, origin.header, head.line, "line") as out,
    ):
        lines = PhysicalLines(source, stream, tally)
        for cells, line in tail.without(_numbered(lines, tally, head)):
            out.write(cells, line)
    found = {**origin.found, "newline": tally.newline}
    notes = [*found.get("notes", ()), *tail.notes()]
    if tail.stripped:
        found |= {"stripped": tail.stripped, "notes": notes}
    beside = (*origin.beside, *tail.beside)
    return converted(work, replace(origin, found=found, lines=out.lines, beside=beside))


def _numbered(
    lines: PhysicalLines, tally: Tally, head: Head
) -> Iterator[tuple[Sequence[str], int, bool]]:
    """Yield the records after the header, each with the line on which it begins."""
    line = 1
    for at, cells in enumerate(records(lines, head.delimiter)):
        if at > head.index:
            yield cells, line, False
        line = tally.line
