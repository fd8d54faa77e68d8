"""Queries: operators, parameters, totals, formats and refusals, each with a request and its answer.

The answers are compared by the tests of the pages, to the letter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from docs.build.markdown import code, table
from docs.build.prose import prose
from docs.build.routes import SAMPLE, application
from opendata.domain.contracts import Category, Field, Measure
from opendata.domain.errors import Text
from opendata.domain.queries import Op
from opendata.domain.queries import operators as operators_of
from opendata.domain.queries.aggregates import Measuring, Part, measurings, parts
from opendata.tabular.contract.columns import CONSTRAINTS
from opendata.web.negotiation import MEDIA_TYPES

_SUFFIX = "__"
# Where parameters are taken, and how it is called.
_WHERE = ((f"/api/v1/{SAMPLE}", "pages"), (f"/api/v1/{SAMPLE}/aggregate", "totals"))


def operators() -> Iterator[str]:
    """Yield a section for each operator."""
    kinds = _kinds()
    for op, told in _in_order("operators", [each.value for each in Op]):
        having = [name for name, field in kinds.items() if op in operators_of(field)]
        fitting = "all" if len(having) == len(kinds) else ", ".join(having)
        yield from _section(code(op), told, f"Types: {fitting}.")


def operator_types() -> Iterator[str]:
    """Yield a table of what each type of field can be asked for."""
    rows = [
        (
            name,
            _listed(operators_of(field)),
            _listed(measurings(field)),
            _listed(f"field{_SUFFIX}{each}" if each else "field" for each in parts(field)),
        )
        for name, field in _kinds().items()
    ]
    yield from table(["type", "operators", "metrics", "keys"], rows)


def controls() -> Iterator[str]:
    """Yield a section for each parameter that is no filter."""
    known = control_parameters()
    for name, told in sorted(prose("controls", known).items()):
        yield from _section(code(name), told, f"For: {', '.join(known[name])}.")


def keys() -> Iterator[str]:
    """Yield a section for each way to group."""
    for name, told in _in_order("keys", key_names()):
        yield from _section(f"Key {code(name)}", told)


def metrics() -> Iterator[str]:
    """Yield a section for each metric."""
    for name, told in _in_order("metrics", [each.value for each in Measuring]):
        yield from _section(f"Metric {code(name)}", told)


def written() -> Iterator[str]:
    """Yield a section for each format of answers."""
    for name, told in _in_order("written", MEDIA_TYPES):
        said = f"`.{name}` · `Accept: {MEDIA_TYPES[name]}`"
        yield from _section(f"Format {code(name)}", told, said)


def refusals() -> Iterator[str]:
    """Yield a section for each of the usual mistakes; there are more codes than these."""
    for name, told in prose("refusals", {"not-additive", *_MISTAKES}).items():
        yield from _section(f"Mistake {code(name)}", told)


def measures() -> Iterator[str]:
    """Yield what may be added up in each collection that ships."""
    app, _ = application()
    for name, contract in app.extensions["opendata"].contracts.items():
        yield from (f"### Collection {code(name)}", "")
        for measure, told in contract.measures.items():
            fields = [each.name for each in contract.published.fields if each.measure == measure]
            yield from (f"{_listed(fields)}: {_limits(told)}. {told.text.zh} {told.text.en}", "")


def _limits(measure: Measure) -> str:
    said = [f"within {_listed(measure.within)}"]
    for column, values in measure.never.items():
        said.append(f"never where {code(column)} is {_listed(values)}")
    for each in measure.also:
        where = f"where {code(each.field)} is {_listed(each.values)}"
        said.append(f"{where} also within {_listed(each.within)}")
    return "; ".join(said)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(code, names))


def key_names() -> list[str]:
    """Return how the ways to group are called."""
    return [each.name.lower() for each in Part]


def control_parameters() -> Mapping[str, list[str]]:
    """Return the parameters that are no filters, and what takes them."""
    app, document = application()
    fields = app.extensions["opendata"].contracts[SAMPLE].published.fields
    filters = {each.name for each in fields}
    found: dict[str, list[str]] = {}
    for path, what in (*_WHERE, (_download(document), "downloads")):
        for each in document["paths"][path]["get"]["parameters"]:
            told = _resolved(each, document)
            name = told["name"]
            is_filter = name.startswith("_") or name.partition(_SUFFIX)[0] in filters
            if told["in"] == "query" and not is_filter:
                found.setdefault(name, []).append(what)
    return found


_MISTAKES = (
    "unknown-parameter",
    "unknown-operator",
    "invalid-value",
    "unknown-part",
    "unfit-metric",
    "misplaced-parameter",
)


def _section(heading: str, told: Mapping[str, str], said: str = "") -> Iterator[str]:
    yield from (f"### {heading}", "", f"{told['meaning']} {said}".strip(), "")
    if told["example"]:
        yield from ("```http", f"GET /api/v1/{told['example']}", "```", "")
        yield from ("```text", told["answer"].rstrip("\n"), "```", "")


def _in_order(table: str, names: Collection[str]) -> Iterator[tuple[str, Any]]:
    told = prose(table, names)
    return ((name, told[name]) for name in names)


def _download(document: Mapping[str, Any]) -> str:
    paths: list[str] = [each for each in document["paths"] if each.startswith(f"/api/v1/{SAMPLE}.")]
    return next(each for each in paths if not each.endswith(".json"))


def _resolved(parameter: Mapping[str, str], document: Mapping[str, Any]) -> Mapping[str, str]:
    reference = parameter.get("$ref")
    if reference is None:
        return parameter
    found: Mapping[str, str] = document["components"]["parameters"][reference.rpartition("/")[2]]
    return found


def _kinds() -> dict[str, Field]:
    """Return a field of each kind that differs in what it can be asked for."""
    kinds = {code(kind): _field(kind) for kind in CONSTRAINTS}
    coded = _field("string", categories=(Category("", ""),))
    kinds[f"{code('string')} with codes"] = coded
    for kind in ("integer", "number"):
        kinds[f"{code(kind)} with a measure"] = _field(kind, measure="")
    return kinds


def _field(kind: str, **more: Any) -> Field:
    return Field("", kind, Text("", ""), Text("", ""), "", {}, **more)
