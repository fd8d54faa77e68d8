"""Rules over codes that others give out: regions, projects, declared categories."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error
from frictionless.table import Row
from stdnum import numdb

from opendata.domain.project_codes import Form, read_project_code
from opendata.tabular.certify.model import Column
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.errors import (
    CategoryUnknownError,
    ErrorTypes,
    ProjectCodeError,
    RegionInvalidError,
)
from opendata.tabular.checks.groups import NAMES

# The whole country, which GB/T 2260 itself does not list and GB 32100 uses.
NATION = "100000"
# Most codes are older than anything that is published here.
_STEADY_SINCE = 1999
_ONE = {"type": "string"}


@attrs.define(kw_only=True, repr=False)
class CategoriesCheck(RuleCheck):
    """A value is one of ``values``: the column's ``categories``, which Frictionless ignores."""

    type = "categories"
    Errors: ClassVar[ErrorTypes] = [CategoryUnknownError]

    field_name: str
    values: list[str]

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "values"],
        "properties": {"fieldName": _ONE, "values": NAMES},
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the column."""
        return (self.field_name,)

    def needed_fields(self) -> tuple[str, ...]:
        """Return the column."""
        return self.named_fields()

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Look the value up; an empty cell has none."""
        value = row[self.field_name]
        if value is not None and value not in self.values:
            note = "the value is none of the declared categories"
            expected = ", ".join(self.values)
            yield self.cell_error(CategoryUnknownError, row, self.field_name, note, expected)

    def doubt(self, columns: Mapping[str, Column]) -> pl.Expr | None:
        """Doubt what is not one of the values."""
        column = columns[self.field_name]
        return ~(column.missing | pl.col(column.name).is_in(self.values))


@attrs.define(kw_only=True, repr=False)
class RegionCodeCheck(RuleCheck):
    """A region code existed in the year of ``periodField``, which is a year or a date.

    The codes and the years in which they were valid are python-stdnum's. Where there is no
    period, a code is in order that was valid at any time.
    """

    type = "region-code"
    Errors: ClassVar[ErrorTypes] = [RegionInvalidError]

    field_name: str
    period_field: str

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName", "periodField"],
        "properties": {"fieldName": _ONE, "periodField": _ONE},
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the code's column and the period's."""
        return (self.field_name, self.period_field)

    def needed_fields(self) -> tuple[str, ...]:
        """Return the code's column."""
        return (self.field_name,)

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Look the code up."""
        code, period = row[self.field_name], row[self.period_field]
        year = period.year if isinstance(period, date) else period
        if code is None or existed(str(code), year):
            return
        when = f" ({year})" if year else ""
        note = f"no region code of GB/T 2260{when}"
        expected = f"GB/T 2260{when}"
        yield self.cell_error(RegionInvalidError, row, self.field_name, note, expected)

    def doubt(self, columns: Mapping[str, Column]) -> pl.Expr | None:
        """Doubt codes that were not valid throughout, and those of early years."""
        column, period = columns[self.field_name], columns[self.period_field]
        steady = pl.col(column.name).is_in(steady_codes())
        recent = period.missing | (pl.col(period.name).str.slice(0, 4) >= str(_STEADY_SINCE))
        return ~(column.missing | (steady & recent).fill_null(value=False))


@cache
def steady_codes() -> tuple[str, ...]:
    """Return the codes that are valid without a break since ``_STEADY_SINCE``."""
    return (
        NATION,
        *(
            province + county
            for _, province, _, _, counties in numdb.get("cn/loc").prefixes
            for _, county, _, properties, _ in counties
            if _is_steady(properties["county"])
        ),
    )


def _is_steady(entry: str) -> bool:
    begun, _, ended = entry[1:].partition("]")[0].partition("-")
    return not entry.startswith("[") or (
        "," not in entry and not ended and begun.isdigit() and int(begun) <= _STEADY_SINCE
    )


@lru_cache(maxsize=65536)
def existed(code: str, year: int | None) -> bool:
    """Say whether a region code was valid in a year, or ever; the province's must have been too.

    >>> existed("450205", 2017), existed("450205", 1970), existed("320193", 2020)
    (True, False, False)
    """
    if code == NATION:
        return True
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return False
    names = [properties for _, properties in numdb.get("cn/loc").info(code)]
    if not names or not all(names) or len(names) < 2:
        return False
    return any(_valid(each, year) for each in names[-1]["county"].split(","))


def _valid(entry: str, year: int | None) -> bool:
    """Say whether one name of a code, ``[1983-2003]新城区``, was valid in a year."""
    if year is None or not entry.startswith("["):
        return True
    begun, _, ended = entry[1:].partition("]")[0].partition("-")
    return (not begun or int(begun) <= year) and (not ended or year <= int(ended))


@attrs.define(kw_only=True, repr=False)
class ProjectCodeCheck(RuleCheck):
    """One ``aspect`` of a project's code.

    ``form``: it has the form in force when it was given. ``region``: its region existed then
    (new areas use codes of their own: a caution). ``procedure``: what an older code says of the
    kind of approval is what ``approvalField`` says.
    """

    type = "project-code"
    Errors: ClassVar[ErrorTypes] = [ProjectCodeError]

    field_name: str
    aspect: str = "form"
    approval_field: str | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["fieldName"],
        "properties": {
            "fieldName": _ONE,
            "aspect": {"enum": ["form", "region", "procedure"]},
            "approvalField": _ONE,
        },
    }

    def named_fields(self) -> tuple[str, ...]:
        """Return the code's column, and that of the kind of approval."""
        return (self.field_name, *((self.approval_field,) if self.approval_field else ()))

    def needed_fields(self) -> tuple[str, ...]:
        """Return the code's column."""
        return (self.field_name,)

    def judge_row(self, row: Row) -> Iterator[Error]:
        """Take the code apart; one without a form has no other aspect."""
        text = row[self.field_name]
        if text is None:
            return
        code = read_project_code(text)
        expected = None
        if code is None:
            expected = "YYYY-RRRRRR-II-0K-NNNNNN / YYMM-RRRRRR-DD-0K-NNNNNC"
            expected = expected if self.aspect == "form" else None
        elif self.aspect == "region" and not existed(code.region, code.year):
            expected = f"GB/T 2260 ({code.year})"
        elif self.aspect == "procedure" and code.form is Form.YEAR and self.approval_field:
            stated = row[self.approval_field]
            if code.procedure is not None and stated is not None and stated != code.procedure:
                expected = f"{self.approval_field} = {code.procedure}"
        if expected is not None:
            note = f"the code should have: {expected}"
            yield self.cell_error(ProjectCodeError, row, self.field_name, note, expected)
