"""What a ZIP file is: workbooks, documents and Data Packages are all ZIP files."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from opendata.domain.errors import Text
from opendata.tabular.readers.archives import BROKEN, damaged, open_archive
from opendata.tabular.readers.formats.model import Format
from opendata.tabular.readers.formats.others import RESAVE, refusal
from opendata.tabular.readers.refused import Polyglot, UnsupportedFormat
from opendata.tabular.refusals import EmptyFile, NotATable

DESCRIPTOR_NAME = "datapackage.json"
_CONTENT_TYPES = "[content_types].xml"
_ODF = "application/vnd.oasis.opendocument."
_MOST_TYPE = 200
_SEND_TABLE = Text("请上传其中表格的 XLSX 或 CSV。", "Send its table as XLSX or CSV.")
_OFFICE: Mapping[str, tuple[type[UnsupportedFormat | NotATable], Text, Text]] = {
    "xl/workbook.bin": (
        UnsupportedFormat,
        Text("Excel 二进制工作簿（.xlsb）", "a binary Excel workbook (.xlsb)"),
        RESAVE,
    ),
    "word/document.xml": (NotATable, Text("Word 文档", "a Word document"), _SEND_TABLE),
    "ppt/presentation.xml": (NotATable, Text("PPT 演示文稿", "a presentation"), _SEND_TABLE),
}


def kind_of_zip(path: Path) -> Format:
    """Tell by its members what a ZIP file is.

    Raises:
        Unreadable: it is something that is not read, or cannot be opened; see ``open_archive``.
    """
    with open_archive(path) as archive:
        names = {each.filename.replace("\\", "/").lower() for each in archive.infolist()}
        if not names:
            raise EmptyFile("压缩包里没有文件。", "There is nothing in the archive.")
        found = _office(names) | _open_document(archive) | _package(names)
    if len(found) > 1:
        kinds = "、".join(sorted(found))
        raise Polyglot(
            f"此文件同时是 {kinds}，不同程序会读出不同的内容。请重新保存后上传。",
            f"This file is {' and '.join(sorted(found))} at once, and two programs would read two "
            "things. Save it anew.",
        )
    return next(iter(found), Format.ARCHIVE)


def _office(names: set[str]) -> set[Format]:
    if _CONTENT_TYPES not in names:
        return set()
    if "xl/workbook.xml" in names:
        return {Format.XLSX}
    for member, (kind, name, instead) in _OFFICE.items():
        if member in names:
            raise refusal(kind, name, instead, "/byte/0")
    return set()


def _open_document(archive: zipfile.ZipFile) -> set[Format]:
    if "content.xml" not in archive.namelist():
        return set()
    kind = _declared_kind(archive)
    if kind.startswith("spreadsheet"):
        return {Format.ODS}
    name = Text("OpenDocument 文档，但不是表格", "an OpenDocument file but no spreadsheet")
    raise refusal(NotATable, name, _SEND_TABLE, "/byte/0")


def _declared_kind(archive: zipfile.ZipFile) -> str:
    """Return what the member ``mimetype`` says (ODF 1.3 part 2, 3.3); without it, a spreadsheet."""
    if "mimetype" not in archive.namelist():
        return "spreadsheet"
    try:
        with archive.open("mimetype") as file:
            return file.read(_MOST_TYPE).decode("ascii", "replace").removeprefix(_ODF)
    except BROKEN as error:
        raise damaged("/member/mimetype") from error


def _package(names: set[str]) -> set[Format]:
    """Look for a descriptor at the root, or in the only folder there is."""
    tops = {each.partition("/")[0] for each in names if not is_ballast(each)}
    places = {DESCRIPTOR_NAME, *(f"{top}/{DESCRIPTOR_NAME}" for top in tops if len(tops) == 1)}
    return {Format.PACKAGE} if places & names else set()


def is_ballast(name: str) -> bool:
    """Whether a member is what operating systems add unasked."""
    parts = name.lower().split("/")
    return parts[0] == "__macosx" or parts[-1] in ("", ".ds_store", "thumbs.db", "desktop.ini")
