"""Texts of a form (addresses, identifiers), and cells that hold several values."""

import polars as pl
from frictionless import fields

from opendata.tabular.certify.form import Form, count_length, is_one_of, text_length, writable
from opendata.tabular.certify.moments import ISO_CLOCK, ISO_DATE, ISO_MOMENT

_LABEL = "[A-Za-z0-9](?:-?[A-Za-z0-9]){0,30}"
_NAME = "[A-Za-z0-9_+-]{1,20}"
_HEX = "[0-9a-fA-F]"
_BASE64 = "[A-Za-z0-9+/]"
_URL = r"[A-Za-z0-9._~/%=&+,:;!*'()$-]"
# Narrower than what Frictionless takes, and wide enough for what is usually written.
STRING_FORMATS = {
    "uri": rf"https?://(?:{_LABEL}\.){{0,6}}{_LABEL}(?::[0-9]{{1,4}})?"
    rf"(?:/{_URL}*)?(?:[?]{_URL}*)?(?:#{_URL}*)?",
    "email": rf"{_NAME}(?:\.{_NAME}){{0,2}}@(?:{_LABEL}\.){{1,3}}[A-Za-z]{{2,20}}",
    "uuid": f"{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}",
    "binary": f"(?:{_BASE64}{{4}})*(?:{_BASE64}{{2}}==|{_BASE64}{{3}}=)?",
}
_UP_TO_180 = r"-?(?:(?:[1-9]?[0-9]|1[0-7][0-9])(?:\.[0-9]{1,17})?|180(?:\.0{1,17})?)"
_UP_TO_90 = r"-?(?:[1-8]?[0-9](?:\.[0-9]{1,17})?|90(?:\.0{1,17})?)"
POINTS = {
    "default": f"{_UP_TO_180}, ?{_UP_TO_90}",
    "array": rf"\[{_UP_TO_180}, ?{_UP_TO_90}\]",
    "object": rf'\{{"lon": ?{_UP_TO_180}, ?"lat": ?{_UP_TO_90}\}}',
}
_JSON_TEXT = r'"[^"\\\x00-\x1F]*"'
_JSON_NUMBER = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?"
_JSON_VALUE = f"(?:{_JSON_TEXT}|{_JSON_NUMBER}|true|false|null)"
_JSON_PAIR = f"{_JSON_TEXT}: ?{_JSON_VALUE}"
ITEMS = {
    "integer": "-?(?:0|[1-9][0-9]{0,17})",
    "number": r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?",
    "boolean": "(?:true|True|TRUE|1|false|False|FALSE|0)",
    "date": ISO_DATE,
    "time": ISO_CLOCK,
    "datetime": ISO_MOMENT,
}


def anything(field: fields.AnyField, text: pl.Expr) -> Form:
    """Every text is itself."""
    return Form(None, text, text)


def string(field: fields.StringField, text: pl.Expr) -> Form:
    """Every text, or one of a form; Well-known text is left to its parser."""
    length = text_length(text)
    if field.format == "wkt":
        return Form(pl.lit(False), text, text, length=length)
    shape = STRING_FORMATS.get(field.format)
    canonical = None if shape is None else text.str.contains(rf"\A{shape}\z")
    return Form(canonical, text, text, length=length)


def boolean(field: fields.BooleanField, text: pl.Expr) -> Form:
    """The words for true and false; a word that is in both lists is false."""
    false = set(field.false_values)
    true = set(field.true_values) - false
    value = is_one_of(text, true)
    # Python calls True equal to 1, and keys are equal where values are.
    key = pl.when(value).then(pl.lit("1")).otherwise(pl.lit("0"))
    return Form(is_one_of(text, true | false), value, key)


def geopoint(field: fields.GeopointField, text: pl.Expr) -> Form:
    """Longitude and latitude in plain notation."""
    shape = POINTS.get(field.format)
    return Form(pl.lit(False) if shape is None else text.str.contains(rf"\A{shape}\z"))


def geojson(field: fields.GeojsonField, text: pl.Expr) -> Form:
    """Nothing: what is valid here is for a JSON Schema to say."""
    return Form(pl.lit(False))


def json_object(field: fields.ObjectField, text: pl.Expr) -> Form:
    """Flat JSON objects without escapes."""
    return Form(text.str.contains(rf"\A\{{(?:{_JSON_PAIR}(?:, ?{_JSON_PAIR})*)?\}}\z"))


def json_array(field: fields.ArrayField, text: pl.Expr) -> Form:
    """Flat JSON arrays without escapes, where nothing is said of their items."""
    if field.array_item:
        return Form(pl.lit(False))
    return Form(text.str.contains(rf"\A\[(?:{_JSON_VALUE}(?:, ?{_JSON_VALUE})*)?\]\z"))


def delimited(field: fields.ListField, text: pl.Expr) -> Form:
    """Items that cannot hold the delimiter, each in the canonical form of its type."""
    mark = field.delimiter
    if len(mark) != 1 or not writable(mark):
        return Form(pl.lit(False))
    length = count_length(text.str.count_matches(mark, literal=True) + 1)
    if field.item_type == "string":
        return Form(None, length=length)
    item = ITEMS.get(field.item_type)
    if item is None or (mark.isascii() and mark.isalnum()) or mark in "+-.: ":
        return Form(pl.lit(False))
    more = f"\\x{{{ord(mark):X}}}{item}"
    return Form(text.str.contains(rf"\A{item}(?:{more})*\z"), length=length)
