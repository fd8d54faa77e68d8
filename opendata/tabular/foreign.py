"""Judging by somebody else's Table Schema: Frictionless's Report, its detection included."""

import json
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from frictionless import Check, Checklist, FrictionlessException, Resource, Schema, errors, system
from frictionless.formats import CsvControl
from frictionless.resources import TableResource

from opendata.domain.findings import Judgement
from opendata.tabular.checks.plugin import register
from opendata.tabular.judge import Engine, Means, not_run, stamp
from opendata.tabular.judge.alone import judged_alone
from opendata.tabular.judge.cautions import CautionKinds
from opendata.tabular.judge.log import ErrorLog
from opendata.tabular.judge.parts import Case, judged, opened
from opendata.tabular.judge.plan import NotPlain
from opendata.tabular.judge.report import additions, outline_of
from opendata.tabular.judge.words import Words, columns_of, rules_of
from opendata.tabular.refusals import NotUtf8, Unreadable, UnusableContract
from opendata.tabular.scan import open_foreign

_log = logging.getLogger(__name__)


def judge_foreign(
    path: Path,
    schema: Path,
    checklist: Path | None = None,
    means: Means = Means(),  # noqa: B008 - a frozen value.
) -> Judgement:
    """Judge the file by a Table Schema alone; the Report is Frictionless's own, with our words.

    Dialect and encoding are what Frictionless detects, and every error is reported.

    Raises:
        UnusableContract: schema or checklist is no valid descriptor.
        Unreadable: Frictionless cannot read the file at all.
    """
    register()
    begun = time.perf_counter()
    rules = _descriptor(checklist) if checklist else {"checks": []}
    declared = _descriptor(schema)
    case = _case(path, declared, rules, means)
    engine = means.engine
    if engine is Engine.CERTIFY:
        try:
            log = _judged_in_parts(path, case)
            outline = outline_of(case.resource, log, time.perf_counter() - begun)
        except (NotPlain, NotUtf8) as reason:
            _log.debug("%s: Frictionless judges alone.", reason)
            engine, case = Engine.FRICTIONLESS, _case(path, declared, rules, means)
    if engine is Engine.FRICTIONLESS:
        outline, log = judged_alone(case, None)
    _check_readable(log)
    rows = outline["tasks"][0]["stats"].get("rows", 0)
    report = {
        **outline,
        **additions(log, engine, rows),
        "not_run": not_run(case.checklist.checks),
    }
    found = {"format": case.resource.format, "encoding": case.resource.encoding, "rows": rows}
    return Judgement(not len(log), report, log, (), report["counts"], found)


def _check_readable(log: ErrorLog) -> None:
    """Refuse a file that Frictionless could not even open, or not read to its end."""
    if all(
        issubclass(system.select_error_class(kind), errors.DataError)
        for kind, count in log.by_type.items()
        if count
    ):
        return
    for error in log:
        if not issubclass(system.select_error_class(error["type"]), errors.DataError):
            raise Unreadable(f"文件无法读取：{error['note']}", error["message"])


def _judged_in_parts(path: Path, case: Case) -> ErrorLog:
    resource = opened(case)
    control = CsvControl.from_dialect(resource.dialect)
    source = open_foreign(path, control.delimiter).scan
    log = judged(case, source)
    stamp(resource, source.fingerprint)
    return log


def _case(path: Path, declared: dict[str, Any], rules: dict[str, Any], means: Means) -> Case:
    # Frictionless takes apart the descriptors it is given.
    resource = Resource(
        path=path.name,
        basepath=str(path.parent),
        schema=_schema(json.loads(json.dumps(declared))),
    )
    if not isinstance(resource, TableResource):
        raise Unreadable(
            f"{path.name} 不是表格文件", f"{path.name} is no kind of table Frictionless knows"
        )
    columns = columns_of(declared)
    return Case(
        resource=resource,
        checklist=Checklist(checks=_checks(rules)),
        kinds=CautionKinds((), columns),
        words=Words(columns, rules_of(rules["checks"])),
        folder=means.folder,
        progress=means.progress,
    )


def _descriptor(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnusableContract(
            f"{path.name} 不是 JSON：{error}", f"{path.name}: {error}"
        ) from error
    if not isinstance(found, dict):
        raise UnusableContract(f"{path.name} 应为对象", f"{path.name} must be an object")
    return found


def _schema(descriptor: dict[str, Any]) -> Schema:
    try:
        return Schema.from_descriptor(descriptor)
    except FrictionlessException as problem:
        raise _unusable("schema", problem) from problem


def _checks(descriptor: Mapping[str, Any]) -> list[Check]:
    try:
        return Checklist.from_descriptor(json.loads(json.dumps(descriptor))).checks
    except FrictionlessException as problem:
        raise _unusable("checklist", problem) from problem


def _unusable(name: str, problem: FrictionlessException) -> UnusableContract:
    notes = "; ".join(each.note for each in problem.reasons or [problem.error])
    return UnusableContract(f"{name} 不能使用：{notes}", f"{name}: {notes}")
