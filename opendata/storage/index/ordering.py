"""Ordering: records that were found, by the ranks of their values, then by their places."""

from collections.abc import Sequence

import numpy as np

from opendata.storage.index.arrays import Array
from opendata.storage.index.shelf import Behind, Key


def in_order(records: Array, keys: Sequence[Key]) -> Array:
    """Return records, given in ascending order, by keys."""
    if len(keys) == 1:
        found: Array = records[np.argsort(keys[0].ranks(records), kind="stable")]
        return found
    return records[np.lexsort([each.ranks(records) for each in reversed(keys)])]


def top(records: Array, keys: Sequence[Key], need: int) -> Array:
    """Return the first ``need`` by keys of records that are given in ascending order."""
    if not keys:
        return records[:need]
    if len(records) <= 2 * need:
        return in_order(records, keys)[:need]
    ranks = keys[0].ranks(records)
    edge = np.partition(ranks, need - 1)[need - 1]
    sure = records[ranks < edge]
    ties = top(records[ranks == edge], keys[1:], need - len(sure))
    return np.concatenate([in_order(sure, keys), ties])


def behind(records: Array, keys: Sequence[Key], place: Behind | None) -> Array:
    """Return those of some records that are behind a place."""
    if place is None:
        return records
    found = records >= place.row
    for key, (begin, end) in zip(reversed(keys), reversed(place.spans), strict=True):
        ranks = key.ranks(records)
        found = (ranks >= end) | ((ranks >= begin) & found)
    return records[found]
