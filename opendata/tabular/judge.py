"""The judge: Frictionless itself over the canonical table, its Report in full, in two languages."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import frictionless
from frictionless import Check, Checklist, Dialect, Schema
from frictionless.formats import CsvControl
from frictionless.resources import TableResource

from opendata.domain.contracts import Contract
from opendata.domain.findings import Judgement
from opendata.domain.identifiers import key_secret
from opendata.tabular.caution_kinds import CautionKinds
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.keys import KeyUniqueAcrossCheck
from opendata.tabular.checks.plugin import register
from opendata.tabular.context import Context
from opendata.tabular.messages import Columns, message
from opendata.tabular.public_report import public_report
from opendata.tabular.text_table import SourceLines, TextTable

__all__ = [
    "annotate",
    "canonical_dialect",
    "canonical_resource",
    "columns_of",
    "judge",
    "not_run",
    "public_report",
    "report_errors",
    "rules_of",
]


def judge(table: TextTable, contract: Contract, context: Context | None = None) -> Judgement:
    """Judge the canonical table by the contract; every error is reported, however many.

    Without ``context`` the checks that need it do not run, and ``not_run`` of the report names
    them. Cautions are found in the same pass and never make the table invalid.
    """
    register()
    checks = _checks(contract.checklist, context)
    checks.append(_key_check(contract, context))
    cautions = _checks(contract.cautions, context)
    columns = columns_of(contract.table_schema)
    kinds = CautionKinds(cautions, columns, table.lines)
    resource = canonical_resource(table, contract)
    for check in cautions:
        check.connect(resource)
    report = resource.validate(
        Checklist(checks=checks),
        limit_errors=0,
        on_row=kinds.see,
    ).to_descriptor()
    kinds.finish()
    annotate(report, columns, rules_of(contract.checklist), table.lines)
    by_type = Counter(error["type"] for error in report_errors(report))
    counts = {
        "rows": table.provenance["rows"],
        "errors": sum(by_type.values()),
        "by_type": dict(sorted(by_type.items())),
    }
    report |= {
        "complete": True,
        "engine": "frictionless",
        "frictionless_version": frictionless.__version__,
        "contract": {"name": contract.name, "digest": contract.digest},
        "counts": counts,
        "not_run": not_run([*checks, *cautions]),
    }
    return Judgement(report["valid"], report, kinds.found(), counts, table.provenance)


def canonical_resource(table: TextTable, contract: Contract) -> TableResource:
    """Return the canonical file as Frictionless sees it, with nothing left for it to detect.

    Left alone it would sniff the dialect and may take a later row for the header.
    """
    return TableResource(
        name="data",
        path=table.path.name,
        basepath=str(table.path.parent),
        scheme="file",
        format="csv",
        encoding="utf-8",
        dialect=canonical_dialect(),
        schema=Schema.from_descriptor(_copy(contract.table_schema)),
    )


def canonical_dialect() -> Dialect:
    """Return the dialect of every canonical file: header in row 1, comma, LF, RFC 4180 quotes."""
    control = CsvControl(
        delimiter=",",
        line_terminator="\n",
        quote_char='"',
        double_quote=True,
        skip_initial_space=False,
    )
    return Dialect(header=True, header_rows=[1], controls=[control])


def columns_of(table_schema: Mapping[str, Any]) -> Columns:
    """Return the field descriptors of a Table Schema by name."""
    return {each["name"]: each for each in table_schema["fields"]}


def report_errors(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all errors of a Report's descriptor."""
    errors: list[dict[str, Any]] = list(report["errors"])
    for task in report["tasks"]:
        errors.extend(task["errors"])
    return errors


def annotate(
    report: Mapping[str, Any],
    columns: Columns,
    rules: Mapping[str, Mapping[str, Any]],
    lines: SourceLines | None,
) -> None:
    """Add to each error its source line, column title, rule and words in both languages.

    ``rules`` are from ``rules_of``; without ``lines`` a row's number is its line.
    """
    for error in report_errors(report):
        row = error.get("rowNumber")
        line = row if row is None or lines is None else lines.line_of(row)
        if row is not None:
            error["source_line"] = line
        column = columns.get(error.get("fieldName", ""))
        if column is not None:
            error["fieldTitle"] = column.get("title") or column["name"]
        rule = rules.get(error.get("rule") or error["note"], {})
        for key, said in (("rule", rule.get("name")), ("basis", rule.get("basis"))):
            if said is not None:
                error.setdefault(key, said)
        error["messages"] = message(error, columns, line, rule.get("description"))._asdict()


def not_run(checks: Iterable[Check]) -> list[str]:
    """Return the names (or types) of the checks that had no context to run with."""
    return [
        check.name or check.type
        for check in checks
        if isinstance(check, RuleCheck) and check.lacks_context
    ]


def _checks(descriptor: Mapping[str, Any], context: Context | None) -> list[Check]:
    checks = Checklist.from_descriptor(_copy(descriptor)).checks
    for check in checks:
        if isinstance(check, RuleCheck):
            check.context = context
    return checks


def _key_check(contract: Contract, context: Context | None) -> KeyUniqueAcrossCheck:
    check = KeyUniqueAcrossCheck(collection=contract.collection, key=list(contract.primary_key))
    check.context = context and replace(context, secret=key_secret(contract, context.secret))
    return check


def rules_of(checklist: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return a checklist's rules by what their errors can be told by.

    Ours carry their rule's name; of a formula there is only the note Frictionless gives.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for each in checklist["checks"]:
        if each["type"] == "row-constraint":
            found[f'the row constraint to conform is "{each["formula"]}"'] = each
        elif "name" in each:
            found[each["name"]] = each
    return found


def _copy(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deep copy: Frictionless takes apart what it is given."""
    copied: dict[str, Any] = json.loads(json.dumps(dict(descriptor)))
    return copied
