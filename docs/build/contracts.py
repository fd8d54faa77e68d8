"""Contracts: what each file may hold, and what findings are called."""

from collections.abc import Iterator, Mapping

from docs.build.markdown import code, table
from docs.build.prose import prose
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


def findings() -> Iterator[str]:
    """Yield a table of every kind of finding."""
    rows = [
        (
            f"[{code(kind)}](checks.md#error-{kind})",
            rule.title.zh,
            rule.title.en,
            f"{rule.advice.zh} {rule.advice.en}".strip(),
        )
        for kind, rule in RULES.items()
    ]
    yield from table(["type", "中文", "English", "what to do"], rows)


def _table_of(header: str, told: Mapping[str, str]) -> Iterator[str]:
    rows = [(code(name), meaning) for name, meaning in sorted(told.items())]
    yield from table([header, "meaning"], rows)
