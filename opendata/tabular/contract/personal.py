"""``[personal]`` of ``collection.toml``: which columns are treated how, and whether they can be."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opendata.domain.contracts import Field
from opendata.domain.errors import Text
from opendata.domain.treatments import HASHABLE, LEVELS, Handling, Level, Treatment
from opendata.tabular.checks.codes import RegionCodeCheck
from opendata.tabular.contract.faults import COLLECTION, Faults

_REGIONS = (Level.PROVINCE, Level.CITY)
# Columns that a record is known, attributed or ended by.
_NEEDED = ("publisher_field", "period_field", "window_field")
_Columns = tuple[Mapping[str, Field], tuple[str, ...]]


def read_handlings(declared: Mapping[str, Any]) -> dict[str, Handling]:
    """Return how each column is treated, after it was checked."""
    return {name: _handling(each) for name, each in declared.items()}


def check_handlings(declared: Mapping[str, Any], faults: Faults) -> None:
    """Check the form of what is declared."""
    levels = "、".join(Level)
    for name, each in declared.items():
        try:
            _handling(each)
        except (KeyError, TypeError, ValueError):
            faults.add(
                COLLECTION,
                f"personal.{name}",
                f'不支持的处理方式 {each}；可用 "drop"、"mask"、"hash"，'
                f'或 {{treatment = "generalise", to = …}}，to 为 {levels} 之一',
                f'treatment {each!r} is not supported; there are "drop", "mask", "hash" and '
                f'{{treatment = "generalise", to = …}} with one of {", ".join(Level)}',
            )


def check_treated(
    settings: Mapping[str, Any],
    columns: _Columns,
    checks: Sequence[Mapping[str, Any]],
    faults: Faults,
) -> None:
    """Check that each treatment is exact for its column, and breaks nothing that needs it.

    ``columns`` are the fields by name and the primary key, ``checks`` the checklist's.
    """
    fields, key = columns
    regions = {each.get("fieldName") for each in checks if each.get("type") == RegionCodeCheck.type}
    needed = {*key, *(settings.get(each) for each in _NEEDED)}
    for name, handling in read_handlings(settings.get("personal", {})).items():
        field = fields.get(name)
        if field is None or handling.treatment is Treatment.DROP:
            continue
        found = [*_unfit(field, handling, regions)]
        if name in needed:
            found.append(_NOT_TREATED)
        if name in settings["searchable"] and handling.type_of(field.type) != "string":
            found.append(Text("处理后不再是文字，不能检索", "it is no text any more: no searching"))
        for each in found:
            faults.add(COLLECTION, f"personal.{name}", *each)


def _handling(declared: Any) -> Handling:
    """Read one declaration.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    if isinstance(declared, str):
        handling = Handling(Treatment(declared))
    else:
        if set(declared) != {"treatment", "to"}:
            raise KeyError
        handling = Handling(Treatment(declared["treatment"]), Level(declared["to"]))
    if (handling.treatment is Treatment.GENERALISE) is (handling.to is None):
        raise ValueError
    return handling


_NOT_TREATED = Text(
    "主键、公开主体、时段、公开期限各列用于标识和限期公开记录，只能原样公布",
    "the primary key, the publisher, the period and the window identify a record or end it: they "
    "are published as they are",
)
_FEW = Text(
    "取值有限的列，从出现次数即可看出原值，请用 drop",
    "a column of few values is told by how often they occur; use drop",
)


def _unfit(field: Field, handling: Handling, regions: set[Any]) -> Iterator[Text]:
    """Say why a column cannot be treated so, if it cannot."""
    if field.constraints.get("unique"):
        yield Text(
            "有 unique 约束的列不能处理：并入已发布的数据后无从核对",
            "a unique column cannot be treated: what it is added to could not be compared",
        )
    if handling.treatment is Treatment.GENERALISE:
        yield from _ungeneralisable(field, handling.to, regions)
        return
    kinds = HASHABLE if handling.treatment is Treatment.HASH else ("string",)
    if field.type not in kinds:
        yield Text(
            f"{handling.treatment} 只用于类型 {'、'.join(kinds)}",
            f"{handling.treatment} is for columns of type {' or '.join(kinds)}",
        )
    elif field.categories or "enum" in field.constraints:
        yield _FEW


def _ungeneralisable(field: Field, to: Level | None, regions: set[Any]) -> Iterator[Text]:
    if to not in LEVELS.get(field.type, ()):
        yield Text(
            "只有日期可以只留年或年月，只有行政区划代码可以只留省或地级；"
            "地址、数值等不能准确概括，请用 drop",
            "only a date has a year or a month, only a region code a province or a city; "
            "addresses, numbers and the like cannot be generalised exactly: use drop",
        )
    elif to in _REGIONS and field.name not in regions:
        yield Text(
            "只留省或地级的列须有 region-code 规则，保证其值都是行政区划代码",
            "it needs a region-code rule in the checklist, or its values may be anything",
        )
