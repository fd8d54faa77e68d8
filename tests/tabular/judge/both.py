"""One file judged twice: in parts, and by Frictionless alone."""

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from frictionless import Checklist, Schema
from frictionless.resources import TableResource

from opendata.tabular.checks.plugin import register
from opendata.tabular.judge import canonical_dialect, stamp
from opendata.tabular.judge.cautions import CautionKinds
from opendata.tabular.judge.parts import Case, judged, opened
from opendata.tabular.judge.report import outline_of
from opendata.tabular.judge.words import Words, columns_of, rules_of
from opendata.tabular.scan import open_foreign

# What we add to every error; all else is Frictionless's.
OURS = frozenset({"messages", "source_line", "source_lines", "same_lines", "fieldTitle"})

Report = dict[str, Any]
Declared = Mapping[str, Any]


def by_frictionless(path: Path, schema: Declared, checks: Sequence[Declared] = ()) -> Report:
    """Return the Report that Frictionless alone gives; of ours only the plugin takes part."""
    register()
    report = _resource(path, schema).validate(_checklist(checks), limit_errors=0)
    return bare(report.to_descriptor())


def in_parts(path: Path, schema: Declared, checks: Sequence[Declared] = ()) -> Report:
    """Return the Report that is made by looking only at what is in doubt.

    Raises:
        NotPlain: not this file, or not by these rules.
    """
    register()
    columns = columns_of(schema)
    case = Case(
        resource=_resource(path, schema),
        checklist=_checklist(checks),
        kinds=CautionKinds((), columns),
        words=Words(columns, rules_of(checks)),
        folder=None,
    )
    opened(case)
    source = open_foreign(path, ",").scan
    log = judged(case, source)
    stamp(case.resource, source.fingerprint)
    report = outline_of(case.resource, log, 0)
    report["tasks"][0]["errors"] = list(log)
    return bare(report)


def bare(report: Report) -> Report:
    """Take off our additions and everything about time."""
    told: Report = json.loads(json.dumps(report))
    for part in (told, *told["tasks"]):
        part["stats"].pop("seconds", None)
        part["errors"] = [
            {key: value for key, value in error.items() if key not in OURS and _is_own(key, error)}
            for error in part["errors"]
        ]
    return told


def _is_own(key: str, error: Mapping[str, Any]) -> bool:
    """Our checks' errors have a rule and a basis of their own; to others we add them."""
    return key not in ("rule", "basis") or "expected" in error


def _resource(path: Path, schema: Declared) -> TableResource:
    return TableResource(
        name="data",
        path=path.name,
        basepath=str(path.parent),
        scheme="file",
        format="csv",
        encoding="utf-8",
        dialect=canonical_dialect(),
        schema=Schema.from_descriptor(copy.deepcopy(dict(schema))),
    )


def _checklist(checks: Sequence[Declared]) -> Checklist:
    return Checklist.from_descriptor({"checks": copy.deepcopy(list(checks))})
