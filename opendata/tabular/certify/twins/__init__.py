"""The vectorised twins of the row checks: what a check would report, as column expressions.

A twin finds exactly the errors its check yields in every row whose named cells are proven. Where
that cannot be promised there is no twin, and the check itself has to look at the rows.
"""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from frictionless import Check, checks

from opendata.tabular.certify.model import Column, Finding, columns_read
from opendata.tabular.certify.twins import builtin, registration, rules
from opendata.tabular.certify.twins.formula import formula_names, row_constraint
from opendata.tabular.certify.twins.project_codes import project_code
from opendata.tabular.certify.twins.sums import sums
from opendata.tabular.certify.twins.values import Inexpressible
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.cells import DecimalsCheck, ExpectedCheck, MarkedCheck, UsccCheck
from opendata.tabular.checks.codes import ProjectCodeCheck
from opendata.tabular.checks.dependent import EmptyWhenCheck, NotAfterCheck, RequiredWhenCheck
from opendata.tabular.checks.overrides import RowConstraint
from opendata.tabular.checks.registration import AgencyCheck, PeriodCheck
from opendata.tabular.checks.sums import SumCheck

__all__ = ["named_cells", "sure", "twin"]

# By the exact class: a subclass may judge otherwise.
_TWINS: dict[type[Check], Callable[[Any, Mapping[str, Column]], tuple[Finding, ...]]] = {
    AgencyCheck: registration.agency,
    PeriodCheck: registration.period,
    DecimalsCheck: rules.decimals,
    UsccCheck: rules.uscc,
    RequiredWhenCheck: rules.required_when,
    EmptyWhenCheck: rules.empty_when,
    NotAfterCheck: rules.not_after,
    MarkedCheck: rules.marked,
    ExpectedCheck: rules.expected,
    SumCheck: sums,
    ProjectCodeCheck: project_code,
    RowConstraint: row_constraint,
    checks.row_constraint: row_constraint,
    checks.forbidden_value: builtin.forbidden_value,
    checks.ascii_value: builtin.ascii_value,
    checks.truncated_value: builtin.truncated_value,
}
_NAMED: dict[type[Check], Callable[[Any, Mapping[str, Column]], tuple[str, ...]]] = {
    DecimalsCheck: lambda check, columns: rules.numbers(check.places, columns),
    RowConstraint: lambda check, _: formula_names(check.formula),
    checks.row_constraint: lambda check, _: formula_names(check.formula),
    checks.forbidden_value: lambda check, _: (check.field_name,),
    checks.ascii_value: lambda _, columns: builtin.strings(columns),
    checks.truncated_value: lambda _, columns: tuple(columns),
}


def twin(check: Check, columns: Mapping[str, Column]) -> tuple[Finding, ...] | None:
    """Return what ``check`` reports of one row, in its order; ``None`` if it has no exact twin.

    ``columns`` are those of the file, by field name. A rule that lacks its context or a column it
    speaks of finds nothing, as in ``RuleCheck.validate_row``. The findings hold for the rows in
    which every one of ``named_cells`` is ``sure``; between them their expressions read all of them.
    """
    express = _TWINS.get(type(check))
    if express is None:
        return None
    if isinstance(check, RuleCheck) and (
        check.lacks_context or not all(name in columns for name in check.named_fields())
    ):
        return ()
    try:
        findings = express(check, columns)
    except Inexpressible:
        return None
    return findings if not findings or _read_all(findings, check, columns) else None


def named_cells(check: Check, columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the fields whose cells the check's twin rests on, each once; all are in ``columns``.

    Raises:
        KeyError: ``check`` is of a class that has no twin.
    """
    if type(check) in _NAMED:
        names = _NAMED[type(check)](check, columns)
    elif type(check) in _TWINS and isinstance(check, RuleCheck):
        names = check.named_fields()
    else:
        raise KeyError(check.type)
    return tuple(name for name in dict.fromkeys(names) if name in columns)


def sure(check: Check, column: Column) -> pl.Expr:
    """Return where a cell is told well enough for the twin, or the doubt, of a check.

    Our rules take a value for what it is; a formula's twin counts on the constraints it keeps.
    """
    return column.legible if isinstance(check, RuleCheck) else column.proven


def _read_all(findings: tuple[Finding, ...], check: Check, columns: Mapping[str, Column]) -> bool:
    """Whether the columns that must be proven can be told from the expressions alone.

    They cannot where an answer is the same for all proven cells: ``name != None`` is always true
    of a required column, but not of the cell whose value is missing all the same.
    """
    read = {name for each in findings for name in columns_read(each.when)}
    return all(columns[name].name in read for name in named_cells(check, columns))
