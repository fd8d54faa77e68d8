"""The Report: the outline as Frictionless makes it, the errors from the log, and our additions."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import frictionless
from frictionless import Report
from frictionless.resources import TableResource

from opendata.domain.findings import Judgement
from opendata.tabular.judge.log import ErrorLog


def outline_of(resource: TableResource, log: ErrorLog, seconds: float) -> dict[str, Any]:
    """Return the Report that Frictionless makes of a judged file, with no error in its list."""
    outline: dict[str, Any] = Report.from_validation_task(
        resource, time=round(seconds, 3), labels=list(resource.labels)
    ).to_descriptor()
    outline["valid"] = outline["tasks"][0]["valid"] = not len(log)
    outline["stats"]["errors"] = outline["tasks"][0]["stats"]["errors"] = len(log)
    return outline


def additions(log: ErrorLog, engine: str, rows: int) -> dict[str, Any]:
    """Return what every report of ours says beside Frictionless's."""
    by_type = {kind: count for kind, count in sorted(log.by_type.items()) if count}
    return {
        "complete": True,
        "engine": engine,
        "frictionless_version": frictionless.__version__,
        "counts": {"rows": rows, "errors": len(log), "by_type": by_type},
    }


def report_chunks(
    judgement: Judgement, more: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[bytes]:
    """Yield the Report as JSON, however many errors it has, with ``more`` beside it."""
    mark = uuid4().hex
    task, *others = judgement.outline["tasks"]
    body = {**judgement.outline, "tasks": [{**task, "errors": mark}, *others], **more}
    head, tail = json.dumps(body, ensure_ascii=False).split(f'"{mark}"')
    yield head.encode() + b"["
    before = b""
    for line in judgement.errors.lines():
        yield before + line
        before = b","
    yield b"]" + tail.encode()
