"""Queries: the operators of filters and the parameters that are no filters."""

from collections.abc import Iterator, Mapping
from typing import Any

from docs.build.markdown import code
from docs.build.prose import prose
from docs.build.routes import SAMPLE, application
from opendata.domain.contracts import Field
from opendata.domain.errors import Text
from opendata.domain.queries import Op
from opendata.domain.queries import operators as operators_of
from opendata.tabular.contract.columns import CONSTRAINTS

_SUFFIX = "__"


def operators() -> Iterator[str]:
    """Yield a section for each operator, with a request that uses it."""
    told = prose("operators", {each.value for each in Op})
    for op in Op:
        kinds = [kind for kind in CONSTRAINTS if op in operators_of(_field(kind))]
        yield f"### {code(op.value)}"
        yield ""
        yield told[op.value]["meaning"]
        yield ""
        yield f"Types: {'all' if len(kinds) == len(CONSTRAINTS) else ', '.join(map(code, kinds))}."
        yield ""
        yield from ("```http", f"GET /api/v1/{told[op.value]['example']}", "```", "")


def controls() -> Iterator[str]:
    """Yield a section for each parameter that is no filter."""
    known = control_parameters()
    for name, told in sorted(prose("controls", known).items()):
        yield f"### {code(name)}"
        yield ""
        yield f"{told['meaning']} For: {', '.join(known[name])}."
        yield ""
        if told["example"]:
            yield from ("```http", f"GET /api/v1/{told['example']}", "```", "")


def control_parameters() -> Mapping[str, list[str]]:
    """Return the parameters that are no filters, and which of pages and downloads take them."""
    app, document = application()
    fields = app.extensions["opendata"].contracts[SAMPLE].published.fields
    filters = {each.name for each in fields}
    found: dict[str, list[str]] = {}
    for path, what in ((f"/api/v1/{SAMPLE}", "pages"), (_download(document), "downloads")):
        for each in document["paths"][path]["get"]["parameters"]:
            told = _resolved(each, document)
            name = told["name"]
            is_filter = name.startswith("_") or name.partition(_SUFFIX)[0] in filters
            if told["in"] == "query" and not is_filter:
                found.setdefault(name, []).append(what)
    return found


def _download(document: Mapping[str, Any]) -> str:
    paths: list[str] = [each for each in document["paths"] if each.startswith(f"/api/v1/{SAMPLE}.")]
    return next(each for each in paths if not each.endswith(".json"))


def _resolved(parameter: Mapping[str, str], document: Mapping[str, Any]) -> Mapping[str, str]:
    reference = parameter.get("$ref")
    if reference is None:
        return parameter
    found: Mapping[str, str] = document["components"]["parameters"][reference.rpartition("/")[2]]
    return found


def _field(kind: str) -> Field:
    return Field("", kind, Text("", ""), Text("", ""), "", {})
