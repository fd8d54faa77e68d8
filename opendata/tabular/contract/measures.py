"""``[measures]`` of ``collection.toml``: within what the values of a column may be added up."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from opendata.domain.contracts import Also, Field, Measure
from opendata.domain.errors import Text
from opendata.tabular.contract.faults import COLLECTION, SCHEMA, Faults
from opendata.tabular.contract.shapes import is_texts

_KEYS = frozenset(("text", "within", "never", "also"))
_ALSO_KEYS = frozenset(("where", "within"))


def read_measures(settings: Mapping[str, Any]) -> dict[str, Measure]:
    """Return the measures that were found to be sound."""
    return {name: _measure(each) for name, each in settings.get("measures", {}).items()}


def _measure(raw: Mapping[str, Any]) -> Measure:
    return Measure(
        text=Text(*raw["text"]),
        within=tuple(raw["within"]),
        never=_values(raw.get("never", {})),
        also=tuple(
            Also(field, values, tuple(each["within"]))
            for each in raw.get("also", [])
            for field, values in _values(each["where"]).items()
        ),
    )


def _values(raw: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in raw.items()}


def check_form(measures: Mapping[str, Any], faults: Faults) -> None:
    """Check that every measure is a table, with its words and its columns."""
    for name, raw in measures.items():
        place = f"measures.{name}"
        if not isinstance(raw, dict):
            zh, en = "应为表：text、within 等", "must be a table with text, within and so on"
            faults.add(COLLECTION, place, zh, en)
            continue
        for key in sorted(set(raw) - _KEYS):
            faults.add(COLLECTION, f"{place}.{key}", "不认识的项", "unknown key")
        if not is_texts(raw.get("text")) or len(raw["text"]) != 2:
            faults.add(
                COLLECTION, f"{place}.text", "应为 [中文, 英文]", "must be [Chinese, English]"
            )
        if not is_texts(raw.get("within")):
            faults.add(COLLECTION, f"{place}.within", *_LIST)
        if not _is_choice(raw.get("never", {})):
            faults.add(COLLECTION, f"{place}.never", *_CHOICE)
        _check_also(place, raw.get("also", []), faults)


_LIST = Text("应为字段名的列表", "must be a list of field names")
_CHOICE = Text("应为 {字段 = [值, …]}", "must be {field = [value, …]}")


def _check_also(place: str, also: Any, faults: Faults) -> None:
    sound = isinstance(also, list) and all(
        isinstance(each, dict)
        and set(each) == _ALSO_KEYS
        and _is_choice(each["where"])
        and len(each["where"]) == 1
        and is_texts(each["within"])
        for each in also
    )
    if not sound:
        zh = "应为 [{where = {字段 = [值, …]}, within = [字段, …]}, …]"
        en = "must be [{where = {field = [value, …]}, within = [field, …]}, …]"
        faults.add(COLLECTION, f"{place}.also", zh, en)


def _is_choice(value: Any) -> bool:
    return isinstance(value, dict) and all(is_texts(each) and each for each in value.values())


def check_measures(
    settings: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults
) -> None:
    """Check that a measure names published columns, and among them the unit of what it measures."""
    hidden = settings.get("personal", {})
    published = {name: each for name, each in fields.items() if name not in hidden}
    for name, measure in read_measures(settings).items():
        place = f"measures.{name}"
        for column in sorted({*_named(measure)} - set(published)):
            zh, en = f"没有公开字段 {column}", f"no published field {column}"
            faults.add(COLLECTION, place, zh, en)
        _check_values(place, measure, published, faults)
    _check_units(published.values(), read_measures(settings), faults)


def _named(measure: Measure) -> Iterator[str]:
    yield from measure.within
    yield from measure.never
    for each in measure.also:
        yield from (each.field, *each.within)


def _check_values(
    place: str, measure: Measure, published: Mapping[str, Field], faults: Faults
) -> None:
    choices = [*measure.never.items(), *((each.field, each.values) for each in measure.also)]
    for column, values in choices:
        field = published.get(column)
        if field is None:
            continue
        if field.type != "string":
            zh, en = f"{column} 应为文字字段", f"{column} must be a string field"
            faults.add(COLLECTION, place, zh, en)
        codes = [each.value for each in field.categories] or values
        for value in sorted(set(values) - set(codes)):
            zh, en = f"{column} 不会有值 {value}", f"{column} never has the value {value}"
            faults.add(COLLECTION, place, zh, en)


def _check_units(
    fields: Collection[Field], measures: Mapping[str, Measure], faults: Faults
) -> None:
    for field in fields:
        measure = measures.get(field.measure or "")
        if measure is None or field.unit_field is None or field.unit_field in measure.within:
            continue
        faults.add(
            SCHEMA,
            field.name,
            f"其单位字段 {field.unit_field} 不在 measures.{field.measure} 的 within 中",
            f'its unit "{field.unit_field}" is not among within of measures.{field.measure}',
        )
