"""Remembering: what a process worked out, kept for as long as what it depends on stays so."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    holds_for: Hashable
    value: T
    weight: int


class Remembered(Generic[T]):
    """Values by key, each with what it holds for, up to a weight in all.

    A value is given back only for that for which it was kept. What was used longest ago goes
    first when the weight is reached.
    """

    def __init__(self, most: int) -> None:
        """Keep values up to a weight of ``most`` in all; none of more than an eighth of it."""
        self._most = most
        self._weight = 0
        self._kept: OrderedDict[Hashable, _Kept[T]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def weight(self) -> int:
        """What is kept, in all."""
        return self._weight

    def get(self, key: Hashable, holds_for: Hashable) -> T | None:
        """Return what was kept under ``key`` for ``holds_for``, ``None`` if nothing was."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.holds_for != holds_for:
                return None
            self._kept.move_to_end(key)
            return found.value

    def keep(self, key: Hashable, holds_for: Hashable, value: T, weight: int = 1) -> None:
        """Keep ``value`` under ``key``, instead of what was kept there."""
        with self._lock:
            self._forget(key)
            if weight > self._most // 8:
                return
            self._kept[key] = _Kept(holds_for, value, weight)
            self._weight += weight
            while self._weight > self._most:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._weight -= gone.weight
