"""Texts in the XML of OpenDocument that are no cell's content, gathered while it is parsed.

They are read into no table; the scan looks at them, since that is where markings are put: headers,
annotations, shapes, changes, properties, names, formulas.

Source: OpenDocument 1.3 part 3, chapters 5 (text), 6 (what stands within a paragraph) and 19.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from opendata.tabular.readers.limits import MIB, check_size
from opendata.tabular.readers.markup import SIGN, compared
from opendata.tabular.readers.workbooks.model import Value
from opendata.tabular.readers.workbooks.ods_values import LIBRE, OFFICE, STYLE, TABLE, Odd

TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
# What compares cells with a level, offers it or leads to it: only what says more may be a marking.
_USES = frozenset(
    (
        *(f"{TABLE}{each}" for each in ("formula", "condition", "expression", "value")),
        *(f"{STYLE}condition", f"{LIBRE}value", "http://www.w3.org/1999/xlink href"),
    )
)
STRING = f"{OFFICE}string-value"
_BLOCKS = frozenset(
    f"{TEXT}{each}" for each in ("p", "h", "ruby-text", "note", "note-citation", "note-body")
)
# What an element within a paragraph stands for.
_SPACES: Mapping[str, str] = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
_SPANS = frozenset(
    f"{TEXT}{each}"
    for each in ("span", "a", "meta", "ruby", "ruby-base", "bookmark", "bookmark-start")
) | {f"{TEXT}bookmark-end", f"{TEXT}soft-page-break"}
# Runs within the paragraphs of documents of other kinds that are embedded.
_RUNS = frozenset({"r", "t", "a", "span", "tspan", "b", "i", "u", "font"})
# A field may be a part of what is written around it, or stand between; XML has no such sign.
_FIELD = "\0"
# A longer text is looked at in parts, of which each begins with the end of the one before.
_LONG, _OVERLAP = MIB, 200
# So many characters of one part are kept; a file with more is refused.
_MOST = 8 * MIB
# Whatever is not seen, or divides, may be between the two signs of a level: 密云 and 加密 are none.
_LEVEL = re.compile(rf"[绝絕机機秘祕㊙][^\w㊙]*+{SIGN}")


class Margins:
    """Gathers the texts that may be markings, each once."""

    def __init__(self, where: str) -> None:
        """Begin before the first element of the member that ``where`` points to."""
        self._texts: dict[str, None] = {}
        self.where = where
        self._size = 0
        # One for each open element that is a text of its own; one more that is never closed.
        self._open = [_Said()]

    def take(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element with its attributes."""
        self.see(attributes)
        self.start(name)

    def start(self, name: str) -> None:
        """Take the start of an element."""
        if not _is_within(name):
            self._open.append(_Said())
        elif name not in _SPANS:
            self.text(_SPACES.get(name) or _field(name))

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if _is_within(name):
            self.text("" if name in _SPANS or name in _SPACES else _field(name))
        elif len(self._open) > 1:
            self._say(self._open.pop().whole())

    def text(self, data: str) -> None:
        """Take text of the element that is open."""
        said = self._open[-1]
        if data and said.add(data) > _LONG:
            self._say(said.cut())

    def see(self, attributes: Mapping[str, str], *, cell: bool = False) -> None:
        """Take attributes; what is a cell's value already is left out."""
        value = attributes.get(STRING, "") if cell else ""
        for name, each in attributes.items():
            if cell and name == STRING:
                continue
            said = unquote(each) if "%" in each else each
            if name not in _USES:
                self.say(said)
            elif SIGN in said:
                for part in compared(said):
                    if part not in value:
                        self.say(part)

    def shown(self, attributes: Mapping[str, str], text: str, value: Value | Odd) -> None:
        """Take what a cell of this value shows, or has, instead of it."""
        for each in (text, attributes.get(STRING, "")):
            if SIGN in each and each != value:
                self.say(each)

    def instruct(self, program: str, data: str) -> None:
        """Take an instruction to some program."""
        self.say(f"{program} {data}")

    def say(self, text: str) -> None:
        """Keep a text, if it may be a marking.

        Raises:
            TooLargeUncompressed: there are more than any file has.
        """
        if SIGN in text and text not in self._texts and _LEVEL.search(text):
            self._size += len(text)
            check_size(self._size, _MOST, self.where)
            self._texts[text] = None

    def found(self) -> Iterator[str]:
        """Yield the texts; of elements that were never closed as well."""
        while self._open:
            self._say(self._open.pop().whole())
        yield from self._texts

    def _say(self, text: str) -> None:
        self.say(text.replace(_FIELD, ""))
        if _FIELD in text:
            self.say(text.replace(_FIELD, "\n"))


class _Said:
    """What has been said in one element so far."""

    __slots__ = ("_parts", "_size")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    def add(self, data: str) -> int:
        """Append a text; return how long the whole is."""
        if self._parts or not data.isspace():
            self._parts.append(data)
            self._size += len(data)
        return self._size

    def whole(self) -> str:
        return "".join(self._parts)

    def cut(self) -> str:
        """Return the whole, and go on from its end."""
        whole = self.whole()
        self._parts = [whole[-_OVERLAP:]]
        self._size = _OVERLAP
        return whole


def _is_within(name: str) -> bool:
    """Whether an element is a part of the text around it."""
    if name.startswith(TEXT):
        return name not in _BLOCKS
    return name.rpartition(" ")[2] in _RUNS


def _field(name: str) -> str:
    return _FIELD if name.startswith(TEXT) else ""
