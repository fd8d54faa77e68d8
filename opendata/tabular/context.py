"""What a check may know beyond the table itself; outside the platform there is none of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Releases(Protocol):
    """What is published, for checks that compare with other releases."""

    @property
    def holds_records(self) -> bool:
        """Whether anything of the collection is published at all."""

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Say which dataset holds each of these record ids in the current snapshot.

        An id that nobody holds is absent from the answer.
        """

    def of_dataset(self, dataset: str, fields: Sequence[str]) -> Iterable[Mapping[str, Any]]:
        """Return the records of a dataset's current release, typed, in a stable order.

        A field that is not published is ``None``.
        """

    def matching(
        self,
        fields: Sequence[str],
        values: Mapping[str, Sequence[Any]],
        collection: str | None = None,
    ) -> Iterable[Mapping[str, Any]] | None:
        """Return records whose fields have one of the given values each, typed.

        Args:
            fields: The columns wanted.
            values: What each of these columns must be one of.
            collection: Another collection; without it, the checked one.

        Returns:
            ``None`` where that collection does not exist or has none of these columns.
        """


@dataclass(frozen=True, slots=True)
class Context:
    """The registration of the dataset a table was sent in for.

    ``publishers`` are the names a row may carry: the agency's, and those it is registered to
    transcribe. ``period`` is the dataset's (``2020``, ``2020-06``, ``rolling``). ``dataset`` is
    its own id: a record that it holds itself already is no conflict. ``secret`` is the home's,
    needed for the ids of records whose key is personal. ``merged_by`` are the columns of the
    primary key where the table is added to what the dataset has published: rules over several
    rows then judge the table laid over the current release; empty where the table replaces it.
    """

    publishers: frozenset[str]
    period: str | None
    dataset: str | None = None
    releases: Releases | None = None
    secret: bytes | None = None
    merged_by: tuple[str, ...] = ()
