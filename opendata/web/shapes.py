"""What a collection's answers are made of: JSON Schemas derived from its published contract."""

from typing import Any

from opendata.domain.contracts import Contract, Field, Measure
from opendata.domain.corrections import State
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.web import meta_shapes

Doc = dict[str, Any]

TYPES: dict[str, Doc] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "year": {"type": "integer", "format": "int32"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
_LINKS: Doc = {
    "type": "object",
    "description": "相关地址。Addresses that belong to the answer.",
    "additionalProperties": {"type": "string", "format": "uri"},
}
_FLAG: Doc = {
    "type": "string",
    "enum": ["1", "0", "true", "false"],
    "description": "是（1、true）或否（0、false） Yes (1, true) or no (0, false)",
}
_INSTANT: Doc = {"type": "string", "format": "date-time"}
_HISTORY: Doc = {
    "type": "object",
    "description": "载有此记录的一个发布版本 One release that holds the record",
    "required": ["dataset", "release", "released_at", "snapshot"],
    "properties": {
        "dataset": {"type": "string"},
        "release": {"type": "integer"},
        "released_at": _INSTANT,
        "snapshot": {"type": "string"},
    },
}
_ISSUES_OF_RELEASE: Doc = {
    "type": "object",
    "description": "一个发布版本的已知问题 The known issues of one release",
    "required": ["dataset", "release", "issues"],
    "properties": {
        "dataset": {"type": "string"},
        "release": {"type": "integer"},
        "issues": {"type": "array", "items": {"$ref": "#/components/schemas/Caution"}},
    },
}
_SHOWN_CORRECTION: Doc = {
    "type": "object",
    "description": "一条公开的更正意见 A correction that the agency shows",
    "required": ["id", "field", "claim", "evidence", "release", "received_at", "state", "answers"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "field": {"type": ["string", "null"]},
        "claim": {"type": "string"},
        "evidence": {"type": "string"},
        "release": {"type": "integer"},
        "received_at": _INSTANT,
        "state": {"type": "string", "enum": [each.value for each in State]},
        "answers": {"type": "array", "items": {"$ref": "#/components/schemas/CorrectionAnswer"}},
    },
}
_SHOWN: Doc = {"$ref": "#/components/schemas/ShownCorrection"}
_COLUMNS: Doc = {"type": "array", "items": {"type": "string"}}
_CHOICE: Doc = {"type": "object", "additionalProperties": _COLUMNS}
# The published contract, as ``schema_body`` answers it.
_CONTRACT: Doc = {
    "type": "object",
    "description": "一个数据类别的数据规范 The published contract of a collection",
    "required": ["collection", "contract", "digest", "title", "period", "mode", "table_schema"],
    "properties": {
        "collection": {"type": "string"},
        "contract": {"type": "string"},
        "digest": {"type": "string", "description": "SHA-256"},
        **{name: {"type": "string"} for name in ("title", "title_en", "description")},
        "description_en": {"type": "string"},
        "licence": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "path": {"type": "string"}},
        },
        "period": {"type": "string", "enum": ["year", "month", "rolling"]},
        "mode": {"type": "string", "enum": ["replace", "add"]},
        "window_field": {"type": ["string", "null"]},
        "window_rule_field": {"type": ["string", "null"]},
        "default_sort": {"type": "array", "items": {"type": "string"}},
        "searchable": {"type": "array", "items": {"type": "string"}},
        "measures": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "description": "数值可以相加的范围 Within what values may be added up",
                "properties": {
                    "zh": {"type": "string"},
                    "en": {"type": "string"},
                    "within": _COLUMNS
                    | {"description": "须各自相同的列 Columns that must have one value each"},
                    "never": _CHOICE
                    | {"description": "有这些值的记录不得相加 Records never to be added"},
                    "also": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"where": _CHOICE, "within": _COLUMNS},
                        },
                    },
                },
            },
        },
        "table_schema": {"type": "object", "description": "Data Package v2 Table Schema"},
    },
}


