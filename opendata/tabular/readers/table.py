"""A received table, its header read, its rows still to be passed over."""

import shutil
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from opendata.tabular.readers.codes import damaged_in, refuse_damaged
from opendata.tabular.readers.model import Beside, Origin
from opendata.tabular.scan.model import Block, Layout
from opendata.tabular.scan.scanner import BLOCK_BYTES, Scan
from opendata.tabular.tally import Tally
from opendata.tabular.text_table import Fingerprint, SourceLines, TextTable, csv_line


class OpenTable:
    """A table whose header is read, and whose rows are to be passed over once."""

    def __init__(
        self, path: Path, origin: Origin, work: Path, tally: Tally, head: tuple[int, bool]
    ) -> None:
        """Begin after the header.

        Args:
            path: The rows as comma-separated UTF-8: the file received, or what it was turned into.
            origin: What is known of the source.
            work: Where the canonical file is written if it differs from ``path`` and is wanted.
            tally: What was counted while the header was read.
            head: How many bytes come before the rows, and whether they are the canonical header.
        """
        self._origin = origin
        self._work = work
        length, is_canonical = head
        header = canonical_header(origin.header)
        self._canonical = None if is_canonical else header
        self._watcher: Callable[[Block], None] | None = None
        self._scan = Scan(path, Layout(len(origin.header)), tally, length, header)

    @property
    def header(self) -> tuple[tuple[str, str], ...]:
        """Labels as received and the names they are mapped to."""
        return self._origin.header

    @property
    def columns(self) -> tuple[str, ...]:
        """What the source calls its columns, such as the letters of a worksheet; may be empty."""
        return self._origin.columns

    @property
    def beside(self) -> tuple[Beside, ...]:
        """The texts around the table."""
        return self._origin.beside

    @property
    def found(self) -> Mapping[str, Any]:
        """What was found before the rows were passed over: the provenance without its counts."""
        return self._origin.found

    @property
    def layout(self) -> Layout:
        """How the rows are written."""
        return self._scan.layout

    @property
    def lines(self) -> SourceLines:
        """Where each row began in the source, for all rows given so far."""
        return self._scan.lines if self._origin.lines is None else self._origin.lines

    @property
    def fingerprint(self) -> Fingerprint:
        """Digests and size of the canonical file, written or not, after the pass."""
        return self._scan.fingerprint

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What was found and done, after the pass."""
        tally = self._scan.tally
        as_received = self._origin.lines is None
        return {
            **self._origin.found,
            **({"newline": tally.newline} if as_received else {}),
            "rows": self._scan.rows,
            "multiline_records": tally.multiline_records,
            "sha256": self.fingerprint.sha256,
        }

    def shown_to(self, watcher: Callable[[Block], None]) -> Self:
        """Have every block of the pass shown to ``watcher`` before it is passed on."""
        self._watcher = watcher
        return self

    def standing_beside(self, texts: Sequence[Beside]) -> Self:
        """Add texts that stand around the table, in what it was taken out of."""
        self._origin = replace(self._origin, beside=(*texts, *self._origin.beside))
        return self

    def told(self, notes: Sequence[Mapping[str, str]], **found: Any) -> Self:
        """Add to the provenance what was known before the reader was asked; notes come first."""
        known = self._origin.found
        notes = [*notes, *known.get("notes", ())]
        extra = {"notes": notes} if notes else {}
        self._origin = replace(self._origin, found={**known, **found, **extra})
        return self

    def blocks(self, size: int = BLOCK_BYTES) -> Generator[Block, None, None]:
        """Pass over the rows; see ``Scan.blocks``.

        Raises:
            DamagedIdentifier: codes have become rounded numbers.
        """
        return self._watched(self._scan.blocks(size))

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
            for _ in self._watched(self._scan.blocks(parse=False)):
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

    def _watched(self, blocks: Generator[Block, None, None]) -> Generator[Block, None, None]:
        """Pass blocks on as long as the codes in them are sound."""
        with closing(blocks):
            for block in blocks:
                refuse_damaged(self._damaged(block))
                if self._watcher is not None:
                    self._watcher(block)
                yield block

    def _damaged(self, block: Block) -> Iterator[tuple[str, str]]:
        for row, at in damaged_in(block, self._origin.codes, self.layout):
            line = self.lines.line_of(row)
            columns = self._origin.columns
            place = f"/cell/{columns[at]}{line}" if columns else f"/line/{line}"
            yield place, self.header[at][0]


def converted(path: Path, origin: Origin) -> OpenTable:
    """Return the table that a reader has written to ``path``, canonical header and all."""
    tally = Tally()
    tally.passed(1)
    head = (len(canonical_header(origin.header)), True)
    return OpenTable(path, origin, path, tally, head)


def canonical_header(header: tuple[tuple[str, str], ...]) -> bytes:
    """Return the first line of the canonical file: the names the columns are mapped to."""
    return (csv_line([name for _, name in header]) + "\n").encode()
