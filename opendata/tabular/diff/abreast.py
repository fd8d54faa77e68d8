"""Abreast: slices of records worked on by as many threads as Polars has, in order all the same."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import polars as pl

_T = TypeVar("_T")
# A third slice would take more memory than its thread saves time.
_MOST = 2


def abreast(work: Callable[[int, int], _T], slices: Iterable[tuple[int, int]]) -> Iterator[_T]:
    """Yield what ``work`` makes of each slice, in their order; few are in memory at once."""
    count = min(_MOST, pl.thread_pool_size())
    waiting: deque[Future[_T]] = deque()
    with ThreadPoolExecutor(count, "diff") as threads:
        for begin, end in slices:
            waiting.append(threads.submit(work, begin, end))
            if len(waiting) > count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
