"""The words in which a dataset is described: they are public at once, and nobody reviews them."""

from collections.abc import Iterator
from typing import NamedTuple

from opendata.domain.catalogue import Metadata
from opendata.domain.errors import Fault, Text
from opendata.domain.privacy import Kind
from opendata.tabular.privacy import kinds_in


class _Words(NamedTuple):
    pointer: str
    text: str
    is_title: bool = False


def wording_faults(metadata: Metadata, known: Metadata | None = None) -> tuple[Fault, ...]:
    """Return what must not be said so, nothing if nothing is; what was ``known`` is left alone."""
    before = {each.text for each in _words(known)} if known else set()
    said = (each for each in _words(metadata) if each.text not in before)
    return tuple(fault for each in said for fault in _faults(each))


def _words(metadata: Metadata) -> Iterator[_Words]:
    yield _Words("/title", metadata.title.zh, is_title=True)
    yield _Words("/title_en", metadata.title.en, is_title=True)
    yield _Words("/description", metadata.description.zh)
    yield _Words("/description_en", metadata.description.en)
    yield _Words("/attribute_reason", metadata.attribute_reason)
    for at, name in enumerate(metadata.transcribes):
        yield _Words(f"/transcribes/{at}", name, is_title=True)
    for at, (title, path) in enumerate(metadata.sources):
        yield _Words(f"/sources/{at}/title", title, is_title=True)
        yield _Words(f"/sources/{at}/path", path)


def _faults(words: _Words) -> Iterator[Fault]:
    for kind, is_strong in kinds_in(words.text, is_title=words.is_title).items():
        said = Text(
            f"此处有{kind.label.zh}；数据集的说明一经登记即公开，请删去。",
            f"There is {kind.label.en} here; what is said of a dataset is public at once. "
            "Take it out.",
        )
        if kind is Kind.MARKING:
            yield Fault(words.pointer, said, "marked-text")
        elif is_strong:
            yield Fault(words.pointer, said, "personal-text")
