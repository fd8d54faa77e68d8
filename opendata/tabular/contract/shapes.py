"""The bare shape of a contract's JSON, seen to before anything is read out of it."""

from collections.abc import Mapping
from typing import Any

from opendata.tabular.contract.faults import CAUTIONS, CHECKLIST, SCHEMA, Faults

_FIELD: Mapping[str, type] = {
    "name": str,
    "type": str,
    "format": str,
    "constraints": dict,
    "categories": list,
    "aliases": list,
}
_CONSTRAINTS: Mapping[str, type] = {
    "required": bool,
    "unique": bool,
    "pattern": str,
    "enum": list,
    "minLength": int,
    "maxLength": int,
}
_RULE: Mapping[str, type] = {"type": str, "name": str, "fieldName": str, "basis": str}
_SCALARS = (str, int, float)


def check_shapes(parsed: Mapping[str, Mapping[str, Any]], faults: Faults) -> None:
    """Check that lists are lists and texts are texts; what they say is checked elsewhere."""
    for number, field in enumerate(_objects(parsed, (SCHEMA, "fields"), faults), start=1):
        place = str(field.get("name", f"fields/{number}"))
        if "name" not in field or "type" not in field:
            faults.add(SCHEMA, place, "缺少 name 或 type", "name or type is missing")
        _check_kinds((SCHEMA, place), field, _FIELD, faults)
        constraints = field.get("constraints", {})
        if isinstance(constraints, dict):
            _check_kinds((SCHEMA, place), constraints, _CONSTRAINTS, faults)
            _check_enum(place, constraints.get("enum", []), faults)
    key = parsed[SCHEMA].get("primaryKey", [])
    if not is_texts(key):
        faults.add(SCHEMA, "primaryKey", "应为字段名的列表", "must be a list of field names")
    unique = parsed[SCHEMA].get("uniqueKeys", [])
    if not isinstance(unique, list) or not all(is_texts(each) and each for each in unique):
        faults.add(
            SCHEMA, "uniqueKeys", "应为字段名列表的列表", "must be a list of lists of field names"
        )
    for file in (CHECKLIST, CAUTIONS):
        for number, rule in enumerate(_objects(parsed, (file, "checks"), faults), start=1):
            _check_kinds((file, f"checks/{number}"), rule, _RULE, faults)


def is_texts(value: Any) -> bool:
    """Whether something read from a file is a list of texts."""
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _objects(
    parsed: Mapping[str, Mapping[str, Any]], where: tuple[str, str], faults: Faults
) -> list[dict[str, Any]]:
    file, key = where
    found = parsed[file].get(key)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        faults.add(file, key, "应为对象的列表", "must be a list of objects")
        return []
    return found


def _check_kinds(
    where: tuple[str, str], found: Mapping[str, Any], kinds: Mapping[str, type], faults: Faults
) -> None:
    for key, kind in kinds.items():
        value = found.get(key)
        if key in found and (
            not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        ):
            faults.add(*where, f"{key} 的类型不对", f'"{key}" must be of type {kind.__name__}')


def _check_enum(place: str, codes: Any, faults: Faults) -> None:
    if not isinstance(codes, list) or not all(isinstance(each, _SCALARS) for each in codes):
        faults.add(SCHEMA, place, "enum 应为值的列表", "enum must be a list of plain values")
