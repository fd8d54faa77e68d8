"""Corrections beside records: reading those that are shown, and reporting a fault."""

from datetime import timedelta
from typing import Any

from flask import Response, request

from opendata.domain.contracts import Contract
from opendata.stages import corrections, limits, query
from opendata.stages.corrections import About, Claim
from opendata.stages.limits import Subject
from opendata.web import records
from opendata.web.access import client_network, opened_to, runtime
from opendata.web.corrections.bodies import FaultReportBody, ReportedFaultBody
from opendata.web.envelope import Question
from opendata.web.links import api_url
from opendata.web.room import Room, problem_name
from opendata.web.shapes import Doc

HOUR = timedelta(hours=1)
# Several people may find the same record wrong.
OF_A_RECORD = 2


def add_to(blp: Room, contract: Contract) -> None:
    """Add to the room of a collection what anybody may do about a fault in one of its records."""
    path = f"/{contract.collection}/<record_id>/corrections"

    def shown(record_id: str) -> Response:
        held = runtime()
        question = Question(request.environ, held.settings.public_url)
        return records.corrections(held, contract, question, record_id).response

    def report(body: dict[str, Any], record_id: str) -> dict[str, Any]:
        return _reported(contract, record_id, body)

    reading, reporting = _reading(contract), _reporting(contract)
    viewed = blp.doc(**reading)(opened_to()(shown))
    blp.route(path, methods=["GET"], endpoint=reading["operationId"])(viewed)
    taken = blp.response(201, ReportedFaultBody, description="已收到 Received")(opened_to()(report))
    taken = blp.refuses(404, 410)(blp.doc(**reporting)(blp.arguments(FaultReportBody)(taken)))
    blp.route(path, methods=["POST"], endpoint=reporting["operationId"])(taken)


def _reported(contract: Contract, record_id: str, body: dict[str, Any]) -> dict[str, Any]:
    held = runtime()
    now = held.now()
    found = query.record(held.home, contract, record_id, now)
    quota = held.settings.correction_limit
    if quota:
        here, there = Subject("correction", client_network()), Subject("record", record_id)
        limits.spend_attempt(held.home, here, quota, HOUR, now)
        limits.spend_attempt(held.home, there, quota * OF_A_RECORD, HOUR, now)
    about = About(contract, record_id, found.dataset, found.release)
    correction_id, code = corrections.report(held.home, about, Claim(**body), now)
    own = f"{contract.collection}/{record_id}"
    links = {"tracking": api_url(f"tracking/{code}"), "record": api_url(own)}
    return {"id": correction_id, "tracking": code, "links": links}


def _reading(contract: Contract) -> Doc:
    refusals = {str(each): problem_name(each) for each in (400, 404, 406, 410, 429)}
    answer = {
        "description": "更正意见 The corrections",
        "headers": {"ETag": "ETag", "Link": "Link"},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Corrections"}}},
    }
    return {
        "operationId": f"read_{_name(contract)}_corrections",
        "summary": f"一条{contract.title.zh}记录的更正意见 Corrections of a record of "
        f"{contract.title.en}",
        "description": "公众对此记录的更正意见中已公开的，及其答复；不含提出人的任何信息。\n\n"
        "What the public reported about this record and the agency shows, with its answers; "
        "nothing of who reported it.",
        "parameters": ["If-None-Match"],
        "responses": {"200": answer, "304": "NotModified", **refusals},
    }


def _reporting(contract: Contract) -> Doc:
    return {
        "operationId": f"report_{_name(contract)}_fault",
        "summary": f"指出一条{contract.title.zh}记录有误 Report a fault in a record of "
        f"{contract.title.en}",
        "description": "任何人都可以提出，不需要密钥。意见由公开主体决定是否公开；"
        "联系方式单独封存，不公开。处理情况用查询码查询。\n\n"
        "Anybody may, without a key. The agency decides whether it is shown; a contact is sealed "
        "apart and never published. Follow it with the tracking code.",
    }


def _name(contract: Contract) -> str:
    return contract.collection.replace("-", "_")
