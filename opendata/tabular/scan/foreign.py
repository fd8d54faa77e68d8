"""Files that are read as Frictionless reads them: nothing is refused but what is no UTF-8."""

import codecs
import io
from dataclasses import dataclass
from pathlib import Path

from opendata.tabular.physical_lines import PhysicalLines, records
from opendata.tabular.scan.model import Layout
from opendata.tabular.scan.scanner import Scan
from opendata.tabular.tally import Tally


@dataclass(frozen=True, slots=True)
class ForeignScan:
    """A file's first record, and the scan of the others."""

    labels: tuple[str, ...]
    scan: Scan


def open_foreign(path: Path, delimiter: str = ",") -> ForeignScan:
    """Read the header of a file in UTF-8, with a byte-order mark or without.

    Raises:
        NotUtf8: its first bytes are none.
    """
    tally = Tally()
    with path.open("rb") as file:
        bom = file.read(3) == codecs.BOM_UTF8
        file.seek(3 if bom else 0)
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        lines = PhysicalLines(path, text, tally, lenient=True)
        labels = next(records(lines, delimiter, strict=False), [])
    body = lines.bytes + (3 if bom else 0)
    with path.open("rb") as file:
        header = file.read(body)
    layout = Layout(len(labels), delimiter, strict=False)
    return ForeignScan(tuple(labels), Scan(path, layout, tally, body, header))
