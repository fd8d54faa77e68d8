"""Spooled exports: an answer is written to its end before the first byte of it is sent.

So its length is known, and what fails is a problem document, never a file cut short.
"""

import hashlib
import io
import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import IO

from opendata import __version__
from opendata.domain.editions import local_day
from opendata.domain.queries import Query
from opendata.domain.queries import whole as everything
from opendata.stages.export.choices import Choices
from opendata.stages.query import Totals, View
from opendata.stages.query.records import reading_of
from opendata.storage.home import Home
from opendata.storage.pieces import Content, Piece
from opendata.tabular.export import WRITERS, Layout, Writer

log = logging.getLogger(__name__)


def tag(view: View, asked: str, choices: Choices, now: datetime) -> str:
    """Return the validator of an export: another one wherever its bytes could be others.

    ``asked`` is the canonical text of what is asked.
    """
    # Only a workbook says when it was made.
    day = local_day(now).isoformat() if choices.format == "xlsx" else ""
    said = "\n".join([__version__, view.version, asked, repr(choices), day])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def spool(home: Home, view: View, query: Query, choices: Choices, now: datetime) -> Content:
    """Write every record that matches into a file without a name; it is gone once it is closed.

    ``query.limit`` and ``query.cursor`` are not regarded.

    Raises:
        TooBigForWorkbook: more records than a worksheet has rows, or a text too long for a cell.
    """
    notes = _notes(view, now) | {"查询 Query": query.canonical}
    layout = choices.layout(view.contract, query.fields, notes)
    write, name = WRITERS[choices.format], tag(view, query.canonical, choices, now)
    try:
        lines = _lines(home, view, query, choices)
        if lines is not None:
            return written(home, name, lambda out: _write_lines(lines, write, layout, out))
    except OSError as error:
        log.warning("The index's lines cannot be read, the lake's records are: %r", error)
    batches = home.engine.batches(view.source, query)
    return written(home, name, lambda out: write(batches, layout, out))


def spool_totals(home: Home, found: Totals, choices: Choices, now: datetime) -> Content:
    """Write totals into a file like that of ``spool``; its tag is made of what is in it."""
    view, names = found.view, tuple(each.name for each in found.columns)
    layout = choices.layout(view.contract, names, _notes(view, now))
    layout = replace(layout, computed=found.columns)
    said = repr((names, found.groups.rows))
    write = WRITERS[choices.format]
    return written(
        home, tag(view, said, choices, now), lambda out: write([found.batch], layout, out)
    )


def _lines(home: Home, view: View, query: Query, choices: Choices) -> Iterable[bytes] | None:
    """Return the records as they stand in the files of their releases, if that is the same."""
    if not choices.is_rendered or query.fields != everything(view.contract).fields:
        return None
    reading = reading_of(home, view)
    return None if reading is None else reading.lines(query, choices.format)


def _write_lines(lines: Iterable[bytes], write: Writer, layout: Layout, out: IO[bytes]) -> None:
    write((), layout, out)
    out.writelines(lines)


def written(home: Home, name: str, write: Callable[[IO[bytes]], None]) -> Content:
    """Write a file without a name, under the validator ``name``; it is gone once it is closed."""
    home.scratch.mkdir(parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=home.scratch, buffering=0)  # noqa: SIM115 - sending closes it.
    try:
        out = io.BufferedWriter(file)
        write(out)
        out.flush()
        out.detach()
    except BaseException:
        file.close()
        raise
    return Content((Piece(file, 0, file.tell()),), name)


def _notes(view: View, now: datetime) -> dict[str, str]:
    contract = view.contract
    return {
        "数据类别 Collection": f"{contract.title.zh} {contract.title.en}",
        "说明 Description": contract.description.zh,
        "快照 Snapshot": view.version,
        "导出日期 Exported": local_day(now).isoformat(),
        "许可 Licence": f"{contract.licence.title} {contract.licence.path}",
    }
