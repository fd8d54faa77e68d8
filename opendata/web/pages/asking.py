"""Asking an agency for information, and following it: forms that work without a script.

The tracking code goes in bodies only: no address has it, no history and no log.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import render_template, request
from marshmallow import ValidationError

from opendata.domain.catalogue import NoSuchAgency
from opendata.domain.errors import Fault, Text
from opendata.domain.requests import (
    ApplicantKind,
    Delivery,
    Form,
    InvalidApplication,
    InvalidRequestEvent,
    Kind,
    NoSuchRequest,
    RequestNotInTurn,
)
from opendata.stages import catalogue, requests
from opendata.stages.requests import APPLICANTS, Application, Opened
from opendata.web.access import opened_to, runtime
from opendata.web.problems import validation_faults
from opendata.web.requests.bodies import RequestApplicationBody
from opendata.web.requests.filing import on_today, taken, told_by_applicant

Answer = str | tuple[str, int]
_WHOLE = ("agency", "applicant_kind")
_APPLICANT = ("name", "id_document", "email", "phone", "address")
_WANTED = ("information", "purpose", "form", "delivery")
_NUL = Text("文本中不能有 NUL 字符。", "A text may not contain NUL.")


@opened_to()
def ask() -> Answer:
    """Show the form of a request; filled in, file it and tell the code, this once."""
    faults: dict[str, Text] = {}
    if request.method == "POST":
        try:
            asked = Application(**_read(request.form))
            filed = taken(runtime(), asked)
            return render_template("request_filed.html", filed=filed), 201
        except ValidationError as error:
            faults = _placed(validation_faults(error.messages))
        except (InvalidApplication, NoSuchAgency) as refusal:
            faults = _placed(refusal.faults)
    with runtime().home.database.read() as session:
        agencies = catalogue.agencies(session)
    page = render_template(
        "request_form.html",
        agencies=agencies,
        kinds=list(ApplicantKind),
        forms=list(Form),
        deliveries=list(Delivery),
        given=request.values,
        faults=faults,
    )
    return (page, 422) if faults else page


@opened_to()
def follow() -> Answer:
    """Show where a request stands to who has its code; correct or withdraw it."""
    code = request.form.get("code", "").strip()
    if not code:
        return render_template("request_code.html", fault=None)
    try:
        found, fault = _told(code)
    except NoSuchRequest as refusal:
        return render_template("request_code.html", fault=refusal.detail), 404
    page = render_template("request_status.html", found=found, code=code, fault=fault)
    return page if fault is None else (page, 422)


def _told(code: str) -> tuple[Opened, Text | None]:
    """Record what the applicant says, if anything, and return where the request stands."""
    held = runtime()
    wanted = request.form.get("kind", "")
    fault = None
    if wanted in APPLICANTS:
        statement = request.form.get("statement", "")[:20_000]
        try:
            return told_by_applicant(held, code, Kind(wanted), statement), None
        except (InvalidRequestEvent, RequestNotInTurn) as refusal:
            fault = refusal.detail
    return requests.tracked(held.home, code, on_today(held)), fault


def _read(form: Mapping[str, str]) -> dict[str, Any]:
    """Return a filled-in form as the body that a program would send, read as strictly.

    Raises:
        ValidationError: it cannot be read.
    """
    given = {name: form[name] for name in (*_WHOLE, *_APPLICANT, *_WANTED) if form.get(name)}
    with_nul = {name: [_NUL.en] for name, value in given.items() if "\0" in value}
    if with_nul:
        raise ValidationError(with_nul)
    body: dict[str, Any] = {name: given[name] for name in _WHOLE if name in given}
    body["applicant"] = {name: given[name] for name in _APPLICANT if name in given}
    body["wanted"] = {name: given[name] for name in _WANTED if name in given}
    read: dict[str, Any] = RequestApplicationBody().load(body)
    return read


def _placed(faults: Iterable[Fault]) -> dict[str, Text]:
    """Return faults by the input that they belong to."""
    return {each.pointer.rpartition("/")[2]: each.detail for each in faults}
