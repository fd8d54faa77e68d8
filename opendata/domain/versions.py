"""Versions: what the number of a release says of how it differs from the one before.

Source: the Data Package recipe "Data Package Version" (https://datapackage.org/recipes/
data-package-version/), which reads Semantic Versioning for data.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FIRST = "1.0.0"
# What a field or a schema says to people alone.
_DESCRIPTIVE = frozenset({"title", "titleEn", "description", "descriptionEn", "example", "aliases"})
Schema = Mapping[str, Any]


class ContractChange(StrEnum):
    """What became of the contract's promises, as readers of the data see it."""

    SAME = "same"
    COMPATIBLE = "compatible"
    INCOMPATIBLE = "incompatible"


@dataclass(frozen=True, slots=True)
class Change:
    """How a release differs from the one before: its contract, and how many records came and went.

    Records that were corrected need no count: no release changes less than that.
    """

    contract: ContractChange = ContractChange.SAME
    added: int = 0
    removed: int = 0


def next_version(previous: str | None, change: Change) -> str:
    """Return the version of a release, given that of the one before (``None``: it is the first).

    Major: fields or their promises changed, or records are gone that others may cite. Minor:
    records came, or promises were loosened. Patch: values or words were corrected.

    >>> next_version("1.2.3", Change(added=5)), next_version("1.2.3", Change(added=5, removed=1))
    ('1.3.0', '2.0.0')
    """
    if previous is None:
        return FIRST
    major, minor, patch = map(int, previous.split("."))
    if change.contract is ContractChange.INCOMPATIBLE or change.removed:
        return f"{major + 1}.0.0"
    if change.contract is ContractChange.COMPATIBLE or change.added:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def contract_change(before: Schema, after: Schema) -> ContractChange:
    """Compare two Table Schemas of published data.

    A field that is new, gone, renamed or moved is incompatible, and so is whatever is not known to
    be harmless; words for people change nothing.
    """
    told = [_without(each, {"fields"}) for each in (before, after)]
    fields = [list(each["fields"]) for each in (before, after)]
    names = [[each["name"] for each in side] for side in fields]
    if told[0] != told[1] or names[0] != names[1]:
        return ContractChange.INCOMPATIBLE
    return _worst([_field_change(*pair) for pair in zip(*fields, strict=True)])


def _field_change(before: Schema, after: Schema) -> ContractChange:
    apart = {"constraints", "categories"}
    if _without(before, apart) != _without(after, apart):
        return ContractChange.INCOMPATIBLE
    held = [
        {**each.get("constraints", {}), "categories": _values(each.get("categories"))}
        for each in (before, after)
    ]
    return _worst(
        [
            _constraint_change(name, held[0].get(name), held[1].get(name))
            for name in sorted({*held[0], *held[1]})
        ]
    )


def _constraint_change(name: str, before: Any, after: Any) -> ContractChange:
    """Say whether one constraint promises as much as before; ``False`` promises nothing."""
    before, after = (None if each is False else each for each in (before, after))
    if before == after:
        return ContractChange.SAME
    if after is None:
        return ContractChange.COMPATIBLE
    is_looser = _LOOSER.get(name)
    if before is None or is_looser is None or type(before) is not type(after):
        return ContractChange.INCOMPATIBLE
    return ContractChange.COMPATIBLE if is_looser(before, after) else ContractChange.INCOMPATIBLE


def _has_all(before: Sequence[Any], after: Sequence[Any]) -> bool:
    return all(each in after for each in before)


def _is_lower(before: Any, after: Any) -> bool:
    return bool(after < before)


def _is_higher(before: Any, after: Any) -> bool:
    return bool(after > before)


# Of each constraint whose values can be compared: whether the later one admits all it did.
_LOOSER: Mapping[str, Callable[[Any, Any], bool]] = {
    "categories": _has_all,
    "enum": _has_all,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength"), _is_lower),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength"), _is_higher),
}


def _values(categories: Sequence[Any] | None) -> list[Any] | None:
    """Return the values of categories without their labels, which are words."""
    if categories is None:
        return None
    return [each["value"] if isinstance(each, Mapping) else each for each in categories]


def _without(described: Schema, names: set[str]) -> dict[str, Any]:
    return {name: each for name, each in described.items() if name not in _DESCRIPTIVE | names}


def _worst(found: Sequence[ContractChange]) -> ContractChange:
    order = list(ContractChange)
    return max(found, key=order.index, default=ContractChange.SAME)
