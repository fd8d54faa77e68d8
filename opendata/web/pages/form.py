"""The form above a table: its inputs, and the one address that a filled-in form means.

A browser sends every input of a form, the empty ones too. The page answers such a request with a
redirect to the address that says only what was asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Fault, Text
from opendata.domain.queries import Op
from opendata.web.pages.columns import usual, with_companions
from opendata.web.pages.question import PER_PAGE, Pairs, Question

ASK, COLUMN, FIELD, OP, VALUE = "_ask", "_column", "_field", "_op", "_value"
MOST_INPUTS = 8
SHOWN_AT_ONCE = 3
MOST_CODES = 40
_OPEN_ENDED = (Op.ISNULL, Op.NOTNULL)
_USUAL_LENGTH = ("limit", str(PER_PAGE))
_OWN = ("q", "sort", "limit")


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the form. ``kind`` is ``select``, ``date``, ``year`` or ``text``."""

    name: str
    kind: str
    label: Text
    field: Field
    value: str
    fault: Fault | None


def inputs(question: Question, faults: Sequence[Fault]) -> list[Input]:
    """Return the inputs of a collection's most telling fields, with what was asked in them."""
    by_name = {each.pointer.removeprefix("?"): each for each in faults}
    return [
        Input(name, kind, label, field, _spelt(field, question.first(name)), by_name.get(name))
        for name, kind, label, field in _wanted(question.contract)
    ]


def canonical(question: Question) -> Question:
    """Return the question that a filled-in form asks, without its empty inputs."""
    contract = question.contract
    own = (ASK, COLUMN, FIELD, OP, VALUE, "fields", "cursor")
    kept = [
        (name, value.strip())
        for name, value in question.pairs
        if name not in own and value.strip() and (name, value) != _USUAL_LENGTH
    ]
    kept += _condition(question)
    columns = tuple(value for name, value in question.pairs if name == COLUMN)
    if columns and set(columns) != set(usual(contract)):
        kept.append(("fields", ",".join(with_companions(columns, contract))))
    return Question(contract, tuple(kept))


def carried(question: Question) -> Pairs:
    """Return the parameters that have no input and go through the form unseen."""
    shown = {name for name, *_ in _wanted(question.contract)}
    seen: set[str] = set()
    found = []
    for name, value in question.pairs:
        repeated = name in seen
        seen.add(name)
        if name in (*_OWN, "fields", "cursor", "count") or (name in shown and not repeated):
            continue
        found.append((name, value))
    return tuple(found)


def _condition(question: Question) -> Pairs:
    """Read the three inputs for any field, any operator, any value."""
    name, op = question.first(FIELD), question.first(OP) or Op.EXACT
    value = question.first(VALUE).strip()
    if op in _OPEN_ENDED:
        value = "1"
    if not name or not value:
        return ()
    return ((name if op == Op.EXACT else f"{name}__{op}", value),)


def _wanted(contract: Contract) -> list[tuple[str, str, Text, Field]]:
    found: list[tuple[str, str, Text, Field]] = []
    publisher = contract.field(contract.publisher_field)
    if publisher is not None:
        found.append((f"{publisher.name}__contains", "text", publisher.title, publisher))
    period = contract.field(contract.period_field or "")
    if period is not None:
        found.append((period.name, "year", period.title, period))
    dated = next((each for each in contract.fields if each.type == "date"), None)
    if dated is not None:
        start = Text(f"{dated.title.zh}，从", f"{dated.title.en}, from")
        end = Text(f"{dated.title.zh}，到", f"{dated.title.en}, to")
        found += [(f"{dated.name}__gte", "date", start, dated)]
        found += [(f"{dated.name}__lte", "date", end, dated)]
    for each in contract.fields:
        if 1 < len(each.categories) <= MOST_CODES and each.name != contract.publisher_field:
            found.append((each.name, "select", each.title, each))
    return found[:MOST_INPUTS]


def _spelt(field: Field, value: str) -> str:
    """Return a coded value's code where its label was given."""
    return next((each.value for each in field.categories if value == each.label), value)