def shared() -> dict[str, Doc]:
    """Return the schemas that all collections share, by the name of their component."""
    return {
        "Links": _LINKS,
        "Flag": _FLAG,
        **meta_shapes.shared(),
        "Totals": _answer({"type": "array", "items": meta_shapes.GROUP}, "TotalsMeta"),
        "HistoryEntry": _HISTORY,
        "ShownCorrection": _SHOWN_CORRECTION,
        "Corrections": _answer({"type": "array", "items": _SHOWN}, "Meta"),
        "KnownIssues": _answer({"type": "array", "items": _ISSUES_OF_RELEASE}, "Meta"),
        "Contract": _CONTRACT,
    }


def _answer(data: Doc, meta: str) -> Doc:
    return {
        "type": "object",
        "required": ["data", "meta", "links"],
        "properties": {
            "data": data,
            "meta": {"$ref": _at(meta)},
            "links": {"$ref": _at("Links")},
        },
    }


def components(contract: Contract) -> dict[str, Doc]:
    """Return the schemas of one collection's answers, by the name of their component."""
    item = {"$ref": _at(record_name(contract))}
    page = _answer({"type": "array", "items": item}, "PageMeta")
    one = {
        "type": "object",
        "required": ["data", "history", "corrections", "meta", "links"],
        "properties": {
            "data": item,
            "history": {"type": "array", "items": {"$ref": _at("HistoryEntry")}},
            "corrections": {"type": "array", "items": _SHOWN},
            "meta": {"$ref": _at("Meta")},
            "links": {"$ref": _at("Links")},
        },
    }
    name = record_name(contract)
    return {name: record_schema(contract), f"{name}s": page, f"{name}Answer": one}


def record_name(contract: Contract) -> str:
    """Name the component of one record: ``BudgetsRecord``; a page of them ends in ``s``."""
    return "".join(part.title() for part in contract.collection.split("-")) + "Record"


def record_schema(contract: Contract) -> Doc:
    """Return the JSON Schema of one record; ``fields=`` may leave out any of its properties."""
    fields = (*SYSTEM_FIELDS, *contract.fields)
    kept = {
        *(each.name for each in SYSTEM_FIELDS),
        *contract.primary_key,
        contract.publisher_field,
        contract.window_field,
    }
    return {
        "type": "object",
        "title": f"{contract.title.zh} {contract.title.en}",
        "description": f"{contract.description.zh} {contract.description.en}",
        "properties": {
            each.name: field_schema(each, nullable=not each.required or each.name not in kept)
            for each in fields
        },
    }


def field_schema(field: Field, *, nullable: bool) -> Doc:
    """Return the JSON Schema of one field's values.

    A column that must be filled in may still be null in a release that discloses in part, unless
    it identifies the record.
    """
    schema: Doc = {**TYPES[field.type], "title": f"{field.title.zh} {field.title.en}"}
    schema["description"] = field_description(field)
    if field.categories:
        schema["enum"] = [each.value for each in field.categories]
    if nullable:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"].append(None)
    return schema


def field_description(field: Field) -> str:
    """Say in both languages what a field is, with its unit and what its codes mean."""
    unit = f"（单位：{field.unit}）" if field.unit else ""
    said = f"{field.description.zh}{unit} {field.description.en}".strip()
    if field.categories:
        labels = "；".join(f"{each.value} {each.label}" for each in field.categories)
        said += f" 代码 Codes：{labels}"
    return said


def schema_body(contract: Contract) -> Doc:
    """Return the published contract as it is answered."""
    return {
        "collection": contract.collection,
        "contract": contract.name,
        "digest": contract.digest,
        "title": contract.title.zh,
        "title_en": contract.title.en,
        "description": contract.description.zh,
        "description_en": contract.description.en,
        "licence": {"name": contract.licence.name, "path": contract.licence.path},
        "period": contract.period,
        "mode": contract.mode,
        "window_field": contract.window_field,
        "window_rule_field": contract.window_rule_field,
        "default_sort": contract.default_sort,
        "searchable": contract.searchable,
        "measures": {name: _measure_body(each) for name, each in contract.measures.items()},
        "table_schema": contract.table_schema,
    }


def _measure_body(measure: Measure) -> Doc:
    return {
        "zh": measure.text.zh,
        "en": measure.text.en,
        "within": measure.within,
        "never": measure.never,
        "also": [
            {"where": {each.field: each.values}, "within": each.within} for each in measure.also
        ],
    }


def _at(name: str) -> str:
    return f"#/components/schemas/{name}"
