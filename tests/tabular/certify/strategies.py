"""Random Table Schemas and the tables one might send under them, the nasty ones included.

``fields()`` and ``schemas()`` give descriptors that Frictionless takes as valid; ``cell_texts()``
and ``tables()`` give texts near what a descriptor asks for, near its limits, and the traps that
readers disagree about. No text of theirs makes Frictionless itself stop with a stack trace, so
whole reports can be compared.
"""

from collections.abc import Callable, Sequence
from typing import Any

import hypothesis.strategies as st
from frictionless import Field, FrictionlessException, Schema

from opendata.tabular.checks.plugin import register
from tests.tabular.certify.forms import LIMITS, PATTERNS, TRAPS, form_texts

register()

TYPES = (
    "any",
    "array",
    "boolean",
    "date",
    "datetime",
    "duration",
    "geojson",
    "geopoint",
    "integer",
    "list",
    "number",
    "object",
    "string",
    "time",
    "year",
    "yearmonth",
)
# Frictionless cannot look these up: they are no keys and not unique.
UNHASHABLE = {"array", "geojson", "list", "object"}
# Not "wkt": without the parser that it needs Frictionless refuses the whole schema.
FORMATS = {
    "string": ["default", "uri", "email", "uuid", "binary"],
    "date": [
        "default",
        "any",
        "%Y/%m/%d",
        "%d.%m.%Y",
        "%Y年%m月%d日",
        "%Y%m%d",
        "%Y-%m",
        "%d %b %y",
    ],
    "datetime": ["default", "any", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S", "%d/%m/%Y %I %p"],
    "time": ["default", "any", "%H:%M", "%H%M%S", "%I:%M %p"],
    "geopoint": ["default", "array", "object"],
    "geojson": ["default", "topojson"],
}
MISSING = [[], [""], ["", "-"], ["NA", "N/A"], ["-"], ["0"], ["", "null", " "]]
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
ITEMS = ["string", "integer", "boolean", "number", "datetime", "date", "time"]

Descriptor = dict[str, Any]


@st.composite
def fields(
    draw: st.DrawFn,
    name: str = "cell",
    types: Sequence[str] = TYPES,
    unusable: bool = False,
    exclusive: bool = True,
) -> Descriptor:
    """Draw a valid field descriptor.

    Args:
        draw: Given by Hypothesis.
        name: The name of the field.
        types: The types to choose from.
        unusable: Whether limits may occur that the field itself cannot read, with which
            Frictionless stops at the first cell.
        exclusive: Whether bounds may be exclusive, which only the standard's second version
            knows: a resource that does not declare it is refused.
    """
    kind = draw(st.sampled_from(types))
    descriptor: Descriptor = {"name": name, "type": kind, **draw(_properties(kind))}
    if draw(st.booleans()):
        descriptor["missingValues"] = draw(st.sampled_from(MISSING))
    constraints = draw(_constraints(descriptor, unusable, exclusive))
    if constraints:
        descriptor["constraints"] = constraints
    return descriptor


@st.composite
def schemas(draw: st.DrawFn, types: Sequence[str] = TYPES, most_fields: int = 4) -> Descriptor:
    """Draw a schema with keys, unique columns, missing values and keys that refer to itself."""
    names = [f"c{number}" for number in range(draw(st.integers(1, most_fields)))]
    described = [draw(fields(name, types, exclusive=False)) for name in names]
    schema: Descriptor = {"fields": described}
    if draw(st.booleans()):
        schema["missingValues"] = draw(st.sampled_from(MISSING))
    usable = [each["name"] for each in described if each["type"] not in UNHASHABLE]
    if usable and draw(st.booleans()):
        schema["primaryKey"] = draw(st.lists(st.sampled_from(usable), min_size=1, unique=True))
    if usable and draw(st.integers(0, 3)) == 0:
        schema["foreignKeys"] = [draw(_self_references(usable))]
    return schema


def cell_texts(descriptor: Descriptor) -> st.SearchStrategy[str]:
    """Draw texts for cells of the field: canonical, nearly so, missing, traps, and noise."""
    read = Field.from_descriptor(descriptor).create_cell_reader()
    listed = [each for each in descriptor.get("constraints", {}).get("enum", ()) if _is_text(each)]
    sources = [
        form_texts(descriptor),
        form_texts(descriptor),
        st.sampled_from([*descriptor.get("missingValues", ()), *listed, "", "-"]),
        st.sampled_from(TRAPS),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    ]
    return st.one_of(sources).filter(lambda text: _is_readable(read, text))


@st.composite
def tables(
    draw: st.DrawFn, schema: Descriptor, most_rows: int = 12, ragged: bool = False
) -> list[list[str]]:
    """Draw the rows of a table; cells come from small pools, so that values repeat.

    ``ragged``: rows may also be too short, too long or blank.
    """
    missing = schema.get("missingValues")
    described = [
        {"missingValues": missing, **each} if missing else each for each in schema["fields"]
    ]
    pools = [draw(st.lists(cell_texts(each), min_size=1, max_size=4)) for each in described]
    rows = st.lists(st.tuples(*map(st.sampled_from, pools)).map(list), max_size=most_rows)
    drawn = draw(rows)
    if ragged and drawn:
        at = draw(st.integers(0, len(drawn) - 1))
        width = draw(st.integers(0, len(pools) + 1))
        drawn[at] = [*drawn[at], "more"][:width]
    return drawn


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_readable(read: Callable[[str], Any], text: str) -> bool:
    """Whether Frictionless can read a text at all, clean or not."""
    try:
        read(text)
    except (TypeError, ValueError, ArithmeticError):
        return False
    return True


def _properties(kind: str) -> st.SearchStrategy[Descriptor]:
    """Draw what a type has of its own."""
    optional: dict[str, st.SearchStrategy[Any]] = {}
    if kind in FORMATS:
        optional["format"] = st.sampled_from(FORMATS[kind])
    if kind == "integer":
        optional["bareNumber"] = st.booleans()
    if kind == "number":
        optional["bareNumber"] = st.booleans()
        optional["floatNumber"] = st.booleans()
        optional["groupChar"] = st.sampled_from(["", ",", " ", "'", "."])
        optional["decimalChar"] = st.sampled_from([".", ","])
    if kind == "boolean":
        optional["trueValues"] = st.sampled_from([["yes"], ["是", "1"], ["true", "Y", "0"]])
        optional["falseValues"] = st.sampled_from([["no"], ["否", "0"], ["false", "N", "yes"]])
    if kind == "list":
        optional["delimiter"] = st.sampled_from([",", ";", "|", "、", "-", "1", "::"])
        optional["itemType"] = st.sampled_from(ITEMS)
    if kind == "array":
        optional["arrayItem"] = st.sampled_from([{"type": "integer"}, {"type": "string"}])
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def _constraints(
    draw: st.DrawFn, descriptor: Descriptor, unusable: bool, exclusive: bool
) -> Descriptor:
    kind = descriptor["type"]
    able = Field.from_descriptor({"name": "a", "type": kind}).supported_constraints
    able = [name for name in able if exclusive or not name.startswith("exclusive")]
    limit = _limits(descriptor, unusable)
    each: dict[str, st.SearchStrategy[Any]] = {
        "required": st.booleans(),
        "minLength": st.integers(0, 4),
        "maxLength": st.integers(0, 8),
        "pattern": st.sampled_from(PATTERNS),
        "enum": st.lists(limit, min_size=1, max_size=4),
        **dict.fromkeys(BOUNDS, limit),
    }
    names = draw(st.lists(st.sampled_from(able), max_size=2, unique=True))
    constraints = {name: draw(each[name]) for name in names}
    if kind not in UNHASHABLE and draw(st.integers(0, 4)) == 0:
        constraints["unique"] = True
    return constraints


def _limits(descriptor: Descriptor, unusable: bool) -> st.SearchStrategy[Any]:
    """Draw a value that can be a bound or a member of an ``enum``."""
    field = Field.from_descriptor(descriptor)
    read = field.create_value_reader()

    def is_usable(limit: Any) -> bool:
        value = read(limit)
        return unusable or (value is not None and value == value)

    limits = form_texts(descriptor) | st.sampled_from(LIMITS.get(descriptor["type"], ["a"]))
    return limits.filter(is_usable)


@st.composite
def _self_references(draw: st.DrawFn, usable: Sequence[str]) -> Descriptor:
    names = st.lists(st.sampled_from(usable), min_size=1, max_size=2, unique=True)
    own = draw(names)
    other = draw(names.filter(lambda chosen: len(chosen) == len(own)))
    return {"fields": own, "reference": {"resource": "", "fields": other}}


def is_valid(schema: Descriptor) -> bool:
    """Whether Frictionless takes a schema."""
    try:
        Schema.from_descriptor(schema)
    except FrictionlessException:
        return False
    return True
