"""What a sender says of a file's format, in its media type and its name."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from opendata.tabular.readers.formats.model import Format
from opendata.tabular.readers.model import Declared, note

_JSON = frozenset({Format.JSON, Format.NDJSON, Format.DESCRIPTOR})
_ZIP = frozenset({Format.PACKAGE, Format.ARCHIVE})
_TEXT = frozenset({Format.TEXT})
_WORKBOOK = frozenset({Format.XLSX})
# Browsers on machines with Excel call a CSV file "application/vnd.ms-excel"; what says nothing
# of the format (text/plain, application/octet-stream) contradicts nothing.
_BY_TYPE: Mapping[str, frozenset[Format]] = {
    "text/csv": _TEXT,
    "application/csv": _TEXT,
    "text/tab-separated-values": _TEXT,
    "application/json": _JSON,
    "application/x-ndjson": _JSON,
    "application/ndjson": _JSON,
    "application/jsonl": _JSON,
    "application/json-seq": _JSON,
    "application/vnd.apache.parquet": frozenset({Format.PARQUET}),
    "application/vnd.ms-excel": frozenset({Format.XLS, Format.XLSX, Format.TEXT}),
    "application/vnd.ms-excel.sheet.macroenabled.12": _WORKBOOK,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _WORKBOOK,
    "application/vnd.oasis.opendocument.spreadsheet": frozenset({Format.ODS}),
    "application/zip": _ZIP,
    "application/x-zip-compressed": _ZIP,
    "application/vnd.datapackage+json": frozenset({Format.DESCRIPTOR}),
    "application/pdf": frozenset(),
}
_BY_SUFFIX: Mapping[str, frozenset[Format]] = {
    ".csv": _TEXT,
    ".tsv": _TEXT,
    ".tab": _TEXT,
    ".json": _JSON,
    ".ndjson": _JSON,
    ".jsonl": _JSON,
    ".parquet": frozenset({Format.PARQUET}),
    ".xls": frozenset({Format.XLS}),
    ".xlsx": _WORKBOOK,
    ".xlsm": _WORKBOOK,
    ".ods": frozenset({Format.ODS}),
    ".zip": _ZIP,
    ".pdf": frozenset(),
}
_NAMES: Mapping[Format, tuple[str, str]] = {
    Format.TEXT: ("分隔文本（CSV）", "delimited text (CSV)"),
    Format.XLSX: ("Excel 工作簿（XLSX）", "an Excel workbook (XLSX)"),
    Format.XLS: ("旧版 Excel 工作簿（XLS）", "an old Excel workbook (XLS)"),
    Format.ODS: ("OpenDocument 表格（ODS）", "an OpenDocument spreadsheet (ODS)"),
    Format.NDJSON: ("逐行 JSON（NDJSON）", "NDJSON"),
    Format.JSON: ("JSON", "JSON"),
    Format.PARQUET: ("Parquet", "Parquet"),
    Format.PACKAGE: ("Data Package 压缩包", "a zipped Data Package"),
    Format.ARCHIVE: ("ZIP 压缩包", "a ZIP archive"),
    Format.DESCRIPTOR: ("Data Package 描述文件", "a Data Package descriptor"),
}


def says_json(declared: Declared) -> bool:
    """Whether the sender says that the file is JSON of some kind."""
    return any(_JSON & each for _, _, each in _declarations(declared))


def contradictions(found: Format, declared: Declared) -> tuple[Mapping[str, str], ...]:
    """Return a note for each declaration that the content contradicts."""
    zh, en = _NAMES[found]
    return tuple(
        note(
            "declared-otherwise",
            f"声明的{what[0]}是“{said}”，内容是{zh}，以内容为准。",
            f'The {what[1]} says "{said}"; the content is {en}, and decides.',
        )
        for what, said, formats in _declarations(declared)
        if found not in formats
    )


def _declarations(
    declared: Declared,
) -> list[tuple[tuple[str, str], str, frozenset[Format]]]:
    """Return what is declared as (what declares it, what it says, the formats that would fit)."""
    media_type = declared.media_type.partition(";")[0].strip().lower()
    suffix = PurePosixPath(declared.filename.lower()).suffix
    found = []
    if media_type in _BY_TYPE:
        found.append((("媒体类型", "media type"), media_type, _BY_TYPE[media_type]))
    if suffix in _BY_SUFFIX:
        found.append((("扩展名", "extension"), suffix, _BY_SUFFIX[suffix]))
    return found
