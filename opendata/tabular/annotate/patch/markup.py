"""Small XML parts, edited as text: whatever is not edited keeps every byte.

A parser that builds a tree and writes it anew would drop prefixes that only attribute values
mention (``mc:Ignorable``), and Excel then calls the file damaged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar

_BOM = b"\xef\xbb\xbf"
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']""")
_START_TAG = re.compile(rb"""<([^\s/>]+)(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_DEEPEST = 64
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_OF_EXCEL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(slots=True)
class Element:
    """An element and where it stands.

    ``[start, opened)`` is its start tag, ``[closed, end)`` its end tag; of an empty one they are
    one. ``prefix`` is what its name begins with, colon included.
    """

    space: str
    name: str
    prefix: bytes
    attributes: dict[str, str]
    start: int
    opened: int
    closed: int = 0
    end: int = 0
    children: list["Element"] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether start tag and end tag are one."""
        return self.closed == self.start

    def child(self, name: str) -> "Element | None":
        """Return the first child of this name in the element's own namespace."""
        return next(self.named(name), None)

    def named(self, name: str) -> Iterator["Element"]:
        """Yield the children of this name in the element's own namespace."""
        return (each for each in self.children if (each.space, each.name) == (self.space, name))


class Part:
    """The bytes of a part, its elements, and edits to be made."""

    def __init__(self, content: bytes) -> None:
        """Parse.

        Raises:
            Unfamiliar: it is not well-formed, not UTF-8, or has a document type.
        """
        self.content = content.removeprefix(_BOM)
        self.root = _Parser(self.content).root()
        self._edits: list[tuple[int, int, bytes]] = []

    def raw(self, element: Element) -> bytes:
        """Return an element as it is written."""
        return self.content[element.start : element.end]

    def insert(self, at: int, text: bytes) -> None:
        """Insert ``text``; of several insertions at one place the first stays first."""
        self._edits.append((at, at, text))

    def append(self, parent: Element, text: bytes) -> None:
        """Add children at the end of ``parent``, once for each parent."""
        if not parent.is_empty:
            self.insert(parent.closed, text)
            return
        name = parent.prefix + parent.name.encode()
        self._edits.append((parent.opened - 2, parent.opened, b">" + text + b"</" + name + b">"))

    def set(self, element: Element, name: str, value: str) -> None:
        """Give an attribute without a prefix a value."""
        tag = self.content[element.start : element.opened]
        found = attribute(name).search(tag)
        if found:
            at = element.start + found.start(2)
            self._edits.append((at, element.start + found.end(2), quoted(value)))
        else:
            at = element.start + 1 + len(element.prefix) + len(element.name.encode())
            self.insert(at, b" " + name.encode() + b"=" + quoted(value))

    def result(self) -> bytes:
        """Return the bytes with every edit made; what comes of it is well-formed."""
        pieces: list[bytes] = []
        at = 0
        for start, end, text in sorted(self._edits, key=lambda each: each[:2]):
            pieces += (self.content[at:start], text)
            at = end
        edited = b"".join((*pieces, self.content[at:]))
        check(edited)
        return edited


class _Parser:
    def __init__(self, content: bytes) -> None:
        declared = _ENCODING.match(content)
        if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
            raise Unfamiliar("a part is not UTF-8")
        self._content = content
        self._open: list[Element] = []
        self._root: Element | None = None
        self._parser = _safe_parser(" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def root(self) -> Element:
        try:
            self._parser.Parse(self._content, True)
        except expat.ExpatError as error:
            raise Unfamiliar(f"a part is not well-formed: {error}") from error
        if self._root is None:
            raise Unfamiliar("a part is empty")
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        tag = _START_TAG.match(self._content, start)
        if tag is None or len(self._open) > _DEEPEST:
            raise Unfamiliar("a part is written in a way that is not known")
        space, _, local = name.rpartition(" ")
        prefix, colon, _ = tag[1].rpartition(b":")
        element = Element(space, local, prefix + colon, attributes, start, tag.end())
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        at = self._parser.CurrentByteIndex
        if self._content[element.opened - 2 : element.opened] == b"/>":
            element.closed, element.end = element.start, element.opened
        else:
            element.closed, element.end = at, self._content.index(b">", at) + 1


def attribute(name: str) -> re.Pattern[bytes]:
    """Return what finds an attribute without a prefix; group 2 is its value with the marks."""
    return re.compile(rb"""(\s%s\s*=\s*)("[^"]*"|'[^']*')""" % re.escape(name.encode()))


def check(content: bytes) -> None:
    """Raise ``Unfamiliar`` where ``content`` is not well-formed XML, or has a document type."""
    try:
        _safe_parser(" ").Parse(content, True)
    except expat.ExpatError as error:
        raise Unfamiliar(f"an edited part is not well-formed: {error}") from error


def escaped(text: str) -> bytes:
    r"""Return text as it stands between tags.

    >>> escaped("a < b & c\x01 _x0041_").decode()
    'a &lt; b &amp; c� _x005F_x0041_'
    """
    text = _ESCAPE_OF_EXCEL.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;").encode()


def quoted(value: str) -> bytes:
    """Return text as the value of an attribute, quotation marks included."""
    text = escaped(value).replace(b'"', b"&quot;").replace(b"\n", b"&#10;")
    return b'"' + text.replace(b"\t", b"&#9;") + b'"'


def _safe_parser(separator: str) -> Any:
    parser = expat.ParserCreate(namespace_separator=separator)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise Unfamiliar("a part has a document type")
