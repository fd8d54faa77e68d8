"""The twin of the rules over a project's code."""

from collections.abc import Mapping

import polars as pl

from opendata.domain.project_codes import read_project_code
from opendata.tabular.certify.model import Column, Finding
from opendata.tabular.certify.twins.values import finding, strings
from opendata.tabular.checks.codes import ProjectCodeCheck, existed
from opendata.tabular.checks.errors import ProjectCodeError

# What ``read_project_code`` takes apart: a code that begins with a year, and one with a month.
_YEAR = r"(?:201[3-9]|2020)-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}"
_MONTH = (
    r"(?:201[0-2]|(?:2[1-9]|[3-9][0-9])(?:0[1-9]|1[0-2]))"
    r"-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{5}[0-9A-Z]"
)
_PART = r"(?:-[0-9]{3})?"
_REGION_ENDS = 11
_KIND = (15, 2)


def project_code(check: ProjectCodeCheck, columns: Mapping[str, Column]) -> tuple[Finding, ...]:
    """Find codes that lack the aspect that the rule looks at."""
    column = columns[check.field_name]
    text = strings(column)
    if check.aspect == "form":
        wrong = ~_has_form(text, _YEAR, _MONTH)
    elif check.aspect == "region":
        wrong = _has_form(text, _YEAR, _MONTH) & ~_has_region(text)
    elif check.approval_field:
        wrong = _has_form(text, _YEAR) & _is_of_other_kind(text, columns[check.approval_field])
    else:
        return ()
    return (finding(ProjectCodeError, check.field_name, ~column.missing & wrong),)


def _has_form(text: pl.Expr, *forms: str) -> pl.Expr:
    return text.str.contains(rf"\A(?:{'|'.join(forms)}){_PART}\z")


def _has_region(text: pl.Expr) -> pl.Expr:
    head = text.str.slice(0, _REGION_ENDS)
    return head.map_batches(_existing, return_dtype=pl.Boolean, is_elementwise=True)


def _existing(heads: pl.Series) -> pl.Series:
    """Look each different beginning of a code up once: its year and its region."""
    different = heads.unique()
    return heads.is_in(different.filter([_exists(each) for each in different]).implode())


def _exists(head: str | None) -> bool:
    code = read_project_code(f"{head}-00-00-000000")
    return code is not None and existed(code.region, code.year)


def _is_of_other_kind(text: pl.Expr, approval: Column) -> pl.Expr:
    """Compare what an older code says of the kind of approval with what its column says."""
    stated, kind = strings(approval), text.str.slice(*_KIND)
    other = [kind.eq(digits) & stated.ne(said) for digits, said in _procedures().items()]
    return ~approval.missing & pl.any_horizontal(other)


def _procedures() -> dict[str, str]:
    """Return what the digits of an older code say of the kind of approval."""
    kinds = [f"{each:02}" for each in range(100)]
    codes = {each: read_project_code(f"2020-000000-00-{each}-000000") for each in kinds}
    return {each: code.procedure for each, code in codes.items() if code and code.procedure}
