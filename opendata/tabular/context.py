"""What a check may know beyond the table itself; outside the platform there is none of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class Releases(Protocol):
    """What is published of the collection, for checks that compare with other releases."""

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Say which dataset holds each of these record ids in the current snapshot.

        An id that nobody holds is absent from the answer.
        """


@dataclass(frozen=True, slots=True)
class Context:
    """The registration of the dataset a table was sent in for.

    ``publishers`` are the names a row may carry: the agency's, and those it is registered to
    transcribe. ``period`` is the dataset's (``2020``, ``2020-06``, ``rolling``). ``dataset`` is
    its own id: a record that it holds itself already is no conflict. ``secret`` is the home's,
    needed for the ids of records whose key is personal.
    """

    publishers: frozenset[str]
    period: str | None
    dataset: str | None = None
    releases: Releases | None = None
    secret: bytes | None = None
