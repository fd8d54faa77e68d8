"""What a file is: told by its content; what was declared of it only settles what is left."""

from pathlib import Path

from opendata.tabular.readers.archives import ends_like_zip
from opendata.tabular.readers.formats.declarations import contradictions, says_json
from opendata.tabular.readers.formats.json_text import json_kind
from opendata.tabular.readers.formats.model import Detected, Format
from opendata.tabular.readers.formats.old_office import kind_of_ole
from opendata.tabular.readers.formats.others import check_is_no_markup, check_is_taken
from opendata.tabular.readers.formats.zipped import kind_of_zip
from opendata.tabular.readers.model import Declared
from opendata.tabular.readers.refused import Polyglot

__all__ = ["Detected", "Format", "format_of"]

_HEAD_BYTES = 64 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PARQUET = b"PAR1"


def format_of(path: Path, declared: Declared) -> Detected:
    """Tell what the file at ``path`` is.

    Text that is nothing else is delimited text; whether it is a table, its reader says.

    Raises:
        UnsupportedFormat, NotATable: it is something that is not read here.
        Polyglot: it is two things at once.
        Encrypted, DamagedArchive: it cannot be opened.
        TooManyMembers, TooLargeUncompressed, CompressionRatio: it is out of bounds.
    """
    found = _found(path, declared)
    return Detected(found, contradictions(found, declared))


def _found(path: Path, declared: Declared) -> Format:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_ZIP):
        return kind_of_zip(path)
    _check_one_format(path)
    if head.startswith(_OLE):
        return kind_of_ole(path)
    if head.startswith(_PARQUET) and _is_binary(path, head):
        return Format.PARQUET
    check_is_taken(head)
    check_is_no_markup(head)
    return json_kind(path, head, declared=says_json(declared)) or Format.TEXT


def _is_binary(path: Path, head: bytes) -> bool:
    """Whether what begins like Parquet goes on like it: a column may be called PAR1, too."""
    with path.open("rb") as file:
        file.seek(-min(4, len(head)), 2)
        return b"\x00" in head or file.read() == _PARQUET


def _check_one_format(path: Path) -> None:
    """Refuse a file that ends like an archive and does not begin like one."""
    if ends_like_zip(path):
        raise Polyglot(
            "文件末尾是一个 ZIP 压缩包，开头却是别的内容：它同时是两种文件，"
            "不同程序会读出不同的内容。请重新保存后上传。",
            "The file ends as a ZIP archive and begins as something else: it is two files at once, "
            "and two programs would read two things. Save it anew.",
            "/byte/0",
        )
