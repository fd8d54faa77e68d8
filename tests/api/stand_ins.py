"""The API's description, cut to what a generator of requests can go through in a minute.

A collection has hundreds of filters, and a filter's behaviour follows from the type of its field
and its operator: one filter stands for all that are alike.
"""

import copy
import json
from typing import Any

from opendata.web import grouping
from opendata.web.negotiation import MEDIA_TYPES
from tests.tables import ROOT

Document = dict[str, Any]


def document() -> Document:
    """Return the committed description."""
    found: Document = json.loads((ROOT / "openapi" / "v1.json").read_text("utf-8"))
    return found


def with_stand_ins() -> Document:
    """Return the description with one filter of each kind, and schemas that say it all."""
    found = document()
    found["paths"] = {path: item for path, item in found["paths"].items() if _stands_in(path)}
    parameters = found["components"]["parameters"]
    taken: dict[str, set[str]] = {}
    for path, item in found["paths"].items():
        for operation in (item[method] for method in item if method != "parameters"):
            kept = [
                each
                for each in operation.pop("parameters", [])
                if _is_kept(each, parameters, taken.setdefault(_view(path), set()))
            ]
            if kept:
                operation["parameters"] = kept
            # A generator has no workbooks to send; any bytes at all are sent as octets.
            operation.get("requestBody", {}).get("content", {}).pop(MEDIA_TYPES["xlsx"], None)
    for parameter in parameters.values():
        _say_it_all(parameter["schema"])
    _say_what_an_application_needs(found["components"]["schemas"])
    _say_nothing_of_long_texts(found["components"]["schemas"])
    return found


def _say_what_an_application_needs(schemas: Document) -> None:
    """Say what depends on who asks, and that blanks are no words."""
    for name, needed in (
        ("Applicant", ["name", "id_document", "email"]),
        ("NeededInformation", ["information"]),
    ):
        schemas[name]["required"] = needed
        for each in needed:
            schemas[name]["properties"][each] = {"type": "string", "pattern": "^[a-z]{3,20}$"}


def _say_nothing_of_long_texts(schemas: Document) -> None:
    """Leave out the longest lengths: to think of one such text takes a generator seconds."""
    for schema in schemas.values():
        for each in schema.get("properties", {}).values():
            if each.get("maxLength", 0) > _LONG:
                del each["maxLength"]


_LONG = 1000
_CONTROLS = ("fields", "sort", "q", "facet", *grouping.CONTROLS)


def _stands_in(path: str) -> bool:
    """Whether a path is tried: the totals of one collection stand for those of all."""
    return "/aggregate" not in path or path.startswith("/api/v1/budgets/")


def _view(path: str) -> str:
    """Name what reads the filters of a path: all collections share two views, pages and files."""
    return "files" if path.endswith("}") else "pages"


def _is_kept(parameter: Document, parameters: Document, taken: set[str]) -> bool:
    name = parameter.get("$ref", "").rpartition("/")[2]
    if name == "cursor":  # signed: nobody but the platform can make one up
        return False
    _, _, filtered = name.partition(".")
    if not filtered or filtered in _CONTROLS:
        return True
    schema = copy.deepcopy(parameters[name]["schema"])
    kind = json.dumps(
        [filtered.rpartition("__")[2] if "__" in filtered[1:] else "", _plain(schema)]
    )
    if kind in taken:
        return False
    taken.add(kind)
    return True


def _plain(schema: Document) -> list[Any]:
    items = schema.get("items", schema)
    return [schema.get("type"), items.get("type"), items.get("format"), "enum" in items]


def _say_it_all(schema: Document) -> None:
    """Add what JSON Schema cannot say of a filter, or a generator not keep to.

    Numbers have six digits behind the point at most, which no binary float is sure to have; a
    field is sorted by once; and commas separate the values of a list.
    """
    items = schema.get("items", schema)
    if items.get("type") == "number":
        items.clear()
        items.update(type="string", pattern=r"^-?[0-9]{1,20}(\.[0-9]{1,6})?$")
    elif any(f"-{each}" in items["enum"] for each in items.get("enum", ())):
        items["enum"] = [each for each in items["enum"] if not each.startswith("-")]
    elif schema.get("type") == "array" and items == {"type": "string"}:
        items["pattern"] = r"^[^,\[\x00-\x1f][^,\x00-\x1f]{0,20}$"
