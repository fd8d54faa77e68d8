"""Python patterns in the words of Polars' regex engine, where they mean exactly the same.

Both engines read one pattern differently: a class like backslash-d knows other Unicode versions,
``$`` also matches before a last newline in Python, the dot differs. So Python's own parse tree is
walked and each node written out in syntax that leaves nothing to read. What has no exact
counterpart (lookaround, back references, flags, word boundaries) is refused with ``None``.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import polars as pl

# Typeshed knows these two only under the names that Python 3.11 deprecated.
_parser: Any = import_module("re._parser")
_codes: Any = import_module("re._constants")

_CATEGORIES = {
    _codes.CATEGORY_DIGIT: r"\d",
    _codes.CATEGORY_NOT_DIGIT: r"\D",
    _codes.CATEGORY_SPACE: r"\s",
    _codes.CATEGORY_NOT_SPACE: r"\S",
    _codes.CATEGORY_WORD: r"\w",
    _codes.CATEGORY_NOT_WORD: r"\W",
}
_STARTS = {_codes.AT_BEGINNING, _codes.AT_BEGINNING_STRING}
_SURROGATES = range(0xD800, 0xE000)

_Item = tuple[Any, Any]


class _Different(Exception):
    """Something in a pattern that Rust's engine cannot say exactly."""


def rust_pattern(pattern: str) -> str | None:
    r"""Translate a pattern as Frictionless applies it: matched at the start, closed by ``$``.

    Returns:
        What Polars' ``str.contains`` finds in exactly the texts that Frictionless passes, or
        ``None`` where that cannot be said.

    >>> rust_pattern("[0-9]{6}")
    '\\A(?:\\A(?:[0-9]){6}(?:\\n?\\z))'
    """
    # Ungrouped, as there: ``a|b`` means ``^a`` or ``b$``.
    return _translated(f"^{pattern}$", r"\A")


def rust_search(pattern: str) -> str | None:
    """Translate a pattern as ``re.search`` applies it; ``None`` where that cannot be said."""
    return _translated(pattern, "")


@lru_cache(maxsize=256)
def _translated(pattern: str, start: str) -> str | None:
    try:
        tree = _parser.parse(pattern)
        if tree.state.flags & ~int(re.UNICODE):
            return None
        text = f"{start}(?:{_sequence(tree, last=True)})"
        # The engine refuses what is too large; it says so when it compiles, not before.
        pl.Series([""]).str.contains(text)
    except (re.error, OverflowError, RecursionError, _Different, pl.exceptions.ComputeError):
        return None
    return text


def _sequence(items: Sequence[_Item], *, last: bool) -> str:
    """Write out nodes that follow each other; ``last``: nothing but ``$`` comes after them."""
    written = []
    for item in reversed(items):
        written.append(_node(item, last=last))
        last = last and item == (_codes.AT, _codes.AT_END)
    return "".join(reversed(written))


def _node(item: _Item, *, last: bool) -> str:
    code, detail = item
    if code is _codes.AT:
        return _place(detail, last=last)
    if code is _codes.BRANCH:
        return f"(?:{'|'.join(_sequence(each, last=last) for each in detail[1])})"
    if code is _codes.SUBPATTERN:
        return _group(detail, last=last)
    if code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT):
        # Lazy or greedy, the same texts match; only what is captured differs.
        return _repeat(detail, last=last)
    return _character(code, detail)


def _character(code: Any, detail: Any) -> str:
    if code is _codes.LITERAL:
        return _char(detail)
    if code is _codes.NOT_LITERAL:
        return f"[^{_char(detail)}]"
    if code is _codes.ANY:
        return r"[^\n]"
    if code is _codes.IN:
        return _set(detail)
    raise _Different


def _place(place: Any, *, last: bool) -> str:
    if place in _STARTS:
        return r"\A"
    if place is _codes.AT_END_STRING:
        return r"\z"
    if place is _codes.AT_END and last:
        # Python's $ also stands before a last newline. Taking that newline in is the same only
        # where nothing else is to be matched after it.
        return r"(?:\n?\z)"
    raise _Different


def _group(detail: Any, *, last: bool) -> str:
    _, added, removed, items = detail
    if added or removed:
        raise _Different
    return f"(?:{_sequence(items, last=last)})"


def _repeat(detail: Any, *, last: bool) -> str:
    least, most, items = detail
    repeated = most > 1
    if repeated and items.getwidth()[0] == 0:
        # Backtracking engines stop at empty turns in ways of their own.
        raise _Different
    body = _sequence(items, last=last and not repeated)
    if most is _codes.MAXREPEAT:
        return f"(?:{body}){{{least},}}"
    return f"(?:{body}){{{least}}}" if least == most else f"(?:{body}){{{least},{most}}}"


def _set(items: Sequence[_Item]) -> str:
    negated = items[0][0] is _codes.NEGATE
    members = "".join(_member(*item) for item in (items[1:] if negated else items))
    return f"[^{members}]" if negated else f"[{members}]"


def _member(code: Any, detail: Any) -> str:
    if code is _codes.LITERAL:
        return _char(detail)
    if code is _codes.RANGE:
        return f"{_char(detail[0])}-{_char(detail[1])}"
    if code is _codes.CATEGORY and detail in _CATEGORIES:
        return _category(_CATEGORIES[detail])
    raise _Different


def _char(number: int) -> str:
    if number in _SURROGATES:
        raise _Different
    char = chr(number)
    return char if char.isascii() and char.isalnum() else f"\\x{{{number:X}}}"


@lru_cache
def _category(name: str) -> str:
    """Write out a class of Unicode as this Python knows it, whatever the other engine knows."""
    runs = (found[0] for found in re.finditer(f"{name}+", _every_character()))
    return "".join(f"{_char(ord(run[0]))}-{_char(ord(run[-1]))}" for run in runs)


@lru_cache
def _every_character() -> str:
    return "".join(chr(each) for each in range(0x110000) if each not in _SURROGATES)
