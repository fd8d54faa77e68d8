"""The operations of a collection, as OpenAPI documents them."""

from opendata.domain.contracts import Contract
from opendata.web import filters, grouping
from opendata.web.downloads import RANGE
from opendata.web.negotiation import FILE_CONTROLS, MEDIA_TYPES
from opendata.web.room import problem_name
from opendata.web.shapes import Doc, record_name

_VALIDATED = {"ETag": "ETag", "Link": "Link"}
_FILE_HEADERS = {
    "Content-Disposition": "Content-Disposition",
    "Content-Length": "Content-Length",
    "Link": "Link",
    "Opendata-Ended": "Opendata-Ended",
}
_BINARY = ("xlsx", "parquet", "arrow")
# 410: the release that is asked for was taken out.
_QUERY_REFUSALS = (400, 404, 410)
_TOTALS = (
    "按 group_by 分组，求各组的 metrics；条件与查询相同。数值不可相加的（元与万元、合计与明细等）"
    "返回 422 not-additive，并说明应筛选或分组的字段。\n\n"
    "Groups by group_by and computes metrics of each group; conditions are those of the query. "
    "What may not be added (元 with 万元, a total with its parts) is a 422 not-additive that "
    "names the field to filter or group by."
)
FILES = tuple(name for name in MEDIA_TYPES if name != "json")


def listing(contract: Contract, *, negotiated: bool) -> Doc:
    """Document a page of records; ``negotiated`` where ``Accept`` may ask for a file instead."""
    page = {"application/json": {"schema": _ref(f"{record_name(contract)}s")}}
    controls: tuple[str, ...] = (*filters.CHOICE, *filters.PAGING, *filters.STATE)
    if negotiated:
        controls = (*controls, *FILE_CONTROLS)
    said = (
        "条件写作 字段=值 或 字段__运算=值；未知的参数会被拒绝并提示相近的名称。翻页用 links.next，"
        "引用用 links.cite（固定快照，结果不变）。\n\n"
        "Conditions are field=value or field__operator=value; an unknown parameter is refused, "
        "with the nearest name. Follow links.next to page; cite links.cite, which is pinned to "
        "the snapshot."
    )
    if negotiated:
        said += (
            "\n\n用 Accept 或扩展名可改取 CSV、Excel、NDJSON、Parquet、Arrow 文件。"
            "Accept, or an extension, asks for a file instead."
        )
    answer = {"description": "一页记录 A page of records", "headers": dict(_VALIDATED)}
    operation = _operation(contract, "list" if negotiated else "list_as_json")
    content = page | (file_contents() if negotiated else {})
    return operation | {
        "summary": f"查询{contract.title.zh} Query {contract.title.en}",
        "description": said,
        "parameters": [*filters.references(contract, controls), "If-None-Match"],
        "responses": {
            "200": answer | {"content": content},
            "304": "NotModified",
            **_refusals(*_QUERY_REFUSALS, *((406, 409) if negotiated else ()), 422),
        },
    }


def export(contract: Contract) -> Doc:
    """Document the download of everything that matches, as a file."""
    controls = (*filters.CHOICE, *filters.STATE, *FILE_CONTROLS)
    return _operation(contract, "export") | {
        "summary": f"下载{contract.title.zh} Download {contract.title.en}",
        "description": "符合条件的全部记录，不分页，不截断；条件与查询相同。不加条件的 CSV 由各发布"
        "版本的文件依数据集、行次首尾相接而成（NDJSON 亦然），可用 Range 续传；"
        "Repr-Digest 在算出后给出。"
        "超过工作表行数上限时返回 422，请改用 CSV。\n\nEvery record that matches, never truncated; "
        "conditions are those of the query. CSV and NDJSON without conditions are the files of the "
        "releases, one behind the other, by dataset and row; Range resumes, and Repr-Digest is "
        "told once it was computed. More rows than a worksheet has are a 422; take the CSV.",
        "parameters": [*filters.references(contract, controls), "If-None-Match", RANGE],
        "responses": {
            "200": {
                "description": "文件 The file",
                "headers": _FILE_HEADERS | {"ETag": "ETag"},
                "content": file_contents(),
            },
            "206": {
                "description": "文件的一段 A part of the file",
                "headers": {"ETag": "ETag"},
                "content": file_contents(),
            },
            "304": "NotModified",
            **_refusals(*_QUERY_REFUSALS, 409, 416, 422),
        },
    }


