"""The OpenAPI of a collection, derived from its published contract."""

from typing import Any

from opendata.domain.contracts import Contract, Field
from opendata.domain.queries import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    SYSTEM_FIELDS,
    Op,
    operators,
)

_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "year": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
_OPS = {
    Op.EXACT: "等于 equals",
    Op.NOT: "不等于 differs from",
    Op.CONTAINS: "包含 contains",
    Op.NOTCONTAINS: "不包含 does not contain",
    Op.STARTSWITH: "开头为 starts with",
    Op.ENDSWITH: "结尾为 ends with",
    Op.GT: "大于 greater than",
    Op.GTE: "不小于 at least",
    Op.LT: "小于 less than",
    Op.LTE: "不大于 at most",
    Op.BETWEEN: "介于（含两端，逗号分隔） between two values, both included",
    Op.IN: "为其中之一（逗号分隔） one of, separated by commas",
    Op.NOTIN: "不为其中任何一个 none of",
    Op.ISNULL: "为空 is empty",
    Op.NOTNULL: "不为空 is not empty",
}
_TEXTUAL = (Op.BETWEEN, Op.IN, Op.NOTIN)


def field_schema(field: Field) -> dict[str, Any]:
    """Return the JSON Schema of one field's values."""
    schema = dict(_TYPES[field.type])
    schema["title"] = field.title.zh
    unit = f"（单位：{field.unit}）" if field.unit else ""
    schema["description"] = f"{field.description.zh}{unit} {field.description.en}".strip()
    if field.categories:
        schema["enum"] = [each.value for each in field.categories]
        labels = "；".join(f"{each.value} {each.label}" for each in field.categories)
        schema["description"] += f" 代码：{labels}"
    if not field.required:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"].append(None)
    return schema


def record_schema(contract: Contract) -> dict[str, Any]:
    """Return the JSON Schema of one record."""
    fields = (*SYSTEM_FIELDS, *contract.fields)
    return {
        "type": "object",
        "title": contract.title.zh,
        "description": f"{contract.description.zh} {contract.description.en}",
        "properties": {each.name: field_schema(each) for each in fields},
    }


def list_operation(contract: Contract) -> dict[str, Any]:
    """Document the list of records."""
    controls = [
        _control("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT,
                           "default": DEFAULT_LIMIT}, "每页条数 Records a page"),
        _control("cursor", {"type": "string"}, "下一页的位置，取自 links.next From links.next"),
        _control("count", {"type": "string", "enum": ["exact", "none"], "default": "none"},
                 "是否给出总数 Whether meta.total is given"),
    ]  # fmt: skip
    return _operation(contract, "list", f"查询{contract.title.zh} Query {contract.title.en}") | {
        "parameters": [*_parameters(contract), *controls],
        "responses": {"200": _json_answer({"$ref": f"#/components/schemas/{page_name(contract)}"})},
    }


def export_operation(contract: Contract, extension: str, media_type: str) -> dict[str, Any]:
    """Document the download of everything that matches."""
    if extension == "json":
        return list_operation(contract) | {"operationId": f"{contract.collection}.list.json"}
    own = [
        _control("use_labels", {"type": "string", "enum": ["0", "1"]}, "用中文列名 Chinese titles"),
        _control("with_bom", {"type": "string", "enum": ["0", "1"]}, "便于 Excel For Excel"),
        _control("delimiter", {"type": "string"}, "分隔符 Delimiter of the CSV"),
    ]
    title = f"下载 {extension.upper()} Download as {extension.upper()}"
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return _operation(contract, extension, title) | {
        "parameters": [*_parameters(contract), *own],
        "responses": {"200": {"description": "文件 The file", "content": content}},
    }


def record_operation(contract: Contract) -> dict[str, Any]:
    """Document one record by its ``_id``."""
    schema = {
        "type": "object",
        "properties": {
            "data": {"$ref": f"#/components/schemas/{record_name(contract)}"},
            "history": {"type": "array", "items": {"type": "object"}},
            "meta": {"type": "object"},
            "links": {"type": "object"},
        },
    }
    return _operation(contract, "record", "查看一条记录 Read one record") | {
        "responses": {"200": _json_answer(schema)},
    }


def schema_operation(contract: Contract) -> dict[str, Any]:
    """Document the published contract."""
    return _operation(contract, "schema", "数据规范 The published contract") | {
        "responses": {"200": _json_answer({"type": "object"})},
    }


def schema_body(contract: Contract) -> dict[str, Any]:
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
        "default_sort": contract.default_sort,
        "searchable": contract.searchable,
        "measures": {
            name: {"zh": text.zh, "en": text.en} for name, text in contract.measures.items()
        },
        "table_schema": contract.table_schema,
    }


def components(contract: Contract) -> dict[str, dict[str, Any]]:
    """Return the schemas that the operations refer to, by name."""
    item = {"$ref": f"#/components/schemas/{record_name(contract)}"}
    page = {
        "type": "object",
        "required": ["data", "meta", "links"],
        "properties": {
            "data": {"type": "array", "items": item},
            "meta": {"type": "object"},
            "links": {"type": "object", "additionalProperties": {"type": "string"}},
        },
    }
    return {record_name(contract): record_schema(contract), page_name(contract): page}


def record_name(contract: Contract) -> str:
    """Name the component of one record: ``BudgetsRecord``."""
    return "".join(part.title() for part in contract.collection.split("-")) + "Record"


def page_name(contract: Contract) -> str:
    """Name the component of a page of records."""
    return record_name(contract).removesuffix("Record") + "Page"


def _operation(contract: Contract, name: str, summary: str) -> dict[str, Any]:
    return {"operationId": f"{contract.collection}.{name}", "summary": summary}


def _json_answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "OK", "content": {"application/json": {"schema": schema}}}


def _parameters(contract: Contract) -> list[dict[str, Any]]:
    fields = (*SYSTEM_FIELDS, *contract.fields)
    found = [_filter(field, op) for field in fields for op in operators(field)]
    names = ", ".join(each.name for each in fields)
    found += [
        _control("fields", {"type": "string"}, f"所要的字段，逗号分隔 Fields wanted: {names}"),
        _control("sort", {"type": "string"}, "排序，-为降序 Sort keys; - for descending"),
        _control("as_of", {"type": "string"}, "快照编号、日期或时刻 A snapshot, date or instant"),
    ]
    if contract.searchable:
        searched = ", ".join(contract.searchable)
        found.append(_control("q", {"type": "string"}, f"全文检索 Searches {searched}"))
    return found


def _filter(field: Field, op: Op) -> dict[str, Any]:
    name = field.name if op is Op.EXACT else f"{field.name}__{op.value}"
    schema = dict(_TYPES[field.type])
    if op in (Op.ISNULL, Op.NOTNULL):
        schema = {"type": "string", "enum": ["1", "0"]}
    elif op in _TEXTUAL:
        schema = {"type": "string"}
    return _control(name, schema, f"{field.title.zh} {_OPS[op]}")


def _control(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "schema": schema, "description": description}
