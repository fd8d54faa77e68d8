"""The judge: Frictionless's Report on a table, in full and in two languages, quickly."""

import json
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from frictionless import Check, Checklist, Dialect, Field, Schema
from frictionless.formats import CsvControl
from frictionless.resources import TableResource

from opendata.domain.contracts import Contract
from opendata.domain.findings import Judgement
from opendata.domain.identifiers import key_secret
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.keys import KeyUniqueAcrossCheck
from opendata.tabular.checks.plugin import register
from opendata.tabular.context import Context
from opendata.tabular.judge.alone import judged_alone
from opendata.tabular.judge.cautions import CautionKinds
from opendata.tabular.judge.log import ErrorLog
from opendata.tabular.judge.parts import Case, Progress, judged, opened
from opendata.tabular.judge.plan import NotPlain
from opendata.tabular.judge.report import additions, outline_of, report_chunks
from opendata.tabular.judge.words import Words, columns_of, rules_of
from opendata.tabular.readers import OpenTable
from opendata.tabular.text_table import Fingerprint, csv_line

__all__ = [
    "Engine",
    "Means",
    "Progress",
    "canonical_dialect",
    "canonical_resource",
    "judge",
    "not_run",
    "report_chunks",
    "stamp",
]
_PLACE = "data.csv"
_log = logging.getLogger(__name__)


class Engine(StrEnum):
    """Who looks at clean rows: nobody, once they are proven clean, or Frictionless itself."""

    CERTIFY = "certify"
    FRICTIONLESS = "frictionless"


@dataclass(frozen=True, slots=True)
class Means:
    """How to go about it; the verdict does not depend on it.

    ``folder`` is where goes what is too large for memory; ``progress`` is told how many bytes of
    the file have been dealt with.
    """

    engine: Engine = Engine.CERTIFY
    folder: Path | None = None
    progress: Progress | None = None


def judge(
    table: OpenTable,
    contract: Contract,
    context: Context | None = None,
    means: Means = Means(),
) -> Judgement:
    """Judge a received table by the contract; every error is reported, however many.

    Without ``context`` the checks that need it do not run, and ``not_run`` of the report names
    them. Cautions are found in the same pass and never make the table invalid. Both engines give
    the same Report but for ``engine`` and times; where a rule is beyond the column engine,
    Frictionless judges alone, and the report says so.

    Raises:
        Unreadable: in the course of reading it turned out to be no table.
    """
    register()
    begun = time.perf_counter()
    if means.engine is Engine.CERTIFY:
        case = _case(_header_resource(table, contract), (contract, context), means, table.columns)
        try:
            opened(case)
            log = judged(case, table)
        except NotPlain as reason:
            _log.debug("%s: Frictionless judges alone.", reason)
        else:
            stamp(case.resource, table.fingerprint)
            outline = outline_of(case.resource, log, time.perf_counter() - begun)
            return _judgement((outline, log), (case, Engine.CERTIFY), table, contract)
    canonical = table.table()
    case = _case(
        canonical_resource(canonical.path, contract), (contract, context), means, table.columns
    )
    found = judged_alone(case, canonical.lines)
    return _judgement(found, (case, Engine.FRICTIONLESS), table, contract)


def _judgement(
    found: tuple[dict[str, Any], ErrorLog],
    judged_by: tuple[Case, Engine],
    table: OpenTable,
    contract: Contract,
) -> Judgement:
    (outline, log), (case, engine) = found, judged_by
    outline["tasks"][0] |= {"name": "data", "place": _PLACE}
    report = {
        **outline,
        **additions(log, engine, table.provenance["rows"]),
        "contract": {"name": contract.name, "digest": contract.digest},
        "not_run": not_run([*case.checklist.checks, *case.kinds.checks]),
    }
    cautions = case.kinds.found(table.lines)
    return Judgement(not len(log), report, log, cautions, report["counts"], table.provenance)


def canonical_resource(path: Path, contract: Contract) -> TableResource:
    """Return a canonical file as Frictionless sees it, with nothing left for it to detect.

    Left alone it would sniff the dialect and may take a later row for the header.
    """
    return TableResource(path=path.name, basepath=str(path.parent), **_described(contract))


def canonical_dialect() -> Dialect:
    """Return the dialect of every canonical file: header in row 1, comma, RFC 4180 quotes."""
    control = CsvControl(
        delimiter=",",
        line_terminator="\n",
        quote_char='"',
        double_quote=True,
        skip_initial_space=False,
    )
    return Dialect(header=True, header_rows=[1], controls=[control])


def not_run(checks: Iterable[Check]) -> list[str]:
    """Return the names (or types) of the checks that had no context to run with."""
    return [
        check.name or check.type
        for check in checks
        if isinstance(check, RuleCheck) and check.lacks_context
    ]


def _header_resource(table: OpenTable, contract: Contract) -> TableResource:
    """Return a file that has the table's header and nothing else."""
    header = csv_line([name for _, name in table.header]) + "\n"
    return TableResource(data=header.encode(), scheme="buffer", **_described(contract))


def _described(contract: Contract) -> dict[str, Any]:
    return {
        "name": "data",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": canonical_dialect(),
        "schema": _schema(contract),
    }


def _schema(contract: Contract) -> Schema:
    """Return the schema of a contract; see ``_lightly_copied`` for its fields."""
    schema: Schema = Schema.metadata_import(_copy(contract.table_schema))
    for each in schema.fields:
        vars(each)["to_copy"] = partial(_lightly_copied, each)
    return schema


def _lightly_copied(field: Field) -> Field:
    """Copy a field in a hundredth of the time.

    Frictionless shields the fields of a schema from whoever changes them: for every table it
    copies each three times, by describing it and reading that. Nobody changes them here.
    """
    # What the class declares, and what the instance was given beside it.
    copied = copy(field)
    vars(copied).update(vars(field), metadata_assigned=set(field.metadata_assigned))
    vars(copied)["to_copy"] = partial(_lightly_copied, copied)
    return copied


def stamp(resource: TableResource, fingerprint: Fingerprint) -> None:
    """Put in what Frictionless would have counted had it read the file itself."""
    resource.stats.md5 = fingerprint.md5
    resource.stats.sha256 = fingerprint.sha256
    resource.stats.bytes = fingerprint.bytes


def _case(
    resource: TableResource,
    by: tuple[Contract, Context | None],
    means: Means,
    letters: Sequence[str],
) -> Case:
    contract, context = by
    checks = _checks(contract.checklist, context)
    checks.append(_key_check(contract, context))
    columns = columns_of(contract.table_schema)
    return Case(
        resource=resource,
        checklist=Checklist(checks=checks),
        kinds=CautionKinds(_checks(contract.cautions, context), columns),
        words=Words(columns, rules_of(contract.checklist["checks"]), letters),
        folder=means.folder,
        progress=means.progress,
    )


def _checks(descriptor: Mapping[str, Any], context: Context | None) -> list[Check]:
    # The contract was checked against Frictionless's profiles when it was loaded.
    checks = Checklist.metadata_import(_copy(descriptor)).checks
    for check in checks:
        if isinstance(check, RuleCheck):
            check.context = context
    return checks


def _key_check(contract: Contract, context: Context | None) -> KeyUniqueAcrossCheck:
    check = KeyUniqueAcrossCheck(collection=contract.collection, key=list(contract.primary_key))
    check.context = context and replace(context, secret=key_secret(contract, context.secret))
    return check


def _copy(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deep copy: Frictionless takes apart what it is given."""
    copied: dict[str, Any] = json.loads(json.dumps(dict(descriptor)))
    return copied
