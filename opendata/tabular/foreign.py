"""Judging by somebody else's Table Schema: Frictionless does everything, detection included."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import frictionless
from frictionless import Check, Checklist, FrictionlessException, Resource, Schema, errors, system

from opendata.domain.findings import Judgement
from opendata.tabular.checks.plugin import register
from opendata.tabular.judge import annotate, columns_of, not_run, report_errors, rules_of
from opendata.tabular.refusals import Unreadable, UnusableContract


def judge_foreign(path: Path, schema: Path, checklist: Path | None = None) -> Judgement:
    """Judge the file by a Table Schema alone; the Report is Frictionless's own, with our words.

    Dialect and encoding are what Frictionless detects, and every error is reported.

    Raises:
        UnusableContract: schema or checklist is no valid descriptor.
        Unreadable: Frictionless cannot read the file at all.
    """
    register()
    rules = _descriptor(checklist) if checklist else {"checks": []}
    declared = _descriptor(schema)
    # Frictionless takes apart the descriptor it is given.
    described = json.loads(json.dumps(declared))
    checks = _checks(rules)
    resource = Resource(
        path=path.name, basepath=str(path.parent), schema=_schema(described, schema)
    )
    report = resource.validate(Checklist(checks=checks), limit_errors=0).to_descriptor()
    for error in report_errors(report):
        if not issubclass(system.select_error_class(error["type"]), errors.DataError):
            raise Unreadable(f"文件无法读取：{error['note']}", error["message"])
    annotate(report, columns_of(declared), rules_of(rules), None)
    by_type = Counter(error["type"] for error in report_errors(report))
    rows = report["tasks"][0]["stats"].get("rows", 0)
    counts = {"rows": rows, "errors": by_type.total(), "by_type": dict(sorted(by_type.items()))}
    report |= {
        "complete": True,
        "engine": "frictionless",
        "frictionless_version": frictionless.__version__,
        "counts": counts,
        "not_run": not_run(checks),
    }
    provenance = {"format": resource.format, "encoding": resource.encoding, "rows": rows}
    return Judgement(report["valid"], report, (), counts, provenance)


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


def _schema(descriptor: dict[str, Any], path: Path) -> Schema:
    try:
        return Schema.from_descriptor(descriptor)
    except FrictionlessException as problem:
        raise _unusable(path.name, problem) from problem


def _checks(descriptor: Mapping[str, Any]) -> list[Check]:
    try:
        return Checklist.from_descriptor(json.loads(json.dumps(descriptor))).checks
    except FrictionlessException as problem:
        raise _unusable("checklist", problem) from problem


def _unusable(name: str, problem: FrictionlessException) -> UnusableContract:
    notes = "; ".join(each.note for each in problem.reasons or [problem.error])
    return UnusableContract(f"{name} 不能使用：{notes}", f"{name}: {notes}")
