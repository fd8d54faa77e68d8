"""What several segments' values have become together, kept as long as those segments are open."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary, ref

from opendata.domain.values import Value
from opendata.storage.index.arrays import Array
from opendata.storage.index.dictionaries import Dictionary

# Values ascending, and of each segment what its codes become, null's too.
Merged = tuple[Sequence[Value], Sequence[Array]]
# What is looked at: a column, and by which part of its values.
Same = tuple[str, str | None]


class KeptMerges:
    """Merges by the dictionaries that were merged: the very same ones, not ones like them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: WeakKeyDictionary[
            Dictionary, dict[Same, tuple[Sequence[ref[Dictionary]], Merged]]
        ] = WeakKeyDictionary()

    def get(self, dictionaries: Sequence[Dictionary], same: Same) -> Merged | None:
        """Return what these dictionaries have become."""
        known = self._kept.get(dictionaries[0], {}).get(same)
        if known is None or len(known[0]) != len(dictionaries):
            return None
        alike = all(kept() is each for kept, each in zip(known[0], dictionaries, strict=True))
        return known[1] if alike else None

    def keep(self, dictionaries: Sequence[Dictionary], same: Same, merged: Merged) -> Merged:
        """Keep what these dictionaries have become, in the place of what was before."""
        told = [ref(each) for each in dictionaries]
        self._kept.setdefault(dictionaries[0], {})[same] = (told, merged)
        return merged
