"""Reading a request's parameters against the published contract: what every question has."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.domain.queries.comparing import Op, nearest_operator, operators
from opendata.domain.queries.faults import MAX_SHOWN, Faults, suggestion, unknown_parameter
from opendata.domain.queries.model import Filter, Query, system_fields, whole
from opendata.domain.queries.operands import operands
from opendata.domain.queries.releases import read_release
from opendata.domain.values import NotAValue

MAX_FILTERS = 50
MAX_TEXT_FILTERS = 5
# These have to look at every text there is; the others are looked up.
LOOKING = (Op.CONTAINS, Op.NOTCONTAINS, Op.ENDSWITH)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Reading:
    """One request being read; keeps the faults found so far.

    ``controls`` says what each control does; ``elsewhere`` are those of other questions, with
    the words that say where they belong.
    """

    controls: ClassVar[Mapping[str, Callable[[Any, str], None]]] = {}
    elsewhere: ClassVar[Mapping[str, Text]] = {}

    def __init__(self, contract: Contract) -> None:
        """Begin with the question for everything."""
        fields = (*system_fields(contract), *contract.fields)
        self.by_name: dict[str, Field] = {each.name: each for each in fields}
        self.contract = contract
        self.faults = Faults()
        self.seen: set[str] = set()
        self.filters: list[Filter] = []
        # What is asked otherwise than by whoever asks for everything.
        self.changes: dict[str, Any] = {}

    @property
    def known(self) -> list[str]:
        """The names of everything that may be asked, without operators."""
        return [*self.by_name, *self.controls]

    def read(self, pairs: Iterable[tuple[str, str]]) -> Query:
        """Read all parameters, unless there are too many faults.

        Raises:
            BadQuery: with one fault for each parameter that cannot be carried out.
        """
        for name, text in pairs:
            self._take(name, text)
            if self.faults.full:
                break
        self.finish()
        self.faults.check()
        return replace(whole(self.contract), filters=tuple(self.filters), **self.changes)

    def finish(self) -> None:
        """Check what concerns several parameters."""
        if {"as_of", "release"} <= self.seen:
            zh = "release 与 as_of 不能同时使用：发布版本本身就是某一时点的数据。"
            en = "release and as_of exclude each other: a release is a state by itself."
            self.faults.note("release", zh, en)

    def _take(self, name: str, text: str) -> None:
        if "\x00" in text:
            self.faults.note(name, "参数中不能有 NUL 字符。", "A parameter may not contain NUL.")
        elif name in self.controls:
            self._take_control(name, text)
        elif name in self.elsewhere:
            zh, en = self.elsewhere[name]
            self.faults.note(name, zh, en, "misplaced-parameter")
        else:
            self._take_filter(name, text)

    def _take_control(self, name: str, text: str) -> None:
        if name in self.seen:
            self.only_once(name)
            return
        self.seen.add(name)
        self.controls[name](self, text)

    def only_once(self, name: str) -> None:
        """Note that a parameter was given again."""
        zh, en = f"参数 {name} 只能出现一次。", f"{name} may be given once only."
        self.faults.note(name, zh, en)

    def _take_filter(self, name: str, text: str) -> None:
        base, _, suffix = name.rpartition("__") if "__" in name.strip("_") else (name, "", "exact")
        field = self.by_name.get(base)
        if field is None:
            self.faults.found.append(unknown_parameter(name, base, self.known))
        elif suffix in operators(field):
            self._add_filter(name, field, Op(suffix), text)
        else:
            self._no_operator(name, field, suffix)

    def _no_operator(self, name: str, field: Field, suffix: str) -> None:
        allowed = operators(field)
        near = nearest_operator(suffix, field)
        zh = f"；是否想用 {field.name}__{near}？" if near else "。"
        en = f"; did you mean {field.name}__{near}?" if near else "."
        listed = ", ".join(allowed)
        self.faults.note(
            name,
            f"字段 {field.name}（{field.type}）没有运算 {suffix[:MAX_SHOWN]}；可用：{listed}{zh}",
            f"{field.name} ({field.type}) has no operator {suffix[:MAX_SHOWN]}; "
            f"it has {listed}{en}",
            "unknown-operator",
        )

    def _add_filter(self, name: str, field: Field, op: Op, text: str) -> None:
        if len(self.filters) > MAX_FILTERS:
            return  # It was told of the first one too many.
        try:
            op, values = operands(field, op, text)
        except NotAValue as error:
            self.not_a_value(name, text, error)
            return
        self.filters.append(Filter(field, op, values))
        self._check_number(name, op)

    def _check_number(self, name: str, op: Op) -> None:
        """Note the first filter that is one too many."""
        looking = sum(each.op in LOOKING for each in self.filters)
        if len(self.filters) == MAX_FILTERS + 1:
            zh = f"一次请求至多 {MAX_FILTERS} 个筛选条件。"
            en = f"A request has at most {MAX_FILTERS} filters."
            self.faults.note(name, zh, en, "too-many-filters")
        elif op in LOOKING and looking == MAX_TEXT_FILTERS + 1:
            zh = f"contains、notcontains、endswith 条件合计至多 {MAX_TEXT_FILTERS} 个。"
            en = (
                f"A request has at most {MAX_TEXT_FILTERS} filters with contains, notcontains "
                "or endswith, all together."
            )
            self.faults.note(name, zh, en, "too-many-filters")

    def not_a_value(self, name: str, text: str, error: NotAValue) -> None:
        """Note that a text is no value of what it is for."""
        zh, en = error.expected
        self.faults.note(
            name,
            f"参数 {name} 的值“{text[:MAX_SHOWN]}”无效，应为{zh}。",
            f"{name} has the value {text[:MAX_SHOWN]!r}; expected {en}.",
            "invalid-value",
        )

    def known_fields(self, control: str, names: Sequence[str]) -> bool:
        """Whether all ``names`` are fields; those that are not become faults of ``control``."""
        before = len(self.faults.found)
        for name in names:
            # Each unknown name is compared with every known one, which takes its time.
            if name not in self.by_name and not self.faults.full:
                zh, en = suggestion(name, self.by_name)
                zh = f"没有名为 {name[:MAX_SHOWN]} 的字段{zh}"
                en = f"There is no field {name[:MAX_SHOWN]}{en}"
                self.faults.note(control, zh, en, "unknown-field")
        return len(self.faults.found) == before

    def integer(self, name: str, text: str, most: int) -> int | None:
        """Read a control from 1 to ``most``; ``None``, and a fault, if it is none."""
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
        if digits and 1 <= int(text) <= most:
            return int(text)
        zh, en = f"{name} 应为 1–{most} 的整数。", f"{name} is an integer, 1–{most}."
        self.faults.note(name, zh, en)
        return None

    def as_of(self, text: str) -> None:
        """Take the state that is asked about; which there is, only the facts know."""
        self.changes["as_of"] = text

    def digest(self, text: str) -> None:
        """Take the digest of the state that was cited."""
        if _DIGEST.fullmatch(text) is None:
            zh = "digest 为 links.cite 中的 64 位十六进制数。"
            en = "digest is the 64 hex digits that links.cite has."
            self.faults.note("digest", zh, en, "invalid-value")
        self.changes["digest"] = text

    def release(self, text: str) -> None:
        """Take the one release that is asked about."""
        try:
            self.changes["release"] = read_release(text)
        except NotAValue as error:
            self.not_a_value("release", text, error)

    def search(self, text: str) -> None:
        """Take the text to look for; an empty one finds everything."""
        if not self.contract.searchable:
            zh, en = "此数据类别没有可检索的字段。", "This collection has no search."
            self.faults.note("q", zh, en)
            return
        self.changes["search"] = text or None
