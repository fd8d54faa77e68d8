"""Facets: how often the values of a field occur, as an answer tells it."""

from typing import Any

from opendata.domain.contracts import Field


def facet_entry(field: Field, value: Any, count: Any) -> dict[str, Any]:
    """Return one value with its label, where it is a code that has one, and its count."""
    label = {"label": field.label(value)} if field.categories and value is not None else {}
    return {"value": value, **label, "count": count}
