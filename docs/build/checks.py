"""Checks and errors: what each says, with a table that fails and the judge's own words on it."""

import inspect
import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from frictionless import Check

from docs.build.examples import Example, examples, examples_of, messages
from docs.build.markdown import code, table
from opendata.domain.contracts import Contract
from opendata.tabular.checks.base import RuleCheck
from opendata.tabular.checks.overrides import RowConstraint
from opendata.tabular.checks.plugin import CHECKS
from opendata.tabular.contract import latest, load, packaged_schemas
from opendata.tabular.messages import described
from opendata.tabular.rules import RULES

# What every check may declare is said once, on the page itself.
_COMMON = frozenset({"type", "name", "title", "description", "basis"})
_NOT_CHECKED = "not-checked.toml"


def checks() -> Iterator[str]:
    """Yield a section for each type of check."""
    for kind, check in sorted(CHECKS.items()):
        yield f"### Check {code(kind)}"
        yield ""
        yield inspect.cleandoc(check.__doc__ or "").replace("``", "`")
        yield ""
        yield f"Finds 发现：{'、'.join(_error_link(each) for each in errors_of(check))}"
        yield ""
        rows = list(_properties(check))
        if rows:
            yield from table(["property", "value", ""], rows)
            yield ""


def errors() -> Iterator[str]:
    """Yield a section for each type of error, with what the judge says of its examples."""
    for kind, rule in RULES.items():
        yield f"### Error {code(kind)}"
        yield ""
        yield f"{rule.title.zh} · {rule.title.en}. {_found_by(kind)}"
        yield ""
        for each in examples_of(kind):
            yield from _example(each)


def rules() -> Iterator[str]:
    """Yield a section for each collection: its rules, and those that no file can be judged by."""
    for collection, folder in latest(packaged_schemas()).items():
        contract = load(folder)
        yield f"### Collection {code(collection)}"
        yield ""
        yield f"{contract.title.zh} · {contract.title.en}"
        yield ""
        yield from table(["rule", "check", "", "what 内容", "basis 依据"], _rules(contract))
        yield ""
        untold = folder / _NOT_CHECKED
        if untold.is_file():
            told = tomllib.loads(untold.read_text(encoding="utf-8"))["rule"]
            yield "Not checked 不能自动核对："
            yield ""
            rows = [
                (
                    code(each["id"]),
                    f"{each['title']} {each['title_en']}",
                    f"{each['reason']} {each['reason_en']}",
                )
                for each in told
            ]
            yield from table(["rule", "what 内容", "why 原因"], rows)
            yield ""


def errors_of(check: type[Check]) -> list[str]:
    """Return the types of the errors that a check reports."""
    return [each.type for each in check.Errors]


def missing_examples() -> list[str]:
    """Return the checks that no example declares, but those that the judge adds by itself."""
    shown = {each.check for each in examples()}
    reported = {each.error for each in examples() if not each.check}
    return [
        kind
        for kind, check in CHECKS.items()
        if kind not in shown and not reported.issuperset(errors_of(check))
    ]


def _properties(check: type[Check]) -> Iterator[tuple[str, str, str]]:
    profile = check.metadata_ensure_profile()
    for name, told in profile["properties"].items():
        if name not in _COMMON:
            needed = "required" if name in profile["required"] else ""
            yield code(name), _value(told), needed


def _value(told: Mapping[str, Any]) -> str:
    """Say what a property of a declaration may be."""
    if "enum" in told:
        return ", ".join(code(str(each)) for each in told["enum"])
    if "anyOf" in told:
        return " or ".join(_value(each) for each in told["anyOf"])
    kind = told.get("type")
    if kind == "array":
        return f"list of {_value(told['items'])}"
    if kind == "object":
        inside = told.get("additionalProperties")
        if isinstance(inside, dict):
            return f"object: name → {_value(inside)}"
        return f"object with {', '.join(code(each) for each in told['properties'])}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _found_by(error: str) -> str:
    by = [kind for kind, check in CHECKS.items() if error in errors_of(check)]
    links = [f"[{code(kind)}](#check-{kind})" for kind in sorted(by)]
    ours = [CHECKS[kind] for kind in by if CHECKS[kind] is not RowConstraint]
    if not links:
        return "Found by Frictionless itself. 由 Frictionless 本身发现。"
    whose = "" if ours else " of Frictionless"
    return f"Found by the check{'s' if len(links) > 1 else ''}{whose} {', '.join(links)}."


def _error_link(error: str) -> str:
    title = RULES[error].title
    return f"[{code(error)}](#error-{error}) {title.zh} {title.en}"


def _example(example: Example) -> Iterator[str]:
    if example.declaration:
        rule = json.loads(example.declaration)
        yield from ("```json", json.dumps(rule, ensure_ascii=False, indent=2), "```", "")
    if example.published:
        yield f"登记或已发布 Registered or published: {example.published}"
        yield ""
    yield from ("```text", example.table.rstrip("\n"), "```", "")
    for said in messages(example):
        yield f"> {said.zh}<br>"
        yield f"> {said.en}"
        yield ""


def _rules(contract: Contract) -> Iterator[tuple[str, ...]]:
    for severity, descriptor in (
        ("错误 error", contract.checklist),
        ("提示 caution", contract.cautions),
    ):
        for each in descriptor["checks"]:
            kind = each["type"]
            link = f"[{code(kind)}](#check-{kind})"
            name = code(each["name"]) if "name" in each else ""
            yield name, link, severity, _said(each, contract), each.get("basis", "")


def _said(rule: Mapping[str, Any], contract: Contract) -> str:
    """Return a rule's description; where it has none, what its error is called and of which."""
    told = described(rule.get("description"))
    if told is not None:
        return f"{told.zh} {told.en}"
    title = RULES[errors_of(CHECKS[rule["type"]])[0]].title
    return f"{title.zh} {title.en}: {_columns(rule, contract)}"


def _columns(rule: Mapping[str, Any], contract: Contract) -> str:
    """Name the columns that a rule is declared for, by their Chinese titles."""
    check = Check.from_descriptor(dict(rule))
    named = check.named_fields() if isinstance(check, RuleCheck) else ()
    names = named or tuple(rule.get("places", ()))
    known = {each.name: each.title.zh for each in contract.fields}
    return "、".join(known[name] for name in names if name in known)
