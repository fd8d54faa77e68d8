"""Operators of filters: which there are, which fit a field, and which was probably meant."""

import difflib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from opendata.domain.contracts import Field


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


NULLS = (Op.ISNULL, Op.NOTNULL)
LISTS = (Op.IN, Op.NOTIN)
TEXT_OPS = (Op.CONTAINS, Op.NOTCONTAINS, Op.STARTSWITH, Op.ENDSWITH)
ORDER_OPS = (Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN)

# What other query languages say, and what stands in where an operator does not fit the type.
_MEANT: Mapping[str, tuple[Op, ...]] = {
    **dict.fromkeys(("eq", "equals", "equal", "is", "iexact"), (Op.EXACT,)),
    **dict.fromkeys(("ne", "neq", "isnot", "exclude"), (Op.NOT,)),
    **dict.fromkeys(("like", "ilike", "icontains", "glob", "match"), (Op.CONTAINS, Op.EXACT)),
    **dict.fromkeys(("notlike", "nlike"), (Op.NOTCONTAINS, Op.NOT)),
    **dict.fromkeys(("ge", "from", "since", "min"), (Op.GTE,)),
    **dict.fromkeys(("le", "to", "until", "max"), (Op.LTE,)),
    **dict.fromkeys(("after", "above"), (Op.GT,)),
    **dict.fromkeys(("before", "below"), (Op.LT,)),
    **dict.fromkeys(("null", "blank", "empty", "isblank"), (Op.ISNULL,)),
    "range": (Op.BETWEEN,),
    "nin": (Op.NOTIN,),
    "contains": (Op.EXACT,),
    "notcontains": (Op.NOT,),
    "startswith": (Op.BETWEEN, Op.EXACT),
    "endswith": (Op.EXACT,),
    "in": (Op.EXACT,),
    "notin": (Op.NOT,),
    **dict.fromkeys(("gt", "gte", "lt", "lte", "between"), (Op.IN, Op.EXACT)),
}


def operators(field: Field) -> tuple[Op, ...]:
    """Return the operators that fit the field's type.

    Texts are ordered by code point, which is what codes and numbers of documents need; what a
    boolean or a code of a list would be greater than, nobody can say.
    """
    return _operators(field.type == "string", field.type == "boolean", ordered(field))


@cache
def _operators(is_text: bool, is_boolean: bool, is_ordered: bool) -> tuple[Op, ...]:
    if is_boolean:
        return (Op.EXACT, Op.NOT, *NULLS)
    text = TEXT_OPS if is_text else ()
    order = ORDER_OPS if is_ordered else ()
    return (Op.EXACT, Op.NOT, *text, *order, *LISTS, *NULLS)


def ordered(field: Field) -> bool:
    """Whether it makes sense to ask which of two values of the field is the greater."""
    return field.type != "boolean" and not field.categories


def nearest_operator(wrong: str, field: Field) -> Op | None:
    """Return the operator of ``field`` that ``wrong`` was probably meant to be."""
    allowed = operators(field)
    for each in _MEANT.get(wrong, ()):
        if each in allowed:
            return each
    near = difflib.get_close_matches(wrong, [each.value for each in allowed], n=1, cutoff=0.5)
    return Op(near[0]) if near else None
