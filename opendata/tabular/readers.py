"""Readers: whatever arrived becomes the canonical text table. For now: CSV in UTF-8."""

import codecs
import shutil
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from opendata.domain.contracts import Contract
from opendata.tabular.physical_lines import PhysicalLines, open_text, records
from opendata.tabular.refusals import EmptyFile, NoHeader, OtherDelimiter, Unreadable
from opendata.tabular.scan.model import Block, Layout
from opendata.tabular.scan.scanner import BLOCK_BYTES, Scan
from opendata.tabular.tally import Tally
from opendata.tabular.text_table import Fingerprint, SourceLines, TextTable, csv_line

__all__ = ["OpenTable", "Unreadable", "known_names", "open_table", "read"]

_OTHER_DELIMITERS = (
    ("\t", "制表符", "tabs"),
    (";", "分号", "semicolons"),
    ("；", "全角分号", "full-width semicolons"),
    ("，", "全角逗号", "full-width commas"),
    ("|", "竖线", "vertical bars"),
)


def read(path: Path, contract: Contract, work: Path) -> TextTable:
    """Turn the file at ``path`` into the canonical text table.

    Memory stays constant however large the file is. The rows are not changed in any byte; where
    the header is machine names already and no byte-order mark precedes it, the received file is
    the table, and else it is written to ``work``.

    Raises:
        Unreadable: the file is no table that could be judged; the subclass says why and where.
    """
    return open_table(path, contract, work).table()


def open_table(path: Path, contract: Contract, work: Path) -> "OpenTable":
    """Look at the head of the file at ``path``: its format, its encoding and its header.

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
    header = tuple((label, names.get(label.strip(), label)) for label in labels)
    return OpenTable(path, header, work, tally, (mark, lines.bytes))


class OpenTable:
    """A received file whose header is read, and whose rows are to be passed over once."""

    def __init__(
        self,
        path: Path,
        header: tuple[tuple[str, str], ...],
        work: Path,
        tally: Tally,
        head: tuple[bytes, int],
    ) -> None:
        """Begin after the header.

        Args:
            path: The file as received.
            header: Labels and the names they are mapped to.
            work: Where the canonical file is written if it differs and is wanted.
            tally: What was counted while the header was read.
            head: The byte-order mark, if there is one, and the number of bytes of the header.
        """
        self.header = header
        self._work = work
        self._mark, length = head
        canonical = (csv_line([name for _, name in header]) + "\n").encode()
        with path.open("rb") as file:
            found = file.read(len(self._mark) + length)
        self._canonical = None if found == canonical else canonical
        self._scan = Scan(path, Layout(len(header)), tally, len(found), canonical)

    @property
    def layout(self) -> Layout:
        """How the rows are written."""
        return self._scan.layout

    @property
    def lines(self) -> SourceLines:
        """Where each row began, for all rows given so far."""
        return self._scan.lines

    @property
    def fingerprint(self) -> Fingerprint:
        """Digests and size of the canonical file, written or not, after the pass."""
        return self._scan.fingerprint

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What was found and done, after the pass."""
        return {
            "format": "csv",
            "encoding": "utf-8",
            "bom": bool(self._mark),
            "delimiter": ",",
            "newline": self._scan.tally.newline,
            "header_row": 1,
            "mapping": [{"label": label, "field": name} for label, name in self.header],
            "rows": self._scan.rows,
            "multiline_records": self._scan.tally.multiline_records,
            "sha256": self.fingerprint.sha256,
        }

    def blocks(self, size: int = BLOCK_BYTES) -> Generator[Block, None, None]:
        """Pass over the rows; see ``Scan.blocks``."""
        return self._scan.blocks(size)

    def reread(self, offset: int, length: int) -> bytes:
        """Return the bytes of a block once more."""
        return self._scan.reread(offset, length)

    def table(self) -> TextTable:
        """Return the canonical table, passing over the rows if nobody has.

        Raises:
            Unreadable: the file is no table that could be judged.
            RuntimeError: a pass was begun and not brought to its end.
        """
        if not self._scan.begun:
            for _ in self._scan.blocks(parse=False):
                pass  # Passing over proves; the blocks themselves are of no use here.
        fingerprint = self.fingerprint
        if self._canonical is None:
            path = self._scan.path
        else:
            path = self._work
            with path.open("wb") as out, self._scan.path.open("rb") as received:
                received.seek(self._scan.body)
                out.write(self._canonical)
                shutil.copyfileobj(received, out, BLOCK_BYTES)
        return TextTable(path, self.header, self.provenance, fingerprint, self.lines)


def known_names(contract: Contract) -> Mapping[str, str]:
    """Return what a header cell may say: machine names and Chinese titles, to machine names."""
    titles = {field.title.zh.strip(): field.name for field in contract.fields}
    return titles | {field.name: field.name for field in contract.fields}


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
