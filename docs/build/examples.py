"""Examples of what checks find: small tables in ``examples.toml``, judged by the real judge."""

import json
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from opendata.domain.contracts import Contract, Field, Licence, Mode, PeriodKind
from opendata.domain.errors import Text
from opendata.tabular.context import Context
from opendata.tabular.foreign import judge_foreign
from opendata.tabular.judge import judge
from opendata.tabular.readers import open_table


class NoExample(LookupError):
    """A kind of finding has no example."""


class WrongExample(ValueError):
    """The judge does not find in an example what it is an example of."""


@dataclass(frozen=True, slots=True)
class Example:
    """A table in which something is wrong, and what judges it.

    ``declaration`` is the rule as a checklist has it; Frictionless's own errors need none.
    ``schema`` is what the table schema says beside its fields. With ``foreign`` the table is
    judged by schema and rule alone, as somebody else's file is; ``caution`` makes the rule one.
    ``published`` says in words what ``context`` says of the registration and of other data.
    ``also`` are other errors that cannot be had without.
    """

    error: str
    fields: Mapping[str, Mapping[str, Any]]
    table: str
    declaration: str = ""
    schema: Mapping[str, Any] | None = None
    context: Mapping[str, Any] | None = None
    published: str = ""
    also: Sequence[str] = ()
    foreign: bool = False
    caution: bool = False

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules of the checklist."""
        return [json.loads(self.declaration)] if self.declaration else []

    @property
    def check(self) -> str:
        """The type of the rule; empty where the judge or Frictionless needs none declared."""
        return str(self.rules[0]["type"]) if self.rules else ""

    @property
    def table_schema(self) -> dict[str, Any]:
        """The whole table schema."""
        fields = [{"name": name, **told} for name, told in self.fields.items()]
        return {"fields": fields, "missingValues": [""], **(self.schema or {})}


@cache
def examples() -> tuple[Example, ...]:
    """Return all examples in the order of the file."""
    text = Path(__file__).with_name("examples.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text, parse_float=Decimal)
    return tuple(Example(error, **each) for error, found in told.items() for each in found)


def examples_of(error: str) -> list[Example]:
    """Return the examples of one type of error.

    Raises:
        NoExample: there is none in ``examples.toml``.
    """
    found = [each for each in examples() if each.error == error]
    if not found:
        message = f"examples.toml has no [[{error}]]"
        raise NoExample(message)
    return found


def messages(example: Example) -> list[Text]:
    """Return what the judge says of the example, error by error.

    Raises:
        WrongExample: it says something else.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = _judged(example, Path(folder))
    kinds = {kind for kind, _ in found} - set(example.also)
    if kinds != {example.error}:
        message = f"[[{example.error}]] of examples.toml shows {sorted(kinds)}"
        raise WrongExample(message)
    return [said for kind, said in found if kind == example.error]


def _judged(example: Example, folder: Path) -> list[tuple[str, Text]]:
    table = folder / "table.csv"
    table.write_text(example.table, encoding="utf-8")
    if example.foreign:
        schema, checklist = folder / "schema.json", folder / "checklist.json"
        schema.write_text(json.dumps(example.table_schema), encoding="utf-8")
        checklist.write_text(json.dumps({"checks": example.rules}), encoding="utf-8")
        judgement = judge_foreign(table, schema, checklist)
    else:
        contract = _contract(example)
        opened = open_table(table, contract, folder / "canonical.csv")
        judgement = judge(opened, contract, _context(example))
    errors = [*judgement.outline["errors"], *judgement.errors]
    found = [(each["type"], Text(**each["messages"])) for each in errors]
    return found + [(each.code, each.message) for each in judgement.cautions]


def _contract(example: Example) -> Contract:
    """Return a contract of the example's columns, which says no more than the judge asks."""
    schema = example.table_schema
    rules, none = {"checks": example.rules}, {"checks": list[Any]()}
    nothing = Text("示例", "Example")
    return Contract(
        collection="example",
        version=1,
        title=nothing,
        description=nothing,
        licence=Licence("", "", ""),
        fields=tuple(
            Field(name, told["type"], Text(told.get("title", name), name), nothing, "", {})
            for name, told in example.fields.items()
        ),
        primary_key=tuple(schema.get("primaryKey", ())),
        period=PeriodKind.YEAR,
        period_field=None,
        mode=Mode.REPLACE,
        publisher_field="",
        default_sort=(),
        searchable=(),
        window_field=None,
        personal={},
        measures={},
        table_schema=schema,
        checklist=none if example.caution else rules,
        cautions=rules if example.caution else none,
        digest="",
    )


def _context(example: Example) -> Context | None:
    if example.context is None:
        return None
    told = dict(example.context)
    return Context(
        publishers=frozenset(told.pop("publishers", ())),
        period=told.pop("period", None),
        dataset=told.pop("dataset", "example"),
        releases=_Published(**told),
    )


@dataclass(frozen=True, slots=True)
class _Published:
    """What else is published, as an example tells it."""

    held_by: str = ""
    records: Sequence[Mapping[str, Any]] = ()
    holds_records: bool = True

    def owner_of(self, ids: Sequence[str]) -> Mapping[str, str]:
        return dict.fromkeys(ids, self.held_by) if self.held_by else {}

    def of_dataset(self, dataset: str, fields: Sequence[str]) -> Iterable[Mapping[str, Any]]:
        return [{name: each.get(name) for name in fields} for each in self.records]

    def matching(
        self,
        fields: Sequence[str],
        values: Mapping[str, Sequence[Any]],
        collection: str | None = None,
    ) -> Iterable[Mapping[str, Any]] | None:
        return [
            {name: each.get(name) for name in fields}
            for each in self.records
            if all(each.get(name) in wanted for name, wanted in values.items())
        ]
