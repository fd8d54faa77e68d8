"""Diffs: what differs between two Parquet files of records, told apart by ``_id``.

Nothing is hashed and nothing is rounded: values are compared as they are typed, a null apart from
the empty text. Where a column has another type on each side, its values are compared as JSON
writes them. Memory is bounded by the identifiers of both files and a slice of some columns; the
cells that changed wait on the disk until they are put together.
"""

from pathlib import Path

from opendata.domain.contracts import Contract
from opendata.domain.diffs import Summary
from opendata.tabular.diff.cells import changed_cells
from opendata.tabular.diff.sides import Side, matched
from opendata.tabular.diff.totals import moved_totals
from opendata.tabular.diff.waiting import Waiting
from opendata.tabular.diff.writing import append_summary, read_summary, summary_text, write_changes

__all__ = ["append_summary", "compare", "read_summary", "summary_text"]


def compare(
    before: Path | None, after: Path, contract: Contract, into: Path | None = None
) -> Summary:
    """Compare two files of records and return what changed.

    Each file is in the order of ``_row``, and has every ``_id`` once; where there is nothing
    ``before``, everything is added. Compared are the columns of ``contract``, the published one,
    that both have; the platform's own (``_release``, ``_row``) always differ and tell nothing.

    Args:
        before: Where the earlier records are, as Parquet.
        after: Where the later records are.
        contract: Says which columns are public, and what may be added up.
        into: Where to write the changes, one JSON object a line: those of ``after`` in its
            order, then what was removed in that of ``before``. Files that are gone in the end
            are put beside it.
    """
    old, new = Side.of(before, contract), Side.of(after, contract)
    match = matched(old, new)
    with Waiting(None if into is None else into.parent) as waiting:
        cells, changed = changed_cells(match, waiting)
        if into is not None:
            with into.open("wb") as out:
                write_changes(match, waiting, out)
    totals, moved = moved_totals(old, new, contract)
    known = old if before is not None else new
    return Summary(
        rows_before=old.rows,
        rows_after=new.rows,
        added=match.added,
        removed=match.removed,
        changed=changed,
        cells=cells,
        columns_added=tuple(each for each in new.names if each not in known.names),
        columns_removed=tuple(each for each in known.names if each not in new.names),
        totals=totals,
        totals_moved=moved,
    )
