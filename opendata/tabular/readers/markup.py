"""Texts within XML that may be classification markings, found without building a tree of it.

Every level has the sign 密; what has none is passed over at once.
"""

import re
from collections.abc import Iterator
from html import unescape

SIGN = "密"
# Runs of one paragraph belong together; every other element is a text of its own.
_ENDS = re.compile(rb"</(?!(?:\w+:)?(?:r|t|rPr)>)[^>]*>")
_TAGS = re.compile(rb"<[^>]*>")
_VALUES = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")


def may_mark(said: bytes) -> bool:
    """Whether the sign is there in UTF-8, or a number that may stand for it."""
    return SIGN.encode() in said or b"&#" in said


def paragraphs(said: bytes) -> Iterator[str]:
    """Yield the paragraphs with the sign.

    >>> list(paragraphs("<p><r><t>机</t></r><r><t>密★</t></r></p><p>其他</p>".encode()))
    ['机密★']
    """
    for paragraph in _ENDS.split(said):
        if may_mark(paragraph):
            text = unescape(_TAGS.sub(b"", paragraph).decode(errors="replace"))
            if SIGN in text:
                yield text


def values(said: bytes, names: re.Pattern[bytes] | None = None) -> Iterator[str]:
    """Yield the attributes' values with the sign, of all attributes or of those so called.

    >>> list(values('<a prompt="机密&#9733;" b="2"/>'.encode()))
    ['机密★']
    """
    for name, one, other in _VALUES.findall(said):
        if (one or other) and (names is None or names.fullmatch(name)):
            text = unescape((one or other).decode(errors="replace"))
            if SIGN in text:
                yield text
