"""Numbers of a contract: bounds within what is stored exactly, units, and what may be added."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from opendata.domain.contracts import Field
from opendata.tabular.contract.faults import COLLECTION, SCHEMA, Faults

_INT64 = 2**63
_DIGITS = 38


def check_bounds(name: str, raw: Mapping[str, Any], faults: Faults) -> None:
    """Integers have bounds within 64 bits; numbers such that 38 digits hold them exactly."""
    kind = raw["type"]
    places = raw.get("decimalPlaces")
    if kind != "number" and places is not None:
        faults.add(SCHEMA, name, "decimalPlaces 只用于 number", "decimalPlaces is for numbers only")
    if kind not in ("integer", "number"):
        return
    constraints = raw.get("constraints", {})
    bounds = [constraints.get("minimum"), constraints.get("maximum")]
    allowed = (int,) if kind == "integer" else (int, float)
    if any(isinstance(each, bool) or not isinstance(each, allowed) for each in bounds):
        faults.add(
            SCHEMA,
            name,
            "须有 minimum 和 maximum",
            "minimum and maximum are required",
        )
        return
    numbers = [Decimal(str(each)) for each in bounds]
    if kind == "integer":
        if any(not -_INT64 <= each < _INT64 for each in numbers):
            faults.add(SCHEMA, name, "上下限超出 64 位整数", "the bounds exceed 64 bits")
        return
    if isinstance(places, bool) or not isinstance(places, int) or places < 0:
        faults.add(SCHEMA, name, "缺少 decimalPlaces", "decimalPlaces is missing")
    elif max(len(format(abs(int(each)), "d")) for each in numbers) + places > _DIGITS:
        faults.add(
            SCHEMA,
            name,
            f"整数位数加小数位数超过 {_DIGITS}",
            f"digits before and after the point exceed {_DIGITS}",
        )


def check_quantity(name: str, raw: Mapping[str, Any], faults: Faults) -> None:
    """A unit is given once, and only numbers have units and measures."""
    given = [key for key in ("unit", "unitField", "measure") if key in raw]
    if not given:
        return
    if raw["type"] not in ("integer", "number"):
        faults.add(
            SCHEMA,
            name,
            f"{'、'.join(given)} 只用于数值字段",
            f"{', '.join(given)}: only numbers have them",
        )
    if any(not isinstance(raw[key], str) or not raw[key] for key in given):
        faults.add(
            SCHEMA,
            name,
            f"{'、'.join(given)} 应为非空文字",
            f"{', '.join(given)} must be non-empty text",
        )
    if ("unit" in raw) == ("unitField" in raw):
        faults.add(
            SCHEMA,
            name,
            "有 measure 的数值须声明 unit 或 unitField 之一，且只能一个",
            "a number with a measure declares either unit or unitField",
        )


def check_units(fields: Mapping[str, Field], measures: Mapping[str, Any], faults: Faults) -> None:
    """The column that holds a unit is a required text; a measure is declared."""
    for field in fields.values():
        if field.measure is not None and field.measure not in measures:
            faults.add(
                SCHEMA,
                field.name,
                f"measure {field.measure} 未在 {COLLECTION} 的 [measures] 中声明",
                f'measure "{field.measure}" is not declared in [measures] of {COLLECTION}',
            )
        if field.unit_field is None:
            continue
        holder = fields.get(field.unit_field)
        if holder is None or holder.type != "string" or not holder.required:
            faults.add(
                SCHEMA,
                field.name,
                f"unitField {field.unit_field} 应为必填的文字字段",
                f'unitField "{field.unit_field}" must be a required string field',
            )
