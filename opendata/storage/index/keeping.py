"""Keeping the index: segments are added to a collection's roll, replaced, and removed."""

import fcntl
import os
import shutil
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from opendata.domain.contracts import Contract
from opendata.storage.index.building import PartSource, write_segment
from opendata.storage.index.roll import Entry, Roll, read_roll, write_roll
from opendata.storage.index.segment import ARRAYS, TOLD
from opendata.storage.vault import Vault

# Whoever read a roll opens its segments at once.
GRACE_SECONDS = 600
# Whoever builds a segment removes it again if that fails, unless killed.
DRAFT_SECONDS = 24 * 3600
_SEGMENTS = "segments"
_LOCK = "lock"


class Keeper:
    """The segments and rolls of all collections, for those who write them."""

    def __init__(self, root: Path, vault: Vault) -> None:
        """Prepare; folders are made when there is something to keep."""
        self.root = root
        self.vault = vault

    def roll(self, contract: Contract) -> Roll:
        """Return what is indexed under a contract: segments that are gone or foreign are not."""
        folder = self.root / contract.collection
        found = read_roll(folder)
        if found is None or found.contract != contract.digest:
            return Roll(contract.digest)
        kept = [each for each in found.entries if (folder / _SEGMENTS / each.segment).is_dir()]
        return Roll(contract.digest, tuple(kept))

    def build(self, contract: Contract, parts: Sequence[PartSource], name: str = "") -> Entry:
        """Write a segment that nobody reads yet; see ``write_segment``."""
        name = name or fresh_name()
        folder = self.root / contract.collection / _SEGMENTS / name
        rows = write_segment(folder, contract, parts, self.vault)
        return Entry(name, rows, tuple(each.part for each in parts))

    def adopt(
        self, contract: Contract, fresh: Sequence[Entry], replaced: Collection[str] | None = ()
    ) -> bool:
        """Put segments on the roll, in place of others (``None``: of all), all at once.

        Returns ``False``, and changes nothing, if the roll is no longer such that this may be
        done: a segment to be replaced is not on it, or a part is there already. What was built
        in vain is removed.
        """
        folder = self.root / contract.collection
        with self._locked(folder):
            roll = self.roll(contract)
            known = {each.segment for each in roll.entries}
            gone = known if replaced is None else set(replaced)
            kept = [each for each in roll.entries if each.segment not in gone]
            wanted = Roll(contract.digest, (*kept, *fresh))
            there = all((folder / _SEGMENTS / each.segment).is_dir() for each in fresh)
            if there and gone <= known and _each_part_once(wanted):
                # Their time begins now, not when they were written.
                self._touch(folder, self._listed(folder))
                write_roll(folder, wanted)
                return True
        for each in fresh:
            self.discard(contract.collection, each.segment)
        return False

    def discard(self, collection: str, name: str) -> None:
        """Remove what was built of a segment, whole or not, unless it is on the roll."""
        folder = self.root / collection
        if name not in self._listed(folder):
            for each in (name, f".{name}"):
                shutil.rmtree(folder / _SEGMENTS / each, ignore_errors=True)

    def sweep(self, collection: str) -> int:
        """Remove segments that are on no roll any more or never were; return how many.

        Readers may still be opening those that were on it a short while ago, and drafts may
        still be written to.
        """
        folder = self.root / collection
        if not folder.is_dir():
            return 0
        with self._locked(folder):
            listed = self._listed(folder)
            gone = [
                each
                for each in (folder / _SEGMENTS).glob("*")
                if each.name not in listed and _is_stale(each)
            ]
            for each in gone:
                shutil.rmtree(each, ignore_errors=True)
        return len(gone)

    def size(self, collection: str) -> int:
        """Return how many bytes the segments on a collection's roll take."""
        folder = self.root / collection
        files = [
            folder / _SEGMENTS / name / file
            for name in self._listed(folder)
            for file in (ARRAYS, TOLD)
        ]
        return sum(each.stat().st_size for each in files if each.exists())

    @contextmanager
    def _locked(self, folder: Path) -> Iterator[None]:
        """Let nobody else change a collection's roll, nor remove its segments."""
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _listed(folder: Path) -> set[str]:
        roll = read_roll(folder)
        return set() if roll is None else {each.segment for each in roll.entries}

    @staticmethod
    def _touch(folder: Path, names: Collection[str]) -> None:
        for each in names:
            with suppress(FileNotFoundError):
                os.utime(folder / _SEGMENTS / each)


def fresh_name() -> str:
    """Return a name that no segment has."""
    return uuid4().hex


def _each_part_once(roll: Roll) -> bool:
    return len(roll.parts) == sum(len(each.parts) for each in roll.entries)


def _is_stale(segment: Path) -> bool:
    """Whether nobody has written to a segment, nor taken it off the roll, for long enough."""
    age = time.time() - max(map(_touched, (segment, segment / ARRAYS)))
    return age > (DRAFT_SECONDS if segment.name.startswith(".") else GRACE_SECONDS)


def _touched(path: Path) -> float:
    """Return when something was last changed, in POSIX time; 0 where it is not there."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
