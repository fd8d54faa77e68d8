"""The full grid of a statutory form: every cell of it is given."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs
import polars as pl
from frictionless import Error

from opendata.tabular.certify.model import Column
from opendata.tabular.certify.tables.grid import Cells, doubtful_grids
from opendata.tabular.checks.errors import ErrorTypes
from opendata.tabular.checks.groups import NAMES, GroupCheck
from opendata.tabular.checks.table import Member, Statement
from opendata.tabular.checks.table_errors import GridIncompleteError


@attrs.define(kw_only=True, repr=False)
class GridCheck(GroupCheck):
    """A group that has one cell of a form has all of them.

    ``blocks`` are the form's parts: each says which ``rows`` (values of ``rowField``) have which
    ``columns`` (values of ``columnField``). One error names all missing cells of a form's row.
    """

    type = "grid"
    Errors: ClassVar[ErrorTypes] = [GridIncompleteError]

    row_field: str
    column_field: str
    blocks: list[Mapping[str, list[str]]]

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "required": ["rowField", "columnField", "blocks"],
        "properties": {
            "rowField": {"type": "string"},
            "columnField": {"type": "string"},
            "blocks": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["rows", "columns"],
                    "properties": {"rows": NAMES, "columns": NAMES},
                    "additionalProperties": False,
                },
            },
        },
    }

    def own_fields(self) -> tuple[str, ...]:
        """Return the columns that say which cell of the form a row is."""
        return (self.row_field, self.column_field)

    @property
    def form(self) -> dict[str, list[str]]:
        """The columns of each row of the form, in its order."""
        found: dict[str, list[str]] = {}
        for block in self.blocks:
            for row in block["rows"]:
                found.setdefault(row, []).extend(block["columns"])
        return found

    def judge_group(self, group: str, members: list[Member]) -> Iterator[Error]:
        """Report each row of the form that lacks cells."""
        given: dict[str, list[Member]] = {}
        there = set()
        for member in members:
            row, column = member.values[self.row_field], member.values[self.column_field]
            given.setdefault(row, []).append(member)
            there.add((row, column))
        for row, columns in self.form.items():
            missing = [column for column in columns if (row, column) not in there]
            if missing:
                said = Statement(
                    relation=row,
                    expected=row,
                    found=", ".join(missing),
                    group=group,
                    field=self.column_field,
                )
                yield self.table_error(GridIncompleteError, given.get(row) or members[:1], said)

    def doubtful(self, frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.Series | None:
        """Count the different cells of each form at once."""
        cells = Cells(
            self.row_field,
            self.column_field,
            [(row, column) for row, names in self.form.items() for column in names],
        )
        return doubtful_grids(frame, columns, self.grouping(), cells)
