"""What readers are told of a file, and what they say of the table they found in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from opendata.domain.privacy import Where
from opendata.tabular.text_table import SourceLines


@dataclass(frozen=True, slots=True)
class Declared:
    """What whoever sent a file said of it; the file's own bytes decide where they can.

    ``media_type`` is the Content-Type as sent, with its parameters; ``filename`` the last part of
    its name. Both may be empty.
    """

    media_type: str = ""
    filename: str = ""


class Beside(NamedTuple):
    """A text of a file that is no cell of its table; ``line`` is where it stands, if known."""

    where: Where
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a canonical table came from, as far as it is known before its rows are passed over.

    ``header`` are pairs of the label as received and the name it was mapped to (itself where the
    contract knows no such column). ``found`` is the provenance: format, encoding, sheet, header
    row, and under ``notes`` what was understood and done, each as code and words in both
    languages. ``columns`` is what the source calls its columns (the letters of a worksheet),
    empty where they have no names. ``lines`` tells where each row was in a source that was
    converted; ``None`` where the rows are passed over as received. ``codes`` are the positions of
    the columns in which a rounded number such as 9.14403E+17 is a code that was damaged.
    ``beside`` are the texts around the table, which are not read into it.
    """

    header: tuple[tuple[str, str], ...]
    found: Mapping[str, Any]
    columns: tuple[str, ...] = ()
    lines: SourceLines | None = None
    codes: tuple[int, ...] = ()
    beside: tuple[Beside, ...] = ()


def note(code: str, zh: str, en: str) -> Mapping[str, str]:
    """Return one entry of ``notes``: what was understood and done where it was not plain."""
    return {"code": code, "zh": zh, "en": en}


def pointer(*steps: str) -> str:
    """Return a JSON Pointer (RFC 6901): of ``member`` and ``a/b.csv`` it is /member/a~1b.csv."""
    return "".join("/" + each.replace("~", "~0").replace("/", "~1") for each in steps)
