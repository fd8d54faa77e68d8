"""Invented identities that cannot be mistaken for real ones, drawn the same on every machine."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from stdnum.cn import uscc

T = TypeVar("T")

# No division of GB/T 2260 begins with 99: a code with it passes every check digit, and can
# belong to nobody.
NOWHERE = "999999"

_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class Draw:
    """A sequence of choices that depends on its seed alone.

    The standard library promises one sequence for ``random()`` only, not for the methods built
    on it; a digest is the same in every Python.
    """

    def __init__(self, *seed: str | int) -> None:
        """Begin the sequence of ``seed``."""
        self._seed = "/".join(map(str, seed))
        self._count = 0

    def below(self, end: int) -> int:
        """Return the next whole number from 0 up to ``end``, without it."""
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}/{self._count}".encode()).digest()
        return int.from_bytes(digest[:8]) % end

    def one_in(self, chance: int) -> bool:
        """Return true once in ``chance`` times."""
        return self.below(chance) == 0

    def pick(self, choices: Sequence[T]) -> T:
        """Return one of ``choices``."""
        return choices[self.below(len(choices))]


def credit_code(kind: str, draw: Draw) -> str:
    """Return a unified social credit code of nowhere, with valid check characters.

    ``kind`` are its first two characters: ``11`` an authority, ``91`` a company, ``92`` an
    individual business.
    """
    own = "".join(draw.pick(_SYMBOLS) for _ in range(8))
    total = sum(
        int(symbol, 36) * weight for symbol, weight in zip(own, _ORGANISATION_WEIGHTS, strict=True)
    )  # GB 11714 counts letters as base 36 does.
    check = "0X987654321"[total % 11]
    body = f"{kind}{NOWHERE}{own}{check}"
    return body + uscc.calc_check_digit(body)


def identity_number(draw: Draw) -> str:
    """Return eighteen digits that no resident can have: nowhere, and a wrong check digit."""
    body = f"{NOWHERE}19000101{draw.below(1000):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _PERSON_WEIGHTS, strict=True))
    right = "10X98765432"[total % 11]
    return body + ("0" if right == "1" else "1")
