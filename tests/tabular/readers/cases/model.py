"""What a case says: an oddity of a file, how to make such a file, and what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from opendata.domain.errors import Text


@dataclass(frozen=True, slots=True)
class Clean:
    """A clean table of one of the contracts, as machine names and text cells."""

    collection: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One file with one oddity.

    ``make`` writes it from a clean table. It is *accepted* when the table read has the cells of
    the clean one (``cells`` says which those are where the oddity is meant to change them), with
    each of ``notes`` among the codes of the provenance; else it is refused with ``refused``: the
    problem's code, and the pointers of its faults (such as ``/cell/C7`` or ``/line/3``).

    ``filename`` and ``media_type`` are what is declared. The contract is that of ``collection``,
    with ``contract_reading`` (``notes``, ``totals``: what may be stripped below the table) and
    ``aliases`` (other titles, and the column each stands for) added to it. ``what`` says the
    oddity as it stands in ``docs/reference/formats.md``.
    """

    id: str
    format: str
    what: Text
    make: Callable[[Clean], bytes]
    filename: str
    media_type: str = ""
    notes: tuple[str, ...] = ()
    refused: tuple[str, tuple[str, ...]] | None = None
    cells: Callable[[Clean], Clean] | None = None
    contract_reading: tuple[str, ...] = field(default=())
    collection: str = "administrative-penalties"
    aliases: Mapping[str, str] = field(default_factory=dict)
