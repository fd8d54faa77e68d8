"""Where the boxes of comments are drawn: a part in VML, which Excel still asks for."""

import re
from collections.abc import Mapping, Sequence

from opendata.tabular.annotate.account import Mark
from opendata.tabular.annotate.patch.unfamiliar import Unfamiliar
from opendata.tabular.annotate.places import Cell

_NOTE = "_x0000_t202"
_SHAPE_TYPE = (
    f'<{{v}}shapetype id="{_NOTE}" coordsize="21600,21600" {{o}}spt="202" '
    'path="m,l,21600r21600,l21600,xe"><{v}stroke joinstyle="miter"/>'
    '<{v}path gradientshapeok="t" {o}connecttype="rect"/></{v}shapetype>'
)
_SHAPE = (
    f'<{{v}}shape id="_x0000_s{{id}}" type="#{_NOTE}" style="position:absolute;'
    "margin-left:60pt;margin-top:2pt;width:320pt;height:{height}pt;z-index:1;"
    'visibility:hidden" fillcolor="#ffffe1" {o}insetmode="auto"><{v}fill color2="#ffffe1"/>'
    '<{v}shadow on="t" color="black" obscured="t"/><{v}path {o}connecttype="none"/>'
    '<{v}textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></{v}textbox>'
    '<{x}ClientData ObjectType="Note"><{x}MoveWithCells/><{x}SizeWithCells/>'
    "<{x}Anchor>{anchor}</{x}Anchor><{x}AutoFill>False</{x}AutoFill>"
    "<{x}Row>{row}</{x}Row><{x}Column>{column}</{x}Column></{x}ClientData></{v}shape>"
)
_NAMESPACES = {
    "v": b"urn:schemas-microsoft-com:vml",
    "o": b"urn:schemas-microsoft-com:office:office",
    "x": b"urn:schemas-microsoft-com:office:excel",
}
NO_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" '
    b'xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel">'
    b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_ROOT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>)?\s*<xml(?=[\s>])[^>]*>")
_DECLARED = re.compile(rb"""\sxmlns:([\w.-]+)\s*=\s*["']([^"']*)["']""")
_SHAPE_ID = re.compile(rb"_x0000_s(\d+)")
_MAP = re.compile(rb"""(<[\w.-]+:idmap\b[^>]*?\bdata\s*=\s*)(["'])([\d,]+)\2""")
# Ids of shapes come in blocks; a drawing says which blocks are its own.
_BLOCK = 1024
_LINE_POINTS, _PER_LINE, _MOST_LINES = 15, 34, 24


def with_boxes(content: bytes, cells: Sequence[Cell], marks: Mapping[Cell, Mark]) -> bytes:
    """Return the drawing with a hidden box for the comment on each of ``cells``.

    It is edited as text: what Excel itself writes into these parts is not always well-formed.

    Raises:
        Unfamiliar: it is no drawing as Excel writes it.
    """
    content, prefixes = _with_namespaces(content)
    end = content.rfind(b"</xml>")
    if end < 0:
        raise Unfamiliar("a drawing is written in a way that is not known")
    if not cells:
        return content
    taken = [int(each) for each in _SHAPE_ID.findall(content)]
    first = max([_BLOCK, *taken]) + 1
    shapes = [
        _shape((first + at, cell), marks[cell], prefixes).encode() for at, cell in enumerate(cells)
    ]
    known = f'id="{_NOTE}"'.encode() in content
    kind = b"" if known else _SHAPE_TYPE.format_map(prefixes).encode()
    mapped = _with_blocks(content[:end], range(first // _BLOCK, (first + len(cells)) // _BLOCK + 1))
    return mapped + kind + b"".join(shapes) + content[end:]


def _with_namespaces(content: bytes) -> tuple[bytes, Mapping[str, str]]:
    """Return a drawing whose root declares what boxes need, and what names in each begin with.

    Some programs declare a namespace only where they use it.
    """
    root = _ROOT.match(content)
    if root is None:
        raise Unfamiliar("a drawing is written in a way that is not known")
    declared = {prefix.decode(): space for prefix, space in _DECLARED.findall(root[0])}
    prefixes = {space: prefix for prefix, space in declared.items()}
    added = b""
    for usual, space in _NAMESPACES.items():
        if space not in prefixes:
            prefixes[space] = usual if usual not in declared else f"{usual}-{len(declared)}"
            added += f' xmlns:{prefixes[space]}="'.encode() + space + b'"'
    at = root.end() - 1
    return content[:at] + added + content[at:], {
        usual: f"{prefixes[space]}:" for usual, space in _NAMESPACES.items()
    }


def _with_blocks(content: bytes, blocks: range) -> bytes:
    found = _MAP.search(content)
    if found is None:
        return content
    known = {int(each) for each in found[3].split(b",") if each}
    data = ",".join(map(str, sorted(known | set(blocks)))).encode()
    return content[: found.start(3)] + data + content[found.end(3) :]


def _shape(place: tuple[int, Cell], mark: Mark, prefixes: Mapping[str, str]) -> str:
    number, cell = place
    lines = sum(1 + len(each) // _PER_LINE for each in mark.comment.split("\n"))
    rows = min(lines + 1, _MOST_LINES)
    row, column = cell.row - 1, cell.column - 1
    top = max(row - 1, 0)
    return _SHAPE.format(
        **prefixes,
        id=number,
        height=_LINE_POINTS * rows,
        anchor=f"{column + 1}, 15, {top}, 10, {column + 6}, 15, {top + rows}, 4",
        row=row,
        column=column,
    )
