"""Questions for totals: by what records are grouped, and what is computed of each group."""

from dataclasses import dataclass
from enum import StrEnum

from opendata.domain.contracts import Field
from opendata.domain.queries.comparing import ordered
from opendata.domain.queries.model import Query, Sort

MAX_KEYS = 4
MAX_METRICS = 20
DEFAULT_GROUPS = 1_000
MAX_GROUPS = 10_000
MAX_PREFIX = 20


class Part(StrEnum):
    """What of a value records are grouped by; ``prefix`` takes its number of characters along."""

    WHOLE = ""
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    PREFIX = "prefix"


class Measuring(StrEnum):
    """What is computed of a group.

    ``median`` of an even number is the mean of the middle two; ``p90`` is the smallest value that
    at least nine tenths do not exceed, hence one that occurs. Both, like ``sum``, ``avg``,
    ``min``, ``max`` and ``count_distinct``, leave nulls out; ``count`` counts records.
    """

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    P90 = "p90"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing to group by: a field, or a part of its values.

    A year is an integer; a quarter is a text like ``2026-Q1``, a month one like ``2026-03``, of
    instants in Asia/Shanghai; a prefix is the first ``length`` characters. Null stays null.
    """

    field: Field
    part: Part = Part.WHOLE
    length: int = 0

    @property
    def name(self) -> str:
        """The key as it is spelled in a query and in an answer: ``decision_date__month``."""
        suffix = f"{self.part}{self.length or ''}"
        return f"{self.field.name}__{suffix}" if suffix else self.field.name


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of each group; only ``count`` has no field."""

    measuring: Measuring
    field: Field | None = None

    @property
    def name(self) -> str:
        """The metric as it is spelled in a query and in an answer: ``sum(fine_amount)``."""
        return self.measuring if self.field is None else f"{self.measuring}({self.field.name})"


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What is asked of groups of the records that ``query`` finds.

    ``query``'s own fields, sort, limit and cursor are not regarded. ``sort`` names keys and
    metrics; it always ends in every key that it did not name, ascending, so that it is total.
    Nulls sort last either way.
    """

    query: Query
    keys: tuple[Key, ...]
    metrics: tuple[Metric, ...]
    sort: tuple[Sort, ...]
    limit: int = DEFAULT_GROUPS


def parts(field: Field) -> tuple[Part, ...]:
    """Return by what of the field's values records can be grouped."""
    if field.type in ("date", "datetime"):
        return (Part.WHOLE, Part.YEAR, Part.QUARTER, Part.MONTH)
    return (Part.WHOLE, Part.PREFIX) if field.type == "string" else (Part.WHOLE,)


def measurings(field: Field) -> tuple[Measuring, ...]:
    """Return what can be computed of the field's values.

    Only a quantity that its contract gives a measure is added up: the sum of row numbers says
    nothing.
    """
    found = [Measuring.COUNT_DISTINCT]
    if field.measure is not None:
        found += [Measuring.SUM, Measuring.AVG]
    if ordered(field):
        found += [Measuring.MIN, Measuring.MAX]
    if field.type in ("number", "integer"):
        found += [Measuring.MEDIAN, Measuring.P90]
    return tuple(found)
