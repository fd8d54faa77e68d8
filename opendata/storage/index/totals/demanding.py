"""Demands: what has to hold in each group, looked at record by record as codes."""

import numpy as np

from opendata.domain.queries.adding import MAX_TOLD, Demand, Mixed
from opendata.storage.index.arrays import Array
from opendata.storage.index.totals.grouping import Grouping, Taken


class Demanded:
    """Watches whether every group meets a demand."""

    def __init__(self, grouping: Grouping, demand: Demand) -> None:
        """Prepare."""
        self._grouping = grouping
        self._demand = demand
        self._among = self._among_codes()
        self._touched = np.zeros(grouping.size, np.bool_)
        self._only = -1
        self._one_of: Array | None = None
        self._broken = False

    def take(self, taken: Taken) -> None:
        """Look at some more records."""
        if self._broken:
            return
        groups, codes = self._concerned(taken)
        if not len(groups):
            return
        if self._demand.column is None:
            most = int(np.bincount(groups).max())
            self._broken = most > 1 or bool(self._touched[groups].any())
            self._touched[groups] = True
        elif self._is_like_before(codes):
            self._touched[groups] = True
        else:
            self._compare(groups, codes)

    def mixed(self) -> Mixed | None:
        """Return what was found mixed; ``None`` where every group meets the demand."""
        if not self._broken:
            return None
        told = self._grouping.column(self._demand.told)
        seen = np.zeros(told.null + 1, np.bool_)
        for taken in self._grouping.taken():
            seen[self._concerned(taken)[1]] = True
        values = [
            None if code == told.null else told.values[int(code)]
            for code in np.flatnonzero(seen)[:MAX_TOLD]
        ]
        return Mixed(self._demand, tuple(values))

    def _is_like_before(self, codes: Array) -> bool:
        """Whether there is but one code so far, in whatever group."""
        if self._one_of is not None or codes.min() != codes.max():
            return False
        code = int(codes[0])
        if self._only < 0:
            self._only = code
        return self._only == code

    def _compare(self, groups: Array, codes: Array) -> None:
        if self._one_of is None:
            self._one_of = np.where(self._touched, self._only, -1)
        known = self._one_of[groups]
        # Whichever record of a group is written last, the others have to be like it.
        self._one_of[groups] = np.where(known < 0, codes, known)
        self._broken = bool((self._one_of[groups] != codes).any())

    def _concerned(self, taken: Taken) -> tuple[Array, Array]:
        """Return groups and codes of the records that the demand looks at."""
        groups, codes = taken.groups, taken.codes(self._demand.told)
        which = taken.valued(self._demand.measured)
        if self._among is not None and self._demand.among is not None:
            among = self._among[taken.codes(self._demand.among[0])]
            which = among if which is None else which & among
        return (groups, codes) if which is None else (groups[which], codes[which])

    def _among_codes(self) -> Array | None:
        """Return of each code of the column that ``among`` names whether it is meant."""
        if self._demand.among is None:
            return None
        field, values = self._demand.among
        column = self._grouping.column(field)
        found = np.zeros(column.null + 1, np.bool_)
        for each in values:
            code = column.code_of(each)
            if code is not None:
                found[code] = True
        return found
