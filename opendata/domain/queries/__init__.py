"""A request for records, parsed against the published contract into a checked ``Query``."""

from opendata.domain.queries.model import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    SYSTEM_FIELDS,
    Filter,
    Op,
    Query,
    Sort,
    moment_text,
    operators,
    value_text,
    whole,
)
from opendata.domain.queries.parsing import MAX_LIST, BadQuery, parse

__all__ = [
    "DEFAULT_LIMIT",
    "MAX_LIMIT",
    "MAX_LIST",
    "SYSTEM_FIELDS",
    "BadQuery",
    "Filter",
    "Op",
    "Query",
    "Sort",
    "moment_text",
    "operators",
    "parse",
    "value_text",
    "whole",
]
