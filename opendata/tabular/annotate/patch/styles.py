"""Styles: every marked cell keeps its own, and gets a fill."""

from opendata.tabular.annotate.patch.markup import Element, Part, attribute, quoted
from opendata.tabular.annotate.patch.relations import MAIN
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar
from opendata.tabular.annotate.summary import Style
from opendata.tabular.rules.model import Severity

COLOURS: dict[Severity, str] = {"error": "FFFFC7CE", "caution": "FFFFEB9C"}
# Excel refuses more.
_MOST = 64_000
NO_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    "</styleSheet>"
).encode()


class Styles:
    """The styles of a workbook, and those that marking adds."""

    def __init__(self, content: bytes) -> None:
        """Find what styles are made of.

        Raises:
            Unfamiliar: something of it is not there.
        """
        self._text = Part(content)
        root = self._text.root
        if (root.space, root.name) != (MAIN, "styleSheet"):
            raise Unfamiliar("the styles are of another kind")
        self._fonts = self._required("fonts")
        self._fills = self._required("fills")
        self._formats = self._required("cellXfs")
        self._known = list(self._formats.named("xf"))
        if not self._known:
            raise Unfamiliar("there is no cell format")
        self._added: list[bytes] = []
        self._marked: dict[tuple[int, Severity], int] = {}
        self._fill_of = {
            severity: len(self._fills.children) + number for number, severity in enumerate(COLOURS)
        }
        self.first_sheet = self._of_first_sheet()

    def _required(self, name: str) -> Element:
        found = self._text.root.child(name)
        if found is None:
            raise Unfamiliar(f"the styles have no {name}")
        return found

    def marked(self, style: int, severity: Severity) -> int:
        """Return the style that is like number ``style``, but coloured."""
        known = self._marked.get((style, severity))
        if known is None:
            base = self._known[style if style < len(self._known) else 0]
            known = self._add(self._coloured(base, self._fill_of[severity]))
            self._marked[style, severity] = known
        return known

    def _coloured(self, base: Element, fill: int) -> bytes:
        raw = self._text.raw(base)
        end = base.opened - base.start
        tag = raw[:end]
        for name, value in (("fillId", str(fill)), ("applyFill", "1")):
            found = attribute(name).search(tag)
            if found:
                tag = tag[: found.start(2)] + quoted(value) + tag[found.end(2) :]
            else:
                at = 1 + len(base.prefix) + len(base.name)
                tag = tag[:at] + b" " + name.encode() + b"=" + quoted(value) + tag[at:]
        return tag + raw[end:]

    def _add(self, text: bytes) -> int:
        number = len(self._known) + len(self._added)
        if number >= _MOST:
            raise Unfamiliar("there are too many styles")
        self._added.append(text)
        return number

    def _of_first_sheet(self) -> dict[Style, int]:
        fonts = len(self._fonts.children)
        error, caution = self._fill_of["error"], self._fill_of["caution"]
        looks = {
            Style.TEXT: (0, 0, 0),
            Style.TITLE: (fonts, 0, 0),
            Style.HEAD: (fonts + 1, 0, 0),
            Style.LINK: (fonts + 2, 0, 0),
            Style.ERROR: (0, error, 1),
            Style.CAUTION: (0, caution, 1),
            Style.SENTENCE: (0, 0, 0),
        }
        prefix = self._text.root.prefix.decode()
        return {
            style: self._add(
                f'<{prefix}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"'
                f' applyFont="1" applyFill="{applied}" applyAlignment="1">'
                f'<{prefix}alignment vertical="top" wrapText="{int(style.wraps)}"/>'
                f"</{prefix}xf>".encode()
            )
            for style, (font, fill, applied) in looks.items()
        }

    def result(self) -> bytes:
        """Return the part with everything that was asked for."""
        prefix = self._text.root.prefix.decode()
        fonts = [
            f'<{prefix}font>{look}<{prefix}sz val="{size}"/><{prefix}color rgb="{colour}"/>'
            f'<{prefix}name val="Calibri"/></{prefix}font>'.encode()
            for look, size, colour in (
                (f"<{prefix}b/>", 16, "FF000000"),
                (f"<{prefix}b/>", 11, "FF000000"),
                (f"<{prefix}u/>", 11, "FF0563C1"),
            )
        ]
        fills = [
            f'<{prefix}fill><{prefix}patternFill patternType="solid">'
            f'<{prefix}fgColor rgb="{colour}"/><{prefix}bgColor indexed="64"/>'
            f"</{prefix}patternFill></{prefix}fill>".encode()
            for colour in COLOURS.values()
        ]
        for parent, added in (
            (self._fonts, fonts),
            (self._fills, fills),
            (self._formats, self._added),
        ):
            self._text.append(parent, b"".join(added))
            self._text.set(parent, "count", str(len(parent.children) + len(added)))
        return self._text.result()
