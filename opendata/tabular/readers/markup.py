"""Texts within XML that may be classification markings, found without building a tree of it.

Every level has the sign 密; what has none is passed over at once.
"""

import re
from collections.abc import Iterator
from html import unescape

SIGN = "密"
# Runs of one paragraph belong together; every other element is a text of its own.
_ENDS = re.compile(rb"</(?!(?:\w+:)?(?:r|t|rPr|fld|hyperlink|span|font|a|b|i|u)>)[^<>]*>")
_TAGS = re.compile(rb"<[^<>]*>")
# How a run looks: the elements within would end its paragraph.
_LOOKS = re.compile(
    rb"<((?:\w+:)?rPr)\b(?:[^<>]*[^<>/])?>(?:[^<]++|<(?!/?(?:\w+:)?rPr\b))*+</\1\s*>"
)
_VALUES = re.compile(rb"""(?<=\s)([\w:.-]++)\s*+=\s*+(?:"([^"<]*)"|'([^'<]*)')""")
# Comments and instructions say something as well, and what is not parsed is text.
_UNPARSED = ((b"<![CDATA[", b""), (b"]]>", b""))
_ASIDE = (b"<!--", b"-->", b"<?", b"?>")
_APART = b"</aside>"
# What a formula, a list or an address is made of.
_JOINED = re.compile(r'"\s*&\s*"')
_PARTS = re.compile(r"""["'“”,，;；、|{}()=/\\?#<>&]""")
_BARE = re.compile(r"[^\w★☆✩✭✰⭐*]*[绝絕机機秘祕]\s*密\s*+[级級件]?+[^\w★☆✩✭✰⭐*]*+")


def may_mark(said: bytes) -> bool:
    """Whether the sign is there in UTF-8, or a number that may stand for it."""
    return SIGN.encode() in said or b"&#" in said


def paragraphs(said: bytes) -> Iterator[str]:
    """Yield the paragraphs with the sign.

    >>> list(paragraphs("<p><r><t>机</t></r><r><t>密★</t></r></p><p>其他</p>".encode()))
    ['机密★']
    >>> list(paragraphs("<!--机密★--><t><![CDATA[绝密★]]></t>".encode()))
    ['机密★', '绝密★']
    """
    if not may_mark(said):
        return
    for mark, instead in (*_UNPARSED, *((each, _APART) for each in _ASIDE)):
        said = said.replace(mark, instead)
    for paragraph in _ENDS.split(_LOOKS.sub(b"", said)):
        if may_mark(paragraph):
            text = unescape(_TAGS.sub(b"", paragraph).decode(errors="replace"))
            if SIGN in text:
                yield text


def values(said: bytes, names: re.Pattern[bytes] | None = None) -> Iterator[str]:
    """Yield the attributes' values with the sign, of all attributes or of those so called.

    >>> list(values('<a prompt="机密&#9733;" b="2"/>'.encode()))
    ['机密★']
    """
    if not may_mark(said):
        return
    for name, one, other in _VALUES.findall(said):
        if (one or other) and (names is None or names.fullmatch(name)):
            text = unescape((one or other).decode(errors="replace"))
            if SIGN in text:
                yield text


def compared(said: str) -> Iterator[str]:
    """Yield the parts of a formula, a list or an address that say more than a level.

    Those compare cells with a level, or offer it, and mark nothing.

    >>> list(compared('IF(A1="秘密","机"&"密★10年","公开,机密")'))
    ['机密★10年']
    """
    for part in _PARTS.split(_JOINED.sub("", said)):
        if SIGN in part and not _BARE.fullmatch(part):
            yield part
