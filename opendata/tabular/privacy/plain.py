"""Texts as they are compared: one form for each digit, letter, dash and space."""

import re
import unicodedata

# Signs without a width, which stay between the digits of numbers that were copied from pages.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
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
