"""What may be added up: sums that would mix units, levels or parts with their whole are refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opendata.domain.contracts import Contract, Field
from opendata.domain.errors import Fault, Text, Unprocessable
from opendata.domain.queries.aggregates import MAX_KEYS, Aggregation, Measuring, Part
from opendata.domain.queries.comparing import Op
from opendata.domain.queries.model import value_text
from opendata.domain.values import Value, read_value

# So many of the values found in a column are told.
MAX_TOLD = 5


@dataclass(frozen=True, slots=True)
class Demand:
    """What must hold in every group, so that values of ``measured`` may be taken together.

    Looked at are the records with a value of ``measured``; where ``among`` names a column and
    values of it, only those that have one of these. Of them a group may have only one value of
    ``column`` (null is one, too); or, where there is no ``column``, at most one record.
    """

    measured: Field
    column: Field | None
    among: tuple[Field, tuple[Value, ...]] | None = None

    @property
    def names(self) -> tuple[str | None, ...]:
        """What tells one demand from another."""
        column = None if self.column is None else self.column.name
        return self.measured.name, column, None if self.among is None else self.among[0].name

    @property
    def told(self) -> Field:
        """The column whose values tell what is mixed."""
        if self.column is not None:
            return self.column
        assert self.among is not None  # noqa: S101 - one of the two is always there.
        return self.among[0]


@dataclass(frozen=True, slots=True)
class Mixed:
    """A demand that some group does not meet, and the first few values found in its column."""

    demand: Demand
    values: tuple[Value | None, ...]


class TotalTooLarge(Unprocessable):
    """A total has more digits than any column holds; it is not rounded in silence."""

    code = "total-too-large"
    title = Text("合计超出可表示的位数", "The total has too many digits")

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "合计或平均值超过 38 位数字，无法精确表示；请缩小范围。",
            "A sum or mean has more than 38 digits and cannot be told exactly; narrow the query.",
        )


class NotAdditive(Unprocessable):
    """A metric would add up what may not be added, or compare what has different units."""

    code = "not-additive"
    title = Text("不能相加", "It may not be added up")

    def __init__(self, mixed: Sequence[Mixed], asked: Aggregation) -> None:
        """Say of each column what was found in it, and how to ask instead."""
        faults = tuple(Fault(f"?{each.demand.told.name}", _told(each, asked), self.code)
                       for each in mixed)  # fmt: skip
        said = Text(
            "".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
        )
        if len(faults) > _MOST_SAID:
            columns = list(dict.fromkeys(each.demand.told.name for each in mixed))
            said = Text(
                f"{'、'.join(columns)} 各列中有不得合并计算的记录；请逐列分组或筛选，见 errors。",
                f"Records are mixed that may not be taken together, in {', '.join(columns)}; "
                "group or filter by each of them, as errors says.",
            )
        super().__init__(*said, faults)


# More faults than this are summed up; each is in ``errors`` as well.
_MOST_SAID = 2
# Each takes values together, so that they must at least have one unit.
_TAKEN_TOGETHER = frozenset(Measuring) - {Measuring.COUNT, Measuring.COUNT_DISTINCT}
_ADDED = frozenset({Measuring.SUM, Measuring.AVG})


def demands(contract: Contract, asked: Aggregation) -> tuple[Demand, ...]:
    """Return what has to hold so that the metrics may be told.

    Left out is what the keys and filters ensure by themselves.
    """
    found = []
    for metric in asked.metrics:
        if metric.field is not None and metric.measuring in _TAKEN_TOGETHER:
            if metric.field.unit_field is not None:
                found.append(Demand(metric.field, contract.field(metric.field.unit_field)))
            if metric.measuring in _ADDED:
                found += _of_measure(contract, metric.field)
    settled = {each.field.name for each in asked.keys if each.part is Part.WHOLE}
    settled |= {each.field.name for each in asked.query.filters
                if each.op in (Op.EXACT, Op.ISNULL)}  # fmt: skip
    by_names = {each.names: each for each in found}
    return tuple(each for each in by_names.values()
                 if each.column is None or each.column.name not in settled)  # fmt: skip


def _of_measure(contract: Contract, field: Field) -> Iterator[Demand]:
    measure = contract.measures[field.measure or ""]
    for name in measure.within:
        yield Demand(field, contract.field(name))
    for name, values in measure.never.items():
        yield Demand(field, None, _among(contract, name, values))
    for also in measure.also:
        among = _among(contract, also.field, also.values)
        for name in also.within:
            yield Demand(field, contract.field(name), among)


def _among(contract: Contract, name: str, values: Sequence[str]) -> tuple[Field, tuple[Value, ...]]:
    field = contract.field(name)
    assert field is not None  # noqa: S101 - checked when the contract was loaded.
    return field, tuple(read_value(field, each) for each in values)


def _told(mixed: Mixed, asked: Aggregation) -> Text:
    """Say what a column holds that may not be taken together, and what to add to the request."""
    demand, values = mixed.demand, mixed.values
    told, measured = demand.told, demand.measured.name
    zh, en = _listed(told, values)
    if demand.column is None:
        codes = ",".join(value_text(each) for each in values if each is not None)
        return Text(
            f"{told.name} 为 {zh} 的记录，其 {measured} 不得相加；"
            f"请加上 {told.name}__notin={codes}，或分组到每组只有一条这样的记录。",
            f"Records whose {told.name} is {en} may not have their {measured} added up; add "
            f"{told.name}__notin={codes}, or group so that each group has one of them only.",
        )
    where = Text("", "")
    if demand.among is not None:
        field, some = demand.among
        of = _listed(field, some)
        where = Text(f"在 {field.name} 为 {of.zh} 的记录中，", f" where {field.name} is {of.en}")
    ways = _ways(demand.column, values, asked)
    return Text(
        f"{where.zh}{told.name} 不同的 {measured} 不得合并计算，这里有 {zh}；请加上 {ways.zh}。",
        f"Values of {measured} may not be taken together across {told.name}{where.en}; "
        f"there are {en}. Add {ways.en}.",
    )


def _ways(column: Field, values: Sequence[Value | None], asked: Aggregation) -> Text:
    known = [value_text(each) for each in values if each is not None]
    ways = [f"{column.name}={known[0]}"] if known else [f"{column.name}__isnull=1"]
    if len(asked.keys) < MAX_KEYS:
        ways.insert(0, "group_by=" + ",".join([*(each.name for each in asked.keys), column.name]))
    return Text(" 或 ".join(ways), " or ".join(ways))


def _listed(field: Field, values: Sequence[Value | None]) -> Text:
    more = Text(" 等", " and more") if len(values) == MAX_TOLD else Text("", "")
    shown = [_shown(field, each) for each in values]
    return Text(
        "、".join(each.zh for each in shown) + more.zh,
        ", ".join(each.en for each in shown) + more.en,
    )


def _shown(field: Field, value: Value | None) -> Text:
    if value is None:
        return Text("空", "nothing")
    text = value_text(value)
    label = field.label(text)
    return Text(text, text) if label == text else Text(f"{text}（{label}）", f"{text} ({label})")
