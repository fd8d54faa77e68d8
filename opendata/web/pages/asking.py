"""Asking an agency for information, and following it: forms that work without a script.

The tracking code goes in bodies only: no address has it, no history and no log.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import render_template, request
from marshmallow import ValidationError

from opendata.domain.catalogue import NoSuchAgency
from opendata.domain.errors import Fault, Forbidden, Text
from opendata.domain.requests import (
    SAID_BY_APPLICANTS,
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
from opendata.stages.requests import Application, Opened
from opendata.web.access import opened_to, runtime
from opendata.web.problems import validation_faults
from opendata.web.requests.bodies import ApplicantEventBody, RequestApplicationBody
from opendata.web.requests.filing import on_today, taken, told_by_applicant

Answer = str | tuple[str, int]
_WHOLE = ("agency", "applicant_kind")
_APPLICANT = ("name", "id_document", "email", "phone", "address")
_WANTED = ("information", "purpose", "form", "delivery")
_NUL = Text("文本中不能有 NUL 字符。", "A text may not contain NUL.")


class CrossSite(Forbidden):
    """A form was sent from another site's page, of which whoever sent it may not know."""

    code = "cross-site"


def check_same_site() -> None:
    """Refuse a form that a browser says another site sent.

    Raises:
        CrossSite: it did.
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise CrossSite(
            "此表单来自别的网站，没有受理；请在本网站的页面上填写。",
            "This form was sent by another site and is not taken; fill in the one on this site.",
        )


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
    said = request.form.get("statement", "") if fault else ""
    page = render_template("request_status.html", found=found, code=code, fault=fault, said=said)
    return page if fault is None else (page, 422)


def _told(code: str) -> tuple[Opened, Text | None]:
    """Record what the applicant says, if anything, and return where the request stands."""
    held = runtime()
    wanted = request.form.get("kind", "")
    fault = None
    if wanted in SAID_BY_APPLICANTS:
        try:
            statement = _read_statement(request.form)
            return told_by_applicant(held, code, Kind(wanted), statement), None
        except ValidationError as error:
            fault = next(validation_faults(error.messages)).detail
        except (InvalidRequestEvent, RequestNotInTurn) as refusal:
            fault = refusal.detail
    return requests.tracked(held.home, code, on_today(held)), fault


def _read_statement(form: Mapping[str, str]) -> str:
    """Return what the applicant says, read as strictly as a program's.

    Raises:
        ValidationError: it cannot be read.
    """
    told = {name: _given(form, name) for name in ("kind", "statement")}
    if "\0" in told["statement"]:
        raise ValidationError({"statement": [_NUL.en]})
    read: dict[str, str] = ApplicantEventBody().load(told)
    return read["statement"]


def _given(form: Mapping[str, str], name: str) -> str:
    """Return what was filled in; a browser ends each line with two characters, counted as one."""
    return form.get(name, "").replace("\r\n", "\n")


def _read(form: Mapping[str, str]) -> dict[str, Any]:
    """Return a filled-in form as the body that a program would send, read as strictly.

    Raises:
        ValidationError: it cannot be read.
    """
    names = (*_WHOLE, *_APPLICANT, *_WANTED)
    given = {name: value for name in names if (value := _given(form, name))}
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
