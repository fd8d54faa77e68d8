"""Grams of a text, each as a small number: its slot."""

import sys
from functools import cache

import numpy as np

from opendata.storage.index.arrays import Array

SLOTS = 1 << 17
# The NUL between columns and records: a term cannot contain it, and no gram reaches across it.
SEPARATOR = "\x00"
_SHIFT = np.uint32(32 - 17)
_STEP = np.uint32(0x9E3779B1)
_ASCII = 128
# From here on there are ideographs and signs only.
_CASELESS = 0x1F000


def code_points(text: str) -> Array:
    """Return the lower-cased code points of a text."""
    found: Array = _lower_cases()[np.frombuffer(text.encode("utf-32-le"), np.uint32)]
    return found


def slots(points: Array) -> tuple[Array, Array]:
    """Return the slots of a text's grams, and where each gram begins.

    Grams are single characters and pairs of them, and of ASCII characters, of which a few make up
    all numbers, also runs of three and of five. Different grams may share a slot.
    """
    character = points != ord(SEPARATOR)
    plain = character & (points < _ASCII)
    runs = ((character, 1), (character, 2), (plain, 3), (plain, 5))
    begins = [np.flatnonzero(_runs(inside, length)) for inside, length in runs]
    found = [_hash(points, at, length) for at, (_, length) in zip(begins, runs, strict=True)]
    return np.concatenate(found), np.concatenate(begins)


def _runs(inside: Array, length: int) -> Array:
    """Return at which positions so many that are ``inside`` begin."""
    end = len(inside) - length + 1
    if end <= 0:
        return np.zeros(0, np.bool_)
    found = inside[:end].copy()
    for step in range(1, length):
        found &= inside[step : step + end]
    return found


def _hash(points: Array, begins: Array, length: int) -> Array:
    """Spread the runs of ``length`` code points over the slots."""
    mixed = np.full(len(begins), length, np.uint32)
    for step in range(length):
        mixed ^= points[begins + step]
        mixed *= _STEP
        mixed ^= mixed >> np.uint32(15)
    mixed *= _STEP
    found: Array = mixed >> _SHIFT
    return found


@cache
def _lower_cases() -> Array:
    """Return the lower case of every code point, one for one: lengths stay as they are."""
    found = np.arange(sys.maxunicode + 1, dtype=np.uint32)
    found[:_CASELESS] = [ord(lower(chr(each))) for each in range(_CASELESS)]
    return found


def lower(character: str) -> str:
    """Return the lower case of one character as one character, as the query engine does."""
    return character.lower()[0]
