"""Contracts that somebody has changed, to be tried on what is published."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.tables import ROOT

Schema = dict[str, Any]


def changed_contract(folder: Path, collection: str, change: Callable[[Schema], None]) -> Path:
    """Copy a contract that ships into ``folder`` as its version 2, with its schema changed."""
    path = folder / collection / "v2"
    shutil.copytree(ROOT / "schemas" / collection / "v1", path)
    file = path / "table-schema.json"
    schema: Schema = json.loads(file.read_text("utf-8"))
    change(schema)
    file.write_text(json.dumps(schema, ensure_ascii=False), "utf-8")
    return path


def field_of(schema: Schema, name: str) -> dict[str, Any]:
    """Return the descriptor of a field, to be changed."""
    found: dict[str, Any] = next(each for each in schema["fields"] if each["name"] == name)
    return found


def nothing(_schema: Schema) -> None:
    """Change nothing."""


def stricter_maximum(schema: Schema) -> None:
    """Let no amount be over 600, in whatever unit."""
    field = field_of(schema, "amount_total")
    field["constraints"]["maximum"] = 600
    # A field's example has to fulfil its constraints.
    field["example"] = "599.5"


def narrower_enum(schema: Schema) -> None:
    """Take 万元 out of the units there may be."""
    field = field_of(schema, "unit")
    field["example"] = "元"
    field["constraints"]["enum"].remove("万元")
    field["categories"] = [each for each in field["categories"] if each["value"] != "万元"]


def new_required_column(schema: Schema) -> None:
    """Demand a column that nobody has sent in so far."""
    schema["fields"].append(
        {
            "name": "currency",
            "type": "string",
            "title": "币种",
            "titleEn": "Currency",
            "description": "金额的币种。",
            "descriptionEn": "The currency of the amounts.",
            "example": "CNY",
            "constraints": {"required": True, "maxLength": 3},
        }
    )
