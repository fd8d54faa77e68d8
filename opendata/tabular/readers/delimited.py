"""Delimited text: CSV and its kin."""

import codecs
from collections.abc import Mapping
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.tabular.physical_lines import PhysicalLines, open_text, records
from opendata.tabular.readers.headers import known_names, matched
from opendata.tabular.readers.model import Origin
from opendata.tabular.readers.table import OpenTable, canonical_header
from opendata.tabular.refusals import EmptyFile, NoHeader, OtherDelimiter
from opendata.tabular.tally import Tally

_OTHER_DELIMITERS = (
    ("\t", "制表符", "tabs"),
    (";", "分号", "semicolons"),
    ("；", "全角分号", "full-width semicolons"),
    ("，", "全角逗号", "full-width commas"),
    ("|", "竖线", "vertical bars"),
)


def open_delimited(path: Path, contract: Contract, work: Path) -> OpenTable:
    """Look at the head of a text file: its encoding and its header.

    The rows are not changed in any byte; where the header is machine names already and no
    byte-order mark precedes it, the received file is the canonical table.

    Raises:
        Unreadable: so much shows that it is no table.
    """
    tally = Tally()
    with path.open("rb") as file:
        mark = codecs.BOM_UTF8 if file.read(3) == codecs.BOM_UTF8 else b""
    with open_text(path) as stream:
        lines = PhysicalLines(path, stream, tally)
        labels = _labels(path, lines, len(mark))
    names = known_names(contract)
    _check_header(labels, names)
    header = matched(labels, names)
    length = len(mark) + lines.bytes
    with path.open("rb") as file:
        is_canonical = file.read(length) == canonical_header(header)
    found = {
        "format": "csv",
        "encoding": "utf-8",
        "bom": bool(mark),
        "delimiter": ",",
        "header_row": 1,
        "mapping": [{"label": label, "field": name} for label, name in header],
    }
    return OpenTable(path, Origin(header, found), work, tally, (length, is_canonical))


def _labels(path: Path, lines: PhysicalLines, mark: int) -> list[str]:
    """Read the header record, after a byte-order mark of ``mark`` bytes."""
    if path.stat().st_size <= mark:
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
