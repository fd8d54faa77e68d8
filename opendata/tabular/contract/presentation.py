"""``collection.toml`` of a contract: what it is called, and how it is published."""

from collections.abc import Mapping
from typing import Any

from opendata.domain.contracts import Field, Mode, PeriodKind
from opendata.domain.treatments import Treatment
from opendata.tabular.contract.faults import COLLECTION, SCHEMA, Faults
from opendata.tabular.contract.measures import check_form
from opendata.tabular.contract.personal import check_handlings
from opendata.tabular.contract.shapes import is_texts

_REQUIRED_TEXTS = ("title", "title_en", "description", "description_en", "publisher_field")
_OPTIONAL_TEXTS = ("period_field", "window_field", "window_rule_field")
KEYS = frozenset(
    (
        *(*_REQUIRED_TEXTS, *_OPTIONAL_TEXTS, "period", "mode", "default_sort", "searchable"),
        *("licence", "personal", "persons", "measures", "chart", "reading"),
        "deadline_rules",
    )
)
_READING = ("notes", "totals")


def check_shape(settings: Mapping[str, Any], faults: Faults) -> None:
    """Check that everything is there and of the right kind."""
    for key in sorted(set(settings) - KEYS):
        faults.add(COLLECTION, key, "不认识的项", "unknown key")
    for key in (*_REQUIRED_TEXTS, *_OPTIONAL_TEXTS):
        value = settings.get(key, "" if key in _REQUIRED_TEXTS else "-")
        if not isinstance(value, str) or not value.strip():
            faults.add(COLLECTION, key, "缺少此项，或不是文字", "is missing or no text")
    for key in ("default_sort", "searchable", "persons"):
        if not is_texts(settings.get(key, [] if key == "persons" else None)):
            faults.add(COLLECTION, key, "应为字段名的列表", "must be a list of field names")
    for key, kind in (("period", PeriodKind), ("mode", Mode)):
        choices = [str(each) for each in kind]
        if settings.get(key) not in choices:
            joined = " / ".join(choices)
            faults.add(COLLECTION, key, f"应为 {joined} 之一", f"must be one of {joined}")
    _check_tables(settings, faults)


def _check_tables(settings: Mapping[str, Any], faults: Faults) -> None:
    licence = settings.get("licence")
    if not isinstance(licence, dict) or not all(
        isinstance(licence.get(key), str) for key in ("name", "path", "title")
    ):
        faults.add(
            COLLECTION, "licence", "须有 name、path、title", "name, path and title are required"
        )
    for key in ("personal", "measures", "chart", "reading"):
        if not isinstance(settings.get(key, {}), dict):
            faults.add(COLLECTION, key, "应为表", "must be a table")
            return
    check_form(settings.get("measures", {}), faults)
    _check_reading(settings.get("reading", {}), faults)
    check_handlings(settings.get("personal", {}), faults)


def _check_reading(reading: Mapping[str, Any], faults: Faults) -> None:
    for rule, said in reading.items():
        if rule not in _READING or said != "strip":
            faults.add(
                COLLECTION,
                f"reading.{rule}",
                '只能写 notes = "strip"、totals = "strip"',
                'there are only notes = "strip" and totals = "strip"',
            )


def check_columns(
    settings: Mapping[str, Any],
    fields: Mapping[str, Field],
    primary_key: tuple[str, ...],
    faults: Faults,
) -> None:
    """Check that every column it names exists, is published, and can serve the purpose."""
    personal = settings.get("personal", {})
    for name in sorted(set(personal) - set(fields)):
        faults.add(COLLECTION, f"personal.{name}", "没有这个字段", "there is no such field")
    dropped = {name for name, each in personal.items() if each == Treatment.DROP}
    published = {name: field for name, field in fields.items() if name not in dropped}
    _check_key(primary_key, published, faults)
    for field in published.values():
        if field.unit_field in personal:
            faults.add(
                SCHEMA,
                field.name,
                f"单位所在的字段 {field.unit_field} 不公开，或公布前已处理",
                f'its unit is in "{field.unit_field}", which is not published as it is',
            )
    for key in ("default_sort", "searchable", "persons", "chart"):
        value = settings.get(key, [])
        for name in value.values() if isinstance(value, dict) else value:
            if str(name).removeprefix("-" if key == "default_sort" else "") not in published:
                faults.add(COLLECTION, key, f"没有公开字段 {name}", f"no published field {name}")
    _check_roles(settings, published, faults)


def _check_key(key: tuple[str, ...], published: Mapping[str, Field], faults: Faults) -> None:
    if not key or len(set(key)) != len(key):
        faults.add(SCHEMA, "primaryKey", "缺少主键，或有重复", "missing, or a name occurs twice")
    for name in key:
        field = published.get(name)
        if field is None:
            faults.add(
                SCHEMA,
                "primaryKey",
                f"主键字段 {name} 不存在或不公开",
                f'"{name}" does not exist or is not published',
            )
        elif not field.required or field.type in ("number", "boolean", "datetime"):
            faults.add(
                SCHEMA,
                "primaryKey",
                f"主键字段 {name} 应必填，且为文字、整数、日期或年份",
                f'"{name}" must be required, and a string, integer, date or year',
            )


def _check_roles(
    settings: Mapping[str, Any], published: Mapping[str, Field], faults: Faults
) -> None:
    roles: list[tuple[str, tuple[str, ...]]] = [("publisher_field", ("string",))]
    if settings["period"] == PeriodKind.ROLLING:
        if "period_field" in settings:
            faults.add(
                COLLECTION, "period_field", "滚动数据没有时段字段", "a rolling period has no field"
            )
    elif settings["period"] == PeriodKind.YEAR:
        roles.append(("period_field", ("year", "integer", "date", "string")))
    else:
        roles.append(("period_field", ("date", "string")))
    if "window_field" in settings:
        roles.append(("window_field", ("date",)))
    _check_rule_field(settings, published, faults)
    for key, kinds in roles:
        field = published.get(str(settings.get(key)))
        if field is None or field.type not in kinds or not field.required:
            faults.add(
                COLLECTION,
                key,
                f"应为公开的必填字段，类型为 {'/'.join(kinds)}",
                f"must name a published, required field of type {'/'.join(kinds)}",
            )


def _check_rule_field(
    settings: Mapping[str, Any], published: Mapping[str, Field], faults: Faults
) -> None:
    if "window_rule_field" not in settings:
        return
    field = published.get(str(settings["window_rule_field"]))
    if "window_field" not in settings or field is None or field.type != "string":
        faults.add(
            COLLECTION,
            "window_rule_field",
            "应与 window_field 同时写明，并为公开的文字字段",
            "goes with window_field, and must name a published field of type string",
        )
