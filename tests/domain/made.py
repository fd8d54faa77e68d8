"""Values made for the tests of the rules: a contract, fields, persons, words."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from opendata.domain.approvals import Decision, Verdict, Withheld
from opendata.domain.contracts import (
    Category,
    Contract,
    Field,
    Licence,
    Mode,
    PeriodKind,
)
from opendata.domain.errors import Text
from opendata.domain.people import Role
from opendata.domain.treatments import Handling, Treatment

AT = datetime(2026, 1, 1, tzinfo=UTC)


def field(name: str, kind: str = "string", **more: Any) -> Field:
    """Return a field of some type."""
    described = Text(f"{name}的说明", f"What {name} is")
    return Field(name, kind, Text(f"{name}列", name), described, "", {}, **more)


KIND = field("kind", categories=(Category("fine", "罚款"), Category("warning", "警告")))
FIELDS = (
    field("name"),
    field("size", "integer"),
    field("amount", "number", decimal_places=2),
    field("decided", "date"),
    field("seen_at", "datetime"),
    field("year", "year"),
    field("is_open", "boolean"),
    KIND,
    field("secret"),
)


def contract(**more: Any) -> Contract:
    """Return a contract with a field of every type; the column ``secret`` is dropped."""
    said: dict[str, Any] = {
        "collection": "things",
        "version": 1,
        "title": Text("事物", "Things"),
        "description": Text("测试", "For tests"),
        "licence": Licence("CC-BY-4.0", "https://example.org", "署名"),
        "fields": FIELDS,
        "primary_key": ("name",),
        "period": PeriodKind.YEAR,
        "period_field": "year",
        "mode": Mode.REPLACE,
        "publisher_field": "name",
        "default_sort": ("-year", "name"),
        "searchable": ("name",),
        "window_field": None,
        "personal": {"secret": Handling(Treatment.DROP)},
        "measures": {},
        "table_schema": {"fields": [{"name": each.name} for each in FIELDS], "primaryKey": "name"},
        "checklist": {},
        "cautions": {},
        "digest": "0" * 64,
    }
    return Contract(**{**said, **more})


def person(number: int) -> UUID:
    """Return the id of a person."""
    return UUID(int=number)


AUTHOR = person(1)
PERSONS = {Role.REVIEWER: person(2), Role.APPROVER: person(3), Role.SUPERVISOR: person(4)}


def word(role: Role, verdict: Verdict, **more: Any) -> Decision:
    """Return one person's word; everybody has their own person unless said otherwise."""
    said: dict[str, Any] = {
        "person_id": PERSONS[role],
        "person": role.value,
        "role": role,
        "verdict": verdict,
        "basis": "《政府信息公开条例》第十九条",
        "reason": "",
        "base_release": 0,
        "at": AT,
        "withheld": Withheld(),
    }
    return Decision(**{**said, **more})


def reviewed(verdict: Verdict = Verdict.DISCLOSE, **more: Any) -> Decision:
    """Return the reviewer's word."""
    return word(Role.REVIEWER, verdict, **more)


def approved(verdict: Verdict = Verdict.DISCLOSE, **more: Any) -> Decision:
    """Return the approver's word."""
    return word(Role.APPROVER, verdict, **more)


def ruled(verdict: Verdict = Verdict.DISCLOSE, **more: Any) -> Decision:
    """Return the supervisor's word."""
    return word(Role.SUPERVISOR, verdict, **more)
