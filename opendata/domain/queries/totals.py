"""Reading the parameters of a request for totals into an ``Aggregation``."""

import re
from collections.abc import Iterable

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Text
from opendata.domain.queries.aggregates import (
    DEFAULT_GROUPS,
    MAX_GROUPS,
    MAX_KEYS,
    MAX_METRICS,
    MAX_PREFIX,
    Aggregation,
    Key,
    Measuring,
    Metric,
    Part,
    measurings,
    parts,
)
from opendata.domain.queries.faults import MAX_SHOWN, suggestion
from opendata.domain.queries.model import Sort, sort_keys
from opendata.domain.queries.reading import Reading

_FIGURES = ("number", "integer")
_METRIC = re.compile(r"([a-z0-9_]*)(?:\(([^()]*)\))?")


def parse_aggregation(pairs: Iterable[tuple[str, str]], contract: Contract) -> Aggregation:
    """Check the parameters of a request for totals against the published ``contract``.

    Raises:
        BadQuery: with one fault for each parameter that cannot be carried out.
    """
    reading = _Totals(contract)
    query = reading.read(pairs)
    return Aggregation(query, reading.keys, reading.metrics, reading.order, reading.groups)


def _for_records(name: str) -> Text:
    return Text(
        f"{name} 用于逐条查询，不用于汇总。", f"{name} is for lists of records, not for totals."
    )


class _Totals(Reading):
    """A request for totals being read."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(contract)
        self.keys: tuple[Key, ...] = ()
        self.metrics: tuple[Metric, ...] = (Metric(Measuring.COUNT),)
        self.order: tuple[Sort, ...] = ()
        self.groups = DEFAULT_GROUPS

    def finish(self) -> None:
        """Check the order last: it names what the other parameters ask for."""
        super().finish()
        if self.faults.found:
            # Where keys or metrics are wrong, their names are not there to be sorted by.
            return
        keys = {each.name: Sort(each.name) for each in self.keys}
        known = [*keys, *(each.name for each in self.metrics)]
        names = [each.name for each in self.order]
        for name in names:
            if name not in known and not self.faults.full:
                zh, en = suggestion(name, known)
                zh = f"不能按 {name[:MAX_SHOWN]} 排序：它不在分组和指标之中{zh}"
                en = f"{name[:MAX_SHOWN]} is neither a key nor a metric to sort by{en}"
                self.faults.note("sort", zh, en, "unknown-column")
        if len(set(names)) < len(names):
            self.faults.note("sort", "同一项只能排序一次。", "Nothing may be sorted by twice.")
        self.order = (*self.order, *(each for name, each in keys.items() if name not in names))

    def group_by(self, text: str) -> None:
        names = list(dict.fromkeys(text.split(",")))
        if len(names) > MAX_KEYS:
            zh, en = f"至多按 {MAX_KEYS} 项分组。", f"Group by at most {MAX_KEYS} things."
            self.faults.note("group_by", zh, en)
            return
        found = [self._key(name) for name in names]
        self.keys = tuple(each for each in found if each is not None)

    def take_metrics(self, text: str) -> None:
        names = list(dict.fromkeys(text.split(",")))
        if len(names) > MAX_METRICS:
            zh, en = f"至多 {MAX_METRICS} 项指标。", f"There are at most {MAX_METRICS} metrics."
            self.faults.note("metrics", zh, en)
            return
        found = [self._metric(name) for name in names]
        self.metrics = tuple(each for each in found if each is not None)

    def sort(self, text: str) -> None:
        self.order = sort_keys(text.split(","))

    def limit(self, text: str) -> None:
        self.groups = self.integer("limit", text, MAX_GROUPS) or DEFAULT_GROUPS

    def _key(self, name: str) -> Key | None:
        base, mark, suffix = name.rpartition("__") if "__" in name.strip("_") else (name, "", "")
        if not self.known_fields("group_by", [base]):
            return None
        field = self.by_name[base]
        if not mark:
            return Key(field)
        kind = suffix.rstrip("0123456789")
        digits = suffix[len(kind) :]
        told = _is_length(digits) if kind == Part.PREFIX else not digits
        if kind and kind in parts(field) and told:
            return Key(field, Part(kind), int(digits or 0))
        self._no_part(name, field, suffix)
        return None

    def _no_part(self, name: str, field: Field, suffix: str) -> None:
        ways = [
            f"{field.name}__{each}{{1–{MAX_PREFIX}}}" if each == Part.PREFIX
            else f"{field.name}__{each}" if each else field.name
            for each in parts(field)
        ]  # fmt: skip
        zh, en = suggestion(suffix.rstrip("0123456789"), [each for each in parts(field) if each])
        listed, shown = ", ".join(ways), name[:MAX_SHOWN]
        self.faults.note(
            "group_by",
            f"字段 {field.name}（{field.type}）不能按 {shown} 分组；可用：{listed}{zh}",
            f"{field.name} ({field.type}) cannot be grouped by {shown}; there is {listed}{en}",
            "unknown-part",
        )

    def _metric(self, text: str) -> Metric | None:
        match = _METRIC.fullmatch(text)
        name, of = (match[1], match[2]) if match else (text, None)
        if match is None or name not in list(Measuring):
            self._no_metric(text, name)
            return None
        measuring = Measuring(name)
        if measuring is Measuring.COUNT and of is None:
            return Metric(measuring)
        if measuring is Measuring.COUNT or of is None:
            zh = "应写作 count（计记录数，不带字段）或 count_distinct(字段)。"
            en = "Write count, of records, or count_distinct(field)."
            if measuring is not Measuring.COUNT:
                zh, en = f"应写作 {name}(字段)。", f"Write {name}(field)."
            self.faults.note("metrics", zh, en, "unknown-metric")
            return None
        return self._measured(measuring, of)

    def _measured(self, measuring: Measuring, of: str) -> Metric | None:
        if not self.known_fields("metrics", [of]):
            return None
        field = self.by_name[of]
        if measuring in measurings(field):
            return Metric(measuring, field)
        listed = ", ".join(measurings(field))
        zh = en = ""
        if field.type in _FIGURES and measuring in (Measuring.SUM, Measuring.AVG):
            zh = "，因为数据规范没有说明它可在何种范围内相加"
            en = ", since its contract does not say within what it may be added"
        self.faults.note(
            "metrics",
            f"字段 {of}（{field.type}）不能求 {measuring}{zh}；可用：{listed}。",
            f"{of} ({field.type}) has no {measuring}{en}; it has {listed}.",
            "unfit-metric",
        )
        return None

    def _no_metric(self, text: str, name: str) -> None:
        listed = ", ".join(Measuring)
        zh, en = suggestion(name, list(Measuring), cutoff=0.6)
        shown = text[:MAX_SHOWN]
        self.faults.note(
            "metrics",
            f"没有名为 {shown} 的指标；可用：{listed}{zh}",
            f"There is no metric {shown}; there is {listed}{en}",
            "unknown-metric",
        )

    controls = {  # noqa: RUF012 - the parent says that it is a ClassVar.
        "group_by": group_by,
        "metrics": take_metrics,
        "sort": sort,
        "limit": limit,
        "as_of": Reading.as_of,
        "release": Reading.release,
        "digest": Reading.digest,
        "q": Reading.search,
    }
    elsewhere = {  # noqa: RUF012 - the parent says that it is a ClassVar.
        each: _for_records(each) for each in ("fields", "cursor", "count", "facet", "facet_size")
    }


def _is_length(digits: str) -> bool:
    return len(digits) <= len(str(MAX_PREFIX)) and 1 <= int(digits or 0) <= MAX_PREFIX
