"""One field of a Table Schema as expressions: which of its cells surely keep every rule.

``column`` proves, it never judges: a cell it does not prove may be clean, but of one it proves
Frictionless's own cell reader has nothing to note. So wherever a type, a format or a constraint
could mean more than is understood here, fewer cells are proven.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from operator import and_
from typing import Any

import polars as pl
from frictionless import Field, FrictionlessException, fields

from opendata.tabular.certify import moments, numbers, structures
from opendata.tabular.certify.basis import Basis
from opendata.tabular.certify.canonical import canonical_key
from opendata.tabular.certify.form import BOUNDS, Form, is_one_of
from opendata.tabular.certify.model import Column
from opendata.tabular.certify.patterns import rust_pattern
from opendata.tabular.checks.overrides import NumberField

# By the very class: a subclass from elsewhere may read its cells otherwise.
_FORMS: dict[type[Field], Callable[[Any, pl.Expr], Form]] = {
    fields.AnyField: structures.anything,
    fields.ArrayField: structures.json_array,
    fields.BooleanField: structures.boolean,
    fields.DateField: moments.iso_date,
    fields.DatetimeField: moments.iso_datetime,
    fields.DurationField: moments.duration,
    fields.GeojsonField: structures.geojson,
    fields.GeopointField: structures.geopoint,
    fields.IntegerField: numbers.integer,
    fields.ListField: structures.delimited,
    fields.NumberField: numbers.number,
    NumberField: numbers.number,
    fields.ObjectField: structures.json_object,
    fields.StringField: structures.string,
    fields.TimeField: moments.iso_time,
    fields.YearField: numbers.year,
    fields.YearmonthField: moments.yearmonth,
}


def column(field: Field, position: int, basis: Basis | None = None) -> Column:
    """Compile a field into expressions over the column ``str(position)``, which has no nulls.

    With a ``basis`` these are the names of what it evaluates.
    """
    text = pl.col(str(position))
    once = _as_it_is if basis is None else basis.once
    gaps = _missing_values(field)
    make = _FORMS.get(type(field))
    if make is None:
        return unproven(field, position)
    missing = once(is_one_of(text, gaps))
    form = make(field, text)
    canonical = None if form.canonical is None else once(form.canonical)
    form = replace(form, canonical=canonical)
    required = bool(gaps and field.constraints.get("required"))
    conditions = _conditions(field, form, text)
    if conditions and not required and _are_short(gaps, field):
        proven = reduce(and_, conditions)
    else:
        proven = _proven(conditions, missing, required=required)
    key = form.key
    if key is not None and gaps:
        key = pl.when(~missing).then(key)
    return Column(
        field=field,
        name=str(position),
        missing=missing,
        proven=once(proven),
        value=None if form.value is None else once(form.value),
        key=key,
        readable=_readable(form, missing, once),
        basis=basis,
    )


def _readable(form: Form, missing: pl.Expr, once: Callable[[pl.Expr], pl.Expr]) -> pl.Expr | None:
    """Say which cells are in a form of which the values are known, whatever constraints say."""
    if form.value is None and form.key is None:
        return None
    return pl.lit(True) if form.canonical is None else once(missing | form.canonical)


def unproven(field: Field, position: int) -> Column:
    """Return a column of which only is known which cells are missing."""
    missing = is_one_of(pl.col(str(position)), _missing_values(field))
    return Column(field, str(position), missing, pl.lit(False))


def _as_it_is(expr: pl.Expr) -> pl.Expr:
    return expr


def _missing_values(field: Field) -> frozenset[str]:
    """Return what the field's cell reader takes for missing, by its own rule."""
    inherited = not field.has_defined("missing_values") and field.schema
    values = field.schema.missing_values if inherited and field.schema else field.missing_values
    return frozenset(values)


def _proven(conditions: list[pl.Expr] | None, missing: pl.Expr, *, required: bool) -> pl.Expr:
    """Put together what a cell that is there must keep, and whether it may be missing."""
    if conditions is None:
        return pl.lit(False) if required else missing
    if required:
        return reduce(and_, conditions, ~missing)
    return missing | reduce(and_, conditions) if conditions else pl.lit(True)


def _are_short(gaps: frozenset[str], field: Field) -> bool:
    """Whether a text's length is all that is asked, and what stands for no value keeps it too."""
    asked = {name for name, limit in field.constraints.items() if limit is not None}
    limit = field.constraints.get("maxLength")
    return (
        type(field) is fields.StringField
        and field.format == "default"
        and asked <= {"maxLength", "required", "unique"}
        and isinstance(limit, int)
        and all(len(each) <= limit for each in gaps)
    )


def _conditions(field: Field, form: Form, text: pl.Expr) -> list[pl.Expr] | None:
    """Return what a cell that is there must keep to be proven; ``None``: that cannot be said."""
    conditions = [] if form.canonical is None else [form.canonical]
    for name in field.supported_constraints:
        limit = field.constraints.get(name)
        if limit is None or name in {"required", "enum"}:
            continue
        condition = _condition(field, form, text, name)
        if condition is None:
            return None
        conditions.append(condition)
    if field.constraints.get("enum") is None or "enum" not in field.supported_constraints:
        return conditions
    listed = is_one_of(text, _accepted(field))
    # The list is of texts that were read and passed; only a value needs the canonical form.
    return [*conditions, listed] if form.value is not None or form.key is not None else [listed]


def _condition(field: Field, form: Form, text: pl.Expr, name: str) -> pl.Expr | None:
    """Return which canonical cells keep a bound, a length or a pattern."""
    limit = field.constraints[name]
    if name in BOUNDS:
        # Read by the field itself, as there: what it cannot read is compared with nothing.
        typed = field.create_value_reader()(limit)
        return None if typed is None or form.bound is None else form.bound(name, typed)
    if name == "pattern":
        pattern = rust_pattern(limit) if isinstance(limit, str) else None
        return None if pattern is None else text.str.contains(pattern)
    return form.length(name, limit) if form.length and isinstance(limit, int) else None


def _accepted(field: Field) -> Iterator[str]:
    """Yield texts of an ``enum``'s values that the field's own cell reader passes."""
    try:
        cell_reader, value_reader = field.create_cell_reader(), field.create_value_reader()
    except (re.error, FrictionlessException):
        return
    values = field.constraints["enum"]
    texts = {each for each in values if isinstance(each, str)}
    texts.update(filter(None, (canonical_key(value_reader(each)) for each in values)))
    if isinstance(field, fields.BooleanField):
        texts.update(field.true_values, field.false_values)
    for text in texts:
        try:
            _, notes = cell_reader(text)
        except (TypeError, ArithmeticError):
            # A moment with a zone and one without cannot be compared: Frictionless stops there.
            continue
        if not notes:
            yield text
