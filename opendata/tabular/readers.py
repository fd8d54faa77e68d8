"""Readers: whatever arrived becomes the canonical text table. For now: CSV in UTF-8."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from opendata.domain.contracts import Contract
from opendata.tabular.physical_lines import PhysicalLines, open_text
from opendata.tabular.refusals import (
    BrokenQuoting,
    EmptyFile,
    NoHeader,
    OtherDelimiter,
    Unreadable,
)
from opendata.tabular.text_table import TextTable, csv_line

__all__ = ["Unreadable", "known_names", "read", "records"]

_OTHER_DELIMITERS = (
    ("\t", "制表符", "tabs"),
    (";", "分号", "semicolons"),
    ("；", "全角分号", "full-width semicolons"),
    ("，", "全角逗号", "full-width commas"),
    ("|", "竖线", "vertical bars"),
)


def read(path: Path, contract: Contract, work: Path) -> TextTable:
    """Turn the file at ``path`` into the canonical text table, written to ``work``.

    Memory stays constant however large the file is. Cells are kept exactly, blank lines too, so
    that row numbers are those Frictionless gives for the canonical file.

    Raises:
        Unreadable: the file is no table that could be judged; the subclass says why and where.
    """
    with open_text(path) as stream:
        lines = PhysicalLines(path, stream)
        labels = _labels(path, lines)
        names = known_names(contract)
        header = tuple((label, names.get(label.strip(), label)) for label in labels)
        _check_header(labels, names)
        rows, digest = _write(work, header, lines)
        provenance = {
            "format": "csv",
            "encoding": "utf-8",
            "bom": lines.bom,
            "delimiter": ",",
            "newline": lines.newline,
            "header_row": 1,
            "mapping": [{"label": label, "field": name} for label, name in header],
            "rows": rows,
            "multiline_records": lines.multiline_records,
            "sha256": digest,
        }
    return TextTable(work, header, provenance, lines.shifts)


def known_names(contract: Contract) -> Mapping[str, str]:
    """Return what a header cell may say: machine names and Chinese titles, to machine names."""
    titles = {field.title.zh.strip(): field.name for field in contract.fields}
    return titles | {field.name: field.name for field in contract.fields}


def records(lines: PhysicalLines) -> Iterator[list[str]]:
    """Read the remaining records, refusing what ``csv`` would repair silently.

    ``strict`` makes text after a closing quotation mark an error: without it the cell is glued
    together, and a stray mark corrupts the data unseen.
    """
    # Whoever imports Frictionless has this process-wide limit lifted; the length of a record is
    # bounded by ``PhysicalLines``, where it can be said on which line it began.
    csv.field_size_limit(2**31 - 2)
    reader = csv.reader(lines, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BrokenQuoting(
                f"第 {lines.record_line} 行开始的记录引号不配对：引号没有闭合，"
                '或闭合引号之后还有文字。单元格内的引号请写成两个引号（""）。',
                f"The record that begins on line {lines.record_line} has unbalanced quotation "
                "marks: one is never closed, or text follows a closed one. Double the marks "
                'inside a cell ("").',
                f"/line/{lines.record_line}",
            ) from error
        lines.end_record()
        yield cells


def _labels(path: Path, lines: PhysicalLines) -> list[str]:
    """Read the header record."""
    if path.stat().st_size <= (3 if lines.bom else 0):
        raise EmptyFile("文件是空的。请上传含表头和数据的 CSV 文件。", "The file is empty.")
    labels = next(records(lines), [])
    if any(label.strip() for label in labels):
        return labels
    if all(not line.strip(" ,\t\r\n") for line in lines):
        raise EmptyFile(
            "文件里没有任何文字。请上传含表头和数据的 CSV 文件。",
            "There is no text in the file.",
            "/line/1",
        )
    raise NoHeader(
        "第 1 行是空的，应为列名。请删去表头之前的空行。",
        "Line 1 is blank where the column names should be. Remove what precedes the header.",
        "/line/1",
    )


def _check_header(labels: list[str], names: Mapping[str, str]) -> None:
    """Refuse a first line in which no column of the contract is named.

    A delimiter is never guessed: if another one would make the header match, that is said.
    """
    if any(label.strip() in names for label in labels):
        return
    line = ",".join(labels)
    for delimiter, zh, en in _OTHER_DELIMITERS:
        if sum(part.strip(' "') in names for part in line.split(delimiter)) > 1:
            raise OtherDelimiter(
                f"列之间应以英文逗号分隔，此文件用的是{zh}。请另存为以逗号分隔的 CSV。",
                f"Columns must be divided by commas; this file uses {en}. "
                "Save it as comma-separated CSV.",
                "/line/1",
            )
    expected = "、".join(list(names)[:3])
    raise NoHeader(
        f"第 1 行没有任何一个列名属于该数据规范。第一行应为列名（如{expected}……）。",
        "Line 1 names no column of the contract. The first line must hold the column names.",
        "/line/1",
    )


def _write(
    work: Path, header: tuple[tuple[str, str], ...], lines: PhysicalLines
) -> tuple[int, str]:
    """Write the canonical file; return the number of data rows and its SHA-256."""
    digest = hashlib.sha256()
    count = 0
    with work.open("wb") as out:
        _put(out, digest, [name for _, name in header])
        for count, cells in enumerate(records(lines), start=1):  # noqa: B007 - counted, used below.
            _put(out, digest, cells)
    return count, digest.hexdigest()


def _put(out: IO[bytes], digest: Any, cells: list[str]) -> None:
    line = (csv_line(cells) if cells else "").encode() + b"\n"
    digest.update(line)
    out.write(line)
