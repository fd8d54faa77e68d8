"""The formats that are told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """What a file is, by its content.

    ``TEXT`` is delimited text, whatever divides its columns; ``PACKAGE`` a ZIP with a Data
    Package descriptor, ``ARCHIVE`` one without; ``DESCRIPTOR`` the descriptor alone.
    """

    TEXT = "text"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    NDJSON = "ndjson"
    JSON = "json"
    PARQUET = "parquet"
    PACKAGE = "datapackage"
    ARCHIVE = "zip"
    DESCRIPTOR = "descriptor"


@dataclass(frozen=True, slots=True)
class Detected:
    """A format, and what is to be said where something else was declared."""

    format: Format
    notes: tuple[Mapping[str, str], ...] = ()
