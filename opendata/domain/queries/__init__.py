"""A request for records, parsed against the published contract into a checked ``Query``."""

from opendata.domain.queries.aggregates import Aggregation
from opendata.domain.queries.comparing import Op, operators
from opendata.domain.queries.faults import BadQuery, unknown_parameter
from opendata.domain.queries.model import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    SYSTEM_FIELDS,
    Filter,
    Query,
    Sort,
    moment_text,
    value_text,
    whole,
)
from opendata.domain.queries.operands import MAX_LIST
from opendata.domain.queries.parsing import parse, parse_listing
from opendata.domain.queries.totals import parse_aggregation

__all__ = [
    "DEFAULT_LIMIT",
    "MAX_LIMIT",
    "MAX_LIST",
    "SYSTEM_FIELDS",
    "Aggregation",
    "BadQuery",
    "Filter",
    "Op",
    "Query",
    "Sort",
    "moment_text",
    "operators",
    "parse",
    "parse_aggregation",
    "parse_listing",
    "unknown_parameter",
    "value_text",
    "whole",
]
