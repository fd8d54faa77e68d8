"""Reports: the whole Report of a submission, for those who may see its cells."""

import json
from collections.abc import Iterator
from pathlib import Path

from opendata.domain.errors import Conflict
from opendata.stages.standing import Standing
from opendata.storage.home import Home

_PIECE = 1024 * 1024


class NotReported(Conflict):
    """The submission has no report yet, or processing it failed."""

    code = "not-reported"


def report(home: Home, found: Standing) -> tuple[int, Iterator[bytes]]:
    """Return the Frictionless Report with the cautions and their answers beside it, as JSON.

    Returns:
        How many bytes it takes, and these in pieces: a report of a large file with many errors
        is larger than the file.

    Raises:
        NotReported: validation has not ended, or it failed without a report.
    """
    if found.report is None or found.report.report_sha256 is None:
        raise NotReported(
            f"尚无校验报告；状态：{found.state.label.zh}。",
            f"There is no report; the submission is {found.state.label.en}.",
        )
    beside = {
        "cautions": [each.as_dict() for each in found.cautions.issues],
        "provenance": dict(found.report.provenance),
    }
    # What was kept is an object: its closing brace makes room for what stands beside it.
    end = b"," + json.dumps(beside, ensure_ascii=False).encode()[1:]
    path = home.vault.path(found.report.report_sha256)
    kept = path.stat().st_size - 1
    return kept + len(end), _joined(path, kept, end)


def _joined(path: Path, kept: int, end: bytes) -> Iterator[bytes]:
    with path.open("rb") as file:
        while kept > 0 and (piece := file.read(min(kept, _PIECE))):
            kept -= len(piece)
            yield piece
    yield end
