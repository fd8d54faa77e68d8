"""The API's own description: what is common to all operations of the OpenAPI document."""

from collections.abc import Iterable
from typing import Any

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask_smorest import Api
from marshmallow import Schema, fields
from werkzeug import Response
from werkzeug.exceptions import HTTPException

from opendata.domain.contracts import Contract
from opendata.domain.errors import Conflict, Forbidden, Gone, Text
from opendata.domain.keys import NotAuthenticated
from opendata.runtime.marking import MarkingBusy
from opendata.stages import receive, upload
from opendata.web import filters, listing_docs, problems, proofs, shapes
from opendata.web.forms import Answer, Links
from opendata.web.phrases import of_status
from opendata.web.room import Room, problem_name
from opendata.web.uploads.protocol import UnsupportedVersion

Doc = dict[str, Any]

DESCRIPTION = """\
政府依法公开的数据：查询、下载、报送。读取无须密钥；写入须带 `Authorization: Bearer odk_…`。
错误一律为 RFC 9457 问题说明，语言随 `Accept-Language`（中文为默认）。凡 GET 亦可 HEAD，
并以 `ETag` 支持条件请求。

Data that the law makes public: query, download, submit. Reading needs no key; writing needs
`Authorization: Bearer odk_…`. Errors are RFC 9457 problem documents in the language of
`Accept-Language` (Chinese by default). What takes GET takes HEAD, and conditional requests by
`ETag`.
"""
KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "密钥，形如 odk_…；每把密钥对应一人的一种角色。"
    "A key like odk_…; it carries one role of one person.",
}
_REFUSALS: dict[int, Text] = {
    **{status: of_status(status)[1] for status in (400, 406, 413, 415, 416, 422)},
    401: NotAuthenticated.title,
    403: Forbidden.title,
    404: Text("没有找到，或未公开", "Not found, or not public"),
    409: Conflict.title,
    410: Gone.title,
    412: UnsupportedVersion.title,
    423: upload.UploadLocked.title,
    429: Text("请求过于频繁，或未完成的上传过多", "Too many requests, or too many open uploads"),
    460: upload.ChecksumMismatch.title,
    503: MarkingBusy.title,
    507: receive.InsufficientStorage.title,
}
# The variable steps of paths.
_STEPS: dict[str, Doc] = {
    "dataset": {"description": "数据集编号 The dataset's id", "example": "budgets-2018"},
    "number": {"description": "发布版本号，从 1 起 The release's number, from 1", "example": 1},
    "before": {"description": "前一个发布版本号 The earlier release's number", "example": 1},
    "after": {"description": "后一个发布版本号 The later release's number", "example": 2},
    "name": {"description": "文件名 The file's name", "example": "data.csv"},
    "format_name": {"description": "文件格式 The file's format", "example": "csv"},
    "record_id": {"description": "记录标识，即 _id The record's _id"},
    "assessment_id": {"description": "考核编号 The assessment's id"},
    "scheme": {"description": "考核方案的编号 The scheme's id", "example": "guyuan-sample"},
    "correction_id": {"description": "更正意见编号 The correction's id"},
    "request_id": {"description": "申请编号 The request's id"},
    "complaint_id": {"description": "案件编号 The case's id"},
    "obligation": {"description": "事项记录标识，即 _id The obligation's _id"},
    "agency": {"description": "公开主体编号 The agency's id", "example": "county-office"},
    "year": {"description": "报告年度 The year of the report", "example": 2025},
    "table": {"description": "表号 The table", "example": "3"},
    "row": {"description": "行号 The row", "example": "3.1"},
    "column": {"description": "列号 The column", "example": "C7"},
    "tracking": {"description": "查询码 The tracking code"},
    "submission_id": {"description": "报送编号 The submission's id"},
    "upload_id": {"description": "上传编号 The upload's id"},
}
_OTHER = Text("其他错误", "Any other problem")
_HEADERS: dict[str, tuple[str, bool]] = {
    # None where the answer is not to be kept.
    "ETag": ("强校验值，用于 If-None-Match A strong validator, for If-None-Match", False),
    "Link": ("RFC 8288：next、service-desc、service-doc 等 Relations of the answer", True),
    "Location": ("新资源的地址 Where the new resource is", True),
    "Content-Disposition": ("文件名 The file's name (RFC 6266)", True),
    "Content-Length": ("字节数 Its size in bytes", True),
    "Repr-Digest": ("文件的 SHA-256 SHA-256 of the file (RFC 9530)", True),
    "Opendata-Ended": (
        "此状态中公开期限已届满、不再给出的记录数，按所依规定分列；没有公开期限的数据类别不给出 "
        "How many records of the state are not given any more as their windows ended, by rule "
        '(RFC 9651, a list): 12;rule="R-SAMR"; absent where a collection has no windows',
        False,
    ),
}


