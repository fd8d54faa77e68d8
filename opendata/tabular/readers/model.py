"""What readers are told of a file, and what they say of the table they found in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opendata.tabular.text_table import SourceLines


@dataclass(frozen=True, slots=True)
class Declared:
    """What whoever sent a file said of it; the file's own bytes decide where they can.

    ``media_type`` is the Content-Type as sent, with its parameters; ``filename`` the last part of
    its name. Both may be empty.
    """

    media_type: str = ""
    filename: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a canonical table came from, as far as it is known before its rows are passed over.

    ``header`` are pairs of the label as received and the name it was mapped to (itself where the
    contract knows no such column). ``found`` is the provenance: format, encoding, sheet, header
    row, and under ``notes`` what was understood and done, each as code and words in both
    languages. ``columns`` is what the source calls its columns (the letters of a worksheet),
    empty where they have no names. ``lines`` tells where each row was in a source that was
    converted; ``None`` where the rows are passed over as received.
    """

    header: tuple[tuple[str, str], ...]
    found: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    lines: SourceLines | None = None
