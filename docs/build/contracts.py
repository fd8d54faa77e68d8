"""Contracts: what each file may hold, and every rule with an example that ships."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.build.markdown import code, sentence, table
from docs.build.prose import prose
from opendata.tabular.checks.keys import KeyUniqueAcrossCheck
from opendata.tabular.checks.plugin import CHECKS
from opendata.tabular.contract import load_all, packaged_schemas
from opendata.tabular.contract.columns import CONSTRAINTS, FIELD_KEYS
from opendata.tabular.contract.presentation import KEYS
from opendata.tabular.rules import RULES


def field_keys() -> Iterator[str]:
    """Yield a table of what a field may declare."""
    yield from _table_of("property", prose("field-keys", FIELD_KEYS))


def field_types() -> Iterator[str]:
    """Yield a table of the types and the constraints of each."""
    rows = [
        (code(kind), ", ".join(code(each) for each in sorted(allowed)))
        for kind, allowed in CONSTRAINTS.items()
    ]
    yield from table(["type", "constraints"], rows)


def collection_keys() -> Iterator[str]:
    """Yield a table of what ``collection.toml`` may say."""
    yield from _table_of("key", prose("collection-keys", KEYS))


def checks() -> Iterator[str]:
    """Yield a section for each kind of rule, with the first example that ships."""
    for kind, check in sorted(CHECKS.items()):
        yield f"### {code(kind)}"
        yield ""
        yield sentence(check.__doc__)
        yield ""
        if check is KeyUniqueAcrossCheck:
            yield "The platform adds it to every checklist; a contract does not name it."
            yield ""
            continue
        file, example = _example(kind)
        yield f"From {code(file)}:"
        yield ""
        yield from ("```json", json.dumps(example, ensure_ascii=False, indent=2), "```", "")


def findings() -> Iterator[str]:
    """Yield a table of every kind of finding."""
    rows = [
        (code(kind), rule.title.zh, rule.title.en, f"{rule.advice.zh} {rule.advice.en}".strip())
        for kind, rule in RULES.items()
    ]
    yield from table(["type", "中文", "English", "what to do"], rows)


def _table_of(header: str, told: Mapping[str, str]) -> Iterator[str]:
    rows = [(code(name), meaning) for name, meaning in sorted(told.items())]
    yield from table([header, "meaning"], rows)


def _example(kind: str) -> tuple[str, Mapping[str, Any]]:
    for contract in load_all(packaged_schemas()).values():
        for file, rules in (("checklist", contract.checklist), ("cautions", contract.cautions)):
            for each in rules["checks"]:
                if each["type"] == kind:
                    return f"{contract.name}/{file}.json", each
    raise LookupError(kind)
