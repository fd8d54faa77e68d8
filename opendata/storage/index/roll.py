"""The roll of a collection: which segments are in use, and whose records each of them holds."""

import json
import logging
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from opendata.storage.files import sync

FORMAT = 2
_NAME = "roll.json"
_LOG = logging.getLogger(__name__)

# A release, named by its dataset and number.
Part = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One segment: the folder's name, how many records it holds, and of which releases."""

    segment: str
    rows: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Roll:
    """The segments in use, under one contract (by its digest). A part is in one segment only."""

    contract: str
    entries: tuple[Entry, ...] = ()
    format: int = FORMAT

    @property
    def parts(self) -> frozenset[Part]:
        """The releases whose records are indexed."""
        return frozenset(part for entry in self.entries for part in entry.parts)


def read_roll(folder: Path) -> Roll | None:
    """Return a collection's roll; ``None`` where there is none of this format, or a damaged one."""
    try:
        return _read(json.loads((folder / _NAME).read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        _LOG.warning("%s is damaged, which is as if it were not there: %s", folder / _NAME, error)
        return None


def _read(told: Any) -> Roll | None:
    if told["format"] != FORMAT:
        return None
    entries = tuple(
        Entry(
            _name(each["segment"]),
            int(each["rows"]),
            tuple((str(name), int(at)) for name, at in each["parts"]),
        )
        for each in told["entries"]
    )
    return Roll(str(told["contract"]), entries)


def _name(told: object) -> str:
    if not isinstance(told, str):
        message = "A segment has no name."
        raise TypeError(message)
    return told


def write_roll(folder: Path, roll: Roll) -> None:
    """Replace a collection's roll at once."""
    fresh = folder / f"{_NAME}.{os.getpid()}"
    fresh.write_text(json.dumps(asdict(roll), ensure_ascii=False), encoding="utf-8")
    sync(fresh)
    fresh.rename(folder / _NAME)
    sync(folder)


def quiet_for(folder: Path) -> float:
    """Return for how many seconds the roll has not changed; 0 where there is none."""
    try:
        return max(0.0, time.time() - (folder / _NAME).stat().st_mtime)
    except FileNotFoundError:
        return 0.0


def roll_stamp(folder: Path) -> int:
    """Return a number that differs whenever the roll was replaced; 0 where there is none."""
    try:
        found = (folder / _NAME).stat()
    except FileNotFoundError:
        return 0
    return found.st_ino ^ found.st_mtime_ns
