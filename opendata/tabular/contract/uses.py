"""What our rules over several rows, or over codes, may be declared on: columns, items, lengths."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from opendata.domain.contracts import Field
from opendata.domain.errors import Text
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.codes import CategoriesCheck, ProjectCodeCheck
from opendata.tabular.checks.grid import GridCheck
from opendata.tabular.checks.identity import IdentityCheck
from opendata.tabular.checks.rollup import DepthCheck, RollupCheck
from opendata.tabular.checks.share import ShareCheck
from opendata.tabular.checks.table import TableCheck
from opendata.tabular.checks.unique import UniqueKeysCheck

_KEYS = ("string", "integer", "year", "date")
_FIGURES = ("number", "integer")
# Of which types a column must be that a rule's attribute names.
_TYPES: Mapping[str, tuple[str, ...]] = {
    "item_field": ("string",),
    "side_field": ("string",),
    "code_field": ("string",),
    "row_field": ("string",),
    "column_field": ("string",),
    "region_field": ("string",),
    "stage_field": ("string",),
    "approval_field": ("string",),
    "reason_field": ("string",),
    "group_by": _KEYS,
    "value_field": _FIGURES,
    "value_fields": _FIGURES,
    "amount_field": _FIGURES,
    "year_field": ("year", "integer"),
    "period_field": ("year", "date"),
    "date_field": ("date",),
    "unit_field": ("string",),
    "start_field": ("date",),
}
# The same where a name means something else in other rules.
_OWN_TYPES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("sum", "field_name"): _FIGURES,
    ("sum", "parts"): _FIGURES,
    ("window", "field_name"): ("date",),
    ("at-most", "field_name"): _FIGURES,
    ("term-order", "field_name"): ("string",),
    ("term-order", "other"): ("string",),
    ("categories", "field_name"): ("string",),
    ("region-code", "field_name"): ("string",),
    ("project-code", "field_name"): ("string",),
    ("stated-amount", "field_name"): ("string",),
    ("continuity", "period_field"): ("year",),
}
# Which attributes hold values of which column.
_ITEMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "identity": (("parts", "item_field"), ("stated", "item_field")),
    "balance": (("incoming", "side_field"), ("outgoing", "side_field")),
    "stage-order": (("stages", "stage_field"),),
    "continuity": tuple((each, "item_field") for each in ("now", "before", "added", "removed")),
}
# What these name is a column of another collection.
_ELSEWHERE = {("count-elsewhere", "date_field")}


def misused(check: RuleCheck, fields: Mapping[str, Field]) -> Iterator[Text]:
    """Yield what would make a rule silently true or false for every table."""
    yield from _wrong_types(check, fields)
    yield from _unknown_items(check, fields)
    if isinstance(check, IdentityCheck) and len(check.slots) < len(
        list(_flat([*check.parts, *check.stated]))
    ):
        yield Text("同一项出现两次", "an item occurs twice")
    if isinstance(check, RollupCheck | DepthCheck) and check.lengths != sorted(set(check.lengths)):
        yield Text("lengths 应由短到长", "lengths must go from short to long")
    if isinstance(check, DepthCheck) and check.depth not in check.lengths:
        yield Text("depth 应是 lengths 之一", "depth must be one of lengths")
    if isinstance(check, ProjectCodeCheck) and (check.aspect == "procedure") != bool(
        check.approval_field
    ):
        yield Text(
            "approvalField 与 aspect procedure 须同时使用",
            "approvalField and the aspect procedure go together",
        )


def hidden_columns(check: RuleCheck, personal: Iterable[str]) -> list[str]:
    """Return the columns of personal data that a rule over several rows names.

    A table that is added to its current release is judged laid over it, and what was dropped
    is not there, nor what was treated as it was sent in.
    """
    named = check.named_fields() if isinstance(check, TableCheck) else ()
    return [name for name in named if name in set(personal)]


def unenforced_categories(checks: Sequence[Any], fields: Mapping[str, Field]) -> Iterator[str]:
    """Yield the columns whose categories neither an ``enum`` nor a rule enforces exactly."""
    enforced = {
        each.field_name: each.values for each in checks if isinstance(each, CategoriesCheck)
    }
    for field in fields.values():
        declared = sorted(each.value for each in field.categories)
        by_rule = sorted(enforced.get(field.name, ()))
        owed = bool(declared) and "enum" not in field.constraints
        if by_rule != declared and (by_rule or owed):
            yield field.name


def unique_keys(checks: Sequence[Any]) -> list[list[str]]:
    """Return all keys that rules keep unique."""
    return [key for each in checks if isinstance(each, UniqueKeysCheck) for key in each.keys]


def _wrong_types(check: RuleCheck, fields: Mapping[str, Field]) -> Iterator[Text]:
    for attribute in sorted({*_TYPES, *(name for _, name in _OWN_TYPES)}):
        if (check.type, attribute) in _ELSEWHERE:
            continue
        kinds = _OWN_TYPES.get((check.type, attribute), _TYPES.get(attribute))
        named = getattr(check, attribute, None)
        if kinds is None or named is None:
            continue
        for name in [named] if isinstance(named, str) else named:
            if name in fields and fields[name].type not in kinds:
                yield Text(
                    f"{name} 应为以下类型之一：{'、'.join(kinds)}",
                    f"{name} must be of type {' or '.join(kinds)}",
                )


def _unknown_items(check: RuleCheck, fields: Mapping[str, Field]) -> Iterator[Text]:
    if getattr(check, "headings", False):
        return
    named = [
        (fields[getattr(check, column)], item)
        for items, column in _ITEMS.get(check.type, ())
        for item in _flat(getattr(check, items))
    ]
    if isinstance(check, GridCheck):
        for block in check.blocks:
            named += [(fields[check.row_field], row) for row in block["rows"]]
            named += [(fields[check.column_field], column) for column in block["columns"]]
    if isinstance(check, ShareCheck):
        named += [(fields[check.item_field], item) for item in sorted(check.items)]
    for field, item in named:
        if not _may_be(field, item):
            yield Text(f"{field.name} 不会有值 {item}", f"{field.name} never has the value {item}")


def _may_be(field: Field, item: str) -> bool:
    codes = field.constraints.get("enum")
    pattern = field.constraints.get("pattern")
    return (codes is None or item in codes) and (
        pattern is None or re.fullmatch(pattern, item) is not None
    )


def _flat(items: Iterable[str | list[str]]) -> Iterator[str]:
    for item in items:
        yield from [item] if isinstance(item, str) else item
