"""Contracts: loaded from their four files, and refused where they cannot be enforced exactly."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import opendata
from opendata.domain.contracts import (
    Contract,
    Field,
    Licence,
    Mode,
    PeriodKind,
    Reading,
)
from opendata.domain.errors import Text
from opendata.tabular.checks.plugin import register
from opendata.tabular.contract.columns import read_columns
from opendata.tabular.contract.deadlines import check_deadlines, read_deadlines
from opendata.tabular.contract.faults import (
    CAUTIONS,
    CHECKLIST,
    COLLECTION,
    FILES,
    SCHEMA,
    Faults,
)
from opendata.tabular.contract.measures import check_measures, read_measures
from opendata.tabular.contract.names import COLLECTION_NAME, ROUTES, VERSION_NAME
from opendata.tabular.contract.numbers import check_units
from opendata.tabular.contract.personal import check_treated, read_handlings
from opendata.tabular.contract.presentation import check_columns, check_shape
from opendata.tabular.contract.rules import (
    check_categories,
    check_decimals,
    check_hidden,
    check_rule_names,
    check_unique_keys,
    read_rules,
)
from opendata.tabular.contract.shapes import check_shapes
from opendata.tabular.refusals import UnusableContract

__all__ = ["UnusableContract", "latest", "load", "load_all", "packaged_schemas"]


def packaged_schemas() -> Path:
    """Return the folder of the contracts that ship.

    It is beside the code in a wheel, at the root of the tree in a checkout.
    """
    package = Path(opendata.__file__).parent
    inside = package / "schemas"
    return inside if inside.is_dir() else package.parent / "schemas"


def load_all(*roots: Path) -> dict[str, Contract]:
    """Load the latest version of every collection under ``roots``, by collection.

    Raises:
        UnusableContract: one of them cannot be enforced exactly.
    """
    return {collection: load(folder) for collection, folder in latest(*roots).items()}


def latest(*roots: Path) -> dict[str, Path]:
    """Return the folder of the latest version of every collection under ``roots``, unread.

    A collection in a later root takes the place of one in an earlier root.
    """
    found: dict[str, Path] = {}
    for root in roots:
        for folder in sorted(each for each in root.iterdir() if each.is_dir()):
            versions = [
                (int(match[1]), each)
                for each in folder.iterdir()
                if (match := VERSION_NAME.fullmatch(each.name))
            ]
            if versions:
                found[folder.name] = max(versions)[1]
    return dict(sorted(found.items()))


def load(folder: Path) -> Contract:
    """Load the contract in ``folder`` (``…/<collection>/v<n>``).

    Raises:
        UnusableContract: with every fault found, each naming file, field and reason.
    """
    register()
    collection, version = folder.parent.name, folder.name
    faults = Faults(f"{collection}/{version}")
    _check_address(collection, version, faults)
    parsed = {name: _parse(folder / name, faults) for name in FILES}
    faults.check()
    check_shapes(parsed, faults)
    faults.check()
    settings = parsed[COLLECTION]
    fields = read_columns(parsed[SCHEMA], faults)
    check_shape(settings, faults)
    faults.check()
    by_name = {field.name: field for field in fields}
    key = tuple(parsed[SCHEMA].get("primaryKey", ()))
    check_columns(settings, by_name, key, faults)
    check_treated(settings, (by_name, key), parsed[CHECKLIST]["checks"], faults)
    check_units(by_name, settings.get("measures", {}), faults)
    check_measures(settings, by_name, faults)
    check_deadlines(settings, by_name, faults)
    _check_rules(parsed, by_name, faults)
    faults.check()
    return _contract(folder, parsed, fields)


def _check_address(collection: str, version: str, faults: Faults) -> None:
    if COLLECTION_NAME.fullmatch(collection) is None or collection in ROUTES:
        faults.add(
            "",
            "",
            f"数据类别不能叫“{collection}”：应为小写字母、数字和连字符，且不与网址路径同名",
            f'a collection may not be called "{collection}": lower-case letters, digits and '
            "hyphens, and none of the platform's own addresses",
        )
    if VERSION_NAME.fullmatch(version) is None:
        faults.add("", "", f"版本目录应如 v1，不是 {version}", f"{version!r} is no version like v1")


def _parse(path: Path, faults: Faults) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        parsed = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        faults.add(path.name, "", "文件读不到", f"cannot be read: {error.strerror}")
        return {}
    except ValueError as error:
        faults.add(path.name, "", f"格式有误：{error}", f"is malformed: {error}")
        return {}
    if not isinstance(parsed, dict):
        faults.add(path.name, "", "应为对象", "must be an object")
        return {}
    return parsed


def _check_rules(
    parsed: Mapping[str, Mapping[str, Any]], fields: Mapping[str, Field], faults: Faults
) -> None:
    settings = parsed[COLLECTION]
    checks = read_rules(CHECKLIST, parsed[CHECKLIST], fields, faults)
    cautions = read_rules(CAUTIONS, parsed[CAUTIONS], fields, faults)
    check_rule_names([*checks, *cautions], faults)
    check_decimals(checks, fields, faults)
    check_unique_keys(checks, parsed[SCHEMA].get("uniqueKeys", []), faults)
    check_categories(checks, fields, faults)
    check_hidden([*checks, *cautions], settings.get("personal", {}), faults)
    needed = {("agency", settings["publisher_field"])}
    if settings["period"] != PeriodKind.ROLLING:
        needed.add(("period", settings.get("period_field")))
    present = {(each.get("type"), each.get("fieldName")) for each in parsed[CHECKLIST]["checks"]}
    for kind, name in sorted(needed - present, key=str):
        faults.add(
            CHECKLIST,
            str(name),
            f"缺少规则 {kind}：否则一行可以冒充别的机关或时段",
            f"the rule {kind!r} on it is missing: a row could claim another agency or period",
        )


def _contract(
    folder: Path, parsed: Mapping[str, dict[str, Any]], fields: tuple[Field, ...]
) -> Contract:
    settings = parsed[COLLECTION]
    licence = settings["licence"]
    return Contract(
        collection=folder.parent.name,
        version=int(folder.name.removeprefix("v")),
        title=Text(settings["title"], settings["title_en"]),
        description=Text(settings["description"], settings["description_en"]),
        licence=Licence(licence["name"], licence["path"], licence["title"]),
        fields=fields,
        primary_key=tuple(parsed[SCHEMA]["primaryKey"]),
        period=PeriodKind(settings["period"]),
        period_field=settings.get("period_field"),
        mode=Mode(settings["mode"]),
        publisher_field=settings["publisher_field"],
        default_sort=tuple(settings["default_sort"]),
        searchable=tuple(settings["searchable"]),
        window_field=settings.get("window_field"),
        personal=read_handlings(settings.get("personal", {})),
        measures=read_measures(settings),
        table_schema=parsed[SCHEMA],
        checklist=parsed[CHECKLIST],
        cautions=parsed[CAUTIONS],
        digest=_digest(folder),
        reading=Reading(
            strip_notes="notes" in settings.get("reading", {}),
            strip_totals="totals" in settings.get("reading", {}),
        ),
        persons=tuple(settings.get("persons", ())),
        window_rule_field=settings.get("window_rule_field"),
        deadline_rules=read_deadlines(settings),
    )


def _digest(folder: Path) -> str:
    """Return the SHA-256 over the four files, each with its name and length before it."""
    digest = hashlib.sha256()
    for name in FILES:
        content = (folder / name).read_bytes()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
