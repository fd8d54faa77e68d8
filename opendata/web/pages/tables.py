"""A collection as a table: filtered, sorted, paged; every state of it is an address."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from opendata.domain.contracts import Contract
from opendata.domain.cursors import InvalidCursor
from opendata.domain.errors import Fault, Refusal, Text
from opendata.domain.queries import SYSTEM_FIELDS, BadQuery, Query, parse
from opendata.stages import query
from opendata.stages.export import FORMATS
from opendata.web.access import opened_to, runtime
from opendata.web.pages import columns, form
from opendata.web.pages.question import MOST_PER_PAGE, OPERATORS, PER_PAGE, Question
from opendata.web.pinned import told_of_ended

LENGTHS = (20, PER_PAGE, 100, 200, MOST_PER_PAGE)


@opened_to()
def table(collection: str) -> tuple[str, int] | Response:
    """Show the records that match, or what is wrong with the question."""
    held = runtime()
    contract = held.contracts[collection]
    question = Question(contract.published, tuple(request.args.items(multi=True)))
    if question.first(form.ASK):
        return redirect(form.canonical(question).page, 303)
    try:
        asked = _checked(question)
        found = query.page(held.home, contract, asked, held.now())
    except (BadQuery, InvalidCursor) as refusal:
        return _refused(question, refusal), refusal.status
    return _answered(question, asked, found), 200


def _checked(question: Question) -> Query:
    """Parse the question as the API would; a page has fewer rows than an answer may."""
    counted = () if question.first("count") else (("count", "exact"),)
    asked = parse((*question.asked, *counted), question.contract)
    if asked.limit > MOST_PER_PAGE:
        text = Text(
            f"网页每页至多 {MOST_PER_PAGE} 行；更多请用接口或下载。",
            f"A page has at most {MOST_PER_PAGE} rows; for more, use the API or a download.",
        )
        raise BadQuery(*text, (Fault("?limit", text, "invalid-value"),))
    return asked


def _answered(question: Question, asked: Query, found: query.Page) -> str:
    names, empty = columns.shown(question, found.records)
    headers = columns.headers(question, names, asked.sort)
    rows = [(each.get("_id"), columns.cells(headers, each, question)) for each in found.records]
    snapshot = found.view.snapshot
    more = found.next_cursor
    return render_template(
        "collection.html",
        **_around(question, ()),
        page=found,
        headers=headers,
        rows=rows,
        empty=[question.fields[name] for name in empty],
        next_path=question.replacing("cursor", more).page if more else None,
        first_path=question.without("cursor").page if question.first("cursor") else None,
        pinned=question.pinned(str(snapshot.id)) if snapshot else None,
        ended=told_of_ended(runtime(), asked, found.view),
    )


def _refused(question: Question, refusal: Refusal) -> str:
    faults = refusal.faults or (Fault("", refusal.detail, refusal.code),)
    return render_template("collection.html", **_around(question, faults), page=None)


def _around(question: Question, faults: Sequence[Fault]) -> dict[str, Any]:
    """Return what the page shows besides the answer."""
    contract = question.contract
    names = columns.chosen(question) or columns.usual(contract)
    return {
        "contract": contract,
        "question": question,
        "faults": faults,
        "inputs": form.inputs(question, faults),
        "carried": form.carried(question),
        "names": {"ask": form.ASK, "column": form.COLUMN, "field": form.FIELD,
                  "op": form.OP, "value": form.VALUE},
        "choices": (*SYSTEM_FIELDS[1:], *contract.fields),
        "shown_at_once": form.SHOWN_AT_ONCE,
        "chosen": names,
        "sortable": [question.fields[name] for name in names],
        "operators": OPERATORS,
        "lengths": LENGTHS,
        "length": question.first("limit") or str(PER_PAGE),
        "formats": FORMATS,
        "usual_sort": _words_of_sort(contract),
    }  # fmt: skip


def _words_of_sort(contract: Contract) -> str:
    fields = [contract.field(key.removeprefix("-")) for key in contract.default_sort]
    return "、".join(each.title.zh for each in fields if each is not None)