def aggregate(contract: Contract, *, negotiated: bool) -> Doc:
    """Document totals; ``negotiated`` where ``Accept`` may ask for a file instead."""
    controls: tuple[str, ...] = (*grouping.CONTROLS, *filters.STATE)
    if negotiated:
        controls = (*controls, *FILE_CONTROLS)
    answer = _json_answer("Totals", "各组及其指标 Groups and what was computed of them")
    if negotiated:
        answer["content"] |= file_contents()
    return _operation(contract, "aggregate" if negotiated else "aggregate_as_json") | {
        "summary": f"汇总{contract.title.zh} Totals of {contract.title.en}",
        "description": _TOTALS,
        "parameters": [*filters.references(contract, controls), "If-None-Match"],
        "responses": {
            "200": answer,
            "304": "NotModified",
            **_refusals(*_QUERY_REFUSALS, *((406, 409) if negotiated else ()), 422),
        },
    }


def aggregate_export(contract: Contract) -> Doc:
    """Document totals as a file."""
    controls = (*grouping.CONTROLS, *filters.STATE, *FILE_CONTROLS)
    return _operation(contract, "export_totals") | {
        "summary": f"下载{contract.title.zh}的汇总 Download totals of {contract.title.en}",
        "description": _TOTALS,
        "parameters": filters.references(contract, controls),
        "responses": {
            "200": {
                "description": "文件 The file",
                "headers": dict(_FILE_HEADERS),
                "content": file_contents(),
            },
            **_refusals(*_QUERY_REFUSALS, 409, 422),
        },
    }


def record(contract: Contract) -> Doc:
    """Document one record by its ``_id``."""
    return _operation(contract, "read_record") | {
        "summary": f"查看一条{contract.title.zh}记录 Read one record of {contract.title.en}",
        "description": "记录的现状及载有它的各发布版本。曾公开而现已停止公开的记录返回 410。\n\n"
        "The record as it is, and the releases that hold it. One that was public and no longer "
        "is answers 410.",
        "parameters": ["If-None-Match"],
        "responses": {
            "200": _json_answer(f"{record_name(contract)}Answer", "记录 The record"),
            "304": "NotModified",
            **_refusals(400, 404, 406, 410, 422),
        },
    }


def known_issues(contract: Contract) -> Doc:
    """Document the known issues of a collection."""
    return _operation(contract, "read_known_issues") | {
        "summary": f"{contract.title.zh}的已知问题 Known issues of {contract.title.en}",
        "description": "所含各发布版本的提示及其说明：何处、多少、为何如此、何人说明。\n\n"
        "The cautions of the releases in it with what was answered to them: where, how many, why, "
        "and who says so.",
        "parameters": ["as_of", "release", "If-None-Match"],
        "responses": {
            "200": _json_answer("KnownIssues", "已知问题 The known issues"),
            "304": "NotModified",
            **_refusals(*_QUERY_REFUSALS, 406, 422),
        },
    }


def schema(contract: Contract) -> Doc:
    """Document the published contract."""
    return _operation(contract, "read_schema") | {
        "summary": f"{contract.title.zh}的数据规范 The contract of {contract.title.en}",
        "description": "字段、类型、单位、代码及其含义，即报送所依据、发布所遵循的规范。\n\n"
        "Fields, types, units and codes: what submissions are judged by and releases keep to.",
        "parameters": ["If-None-Match"],
        "responses": {
            "200": _json_answer("Contract", "数据规范 The contract"),
            "304": "NotModified",
            **_refusals(400, 406),
        },
    }


def _operation(contract: Contract, verb: str) -> Doc:
    collection = contract.collection.replace("-", "_")
    first, _, rest = verb.partition("_")
    return {"operationId": f"{first}_{collection}" + (f"_{rest}" if rest else "")}


def _refusals(*statuses: int) -> Doc:
    return {str(status): problem_name(status) for status in (*statuses, 429)}


def file_contents() -> Doc:
    """Document the contents of files; the binary ones have no schema in OpenAPI 3.1."""
    return {
        MEDIA_TYPES[name]: {} if name in _BINARY else {"schema": {"type": "string"}}
        for name in FILES
    }


def _json_answer(name: str, description: str) -> Doc:
    return {
        "description": description,
        "headers": dict(_VALIDATED),
        "content": {"application/json": {"schema": _ref(name)}},
    }


def _ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}
