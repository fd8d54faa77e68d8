"""What an OLE compound file is: old workbooks, old documents, and encrypted new ones."""

from pathlib import Path

from opendata.domain.errors import Text
from opendata.tabular.readers.formats.model import Format
from opendata.tabular.readers.formats.others import RESAVE, refusal
from opendata.tabular.readers.refused import Encrypted
from opendata.tabular.refusals import NotATable

_NO_TABLE = Text("请上传其中表格的 XLSX 或 CSV。", "Send its table as XLSX or CSV.")


def kind_of_ole(path: Path) -> Format:
    """Tell by its streams what an OLE compound file is ([MS-CFB], [MS-XLS], [MS-OFFCRYPTO]).

    A damaged one counts as a workbook: its reader says that it is damaged.

    Raises:
        Encrypted: it is a workbook that needs a password.
        NotATable: it is something else.
    """
    streams = _streams(path)
    if streams is None or streams & {"workbook", "book"}:
        return Format.XLS
    if "encryptedpackage" in streams:
        raise Encrypted(
            "工作簿设有打开密码。请在 Excel 或 WPS 中取消密码，另存后上传。",
            "The workbook needs a password. Remove it in Excel or WPS and save the file again.",
            "/byte/0",
        )
    if "worddocument" in streams:
        name = Text("旧版 Word 文档（.doc）", "an old Word document (.doc)")
        raise refusal(NotATable, name, _NO_TABLE, "/byte/0")
    name = Text("不含工作簿的旧版 Office 文件", "an old Office file without a workbook")
    raise refusal(NotATable, name, RESAVE, "/byte/0")


def _streams(path: Path) -> set[str] | None:
    """Return the names of the streams at the top, in small letters; ``None`` if it is damaged."""
    # Loaded where such a file is: for all others it would be waited for in vain.
    from olefile import OleFileIO

    try:
        with OleFileIO(str(path)) as file:
            listed = file.listdir(streams=True, storages=False)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # olefile raises OSError for what is no compound file; the others are slips of its own.
        return None
    return {each[0].lower() for each in listed if len(each) == 1}
