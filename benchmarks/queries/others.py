"""Everybody else: set up side by side, each left out with the reason where it cannot be had."""

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from benchmarks.peers import datasette, hello, installed, nginx, postgres, roapi
from benchmarks.peers.records import Records
from benchmarks.queries.asked import DATASETTE, ROAPI, ROW_PAGE
from benchmarks.queries.files import NGINX, WHOLE_NAME
from benchmarks.queries.rates import HELLO
from benchmarks.queries.searches import POSTGRES
from benchmarks.queries.seen import Seen
from benchmarks.rounds import FAILURES

T = TypeVar("T")


@dataclass(slots=True)
class Others:
    """Who is running: ports by name, and PostgreSQL's address."""

    ports: dict[str, int] = field(default_factory=dict)
    address: str | None = None


@contextmanager
def others(folder: Path, records: Records, seen: Seen) -> Iterator[Others]:
    """Set up whoever can be, and run them until the block ends."""
    found, root = Others(), folder / "root"
    root.mkdir()
    (root / WHOLE_NAME).hardlink_to(folder / WHOLE_NAME)
    with ExitStack() as stack:
        start = partial(_start, stack, seen)
        with ThreadPoolExecutor(1) as beside:
            # SQLite's and PostgreSQL's indexes take a minute each, and a core each.
            written = beside.submit(_write, folder, records)
            found.address = start(POSTGRES, lambda: postgres.served(records, folder))
            written.result()
        ports = {
            DATASETTE: start(DATASETTE, lambda: datasette.served(folder)),
            ROAPI: start(ROAPI, lambda: roapi.served(folder)),
            NGINX: start(NGINX, lambda: nginx.served(root, folder)),
            HELLO: start(HELLO, lambda: hello.served(folder)),
        }
        found.ports = {name: port for name, port in ports.items() if port is not None}
        if DATASETTE in found.ports:
            found.ports[ROW_PAGE] = found.ports[DATASETTE]
        _note_versions(found, seen)
        yield found


def _write(folder: Path, records: Records) -> None:
    for each in (datasette.write, roapi.write):
        try:
            each(records, folder)
        except FAILURES as error:
            # Serving it fails too, and is told.
            print(error, file=sys.stderr)


def _start(
    stack: ExitStack, seen: Seen, name: str, make: Callable[[], AbstractContextManager[T]]
) -> T | None:
    try:
        return stack.enter_context(make())
    except FAILURES as error:
        seen.missing.append(f"{name}: {error}")
        print(seen.missing[-1], file=sys.stderr)
        return None


def _note_versions(found: Others, seen: Seen) -> None:
    asked: dict[str, Callable[[], str]] = {
        DATASETTE: lambda: installed.version("datasette").replace("datasette, version ", ""),
        ROAPI: lambda: installed.version("roapi").replace("roapi ", ""),
        NGINX: lambda: nginx.version().removeprefix("nginx/"),
    }
    seen.versions |= {name: ask() for name, ask in asked.items() if name in found.ports}
    if found.address:
        seen.versions["PostgreSQL"] = postgres.version(found.address)
    seen.versions |= {name: version(name) for name in ("flask", "gunicorn", "duckdb")}
