"""The columns of an answer to a question for totals, described like those of a contract."""

from dataclasses import replace
from decimal import Decimal

from opendata.domain.contracts import Field
from opendata.domain.errors import Text
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric, Part

# What engines compute as an integer; see ``of_scaled``.
SCALED = (Measuring.AVG, Measuring.MEDIAN)
# A mean is rounded, half to even, to so many digits more than its field has.
AVG_PLACES = 6

_PARTS = {
    Part.YEAR: Text("年", "year"),
    Part.QUARTER: Text("季度", "quarter"),
    Part.MONTH: Text("月", "month"),
}
_MEASURINGS = {
    Measuring.COUNT: Text("记录数", "Records"),
    Measuring.COUNT_DISTINCT: Text("不同值个数", "different values"),
    Measuring.SUM: Text("合计", "sum"),
    Measuring.AVG: Text("平均值", "mean"),
    Measuring.MIN: Text("最小值", "least"),
    Measuring.MAX: Text("最大值", "greatest"),
    Measuring.MEDIAN: Text("中位数", "median"),
    Measuring.P90: Text("第 90 百分位数", "90th percentile"),
}
_KEPT = (Measuring.MIN, Measuring.MAX, Measuring.P90)


def columns(aggregation: Aggregation) -> tuple[Field, ...]:
    """Return the columns of the answer, keys first, each as a field that holds its values."""
    keys = [_key(each) for each in aggregation.keys]
    return (*keys, *(_metric(each) for each in aggregation.metrics))


def names(aggregation: Aggregation) -> tuple[str, ...]:
    """Return the names of the columns, keys first."""
    keys = [each.name for each in aggregation.keys]
    return (*keys, *(each.name for each in aggregation.metrics))


def of_scaled(metric: Metric, stored: int) -> Decimal:
    """Return a mean or a median from what engines compute: an integer, so that it is exact.

    A mean comes in units of its last digit, a median doubled, in units of its field's last one.
    """
    assert metric.field is not None  # noqa: S101 - only count has none.
    places = decimal_places(metric.field)
    if metric.measuring is Measuring.AVG:
        return scaled(stored, places + AVG_PLACES)
    return scaled(stored * 5, places + 1)


def scaled(stored: int, places: int) -> Decimal:
    """Return an integer of units of the last of ``places`` digits behind the point, exactly.

    >>> scaled(-12345, 2)
    Decimal('-123.45')
    """
    digits = tuple(map(int, str(abs(stored))))
    return Decimal((int(stored < 0), digits, -places))


def decimal_places(field: Field) -> int:
    """Return how many digits behind the point the values of a quantity have at most."""
    return (field.decimal_places or 0) if field.type == "number" else 0


def _key(key: Key) -> Field:
    field = key.field
    if key.part is Part.WHOLE:
        return field
    said = _PARTS.get(key.part, Text(f"前 {key.length} 字", f"first {key.length} characters"))
    kind = "year" if key.part is Part.YEAR else "string"
    return _described(field, key.name, said, kind=kind)


def _metric(metric: Metric) -> Field:
    said = _MEASURINGS[metric.measuring]
    if metric.field is None:
        return Field(metric.name, "integer", said, said, "", {})
    field = metric.field
    if metric.measuring in _KEPT:
        return _described(field, metric.name, said, kind=field.type, like=field)
    if metric.measuring is Measuring.COUNT_DISTINCT:
        return _described(field, metric.name, said, kind="integer")
    more = {Measuring.SUM: 0, Measuring.MEDIAN: 1, Measuring.AVG: AVG_PLACES}[metric.measuring]
    found = _described(field, metric.name, said, kind="number", like=field)
    return replace(found, decimal_places=decimal_places(field) + more)


def _described(
    field: Field, name: str, said: Text, *, kind: str, like: Field | None = None
) -> Field:
    title = Text(f"{field.title.zh}（{said.zh}）", f"{field.title.en}, {said.en}")
    found = Field(name, kind, title, field.description, "", {})
    if like is None:
        return found
    return replace(
        found,
        categories=like.categories,
        unit=like.unit,
        unit_field=like.unit_field,
        decimal_places=like.decimal_places,
    )
