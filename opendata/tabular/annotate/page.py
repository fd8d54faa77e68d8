"""The report as a page: it needs no script, loads nothing, and prints."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from opendata.domain.errors import Text
from opendata.tabular.annotate.account import Account

MOST_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of the submission, under its name."""

    name: Text
    value: str


def report_page(account: Account, facts: Sequence[Fact]) -> str:
    """Return the page; of the findings it shows those that ``account`` tells one by one."""
    outcome = account.outcome
    return (
        _environment()
        .get_template("report.html")
        .render(
            outcome=outcome,
            account=account,
            facts=facts,
            style=Markup(_style()),  # noqa: S704 - a file of ours.
            found=provenance_facts(outcome.provenance),
            notes=outcome.provenance.get("notes", ()),
            cautions=sum(each["count"] for each in outcome.cautions),
        )
    )


def style_digest() -> str:
    """Return what a content security policy names the page's style by."""
    digest = hashlib.sha256(_style().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def provenance_facts(provenance: Any) -> list[Fact]:
    """Return what was understood of the file, in words; the header is told apart."""
    return [Fact(name, _said(provenance[key])) for key, name in _NAMES.items() if key in provenance]


_NAMES = {
    "format": Text("格式", "format"),
    "container": Text("容器", "container"),
    "encoding": Text("编码", "encoding"),
    "encoding_grounds": Text("编码依据", "grounds of the encoding"),
    "bom": Text("字节顺序标记", "byte-order mark"),
    "delimiter": Text("列分隔符", "delimiter"),
    "sheet": Text("工作表", "sheet"),
    "header_row": Text("表头所在行", "row of the header"),
    "title_rows": Text("表头以上的标题行", "title rows above it"),
    "hidden_rows": Text("隐藏的行", "hidden rows"),
    "hidden_columns": Text("隐藏的列", "hidden columns"),
    "merged_cells": Text("合并单元格", "merged cells"),
    "rows": Text("行数", "rows"),
    "sha256": Text("规范文本的 SHA-256", "SHA-256 of the canonical table"),
}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "有 yes" if value else "无 no"
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "—"
    return {"\t": "Tab", ",": "，逗号 comma"}.get(value, str(value)) if value != "" else "—"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("opendata.tabular.annotate", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> str:
    environment = _environment()
    source, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]  # it has one.
    return source
