"""The query parameters of totals: what records are grouped by, and what is computed of groups."""

from collections.abc import Iterable

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.domain.queries.aggregates import (
    DEFAULT_GROUPS,
    MAX_GROUPS,
    MAX_KEYS,
    MAX_METRICS,
    MAX_PREFIX,
    Measuring,
    Part,
    measurings,
    parts,
)
from opendata.web.shapes import Doc

CONTROLS = ("group_by", "metrics", "group_sort", "q", "group_limit")

_GROUP_LIMIT: Doc = {
    "name": "limit",
    "description": "至多几组；meta.groups 为总组数 How many groups at most; meta.groups counts all",
    "schema": {"type": "integer", "minimum": 1, "maximum": MAX_GROUPS, "default": DEFAULT_GROUPS},
    "example": 20,
}


def shared() -> dict[str, Doc]:
    """Return the parameters that all collections share, by the name of their component."""
    return {"group_limit": _GROUP_LIMIT}


def own(contract: Contract) -> dict[str, Doc]:
    """Return the parameters that only this (published) contract has, by their own name."""
    fields = (*SYSTEM_FIELDS, *contract.fields)
    keys, metrics = _keys(fields), _metrics(fields)
    publisher = contract.publisher_field
    return {
        "group_by": {
            "name": "group_by",
            "description": "分组的字段，逗号分隔，至多四项；日期可按年、季、月，文字可按前若干字；"
            "不给则合为一组 What to group by, separated by commas, at most four: fields, years, "
            "quarters, months of dates, first characters of texts; all is one group without it",
            **_list(f"^(?:{keys})$", MAX_KEYS, [_key_shown(contract)]),
        },
        "metrics": {
            "name": "metrics",
            "description": "所求的指标，逗号分隔；不可相加的求和会被拒绝（422 not-additive） "
            "What is computed, separated by commas; a sum of what may not be added is refused",
            **_list(f"^(?:{metrics})$", MAX_METRICS, ["count", f"count_distinct({publisher})"]),
        },
        "group_sort": {
            "name": "sort",
            "description": "按所列的分组或指标排序，逗号分隔，前加 - 为降序；空值在后 "
            "What of the keys and metrics to sort by, - for descending; nulls come last",
            **_list(f"^-?(?:{keys}|{metrics})$", MAX_KEYS + MAX_METRICS, ["-count"]),
        },
    }


def _list(pattern: str, most: int, example: list[str]) -> Doc:
    schema: Doc = {
        "type": "array",
        "items": {"type": "string", "pattern": pattern},
        "minItems": 1,
        "maxItems": most,
        "uniqueItems": True,
    }
    return {"style": "form", "explode": False, "schema": schema, "example": example}


def _keys(fields: Iterable[Field]) -> str:
    """Write as a regular expression by what fields can be grouped."""
    found = [_any(fields)]
    of_dates = [each for each in fields if Part.YEAR in parts(each)]
    if of_dates:
        found.append(f"{_any(of_dates)}__(?:{Part.YEAR}|{Part.QUARTER}|{Part.MONTH})")
    of_texts = [each for each in fields if Part.PREFIX in parts(each)]
    found.append(f"{_any(of_texts)}__{Part.PREFIX}(?:[1-9]|1[0-9]|{MAX_PREFIX})")
    return "|".join(found)


def _metrics(fields: Iterable[Field]) -> str:
    found = [Measuring.COUNT.value]
    for measuring in Measuring:
        of = [each for each in fields if measuring in measurings(each)]
        if of:
            found.append(f"{measuring}\\({_any(of)}\\)")
    return "|".join(found)


def _any(fields: Iterable[Field]) -> str:
    return f"(?:{'|'.join(each.name for each in fields)})"


def _key_shown(contract: Contract) -> str:
    """Choose a key for the example: the years, which every collection has in some column."""
    dates = [each for each in contract.fields if Part.YEAR in parts(each)]
    return contract.period_field or (
        f"{dates[0].name}__{Part.YEAR}" if dates else contract.publisher_field
    )
