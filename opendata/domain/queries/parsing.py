"""Reading the parameters of a request into a ``Query``, against the published contract."""

import difflib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Fault, Refusal, Text
from opendata.domain.queries.model import (
    DEFAULT_LIMIT,
    LISTS,
    MAX_LIMIT,
    NULLS,
    SYSTEM_FIELDS,
    TEXT_OPS,
    Filter,
    Op,
    Query,
    operators,
    sort_keys,
    total,
    whole,
)
from opendata.domain.values import NotAValue, Value, read_value

MAX_LIST = 1_000
# A request with more faults than this is not read on.
MAX_FAULTS = 50


class BadQuery(Refusal):
    """The query names what the published contract does not have, or says it wrongly."""

    code = "bad-query"
    title = Text("查询条件有误", "The query is not valid")


def parse(pairs: Iterable[tuple[str, str]], contract: Contract) -> Query:
    """Check the parameters of a request against the published ``contract``.

    Every fault is collected, so that a caller mends a request once.

    Raises:
        BadQuery: with one fault for each parameter that cannot be carried out.
    """
    reading = _Reading(contract)
    for name, text in pairs:
        reading.take(name, text)
        if len(reading.faults) > MAX_FAULTS:
            break
    return reading.result()


class _Reading:
    """One request being read; keeps the faults found so far."""

    def __init__(self, contract: Contract) -> None:
        fields = (*SYSTEM_FIELDS, *contract.fields)
        self.by_name = {each.name: each for each in fields}
        self.contract = contract
        self.faults: list[Fault] = []
        self.seen: set[str] = set()
        self.query = whole(contract, limit=DEFAULT_LIMIT)

    def take(self, name: str, text: str) -> None:
        if "\x00" in text:
            self.fault(name, "参数中不能有 NUL 字符。", "A parameter may not contain NUL.")
        elif name in _CONTROLS:
            self._take_control(name, text)
        else:
            self._take_filter(name, text)

    def result(self) -> Query:
        if self.faults:
            raise BadQuery(
                "；".join(each.detail.zh for each in self.faults),
                " ".join(each.detail.en for each in self.faults),
                tuple(self.faults),
            )
        return self.query

    def fault(self, name: str, zh: str, en: str, code: str = "invalid-parameter") -> None:
        self.faults.append(Fault(f"?{name[:80]}", Text(zh, en), code))

    def _take_control(self, name: str, text: str) -> None:
        if name in self.seen:
            self.fault(name, f"参数 {name} 只能出现一次。", f"{name} may be given once only.")
            return
        self.seen.add(name)
        _CONTROLS[name](self, text)

    def _take_filter(self, name: str, text: str) -> None:
        base, _, suffix = name.rpartition("__") if "__" in name.strip("_") else (name, "", "exact")
        field = self.by_name.get(base)
        if field is None:
            self._unknown(name, base)
            return
        allowed = operators(field)
        if suffix not in [each.value for each in allowed]:
            listed = ", ".join(allowed)
            self.fault(
                name,
                f"字段 {base} 没有运算 {suffix}；可用：{listed}。",
                f"{base} has no operator {suffix}; it has {listed}.",
                "unknown-operator",
            )
            return
        self._add_filter(name, field, Op(suffix), text)

    def _add_filter(self, name: str, field: Field, op: Op, text: str) -> None:
        try:
            op, values = _operands(field, op, text)
        except NotAValue as error:
            zh, en = error.expected
            self.fault(
                name,
                f"参数 {name} 的值“{text[:80]}”无效，应为{zh}。",
                f"{name} has the value {text[:80]!r}; expected {en}.",
                "invalid-value",
            )
            return
        self.query = replace(self.query, filters=(*self.query.filters, Filter(field, op, values)))

    def _unknown(self, name: str, base: str) -> None:
        near = difflib.get_close_matches(base, [*self.by_name, *_CONTROLS], n=1, cutoff=0.5)
        self.fault(
            name,
            f"没有名为 {name[:80]} 的参数" + (f"；是否想用 {near[0]}？" if near else "。"),
            f"There is no parameter {name[:80]}" + (f"; did you mean {near[0]}?" if near else "."),
            "unknown-parameter",
        )

    def _known(self, control: str, names: Sequence[str]) -> bool:
        before = len(self.faults)
        for name in names:
            # Each unknown name is compared with every known one, which takes its time.
            if name not in self.by_name and len(self.faults) <= MAX_FAULTS:
                near = difflib.get_close_matches(name, self.by_name, n=1, cutoff=0.5)
                zh = f"；是否想用 {near[0]}？" if near else "。"
                en = f"; did you mean {near[0]}?" if near else "."
                self.fault(
                    control,
                    f"没有名为 {name[:80]} 的字段{zh}",
                    f"There is no field {name[:80]}{en}",
                    "unknown-field",
                )
        return len(self.faults) == before

    def fields(self, text: str) -> None:
        names = tuple(dict.fromkeys(text.split(",")))
        if self._known("fields", names):
            self.query = replace(self.query, fields=names)

    def sort(self, text: str) -> None:
        keys = sort_keys(text.split(","))
        if not self._known("sort", [each.name for each in keys]):
            return
        if len({each.name for each in keys}) < len(keys):
            self.fault("sort", "同一字段只能排序一次。", "A field may be sorted by once only.")
            return
        self.query = replace(self.query, sort=total(keys))

    def limit(self, text: str) -> None:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_LIMIT))
        if not (digits and 1 <= int(text) <= MAX_LIMIT):
            wanted = f"1–{MAX_LIMIT}"
            self.fault("limit", f"limit 应为 {wanted} 的整数。", f"limit is an integer, {wanted}.")
            return
        self.query = replace(self.query, limit=int(text))

    def count(self, text: str) -> None:
        if text not in ("exact", "none"):
            self.fault("count", "count 应为 exact 或 none。", "count is exact or none.")
            return
        self.query = replace(self.query, count=text == "exact")

    def cursor(self, text: str) -> None:
        self.query = replace(self.query, cursor=text)

    def as_of(self, text: str) -> None:
        self.query = replace(self.query, as_of=text)

    def search(self, text: str) -> None:
        if not self.contract.searchable:
            self.fault("q", "此数据类别没有可检索的字段。", "This collection has no search.")
            return
        self.query = replace(self.query, search=text or None)


