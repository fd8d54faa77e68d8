"""Texts as they are compared: one form for each digit, letter, dash and space."""

import re
import unicodedata

# Signs without a width, which stay between the digits of numbers that were copied from pages.
_UNSEEN = dict.fromkeys(
    [
        *(0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F)),
        *(*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF, *range(0xE0000, 0xE0080)),
    ]
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500"), "-")
_FORMS = _UNSEEN | _DASHES
_SPACES = re.compile(r"[^\S\n]")


def plain(text: str) -> str:
    """Return a text in half-width forms, with plain dashes and spaces; lines stay lines.

    >>> plain("１３８\u200b－１２３４\u3000５６７８")
    '138-1234 5678'
    """
    if text.isascii() and "\t" not in text:
        return text
    folded = unicodedata.normalize("NFKC", text).translate(_FORMS)
    return _SPACES.sub(" ", folded.replace("\r", "\n"))
