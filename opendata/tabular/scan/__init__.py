"""Scan: a file's records in one pass, in blocks proven sound or read as Frictionless reads them."""

from opendata.tabular.scan.foreign import ForeignScan, open_foreign
from opendata.tabular.scan.model import Block, Layout
from opendata.tabular.scan.parsing import frame_of, records_of
from opendata.tabular.scan.scanner import Scan

__all__ = [
    "Block",
    "ForeignScan",
    "Layout",
    "Scan",
    "frame_of",
    "open_foreign",
    "records_of",
]
