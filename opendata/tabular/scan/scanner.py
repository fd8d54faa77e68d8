"""The scanner: one pass over a file, in blocks that are proven sound or read slowly."""

from collections.abc import Generator
from contextlib import closing
from itertools import chain
from pathlib import Path

import polars as pl

from opendata.tabular.physical_lines import MAX_LINE_CHARACTERS
from opendata.tabular.scan.held import Held
from opendata.tabular.scan.model import Block, Layout
from opendata.tabular.scan.parsing import frame_of, is_utf8, read_slowly, size_of_cells
from opendata.tabular.scan.pieces import Pieces
from opendata.tabular.scan.proof import Proof, prove
from opendata.tabular.tally import Tally
from opendata.tabular.text_table import Fingerprint, SourceLines

BLOCK_BYTES = 16 << 20
_MOST_STRETCH = 1 << 20
_WINDOW_FACTOR = 4


class Scan:
    """A file's records after its header, to be passed over once.

    A stretch that is read slowly has at least ``least_stretch`` bytes, and more where faults are
    dense. What is looked at after a fault is no more than some times the sound bytes before it,
    or ``least_window``: what lies behind the next fault would be looked at in vain.
    """

    least_stretch = 4 << 10
    least_window = 256 << 10

    def __init__(self, path: Path, layout: Layout, tally: Tally, body: int, header: bytes) -> None:
        """Begin where the header was read.

        Args:
            path: The file.
            layout: How it is written.
            tally: What was counted while the header was read.
            body: The offset at which the records after the header begin.
            header: The bytes the fingerprint begins with instead of the first ``body``.
        """
        self.path = path
        self.layout = layout
        self.body = body
        self.tally = tally
        self._header = header
        self._pieces: Pieces | None = None
        self._finished = False
        self._held = Held(body)
        self._window = 0
        self._stretch = 0

    @property
    def lines(self) -> SourceLines:
        """Where each row began, for all rows given so far."""
        return self.tally.lines

    @property
    def rows(self) -> int:
        """How many rows after the header there were so far."""
        return self.tally.row - 2

    @property
    def begun(self) -> bool:
        """Whether somebody has asked for the blocks."""
        return self._pieces is not None

    @property
    def finished(self) -> bool:
        """Whether every block was taken."""
        return self._finished

    @property
    def fingerprint(self) -> Fingerprint:
        """Digests and size of header and body, after the pass.

        Raises:
            RuntimeError: the pass has not come to its end.
        """
        if self._pieces is None or not self._finished:
            raise RuntimeError("The file has not been passed over to its end.")
        return self._pieces.fingerprint

    def reread(self, offset: int, length: int) -> bytes:
        """Return the bytes of a block once more."""
        with self.path.open("rb", buffering=0) as file:
            file.seek(offset)
            return file.read(length)

    def blocks(
        self, size: int = BLOCK_BYTES, *, parse: bool = True
    ) -> Generator[Block, None, None]:
        """Pass over the records; the blocks come in order and without gaps.

        Args:
            size: About how many bytes are read, and given, at a time.
            parse: Whether sound blocks are to have their ``frame``.

        Raises:
            Unreadable: the file is no table, said with the place; blocks before it were given.
            RuntimeError: this is the second pass.
        """
        if self._pieces is not None:
            raise RuntimeError("A file is passed over once.")
        self._pieces = Pieces(self.path, self.body, self._header, size)
        return self._pass(self._pieces, parse)

    def _pass(self, pieces: Pieces, parse: bool) -> Generator[Block, None, None]:
        # Closed even if a traceback outlives this, or the thread would live as long.
        with closing(pieces.read()) as read:
            for piece in chain(read, (b"",)):
                self._held.add(piece)
                yield from self._settle(parse, last=not piece)
        self._finished = True

    def _settle(self, parse: bool, *, last: bool) -> Generator[Block]:
        """Give out what can be decided of the bytes held."""
        while held := self._held.size:
            window = min(self._window or held, held)
            proof, frame = self._proven(window, parse, last=last and window == held)
            if proof.records:
                yield from self._sound(proof, frame, parse)
            if proof.faulty or (not proof.records and window > MAX_LINE_CHARACTERS):
                yield from self._faulty(proof.end)
            elif proof.records or window < held:
                self._window *= 2
            else:
                return

    def _proven(self, window: int, parse: bool, *, last: bool) -> tuple[Proof, pl.DataFrame | None]:
        """Prove what begins the bytes held, and read it.

        As long as nothing was found wrong nobody but Polars counts the cells.
        """
        stretch = self._held.stretch(window, last=last)
        if parse and window == self._held.size:
            proof = prove(stretch, self.layout, count=False)
            frame = self._frame(proof)
            if frame is not None or not proof.records:
                return proof, frame
        proof = prove(stretch, self.layout, count=True)
        return proof, self._frame(proof) if parse else None

    def _frame(self, proof: Proof) -> pl.DataFrame | None:
        """Return the records proven, or ``None`` if Polars sees other cells or no UTF-8."""
        if not proof.records:
            return None
        try:
            frame = frame_of(self._held.data(proof.end), self.layout)
        except pl.exceptions.PolarsError:
            return None
        alike = frame.height == proof.records and size_of_cells(frame) == proof.content
        return frame if alike else None

    def _sound(self, proof: Proof, frame: pl.DataFrame | None, parse: bool) -> Generator[Block]:
        """Give a proven block, or read it slowly if it is no UTF-8 or Polars disagrees."""
        data = self._held.data(proof.end)
        if frame is None and (parse or not is_utf8(data)):
            yield from self._slowly(proof.end)
            return
        block = Block(
            self.tally.row, proof.records, self._held.offset, proof.end, data=data, frame=frame
        )
        self.tally.passed_many(proof.records, proof.which, proof.breaks)
        self.tally.met(proof.newlines)
        self._held.drop(proof.end)
        yield block

    def _faulty(self, sound: int) -> Generator[Block]:
        """Read on slowly where a fault is, the longer the fewer ``sound`` bytes came before."""
        dense = sound < self._stretch
        self._stretch = min(self._stretch * 2, _MOST_STRETCH) if dense else self.least_stretch
        self._window = max(_WINDOW_FACTOR * sound, self.least_window, 2 * self._stretch)
        yield from self._slowly(self._stretch)

    def _slowly(self, length: int) -> Generator[Block]:
        """Read at least ``length`` of the bytes held record by record, or up to the file's end."""
        until = self._held.offset + length
        while (offset := self._held.offset) < until:
            row = self.tally.row
            wanted = min(until - offset, _MOST_STRETCH)
            records, taken = read_slowly(self.path, offset, wanted, self.layout, self.tally)
            if not taken:
                return
            self._held.drop(taken)
            yield Block(row, len(records), offset, taken, data=b"", records=records)
