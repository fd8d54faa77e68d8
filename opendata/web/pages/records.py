"""One record with everything known of it, and the dictionary of a collection's fields."""

from dataclasses import dataclass

from flask import render_template

from opendata.domain.contracts import Contract, Field
from opendata.stages import catalogue, query
from opendata.web.access import opened_to, runtime
from opendata.web.links import api_url
from opendata.web.pages.question import Question
from opendata.web.pages.writing import Cell, cell, unit_of


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record."""

    field: Field
    cell: Cell


@opened_to()
def one(collection: str, record_id: str) -> str:
    """Show one record: its fields, where it comes from, where it was, how to cite it."""
    held = runtime()
    contract = held.contracts[collection]
    found = query.record(held.home, contract, record_id, held.now())
    with held.home.database.read() as session:
        dataset = catalogue.dataset(session, found.values["_dataset"])
    published = contract.published
    by_name = {each.name: each for each in published.fields}
    lines = [
        Line(each, cell(each, found.values[each.name], unit_of(each, found.values, by_name)))
        for each in published.fields
    ]
    heading = "，".join(each.cell.text for each in lines if each.field.name in _telling(published))
    question = Question(published, (("_id", record_id),))
    snapshot = found.view.snapshot
    return render_template(
        "record.html",
        contract=published,
        record=found,
        record_id=record_id,
        heading=heading or record_id,
        dataset=dataset,
        lines=lines,
        question=question,
        pinned=question.pinned(str(snapshot.id)) if snapshot else None,
        api=api_url(f"{collection}/{record_id}"),
    )


def _telling(contract: Contract) -> set[str | None]:
    """Return the names of the fields that say in a few words which record it is."""
    usual = {contract.publisher_field, contract.period_field}
    searched = next((each for each in contract.searchable if each not in usual), None)
    return {*usual, searched}


@opened_to()
def dictionary(collection: str) -> str:
    """Show what every field of a collection means."""
    contract = runtime().contracts[collection].published
    return render_template(
        "dictionary.html", contract=contract, api=api_url(f"{collection}/schema")
    )