_CONTROLS: dict[str, Callable[[_Reading, str], None]] = {
    "fields": _Reading.fields,
    "sort": _Reading.sort,
    "limit": _Reading.limit,
    "count": _Reading.count,
    "cursor": _Reading.cursor,
    "as_of": _Reading.as_of,
    "q": _Reading.search,
}


def _operands(field: Field, op: Op, text: str) -> tuple[Op, tuple[Value, ...]]:
    if op in NULLS:
        return _null_operand(op, text), ()
    if op in TEXT_OPS:
        return op, (text,)
    if op is Op.BETWEEN:
        parts = _split(text)
        if len(parts) != 2:
            raise NotAValue(Text("以逗号分隔的两个值", "two values with a comma between them"))
        return op, tuple(read_value(field, each) for each in parts)
    if op in LISTS:
        parts = _split(text)
        if len(parts) > MAX_LIST:
            raise NotAValue(Text(f"至多 {MAX_LIST} 个值", f"at most {MAX_LIST} values"))
        return op, tuple(read_value(field, each) for each in parts)
    return op, (read_value(field, text),)


def _null_operand(op: Op, text: str) -> Op:
    if text in ("", "1", "true"):
        return op
    if text in ("0", "false"):
        return Op.NOTNULL if op is Op.ISNULL else Op.ISNULL
    raise NotAValue(Text("1 或 0", "1 or 0"))


def _is_text(value: object) -> bool:
    r"""Whether a value out of JSON is a text that can be stored: "\ud800" alone is none."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    return not any("\ud800" <= each <= "\udfff" for each in value)


def _split(text: str) -> list[str]:
    """Split at commas; a JSON array of strings serves values that contain one."""
    if text.startswith("["):
        try:
            parts = json.loads(text)
        except (ValueError, RecursionError):  # a few kilobytes of [ are deep enough
            parts = None
        if not isinstance(parts, list) or not all(_is_text(each) for each in parts):
            raise NotAValue(Text("字符串的 JSON 数组", "a JSON array of strings"))
        return parts
    return text.split(",")
