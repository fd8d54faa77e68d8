"""The last record of a text file, found from its end."""

import csv
import re
from pathlib import Path

_TAIL_BYTES = 16 * 1024
_LINE_END = re.compile(r"\r\n|\r|\n")


def last_record(path: Path) -> list[str] | None:
    """Return the last record of comma-separated UTF-8 that is not blank.

    A line with an odd number of quotation marks ends a record that began on a line before.
    ``None`` if it cannot be told without reading from the beginning, as in a file whose last
    record is longer than any remark.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        begin = max(0, size - _TAIL_BYTES)
        file.seek(begin)
        text = file.read().decode("utf-8", "replace")
    lines = _LINE_END.split(text)[1 if begin else 0 :]
    held: list[str] = []
    for line in reversed(lines):
        held.insert(0, line)
        if sum(each.count('"') for each in held) % 2:
            continue
        try:
            record = list(csv.reader(held, strict=True))[-1]
        except csv.Error:
            return None
        if any(cell.strip() for cell in record):
            return record
        held = []
    return None
