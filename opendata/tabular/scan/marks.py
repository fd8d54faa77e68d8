"""Marks: where the few bytes are that mean something to CSV, delimiters aside."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUL, LF, CR, QUOTE = b'\0\n\r"'


@dataclass(frozen=True, slots=True)
class Marks:
    """Where the marks are in some bytes, ascending, and which bytes they are.

    Other bytes may be among them; they mean nothing.
    """

    at: NDArray[np.int64]
    kind: NDArray[np.uint8]

    @classmethod
    def of(cls, data: bytes) -> "Marks":
        """Find the marks.

        One comparison finds them all: beside them there are only spaces and few signs up to the
        quotation mark's code, all of them rare in Chinese text and in numbers. Delimiters, which
        are ten times as many, are not looked for.
        """
        codes = np.frombuffer(data, np.uint8)
        at = np.flatnonzero(codes <= QUOTE)
        return cls(at, codes[at])

    def between(self, start: int, end: int) -> "Marks":
        """Return those from offset ``start`` on and before ``end``, counted from ``start``."""
        first, last = (int(each) for each in np.searchsorted(self.at, (start, end)))
        at = self.at[first:last]
        return Marks(at - start if start else at, self.kind[first:last])

    def and_then(self, others: "Marks", start: int) -> "Marks":
        """Return these and those of the bytes that follow from offset ``start`` on."""
        if not self.at.size and not start:
            return others
        at = np.concatenate((self.at, others.at + start))
        return Marks(at, np.concatenate((self.kind, others.kind)))
