"""What a person asks of a collection: the parameters of the page's address, read and rewritten."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.domain.queries import SYSTEM_FIELDS, Op
from opendata.web.links import api_url, base_url

Pairs = tuple[tuple[str, str], ...]

PER_PAGE = 50
MOST_PER_PAGE = 500
PAGED = ("limit", "cursor", "count")
CONTROLS = ("fields", "sort", "limit", "cursor", "count", "as_of", "q")

OPERATORS = {
    Op.EXACT: Text("等于", "is"),
    Op.NOT: Text("不等于", "is not"),
    Op.CONTAINS: Text("包含", "contains"),
    Op.NOTCONTAINS: Text("不包含", "does not contain"),
    Op.STARTSWITH: Text("开头为", "starts with"),
    Op.ENDSWITH: Text("结尾为", "ends with"),
    Op.GT: Text("大于", "greater than"),
    Op.GTE: Text("不小于", "at least"),
    Op.LT: Text("小于", "less than"),
    Op.LTE: Text("不大于", "at most"),
    Op.BETWEEN: Text("介于（逗号分隔）", "between (two values, comma)"),
    Op.IN: Text("为其中之一（逗号分隔）", "one of (commas)"),
    Op.NOTIN: Text("不为其中任何一个", "none of (commas)"),
    Op.ISNULL: Text("为空", "is empty"),
    Op.NOTNULL: Text("不为空", "is not empty"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in words, and the address of the same question without it."""

    words: Text
    away: str


@dataclass(frozen=True, slots=True)
class Question:
    """The parameters as given, in their order; not checked, so that a page can show them again.

    ``contract`` is the published one.
    """

    contract: Contract
    pairs: Pairs

    @property
    def fields(self) -> dict[str, Field]:
        """Every field that may be asked for, by name."""
        return {each.name: each for each in (*SYSTEM_FIELDS, *self.contract.fields)}

    def first(self, name: str) -> str:
        """Return the first value of a parameter, or nothing."""
        return next((value for key, value in self.pairs if key == name), "")

    def replacing(self, name: str, value: str) -> "Question":
        """Return the same question with another value, from its first page."""
        kept = [pair for pair in self.pairs if pair[0] not in (name, "cursor")]
        return Question(self.contract, (*kept, (name, value)) if value else tuple(kept))

    def without(self, *names: str) -> "Question":
        """Return the same question without some of its parameters."""
        kept = tuple(pair for pair in self.pairs if pair[0] not in names)
        return Question(self.contract, kept)

    @property
    def page(self) -> str:
        """The address of the page."""
        return page_path(self.contract.collection, self.pairs)

    @property
    def asked(self) -> Pairs:
        """The parameters that the API is asked with: the page's own length is said."""
        length = () if self.first("limit") else (("limit", str(PER_PAGE)),)
        return (*self.pairs, *length)

    @property
    def api(self) -> str:
        """The address of the API call with the same answer."""
        return api_url(self.contract.collection, self.asked)

    @property
    def curl(self) -> str:
        """The same call for a command line; ``--data-urlencode`` takes Chinese as it is."""
        name = self.contract.collection
        lines = [f"curl -G {shlex.quote(api_url(name))}"]
        lines += [f"--data-urlencode {shlex.quote(f'{key}={value}')}" for key, value in self.asked]
        return " \\\n  ".join(lines)

    def download(self, extension: str, *more: tuple[str, str]) -> str:
        """Return the address of the whole answer as a file."""
        whole = self.without(*PAGED).pairs
        return api_url(f"{self.contract.collection}.{extension}", (*whole, *more))

    def pinned(self, snapshot: str) -> str:
        """Return the absolute address of this page that stays as it is."""
        kept = self.without("as_of", "cursor").pairs
        return base_url() + page_path(self.contract.collection, (*kept, ("as_of", snapshot)))

    @property
    def chips(self) -> list[Chip]:
        """The conditions in words."""
        found = []
        for place, (name, value) in enumerate(self.pairs):
            if name in CONTROLS and name not in ("q", "as_of"):
                continue
            rest = (*self.pairs[:place], *self.pairs[place + 1 :])
            away = Question(self.contract, rest).without("cursor")
            found.append(Chip(self._words(name, value), away.page))
        return found

    def _words(self, name: str, value: str) -> Text:
        if name == "q":
            return Text(f"检索“{value}”", f"search “{value}”")
        if name == "as_of":
            return Text(f"固定于 {value}", f"as of {value}")
        base, _, suffix = name.rpartition("__") if "__" in name.strip("_") else (name, "", "exact")
        field = self.fields.get(base)
        if field is None or suffix not in list(Op):
            return Text(f"{name} = {value}", "")
        op = OPERATORS[Op(suffix)]
        shown = "" if suffix in (Op.ISNULL, Op.NOTNULL) else field.label(value)
        zh = f"{field.title.zh} {op.zh.partition('（')[0]} {shown}".strip()
        return Text(zh, f"{field.title.en} {op.en.partition(' (')[0]} {value}".strip())


def page_path(collection: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the path of a collection's page."""
    query = urlencode(list(pairs))
    return url_for("pages.table", collection=collection) + (f"?{query}" if query else "")
