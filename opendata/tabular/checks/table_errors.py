"""The errors of rules that need more than one row: they name rows, not cells.

Figures are texts with the digits they were written with.
"""

from typing import Any, ClassVar

import attrs
from frictionless import errors

_ROW_NUMBERS: dict[str, Any] = {"type": "array", "items": {"type": "integer"}}


@attrs.define(kw_only=True, repr=False)
class RuleTableError(errors.TableError):
    """Rows that belong together break one of our rules.

    ``row_number`` is the row of the stated total, or the first one concerned; ``row_numbers`` are
    all rows of the relation that the file has; ``released`` says how many more of its rows are in
    the dataset's current release; ``group`` says what the rows have in common.
    """

    type = "rule-table-error"
    title = "Rule broken by several rows"
    description = "Rows that belong together break a rule of the contract."
    template = "{note}"

    rule: str | None = None
    basis: str | None = None
    field_name: str | None = None
    row_number: int | None = None
    row_numbers: list[int] | None = None
    released: int | None = None
    group: str | None = None
    relation: str | None = None
    expected: str | None = None
    found: str | None = None
    difference: str | None = None
    comparison: str | None = None

    metadata_profile_patch: ClassVar[dict[str, Any]] = {
        "properties": {
            "rule": {"type": "string"},
            "basis": {"type": "string"},
            "fieldName": {"type": "string"},
            "rowNumber": {"type": "integer"},
            "rowNumbers": _ROW_NUMBERS,
            "released": {"type": "integer"},
            "group": {"type": "string"},
            "relation": {"type": "string"},
            "expected": {"type": "string"},
            "found": {"type": "string"},
            "difference": {"type": "string"},
            "comparison": {"type": "string"},
        },
    }


class IdentityBrokenError(RuleTableError):
    """Stated figures do not add up as the table's form says (勾稽关系)."""

    type = "identity-broken"
    title = "Figures do not add up"
    description = "Sums of named items must be equal within a group."


class BalanceBrokenError(RuleTableError):
    """What comes in is not what goes out."""

    type = "balance-broken"
    title = "Out of balance"
    description = "What comes in must equal what goes out within a group."


class RollupBrokenError(RuleTableError):
    """A code's figure is not the sum of the codes below it."""

    type = "rollup-broken"
    title = "Not the sum of its parts"
    description = "The figure of a code must be the sum of the codes below it."


class ParentMissingError(RuleTableError):
    """A code is listed whose parent is not."""

    type = "parent-missing"
    title = "Parent code missing"
    description = "A code may only be listed together with its parent."


class NotDetailedError(RuleTableError):
    """A code is not broken down as far as it must be."""

    type = "not-detailed"
    title = "Not broken down"
    description = "A code must be broken down to the prescribed level."


class GridIncompleteError(RuleTableError):
    """A statutory table lacks cells."""

    type = "grid-incomplete"
    title = "Cells of the form missing"
    description = "Every cell of the prescribed form must be given."


class ContinuityBrokenError(RuleTableError):
    """What was carried over is not what the previous period carried forward."""

    type = "continuity-broken"
    title = "Not continued"
    description = "A period must begin with what the previous one ended with."


class ShareWrongError(RuleTableError):
    """A printed share is not its part of the total."""

    type = "share-wrong"
    title = "Wrong share"
    description = "A printed share must be part by total, rounded half up."


class KeyNotUniqueError(RuleTableError):
    """Rows agree in columns that must tell them apart."""

    type = "key-not-unique"
    title = "Not unique"
    description = "No two rows may agree in all of these columns."


class StageOrderError(RuleTableError):
    """A later stage came before an earlier one."""

    type = "stage-order"
    title = "Stages out of order"
    description = "The stages of one thing must follow each other."


class NotConstantError(RuleTableError):
    """A value differs between rows that are about one thing."""

    type = "not-constant"
    title = "Value differs"
    description = "Rows about one thing must agree in these columns."


class BoundElsewhereError(RuleTableError):
    """A figure contradicts what other published data says."""

    type = "bound-elsewhere"
    title = "Contradicts other data"
    description = "A figure must fit what is published elsewhere."


class KeyElsewhereError(RuleTableError):
    """Another dataset of the collection holds a record with this key."""

    type = "key-elsewhere"
    title = "Key in another dataset"
    description = "Primary keys are unique across the datasets of a collection."


TABLE_ERRORS: tuple[type[errors.Error], ...] = (
    IdentityBrokenError,
    BalanceBrokenError,
    RollupBrokenError,
    ParentMissingError,
    NotDetailedError,
    GridIncompleteError,
    ContinuityBrokenError,
    ShareWrongError,
    KeyNotUniqueError,
    StageOrderError,
    NotConstantError,
    BoundElsewhereError,
    KeyElsewhereError,
)
