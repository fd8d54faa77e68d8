"""A request for records, parsed against the published contract into a checked ``Query``."""

import difflib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Fault, Refusal, Text
from opendata.domain.values import NotAValue, Value, decimal_text, read_value

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000
MAX_LIST = 1_000


class Op(StrEnum):
    """How a filter compares; Datasette's operators and ``between``."""

    EXACT = "exact"
    NOT = "not"
    CONTAINS = "contains"
    NOTCONTAINS = "notcontains"
    STARTSWITH = "startswith"
    ENDSWITH = "endswith"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    IN = "in"
    NOTIN = "notin"
    ISNULL = "isnull"
    NOTNULL = "notnull"


_NULLS = (Op.ISNULL, Op.NOTNULL)
_LISTS = (Op.IN, Op.NOTIN)
_TEXT_OPS = (Op.CONTAINS, Op.NOTCONTAINS, Op.STARTSWITH, Op.ENDSWITH)
_ORDER_OPS = (Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN)


def operators(field: Field) -> tuple[Op, ...]:
    """Return the operators that fit the field's type."""
    if field.type == "boolean":
        return (Op.EXACT, Op.NOT, *_NULLS)
    own = _TEXT_OPS if field.type == "string" else _ORDER_OPS
    return (Op.EXACT, Op.NOT, *own, *_LISTS, *_NULLS)


def _system(name: str, kind: str, title: Text, description: Text) -> Field:
    return Field(name, kind, title, description, "", {"required": True})


SYSTEM_FIELDS = (
    _system("_id", "string", Text("记录标识", "Record id"),
            Text("由主键计算，在各版本中不变。", "Computed from the primary key; never changes.")),
    _system("_dataset", "string", Text("数据集", "Dataset"),
            Text("记录所属的数据集。", "The dataset the record belongs to.")),
    _system("_release", "integer", Text("发布版本", "Release"),
            Text("记录所在的发布版本号。", "The number of the release the record is in.")),
    _system("_row", "integer", Text("记录序号", "Row"),
            Text("记录在该版本中的序号，从 1 起。", "The record's row in that release, from 1.")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition; ``values`` is empty for ``isnull`` and ``notnull``, two for ``between``."""

    field: Field
    op: Op
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of one collection; every name in it is in the published contract.

    ``sort`` always ends in ``_id``, so that it is total. ``fields`` are in the order asked for.
    """

    collection: str
    filters: tuple[Filter, ...]
    fields: tuple[str, ...]
    sort: tuple[Sort, ...]
    limit: int
    cursor: str | None
    count: bool
    as_of: str | None
    search: str | None
    searchable: tuple[str, ...]

    @property
    def canonical(self) -> str:
        """The query without its place in the paging, as one canonical JSON text."""
        filters = sorted(
            [each.field.name, each.op.value, [value_text(value) for value in each.values]]
            for each in self.filters
        )
        sort = [[each.name, each.descending] for each in self.sort]
        return json.dumps(
            [self.collection, filters, self.fields, sort, self.search], ensure_ascii=False
        )


class BadQuery(Refusal):
    """The query names what the published contract does not have, or says it wrongly."""

    code = "bad-query"
    title = Text("查询条件有误", "The query is not valid")


def value_text(value: Value) -> str:
    """Write a value as a query would spell it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def whole(
    contract: Contract,
    fields: tuple[str, ...] | None = None,
    filters: tuple[Filter, ...] = (),
    limit: int = MAX_LIMIT,
) -> Query:
    """Return the query for everything a (published) contract has, in its default order."""
    names = tuple(each.name for each in (*SYSTEM_FIELDS, *contract.fields))
    return Query(
        collection=contract.collection,
        filters=filters,
        fields=names if fields is None else fields,
        sort=_total(tuple(Sort(name) for name in contract.default_sort)),
        limit=limit,
        cursor=None,
        count=False,
        as_of=None,
        search=None,
        searchable=contract.searchable,
    )


def parse(pairs: Iterable[tuple[str, str]], contract: Contract) -> Query:
    """Check the parameters of a request against the published ``contract``.

    Every fault is collected, so that a caller mends a request once.

    Raises:
        BadQuery: with one fault for each parameter that cannot be carried out.
    """
    reading = _Reading(contract)
    for name, text in pairs:
        reading.take(name, text)
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
        self.faults.append(Fault(f"?{name}", Text(zh, en), code))

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
            if name not in self.by_name:
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
        keys = tuple(Sort(each.removeprefix("-"), each.startswith("-")) for each in text.split(","))
        if not self._known("sort", [each.name for each in keys]):
            return
        if len({each.name for each in keys}) < len(keys):
            self.fault("sort", "同一字段只能排序一次。", "A field may be sorted by once only.")
            return
        self.query = replace(self.query, sort=_total(keys))

    def limit(self, text: str) -> None:
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_LIMIT):
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


def _total(keys: tuple[Sort, ...]) -> tuple[Sort, ...]:
    """End the sort in the unique key, so that paging never skips or repeats."""
    names = [each.name for each in keys]
    if "_id" in names:
        return keys[: names.index("_id") + 1]
    return (*keys, Sort("_id"))


def _operands(field: Field, op: Op, text: str) -> tuple[Op, tuple[Value, ...]]:
    if op in _NULLS:
        return _null_operand(op, text), ()
    if op in _TEXT_OPS:
        return op, (text,)
    if op is Op.BETWEEN:
        parts = _split(text)
        if len(parts) != 2:
            raise NotAValue(Text("以逗号分隔的两个值", "two values with a comma between them"))
        return op, tuple(read_value(field, each) for each in parts)
    if op in _LISTS:
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


def _split(text: str) -> list[str]:
    """Split at commas; a JSON array of strings serves values that contain one."""
    if text.startswith("["):
        try:
            parts = json.loads(text)
        except ValueError:
            parts = None
        if not isinstance(parts, list) or not all(isinstance(each, str) for each in parts):
            raise NotAValue(Text("字符串的 JSON 数组", "a JSON array of strings"))
        return parts
    return text.split(",")


def moment_text(moment: datetime) -> str:
    """Write an instant as RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
