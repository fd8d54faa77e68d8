"""Export: whole answers as files, spooled before the first byte is sent."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from opendata.domain.contracts import Contract
from opendata.domain.queries import Query
from opendata.stages.query import view_of
from opendata.storage.home import Home
from opendata.tabular.export import WRITERS, Layout

FORMATS = tuple(WRITERS)


@dataclass(frozen=True, slots=True)
class Choices:
    """How an exported file is to look; see ``Layout``."""

    format: str
    use_labels: bool = False
    with_bom: bool = False
    delimiter: str = ","


def spool(
    home: Home, contract: Contract, query: Query, choices: Choices, now: datetime
) -> IO[bytes]:
    """Write every record that matches into a temporary file, and return it at its beginning.

    The file is gone once it is closed. ``query.limit`` and ``query.cursor`` are not regarded.

    Raises:
        NoSuchSnapshot: ``as_of`` names no state of the collection.
        TooBigForWorkbook: more records than a worksheet has rows.
    """
    with home.database.read() as session:
        view = view_of(session, contract, query, now)
    layout = Layout(
        view.contract,
        query.fields,
        use_labels=choices.use_labels,
        with_bom=choices.with_bom,
        delimiter=choices.delimiter,
        notes=_notes(view.contract, query, view.version, now),
    )
    home.scratch.mkdir(parents=True, exist_ok=True)
    out = tempfile.TemporaryFile(dir=home.scratch)  # noqa: SIM115 - the caller closes it.
    try:
        WRITERS[choices.format](home.engine.batches(view.source, query), layout, out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _notes(contract: Contract, query: Query, version: str, now: datetime) -> dict[str, str]:
    return {
        "数据类别 Collection": f"{contract.title.zh} {contract.title.en}",
        "说明 Description": contract.description.zh,
        "查询 Query": query.canonical,
        "快照 Snapshot": version,
        "导出日期 Exported": now.date().isoformat(),
        "许可 Licence": f"{contract.licence.title} {contract.licence.path}",
    }
