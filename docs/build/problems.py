"""Refusal codes: what each is called, what it means, and what to do about it."""

import ast
from collections.abc import Iterator

from docs.build.markdown import code, sentence, table
from docs.build.modules import import_all, sources
from docs.build.prose import prose
from opendata.domain.errors import Refusal
from opendata.web.pages.explanations import explanations

_OF_THE_FRAMEWORK = "A request that the web server or the framework refuses by itself."
# Where ``code`` stands among the arguments of what makes a fault.
_CODE_AT = {"Fault": 2, "note": 3}


def problems() -> Iterator[str]:
    """Yield a section for each code."""
    import_all()
    meanings = {kind.code: sentence(kind.__doc__) for kind in reversed(list(_kinds(Refusal)))}
    for each in explanations().values():
        yield f"### {code(each.code)}"
        yield ""
        yield f"**{each.status}** · {each.title.zh} · {each.title.en}"
        yield ""
        yield meanings.get(each.code, _OF_THE_FRAMEWORK)
        yield ""
        yield f"{each.advice.zh} {each.advice.en}"
        yield ""


def refusal_codes() -> set[str]:
    """Return every code that a problem document may carry."""
    import_all()
    return set(explanations())


def fault_codes() -> Iterator[str]:
    """Yield a table of the codes of ``errors[]``."""
    told = prose("fault-codes", faults())
    yield from table(
        ["code", "where"], [(code(name), where) for name, where in sorted(told.items())]
    )


def faults() -> set[str]:
    """Return the codes that the source gives to located faults, other than a refusal's own."""
    found = set()
    for tree in sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found |= set(_fault_code(node))
    return found


def _fault_code(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    at = _CODE_AT.get(name)
    if at is not None and len(call.args) > at:
        given = call.args[at]
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield given.value


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for each in kind.__subclasses__():
        yield from _kinds(each)
