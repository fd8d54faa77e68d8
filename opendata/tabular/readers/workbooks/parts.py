"""The small parts of an XLSX package: which sheets there are, and which formats show per cent.

Source: ECMA-376 part 1, 18.2 (workbook) and 18.8 (styles).
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import normpath
from xml.etree import ElementTree as Tree

from opendata.tabular.readers.limits import MIB, check_size
from opendata.tabular.readers.model import pointer
from opendata.tabular.readers.workbooks import faults
from opendata.tabular.readers.workbooks.model import Shown

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_MOST = 32 * MIB
# Number formats 9 and 10 are "0%" and "0.00%" without being declared (18.8.30).
_BUILT_IN_PERCENT = frozenset({"9", "10"})
_SPACING = re.compile(r"\[[^\]]*\]|_.|\*.|E[+-]0+")
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
_OTHER_DIGITS = re.compile(r"[0-9]")
_ZEROS = re.compile(r"(?<![.0-9#?])[#?,]*0[#?,]*0")
# Commas behind the digits leave out three each; digits or a point that are literal join the others.
_MOVED = re.compile(
    r"""[0#?],+(?![0#?,])|[0#?](?:"\."|[\\!]\.)[0#?]"""
    r"""|[0#?](?:"[0-9]+"|[\\!][0-9])|(?:"[0-9]+"|[\\!][0-9])[0#?]"""
)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A worksheet of a package, and the part that holds its cells."""

    name: str
    part: str
    hidden: bool


def sheet_parts(archive: zipfile.ZipFile) -> tuple[SheetPart, ...]:
    """Return the worksheets of a package in their order; chart sheets have no cells.

    Raises:
        UnreadableWorkbook: it does not say which part is which, or says it twice.
    """
    names = archive.namelist()
    if len({name.casefold().replace("\\", "/") for name in names}) < len(names):
        raise faults.unusual("部件重名", "parts of the same name", pointer("member", _WORKBOOK))
    targets = dict(_targets(_tree(archive, _RELATIONS)))
    sheets = [
        SheetPart(
            each.get("name", ""),
            targets.get(_relation(each), ""),
            each.get("state", "visible") != "visible",
        )
        for each in _tree(archive, _WORKBOOK).iterfind("{*}sheets/{*}sheet")
        if "worksheets" in targets.get(_relation(each), "worksheets")
    ]
    if len({each.name for each in sheets}) < len(sheets) or not all(each.part for each in sheets):
        raise faults.unusual("工作表重名或缺失", "sheets missing or of the same name", "")
    return tuple(sheets)


def shown_styles(archive: zipfile.ZipFile) -> Mapping[int, Shown]:
    """Return the numbers of the cell formats that show a number otherwise than it is."""
    if _STYLES not in archive.namelist():
        return {}
    tree = _tree(archive, _STYLES)
    declared: Mapping[str, str] = {
        each.get("numFmtId", ""): each.get("formatCode", "")
        for each in tree.iterfind("{*}numFmts/{*}numFmt")
    }
    shown = {key: how for key, code in declared.items() if (how := shown_by(code))}
    shown |= dict.fromkeys(_BUILT_IN_PERCENT - declared.keys(), Shown.PERCENT)
    formats = (each.get("numFmtId", "") for each in tree.iterfind("{*}cellXfs/{*}xf"))
    return {at: shown[key] for at, key in enumerate(formats) if key in shown}


def shown_by(code: str) -> Shown | None:
    """Return what a number format makes of a number, but for dividing or rounding its digits.

    >>> [str(shown_by(code)) for code in ("0.0%", "000000", '"3702"0000', "0!.0,")]
    ['percent', 'padded', 'scaled', 'scaled']
    >>> [shown_by(code) for code in ('0.0"%"', "#,##0.00", '0.00E+00', '0"元"', "[Red]0.000_ ")]
    [None, None, None, None, None]
    """
    plain = _SPACING.sub("", code)
    said = "".join(one or other for one, other in _LITERAL.findall(plain))
    bare = _LITERAL.sub("", plain)
    if "%" in bare:
        return Shown.PERCENT
    if _MOVED.search(plain):
        return Shown.SCALED
    return Shown.PADDED if _ZEROS.search(bare) or _OTHER_DIGITS.search(said) else None


def _tree(archive: zipfile.ZipFile, part: str) -> Tree.Element:
    where = pointer("member", part)
    try:
        check_size(archive.getinfo(part).file_size, _MOST, where)
        return Tree.fromstring(archive.read(part))  # noqa: S314 - see the import.
    except (KeyError, Tree.ParseError) as error:
        raise faults.broken(str(error), where) from error


def _targets(relations: Tree.Element) -> Iterator[tuple[str, str]]:
    for each in relations.iterfind("{*}Relationship"):
        target = each.get("Target", "")
        part = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
        yield each.get("Id", ""), part


def _relation(sheet: Tree.Element) -> str:
    """Return the id of a sheet's relation: the attribute's namespace differs by conformance."""
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
