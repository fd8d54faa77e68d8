"""What was worked out of segments' values, kept up to a size for as long as those are open."""

import sys
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar
from weakref import ref

from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.dictionaries import Dictionary, Numbers
from opendata.storage.remembering import Remembered

T = TypeVar("T")

_POINTER = 8


class Kept(Generic[T]):
    """What was worked out of dictionaries: of the very same ones, not of ones like them.

    Dictionaries are not held open by it. What was worked out of one that is gone is never given
    back, and goes when there is no room.
    """

    def __init__(self, most: int) -> None:
        """Keep so many bytes in all; nothing of more than an eighth of them."""
        self._remembered: Remembered[T] = Remembered(most)

    def get(self, dictionaries: Sequence[Dictionary], same: Hashable) -> T | None:
        """Return what was worked out of these dictionaries."""
        return self._remembered.get((id(dictionaries[0]), same), _told(dictionaries))

    def keep(
        self, dictionaries: Sequence[Dictionary], same: Hashable, found: T, weight: int
    ) -> None:
        """Keep what was worked out, in the place of what was of the first dictionary before."""
        self._remembered.keep((id(dictionaries[0]), same), _told(dictionaries), found, weight)


def weight(values: Sequence[Value], codes: Sequence[Array]) -> int:
    """Return how many bytes values and codes take."""
    of_codes = sum(each.nbytes for each in codes)
    if isinstance(values, Numbers):
        return of_codes + values.stored.nbytes
    return of_codes + sum(sys.getsizeof(each) + _POINTER for each in values)


def _told(dictionaries: Sequence[Dictionary]) -> tuple[ref[Dictionary], ...]:
    # An id is used again once its owner is gone; a reference is like no other then.
    return tuple(ref(each) for each in dictionaries)