class DescribedApi(Api):  # type: ignore[misc]  # flask-smorest has no type information.
    """flask-smorest's Api: errors are problem documents, and documented as such."""

    def __init__(self, app: Any, contracts: Iterable[Contract]) -> None:
        """Begin the description, with the components that ``contracts`` bring."""
        self._labels: dict[str, str] = {}
        plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
        plugin.Converter = _AnswerConverter
        options = {
            "info": {
                "description": DESCRIPTION,
                "contact": {"name": "平台运行单位 The operator of the platform"},
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            # Reading needs nothing; an operation that needs a key says so itself.
            "security": [{}],
            "servers": [{"url": "/", "description": "本平台 This platform"}],
            "marshmallow_plugin": plugin,
        }
        super().__init__(app, spec_kwargs=options)
        self.ma_plugin.converter.add_attribute_function(_refer_to_links)
        self._register_shared()
        for contract in contracts:
            self._register_components(shapes.components(contract), filters.own(contract))

    DEFAULT_ERROR_RESPONSE_NAME = "OtherProblem"

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer what Flask, werkzeug and webargs refuse."""
        return problems.of_http(error)

    def register_room(self, room: Room) -> None:
        """Add a room and describe its operations."""
        self._labels[room.name] = room.label
        for each in room.listings:
            self._register_components(listing_docs.components(each), listing_docs.parameters(each))
        self.register_blueprint(room)

    def document(self) -> Doc:
        """Return the OpenAPI document, in the order in which people read one."""
        found = self.spec.to_dict()
        for path in found["paths"].values():
            for parameter in path.get("parameters", ()):
                parameter.update(_STEPS[parameter["name"]])
            for operation in (path[each] for each in path if each != "parameters"):
                operation["tags"] = [self._labels.get(each, each) for each in operation["tags"]]
                operation["responses"] = dict(sorted(operation["responses"].items()))
        for tag in found["tags"]:
            tag["name"] = self._labels.get(tag["name"], tag["name"])
        first = ("openapi", "info", "servers", "security", "tags", "paths", "components")
        return {name: found[name] for name in first}

    def _register_shared(self) -> None:
        self.spec.components.security_scheme("key", KEY)
        own = {"Proof": proofs.COMPONENT, "ListMeta": listing_docs.META}
        self._register_components({**shapes.shared(), **own}, filters.shared())
        self.spec.components.parameter(
            "If-None-Match",
            "header",
            {
                "description": "已有答复的 ETag；未变则返回 304 The ETag of an answer one has",
                "schema": {"type": "string"},
            },
        )
        for name, (said, always) in _HEADERS.items():
            kind = "integer" if name == "Content-Length" else "string"
            told = {"description": said, "required": always, "schema": {"type": kind}}
            self.spec.components.header(name, told)

    def _register_components(self, schemas: dict[str, Doc], parameters: dict[str, Doc]) -> None:
        for name, schema in schemas.items():
            self.spec.components.schema(name, schema)
        for name, parameter in parameters.items():
            self.spec.components.parameter(name, "query", parameter)

    def _register_responses(self) -> None:
        """Register how refusals look; the parent would document its own shape for them."""
        self.spec.components.schema("Problem", problems.PROBLEM_SCHEMA)
        for status, title in _REFUSALS.items():
            self.spec.components.response(problem_name(status), _problem(title))
        self.spec.components.response(self.DEFAULT_ERROR_RESPONSE_NAME, _problem(_OTHER))
        not_modified = {"description": "与所持的 ETag 一致，无内容 Not modified"}
        self.spec.components.response("NotModified", not_modified)

    def _register_pagination_header(self) -> None:
        """Leave out flask-smorest's own paging, which nothing here uses."""


def _refer_to_links(_converter: OpenAPIConverter, field: fields.Field[Any], **_: Any) -> Doc:
    return {"$ref": "#/components/schemas/Links"} if isinstance(field, Links) else {}


class _AnswerConverter(OpenAPIConverter):
    """Documents which keys an answer always has."""

    def schema2jsonschema(self, schema: Any) -> Doc:
        found: Doc = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]  # its parent is untyped.
        if isinstance(schema, Answer):
            always = [name for name in found["properties"] if name not in schema.sometimes]
            found["required"] = always
            # A later release of the platform may answer with more.
            found.pop("additionalProperties", None)
        return found


def _problem(title: Text) -> Doc:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": f"{title.zh} {title.en}",
        "content": {problems.MEDIA_TYPE: {"schema": schema}},
    }


def _name_of(schema: Schema | type[Schema]) -> str:
    """Name a schema's component: ``MetadataBody`` is ``Metadata``, in part ``MetadataChanges``."""
    kind = schema if isinstance(schema, type) else type(schema)
    partial = not isinstance(schema, type) and bool(schema.partial)
    return kind.__name__.removesuffix("Body") + ("Changes" if partial else "")
