"""``[[deadline_rules]]`` of ``collection.toml``: by when records are to be published."""

from collections.abc import Mapping
from typing import Any

from opendata.domain.contracts import DeadlineChoice, Field
from opendata.domain.deadlines import NoSuchRule, check_named
from opendata.tabular.contract.faults import COLLECTION, Faults

_KEYS = frozenset(("rule", "trigger_field", "where"))
_VALUES = {"string": str, "boolean": bool}


def read_deadlines(settings: Mapping[str, Any]) -> tuple[DeadlineChoice, ...]:
    """Return the rules that were found to be sound, in the order they are looked at."""
    return tuple(
        DeadlineChoice(
            rule=each["rule"],
            trigger_field=each.get("trigger_field"),
            where={name: tuple(values) for name, values in each.get("where", {}).items()},
        )
        for each in settings.get("deadline_rules", [])
    )


def check_deadlines(
    settings: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults
) -> None:
    """Check that rules exist, and that the columns they look at are published as they are."""
    tables = settings.get("deadline_rules", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        zh, en = "应写作 [[deadline_rules]]", "must be written [[deadline_rules]]"
        faults.add(COLLECTION, "deadline_rules", zh, en)
        return
    treated = settings.get("personal", {})
    shown = {name: each for name, each in fields.items() if name not in treated}
    for number, table in enumerate(tables, start=1):
        place = f"deadline_rules.{number}"
        for key in sorted(set(table) - _KEYS):
            faults.add(COLLECTION, f"{place}.{key}", "不认识的项", "unknown key")
        _check_rule(place, table.get("rule"), faults)
        _check_trigger(place, table, shown, faults)
        _check_where(place, table.get("where", {}), shown, faults)


def _check_rule(place: str, rule: object, faults: Faults) -> None:
    try:
        check_named(rule if isinstance(rule, str) else "")
    except NoSuchRule as refusal:
        faults.add(COLLECTION, f"{place}.rule", *refusal.detail)


def _check_trigger(
    place: str, table: Mapping[str, Any], shown: Mapping[str, Field], faults: Faults
) -> None:
    if "trigger_field" not in table:
        return
    field = shown.get(str(table["trigger_field"]))
    if field is None or field.type not in ("date", "year"):
        faults.add(
            COLLECTION,
            f"{place}.trigger_field",
            "应为原样公开的日期或年份字段",
            "must name a date or year field that is published as it is",
        )


def _check_where(place: str, where: object, shown: Mapping[str, Field], faults: Faults) -> None:
    if not isinstance(where, dict):
        zh, en = "应为 {字段 = [值, …]}", "must be {field = [value, …]}"
        faults.add(COLLECTION, f"{place}.where", zh, en)
        return
    for name, values in where.items():
        field = shown.get(name)
        if field is None or not _are_values(field, values):
            faults.add(
                COLLECTION,
                f"{place}.where.{name}",
                "应为原样公开的文字或是否字段，及其取值的列表",
                "must name a string or boolean field that is published as it is, and list values "
                "it can have",
            )


def _are_values(field: Field, values: object) -> bool:
    kind = _VALUES.get(field.type)
    if kind is None or not isinstance(values, list) or not values:
        return False
    known = {each.value for each in field.categories}
    return all(type(each) is kind and (not known or each in known) for each in values)
