"""An agency's own ledger of requests, sent in as a file."""

from typing import Any

from flask import after_this_request
from marshmallow import Schema, fields, validate

from opendata.domain.people import EVERY_AGENCY, Role, WrongAgency
from opendata.stages import ledger
from opendata.stages.ledger import Imported, LedgerFile
from opendata.web.access import actor, opened_to, runtime
from opendata.web.bodies import UPLOAD_HEADERS, incoming
from opendata.web.forms import Answer
from opendata.web.negotiation import MEDIA_TYPES
from opendata.web.requests.filing import kept_nowhere
from opendata.web.requests.room import blp

_FILE = {
    "required": True,
    "description": (
        f"台账文件：一行一件申请，CSV、XLSX 等，至多 {ledger.MOST_ROWS} 行。"
        "列名为数据规范的字段名或中文标题，不得有申请人的姓名、证件号码、联系方式。"
        "\n\n"
        f"The ledger: one request a row, CSV, XLSX and others, {ledger.MOST_ROWS} rows at most. "
        "Headings are the contract's names or Chinese titles; no names, documents or contacts of "
        "applicants."
    ),
    "content": {
        "text/csv": {"schema": {"type": "string", "minLength": 1}},
        MEDIA_TYPES["xlsx"]: {},
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}
# Sent again, a ledger changes nothing: it needs no key of its own.
_HEADERS = [each for each in UPLOAD_HEADERS if each["name"] != "Idempotency-Key"]


class LedgerQuery(Schema):
    """Whose ledger it is."""

    agency = fields.String(
        load_default=None,
        validate=validate.Length(1, 100),
        metadata={"description": "公开主体，须为密钥所属的 The key's own agency, or left out"},
    )


class LedgerBody(Answer):
    """What became of a ledger."""

    sha256 = fields.String(metadata={"description": "所收文件的 SHA-256 Of the file received"})
    rows = fields.Integer(metadata={"description": "行数 Rows"})
    new = fields.Integer(
        attribute="taken.new", metadata={"description": "新记录的申请 Requests that were new"}
    )
    continued = fields.Integer(
        attribute="taken.continued",
        metadata={"description": "续记事项的申请 Requests to which events were added"},
    )
    known = fields.Integer(
        attribute="taken.known", metadata={"description": "没有变化的申请 Requests known already"}
    )
    events = fields.Integer(
        attribute="taken.events", metadata={"description": "记录的事项 Events recorded"}
    )


@blp.route("/requests/ledger", methods=["POST"])
@opened_to(Role.AUTHOR, Role.APPROVER)
@blp.arguments(LedgerQuery, location="query")
@blp.doc(operationId="import_ledger", parameters=_HEADERS, requestBody=_FILE)
@blp.refuses(404, 422)
@blp.response(200, LedgerBody, description="已记录 Recorded")
def import_ledger(asked: dict[str, Any]) -> Imported:
    """导入申请台账 Import a ledger of requests

    自有系统的机关以文件导入台账，按 request-ledger 数据规范校验。全部合格才记录，
    有一处错误就全不记录，答复附校验报告；同一台账再次导入不会重复。文件不保存，含个人信息的不接收。

    An agency with a system of its own sends its ledger as a file, judged by the contract
    request-ledger. All of it is recorded, or nothing, and the answer holds the report; sent again
    it changes nothing. The file is not kept, and none with personal data is taken.
    """
    after_this_request(kept_nowhere)
    held, acting = runtime(), actor()
    if acting.agency == EVERY_AGENCY:
        raise WrongAgency(
            "导入台账须用该机关自己的密钥，不限公开主体的密钥（*）不行。",
            "A ledger takes a key of its very agency, and none for every agency (*).",
        )
    agency = asked["agency"] or acting.agency
    upload, sent = incoming("")
    return ledger.take_in(held.home, acting, LedgerFile(agency, upload, sent), held.now())
