"""Markdown as the generated parts write it."""

from collections.abc import Iterable, Iterator, Sequence


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield _row(header)
    yield "|" + "---|" * len(header)
    for row in rows:
        yield _row(row)


def code(text: str) -> str:
    """Return ``text`` as code."""
    return f"`{text}`"


def sentence(docstring: str | None) -> str:
    """Return the first paragraph of a docstring as Markdown, on one line."""
    first = (docstring or "").strip().partition("\n\n")[0]
    return " ".join(first.split()).replace("``", "`")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(each.replace("|", "\\|").replace("\n", " ") for each in cells) + " |"
