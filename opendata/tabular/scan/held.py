"""The bytes that are read and not yet given out."""

from opendata.tabular.scan.marks import Marks
from opendata.tabular.scan.proof import Stretch


class Held:
    """Successive bytes of a file; the first is at ``offset`` in it, and begins a record."""

    def __init__(self, offset: int) -> None:
        """Hold nothing yet."""
        self.offset = offset
        self._data = b""
        self._marks = Marks.of(b"")
        # Where in the data what is held begins: beyond them, if bytes to come are dropped already.
        self._start = 0

    @property
    def size(self) -> int:
        """How many bytes are held."""
        return max(len(self._data) - self._start, 0)

    def add(self, piece: bytes) -> None:
        """Hold the bytes that come next."""
        left = self._data[self._start :]
        early = self._marks.between(self._start, len(self._data))
        skipped = max(self._start - len(self._data), 0)
        rest = piece[skipped:]
        self._marks = early.and_then(Marks.of(rest), len(left))
        self._data = left + rest if left else rest
        self._start = skipped - (len(piece) - len(rest))

    def data(self, size: int) -> bytes:
        """Return the first ``size`` bytes."""
        return self._data[self._start : self._start + size]

    def stretch(self, size: int, *, last: bool) -> Stretch:
        """Return the first ``size`` bytes with their marks; ``last``: the file ends with them."""
        data = memoryview(self._data)[self._start : self._start + size]
        return Stretch(data, self._marks.between(self._start, self._start + size), last)

    def drop(self, size: int) -> None:
        """Let go of the first ``size`` bytes, of which some may be still to come."""
        self.offset += size
        self._start += size
