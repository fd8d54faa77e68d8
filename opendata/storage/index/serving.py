"""Serving: from a view of a collection to the index's answers, or to none.

The index answers only what it can answer wholly: if a release is not indexed, a file is missing
or the contract has changed, it declines, and whoever asked takes the Parquet files instead.
"""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.domain.editions import Scope
from opendata.storage.index.reading import Reading
from opendata.storage.index.roll import Part, Roll, read_roll, roll_stamp
from opendata.storage.index.segment import Segment
from opendata.storage.vault import Vault

# A reading keeps a byte for each record that not all of its views show.
_MOST_READINGS = 4
# An error may carry all that could not be read.
_MOST_SAID = 200
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A collection's segments as of one roll."""

    stamp: int
    contract: str
    parts: frozenset[Part]
    segments: Mapping[str, Segment]


@dataclass(frozen=True, slots=True)
class _Kept:
    """A reading, and what it is of. ``releases`` is kept so that it stays the same object."""

    key: tuple[str, str, int, Scope]
    releases: Mapping[str, int]
    reading: Reading | None


class Index:
    """The serving indexes of all collections."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        """Prepare; nothing is opened before it is asked for."""
        self._folder = folder
        self._vault = vault
        self._lock = threading.Lock()
        self._opened: dict[str, _Opened] = {}
        self._kept: tuple[_Kept, ...] = ()
        self._told: set[str] = set()

    def reading(
        self, contract: Contract, scope: Scope, releases: Mapping[str, int]
    ) -> Reading | None:
        """Return what answers from the releases that show, each dataset's by its number.

        ``contract`` is the published one. ``None`` where the index cannot answer from them.
        """
        stamp = roll_stamp(self._folder / contract.collection)
        key = (contract.collection, contract.digest, stamp, scope)
        # Whoever asks again mostly has the very same view at hand.
        for each in self._kept:
            if each.releases is releases and each.key == key:
                return each.reading
        with self._lock:
            return self._remembered(key, contract, releases)

    def _remembered(
        self, key: tuple[str, str, int, Scope], contract: Contract, releases: Mapping[str, int]
    ) -> Reading | None:
        same = next((each for each in self._kept if each.key == key and each.releases == releases),
                    None)  # fmt: skip
        try:
            found = same.reading if same else self._read(key, contract, releases)
        except Exception as error:
            # It only makes answers faster: whatever is wrong with it, they come without it.
            self._tell(contract.collection, error)
            return None
        others = [each for each in self._kept if each is not same]
        self._kept = (_Kept(key, releases, found), *others[: _MOST_READINGS - 1])
        return found

    def _read(
        self, key: tuple[str, str, int, Scope], contract: Contract, releases: Mapping[str, int]
    ) -> Reading | None:
        _, digest, stamp, scope = key
        opened = self._open(contract, stamp)
        if opened is None or opened.contract != digest:
            return None
        shown = {
            dataset: number
            for dataset, number in releases.items()
            if scope.dataset in (None, dataset) and (dataset, number) not in scope.hidden
        }
        if not opened.parts.issuperset(shown.items()):
            return None
        if scope.window_field is not None and scope.on is None:
            # What was never public is in no file that the segments were made of.
            return None
        return Reading(contract, scope, shown, tuple(opened.segments.values()))

    def _open(self, contract: Contract, stamp: int) -> _Opened | None:
        known = self._opened.get(contract.collection)
        if known is not None and known.stamp == stamp:
            return known
        folder = self._folder / contract.collection
        roll = read_roll(folder)
        if roll is None:
            return None
        segments = self._segments(folder, contract, roll, known)
        opened = _Opened(stamp, roll.contract, roll.parts, segments)
        self._opened[contract.collection] = opened
        return opened

    def _segments(
        self, folder: Path, contract: Contract, roll: Roll, known: _Opened | None
    ) -> dict[str, Segment]:
        """Open the segments of a roll that are not open yet."""
        if roll.contract != contract.digest:
            return {}
        before = known.segments if known and known.contract == roll.contract else {}
        names = [each.segment for each in roll.entries]
        return {
            name: before.get(name) or Segment(folder / "segments" / name, contract, self._vault)
            for name in names
        }

    def _tell(self, collection: str, error: Exception) -> None:
        said = f"{collection}: {type(error).__name__} {str(error)[:_MOST_SAID]}"
        if said not in self._told and len(self._told) < _MOST_SAID:
            self._told.add(said)
            _LOG.warning("The serving index declines: %s", said)
