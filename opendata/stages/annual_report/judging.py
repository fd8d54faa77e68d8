"""The identities of a report, judged by the judge itself with the collection's own contract."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import AnnualReport, Breach, Severity
from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.published import PublicRecords
from opendata.stages.annual_report.table import MEDIA_TYPE, table_of
from opendata.storage.vault import scratch_folder
from opendata.tabular.context import Context
from opendata.tabular.judge import Means as Ways
from opendata.tabular.judge import judge
from opendata.tabular.judge.words import columns_of
from opendata.tabular.messages import kind_message
from opendata.tabular.readers import Declared, open_table

# Cautions about single rows, which a computed report gives no cause for; and what is missing,
# which the report tells by itself.
_OF_ROWS = frozenset({"expected", "row-constraint"})
_INCOMPLETE = "grid-incomplete"
_CSV = Declared(MEDIA_TYPE, "report.csv")
Found = tuple[Breach, ...]


def breaches_of(means: Means, report: AnnualReport) -> Found:
    """Return what the contract's rules find in the figures of a report, by cells.

    It is found anew only where a figure, or what is public, has changed.
    """
    table = table_of(means.contract, report)
    state = means.home.database.watch.state()
    public = tuple(state.of(name) for name in sorted(means.contracts))
    digest = hashlib.sha256(table).hexdigest()
    holds_for = (digest, public, means.contract.digest, means.today)
    key = ("annual-report", report.agency.id, report.year, digest)
    found: Found | None = means.home.views.get(key, holds_for)
    if found is None:
        places = [cell.place for cell in report.cells.values() if cell.value is not None]
        found = tuple(_judged(means, report, table, places))
        means.home.views.keep(key, holds_for, found, 1 + len(found))
    return found


def _judged(
    means: Means, report: AnnualReport, table: bytes, places: Sequence[Place]
) -> Iterator[Breach]:
    if not places:
        return
    contract = _every_rule(means.contract)
    context = Context(
        publishers=frozenset({report.agency.name.zh}),
        period=str(report.year),
        releases=PublicRecords(means),
    )
    with scratch_folder(means.home.scratch) as folder:
        path = folder / "report.csv"
        path.write_bytes(table)
        opened = open_table(path, contract, folder / "table.csv", _CSV)
        found = list(judge(opened, contract, context, Ways(folder=folder)).errors)
    yield from _as_breaches(means.contract, found, places)


def _every_rule(contract: Contract) -> Contract:
    """Return the contract with its cautions among its rules, so that all are told in full."""
    cautions = [each for each in contract.cautions["checks"] if each["type"] not in _OF_ROWS]
    rules = [*contract.checklist["checks"], *cautions]
    return replace(contract, checklist={"checks": rules}, cautions={"checks": []})


def _as_breaches(
    contract: Contract, found: Sequence[Mapping[str, Any]], places: Sequence[Place]
) -> Iterator[Breach]:
    """Yield a breach for every identity that is broken, and one for each other kind of error."""
    seen: set[tuple[Any, ...]] = set()
    for error in found:
        if error["type"] == _INCOMPLETE:
            continue
        kind = (error["type"], error.get("rule"), error.get("fieldName"))
        if "rowNumbers" not in error:
            if kind in seen:
                continue
            seen.add(kind)
        yield _breach(contract, error, places)


def _breach(contract: Contract, error: Mapping[str, Any], places: Sequence[Place]) -> Breach:
    rule = error.get("rule")
    checks = [*contract.checklist["checks"], *contract.cautions["checks"]]
    said: Mapping[str, Any] = next((each for each in checks if each.get("name") == rule), {})
    is_caution = any(each.get("name") == rule for each in contract.cautions["checks"])
    rows = error.get("rowNumbers", ())
    return Breach(
        rule=rule or error["type"],
        severity=Severity.WARNING if is_caution and rule else Severity.ERROR,
        message=_message(contract, error, said.get("description")),
        # The header is row 1.
        cells=tuple(places[row - 2] for row in rows if 0 <= row - 2 < len(places)),
        basis=error.get("basis"),
        relation=error.get("relation"),
        expected=error.get("expected"),
        found=error.get("found"),
        difference=error.get("difference"),
        explained=bool(said.get("reasoned")),
    )


def _message(contract: Contract, error: Mapping[str, Any], about: str | None) -> Text:
    said = kind_message(error, columns_of(contract.table_schema), about)
    if "difference" not in error:
        return said
    figures = {name: error[name] for name in ("relation", "expected", "found")}
    zh = "{relation}：应为 {expected}，实为 {found}。".format(**figures)
    en = "{relation}: expected {expected}, found {found}.".format(**figures)
    return Text(f"{said.zh}{zh}", f"{said.en} {en}")
