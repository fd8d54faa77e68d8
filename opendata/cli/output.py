"""What commands write: JSON piece by piece, and how far a long one has come."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
import orjson

# A report, its tasks, a task, its errors: what lies deeper is small and written at once.
_DEEPEST = 4


def write_json(body: Mapping[str, Any]) -> None:
    """Write JSON to standard output; a report with every error need not be in memory as text."""
    # JSON is UTF-8, whatever the terminal speaks.
    sys.stdout.flush()
    for piece in pieces(body):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def write_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output, as many as there are."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def pieces(value: object, depth: int = 0) -> Iterator[bytes]:
    """Yield ``value`` as JSON, indented down to the errors of a task, each of which is a line.

    >>> print(b"".join(pieces({"tasks": [{"errors": [{"type": "blank-row"}]}]})).decode())
    {
      "tasks": [
        {
          "errors": [
            {"type":"blank-row"}
          ]
        }
      ]
    }
    """
    if depth == _DEEPEST or isinstance(value, str) or not isinstance(value, Iterable):
        yield orjson.dumps(value)
        return
    named = isinstance(value, Mapping)
    members = value.items() if isinstance(value, Mapping) else ((None, each) for each in value)
    before = b"\n"
    yield b"{" if named else b"["
    for name, each in members:
        yield before + b"  " * (depth + 1)
        yield orjson.dumps(name) + b": " if named else b""
        yield from pieces(each, depth + 1)
        before = b",\n"
    yield b"" if before == b"\n" else b"\n" + b"  " * depth
    yield b"}" if named else b"]"


@contextmanager
def progress_bar(whole: int) -> Iterator[Callable[[int], None] | None]:
    """Show on standard error how many of ``whole`` bytes are done; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=whole, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)
