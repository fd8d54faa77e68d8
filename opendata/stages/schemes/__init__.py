"""Schemes of assessment: the sample that ships, and an operator's own beside it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from opendata.domain.assessment.reading import UnusableScheme, read_scheme
from opendata.domain.assessment.schemes import Scheme
from opendata.domain.errors import Fault, NotFound, Text
from opendata.domain.queries.faults import suggestion

_PACKAGED = Path(__file__).parent


class NoSuchScheme(NotFound):
    """No scheme is declared by this name."""

    code = "no-such-scheme"


def no_such_scheme(name: str, known: Collection[str]) -> NoSuchScheme:
    """Return the refusal that says which schemes there are."""
    near = suggestion(name, known)
    return NoSuchScheme(
        f"没有名为 {name[:100]} 的考核方案{near.zh}", f"There is no scheme {name[:100]}{near.en}"
    )


@dataclass(frozen=True, slots=True)
class Declared:
    """A scheme, and the bytes it was read from."""

    scheme: Scheme
    content: bytes


def declared_in(folder: Path | None) -> Mapping[str, Declared]:
    """Return the schemes that ship and those of an operator's folder, by id; the latter win.

    They are read once: what changes in the folder counts from the next start.

    Raises:
        UnusableScheme: a file is none, or two of one folder have one id.
        OSError: the folder cannot be read.
    """
    return {**_of(_PACKAGED), **(_of(folder) if folder is not None else {})}


def load(path: Path) -> Declared:
    """Read one file.

    Raises:
        UnusableScheme: it is none; every fault says the file's name.
        OSError: it cannot be read.
    """
    content = path.read_bytes()
    try:
        return Declared(read_scheme(content), content)
    except UnusableScheme as error:
        raise UnusableScheme([_in_file(path, each) for each in error.faults]) from error


@lru_cache(maxsize=8)
def _of(folder: Path) -> Mapping[str, Declared]:
    found: dict[str, Declared] = {}
    for path in sorted(folder.glob("*.toml")):
        declared = load(path)
        name = declared.scheme.id
        if name in found:
            text = Text(f"{path.name}：编号 {name} 重复。", f"{path.name}: a second {name}.")
            raise UnusableScheme([Fault("/id", text, "repeated-id")])
        found[name] = declared
    return found


def _in_file(path: Path, fault: Fault) -> Fault:
    zh, en = fault.detail
    return Fault(fault.pointer, Text(f"{path.name} {zh}", f"{path.name} {en}"), fault.code)
