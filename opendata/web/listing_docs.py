"""Lists of facts, as OpenAPI documents them: rows, parameters, operations."""

from opendata.domain.listings import Listing
from opendata.web import filters
from opendata.web.negotiation import FILE_CONTROLS
from opendata.web.operations import file_contents
from opendata.web.room import problem_name
from opendata.web.shapes import Doc, field_schema

_VALIDATED = {"ETag": "ETag", "Link": "Link"}
_HOW = (
    "条件写作 字段=值 或 字段__运算=值；未知的参数会被拒绝并提示相近的名称。翻页用 links.next。\n\n"
    "Conditions are field=value or field__operator=value; an unknown parameter is refused, with "
    "the nearest name. Follow links.next to page."
)
_FILES = (
    "用 Accept 或扩展名可改取 CSV、Excel、NDJSON、Parquet、Arrow 文件。"
    "Accept, or an extension, asks for a file instead."
)
_WHOLE = (
    "符合条件的全部各行，不分页，不截断；条件与查询相同。"
    "超过工作表行数上限时返回 422，请改用 CSV。\n\n"
    "Every row that matches, never truncated; conditions are those of the query. More rows than a "
    "worksheet has are a 422; take the CSV."
)
META: Doc = {
    "type": "object",
    "description": "列表及其日期 Which list it is, and of which day",
    "required": ["listing", "day"],
    "properties": {
        "listing": {"type": "string", "description": "列表 The list"},
        "day": {
            "type": "string",
            "format": "date",
            "description": "所示为此日（北京时间）的状态 The day in China that it shows",
        },
        "left_out": {
            "type": "array",
            "items": {"type": "string"},
            "description": "件数过多、不予计算的公开主体；有则给出 "
            "Agencies left out for having too many rows; where there are any",
        },
        "total": {
            "type": "integer",
            "description": "符合条件的行数；count=exact 时给出 How many match; with count=exact",
        },
        "facets": {
            "type": "object",
            "description": "各 facet 字段的值及其行数；facet=… 时给出 "
            "The values of each facet and how many rows have them; with facet=",
            "additionalProperties": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Facet"},
            },
        },
    },
}


def components(listing: Listing) -> dict[str, Doc]:
    """Return the schemas of a list's answers, by the name of their component."""
    row = {
        "type": "object",
        "title": f"{listing.title.zh} {listing.title.en}",
        "description": f"{listing.description.zh} {listing.description.en}",
        "properties": {
            each.name: field_schema(each, nullable=not each.required) for each in listing.fields
        },
    }
    rows = {
        "type": "object",
        "required": ["data", "meta", "links"],
        "properties": {
            "data": {"type": "array", "items": _ref(_row_name(listing))},
            "meta": _ref("ListMeta"),
            "links": _ref("Links"),
        },
    }
    return {_row_name(listing): row, f"{_row_name(listing)}s": rows}


def parameters(listing: Listing) -> dict[str, Doc]:
    """Return the parameters that only this list has, by component."""
    more = {f"{listing.name}.{each.name}": filters.parameter(each) for each in listing.parameters}
    return filters.own(listing.contract) | more


def page(listing: Listing, path: str, *, negotiated: bool) -> Doc:
    """Document a page of a list; ``negotiated`` where ``Accept`` may ask for a file instead."""
    said = [f"{listing.description.zh}\n\n{listing.description.en}", _HOW]
    controls: tuple[str, ...] = (*filters.CHOICE, *filters.PAGING)
    content: Doc = {"application/json": {"schema": _ref(f"{_row_name(listing)}s")}}
    if negotiated:
        said.append(_FILES)
        controls = (*controls, *FILE_CONTROLS)
        content |= file_contents()
    answer = {"description": "一页 A page of it", "headers": dict(_VALIDATED), "content": content}
    return {
        "operationId": f"list_{_name(listing)}" + ("" if negotiated else "_as_json"),
        "summary": f"查询{listing.title.zh} Query {listing.title.en}",
        "description": "\n\n".join(said),
        "parameters": [*_references(listing, controls), "If-None-Match"],
        "responses": {
            "200": answer,
            "304": "NotModified",
            **_refusals(path, 409, *((406, 422) if negotiated else ())),
        },
    }


def export(listing: Listing, path: str) -> Doc:
    """Document the whole of a list as a file."""
    answer = {
        "description": "文件 The file",
        "headers": {
            name: name for name in ("Content-Disposition", "Content-Length", "ETag", "Link")
        },
        "content": file_contents(),
    }
    return {
        "operationId": f"export_{_name(listing)}",
        "summary": f"下载{listing.title.zh} Download {listing.title.en}",
        "description": _WHOLE,
        "parameters": [
            *_references(listing, (*filters.CHOICE, *FILE_CONTROLS)),
            "If-None-Match",
        ],
        "responses": {"200": answer, "304": "NotModified", **_refusals(path, 404, 422)},
    }


def _references(listing: Listing, controls: tuple[str, ...]) -> list[str]:
    own = [f"{listing.name}.{each.name}" for each in listing.parameters]
    return [*own, *filters.references(listing.contract, controls)]


def _refusals(path: str, *statuses: int) -> Doc:
    by_path = (404,) if "<" in path else ()
    return {str(status): problem_name(status) for status in (400, *by_path, *statuses, 429)}


def _name(listing: Listing) -> str:
    return listing.name.replace("-", "_")


def _row_name(listing: Listing) -> str:
    return "".join(part.title() for part in listing.name.split("-")) + "Row"


def _ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}
