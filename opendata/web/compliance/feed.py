"""The feed of an agency: what it has to disclose, as it falls due, is met or is overdue (Atom)."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from xml.etree import ElementTree

from flask import Response, request

from opendata.domain.catalogue import Agency
from opendata.domain.compliance import Case, Status
from opendata.domain.editions import CHINA
from opendata.domain.queries import moment_text
from opendata.stages import catalogue, comply
from opendata.stages.comply import Asked
from opendata.web.access import opened_to, runtime
from opendata.web.compliance.room import blp, sources
from opendata.web.links import api_url
from opendata.web.room import ACCEPT, itself

MEDIA_TYPE = "application/atom+xml"
MOST_ENTRIES = 100
_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 has no way to write.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANSWER = {
    "200": {
        "description": "订阅（Atom，RFC 4287） The feed",
        "headers": {"ETag": "ETag"},
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    },
    "304": "NotModified",
}


@blp.route("/agencies/<agency>/compliance.atom", methods=["GET"])
@opened_to()
@itself(ACCEPT)
@blp.doc(operationId="follow_compliance", parameters=["If-None-Match"], responses=_ANSWER)
@blp.refuses(404, 422)
def feed(agency: str) -> Response:
    """订阅一个公开主体的履行情况 Follow how an agency keeps its obligations

    最近的一百条：到期未公开的、已公开的（按时或迟延）、正在期限之内的。

    The latest hundred: what fell overdue, what was disclosed, in time or late, and what is due.
    """
    held = runtime()
    with held.home.database.read() as session:
        told = catalogue.agency(session, agency)
    found = comply.found(sources(), Asked(agency=agency), held.now())
    return Response(_written(told, _newest(found)), content_type=MEDIA_TYPE)


def _newest(cases: Sequence[Case]) -> list[tuple[datetime, Case]]:
    """Return the cases of which something is to be told, what happened last first."""
    told = [(_since(each), each) for each in cases]
    known = [(since, each) for since, each in told if since is not None]
    known.sort(key=lambda pair: (-pair[0].timestamp(), pair[1].obligation.code, pair[1].occasion))
    return known[:MOST_ENTRIES]


def _since(case: Case) -> datetime | None:
    """Return since when a case stands so; ``None`` where its term has not begun."""
    day: date | None = case.term.trigger
    if case.status is Status.OVERDUE and case.term.rolled is not None:
        day = case.term.rolled + timedelta(days=1)
    elif case.met is not None:
        day = case.met.said_on or case.met.on
    elif case.status is Status.DUE and case.term.trigger >= runtime().today():
        return None
    return None if day is None else datetime.combine(day, time.min, CHINA)


def _written(agency: Agency, told: Sequence[tuple[datetime, Case]]) -> bytes:
    own = api_url(request.path.removeprefix("/api/v1/"))
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "zh"})
    _add(root, "id", own)
    _add(root, "title", f"{agency.name.zh}：公开义务 Compliance of {agency.name.en or agency.id}")
    # A feed that tells nothing yet has its agency's address and a moment that never changes.
    newest = told[0][0] if told else datetime(2008, 5, 1, tzinfo=CHINA)
    _add(root, "updated", moment_text(newest))
    author = ElementTree.SubElement(root, "author")
    _add(author, "name", agency.name.zh)
    ElementTree.SubElement(root, "link", {"rel": "self", "href": own, "type": MEDIA_TYPE})
    about = api_url("compliance/cases", [("agency", agency.id)])
    ElementTree.SubElement(root, "link", {"rel": "alternate", "href": about})
    for since, case in told:
        _add_entry(root, since, case)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(root: ElementTree.Element, since: datetime, case: Case) -> None:
    own = case.obligation
    pairs = [("obligation", own.id), ("occasion", case.occasion)]
    address = api_url("compliance/cases", pairs)
    entry = ElementTree.SubElement(root, "entry")
    _add(entry, "id", f"{address}#{case.status}")
    label = case.status.label
    item = " / ".join(each for each in (own.item, own.subitem) if each)
    _add(entry, "title", f"{label.zh} {label.en}: {item} ({case.occasion})")
    _add(entry, "updated", moment_text(since))
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "href": address})
    _add(entry, "summary", _sentence(case))


def _sentence(case: Case) -> str:
    due = case.term.day.isoformat() if case.term.day else "期限未定 indeterminate"
    parts = [case.obligation.field, case.title, f"到期 due {due}"]
    if case.met is not None and case.met.on is not None:
        parts.append(f"公开 disclosed {case.met.on}")
    # How late what is still owed is changes every day; the entry does not.
    if case.status is Status.LATE:
        parts.append(f"迟 {case.late_by} 个工作日 {case.late_by} working days late")
    return "；".join(each for each in parts if each)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _NOT_XML.sub("�", text)
