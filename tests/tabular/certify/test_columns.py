"""What the column engine proves of a cell, Frictionless's own cell reader never contradicts."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from typing import Any

import hypothesis.strategies as st
import polars as pl
import pytest
from frictionless import Field, Schema
from hypothesis import HealthCheck, given, settings

from opendata.tabular.certify.canonical import canonical_key
from opendata.tabular.certify.columns import column
from opendata.tabular.certify.structures import ITEMS, POINTS, STRING_FORMATS
from tests.tabular.certify.forms import TRAPS
from tests.tabular.certify.strategies import TYPES, cell_texts, fields

THOROUGH = settings(
    max_examples=80,
    deadline=timedelta(seconds=10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
SINCE_2020 = {"type": "datetime", "constraints": {"minimum": "2020-01-01T00:00:00"}}
ORDERED = ("integer", "number", "date", "year")


def judged(field: Field, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Say of each text what the column engine says of it, with what Frictionless reads."""
    known = column(field, 3)
    nothing = pl.lit(None)
    frame = pl.DataFrame({"3": texts}, schema={"3": pl.String}).with_columns(
        missing=known.missing,
        proven=known.proven,
        legible=known.legible,
        value=nothing if known.value is None else known.value,
        key=nothing if known.key is None else known.key,
    )
    rows = frame.rename({"3": "text"}).to_dicts()
    for row in rows:
        row["has_key"] = known.key is not None
        row["has_value"] = known.value is not None
    return rows


def read(field: Field, text: str) -> tuple[Any, Any]:
    """Read a text as Frictionless does: the typed value and what is to note."""
    return field.create_cell_reader()(text)


def proven(descriptor: dict[str, Any], text: str) -> bool:
    """Say whether the column engine proves one text."""
    field = Field.from_descriptor({"name": "cell", **descriptor})
    return bool(judged(field, [text])[0]["proven"])


@st.composite
def columns(draw: st.DrawFn, **options: Any) -> tuple[Field, list[str]]:
    """Draw a field and texts for its column."""
    descriptor = draw(fields(**options))
    texts = draw(st.lists(cell_texts(descriptor), min_size=1, max_size=8))
    return Field.from_descriptor(descriptor), texts


@THOROUGH
@given(columns())
def test_frictionless_has_nothing_to_note_of_a_proven_cell(drawn):
    field, texts = drawn
    for row in judged(field, texts):
        assert row["missing"] is (row["text"] in field.missing_values)
        assert row["proven"] is not None
        if row["proven"]:
            assert not read(field, row["text"])[1]
            assert row["legible"]


@THOROUGH
@given(columns())
def test_a_legible_cell_has_a_value_unless_it_is_missing(drawn):
    field, texts = drawn
    for row in judged(field, texts):
        assert row["legible"] is not None
        if row["legible"]:
            value, notes = read(field, row["text"])
            assert (value is None) is row["missing"]
            assert "type" not in (notes or {})


@THOROUGH
@given(columns(unusable=True))
def test_nothing_is_proven_by_a_limit_that_frictionless_cannot_read(drawn):
    field, texts = drawn
    for row in judged(field, texts):
        if row["proven"]:
            assert not read(field, row["text"])[1]


@THOROUGH
@given(columns())
def test_the_key_of_a_legible_cell_is_the_key_of_its_value(drawn):
    field, texts = drawn
    known = [row for row in judged(field, texts) if row["legible"] and row["has_key"]]
    values = [read(field, row["text"])[0] for row in known]
    for row, value in zip(known, values, strict=True):
        assert row["key"] == canonical_key(value)
    for (one, own), (other, its) in combinations(zip(known, values, strict=True), 2):
        assert (one["key"] == other["key"]) is (own == its)


@THOROUGH
@given(columns(types=ORDERED))
def test_values_of_legible_cells_order_as_what_frictionless_reads(drawn):
    field, texts = drawn
    known = [
        (row["value"], read(field, row["text"])[0])
        for row in judged(field, texts)
        if row["legible"] and row["has_value"] and not row["missing"]
    ]
    for (one, own), (other, its) in combinations(known, 2):
        assert (one < other) is (own < its)
        assert (one == other) is (own == its)


@pytest.mark.parametrize("kind", TYPES)
def test_no_trap_is_proven_that_frictionless_faults(kind):
    for more in ({}, {"missingValues": ["-"]}, {"format": "any"}, {"format": "array"}):
        if more.get("format") == "any" and kind not in {"date", "datetime", "time"}:
            continue
        if more.get("format") == "array" and kind != "geopoint":
            continue
        field = Field.from_descriptor({"name": "cell", "type": kind, **more})
        for row in judged(field, TRAPS):
            if row["proven"]:
                assert not read(field, row["text"])[1], row["text"]


@pytest.mark.parametrize(
    ("descriptor", "texts"),
    [
        ({"type": "any"}, ["", "x"]),
        ({"type": "string", "constraints": {"required": True}}, ["示例", "a\nb", " "]),
        ({"type": "string", "constraints": {"minLength": 2, "maxLength": 3}}, ["示例", "abc"]),
        ({"type": "string", "constraints": {"pattern": "^[0-9]{2}$"}}, ["12", "12\n"]),
        ({"type": "string", "constraints": {"enum": ["元", "万元"]}}, ["元", "万元", ""]),
        ({"type": "string", "format": "uri"}, ["https://example.org/a?b=1#c"]),
        ({"type": "string", "format": "email"}, ["a.b@example.org"]),
        ({"type": "string", "format": "uuid"}, ["2bc1c94f-0deb-43e9-92a1-4775189ec9f8"]),
        ({"type": "string", "format": "binary"}, ["YQ==", "YWI=", "YWJj"]),
        ({"type": "integer"}, ["0", "-1", "123456789012345678", ""]),
        ({"type": "integer", "constraints": {"minimum": 1, "maximum": 9999}}, ["1", "9999"]),
        ({"type": "integer", "constraints": {"enum": [1, 2]}}, ["1", "2"]),
        ({"type": "integer", "constraints": {"maximum": 2**70}}, [str(2**63 - 1)]),
        ({"type": "number"}, ["0", "1.50", "-0.01", "123456789.123456", "-0"]),
        ({"type": "number", "constraints": {"minimum": 0.1, "maximum": 1}}, ["0.1", "1.00"]),
        ({"type": "number", "groupChar": ","}, ["1,000.5", "1000.5"]),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.000,5", "7"]),
        ({"type": "number", "floatNumber": True, "constraints": {"minimum": 0.1}}, ["0.1"]),
        ({"type": "boolean"}, ["true", "FALSE", "1", "0", ""]),
        ({"type": "boolean", "trueValues": ["是"], "falseValues": ["否"]}, ["是", "否"]),
        ({"type": "boolean", "constraints": {"enum": [True]}}, ["true", "1"]),
        ({"type": "date"}, ["2020-02-29", "0001-01-01", "9999-12-31", "2000-02-29"]),
        ({"type": "date", "constraints": {"minimum": "2020-01-01"}}, ["2020-01-01"]),
        ({"type": "date", "format": "any"}, ["2020-02-29"]),
        ({"type": "date", "format": "%Y/%m/%d"}, ["2020/02/29"]),
        ({"type": "date", "format": "%Y年%m月%d日"}, ["2020年02月29日"]),
        ({"type": "datetime"}, ["2020-01-01T00:00:00", "2020-01-01 23:59:59.5+08:00"]),
        (SINCE_2020, ["2020-01-01T00:00:00", "2020-01-01 00:00:00"]),
        ({"type": "datetime", "format": "%Y-%m-%d %H:%M"}, ["2020-01-01 12:30"]),
        ({"type": "time"}, ["00:00:00", "23:59:59Z"]),
        ({"type": "year"}, ["1000", "2020", "9999"]),
        ({"type": "yearmonth", "constraints": {"minimum": "2020-01"}}, ["2020-01"]),
        ({"type": "duration"}, ["P1D", "PT1H30M", "P1Y2M3W4DT5S"]),
        ({"type": "geopoint"}, ["116.397,39.909", "-180, 90.0"]),
        ({"type": "list", "itemType": "integer", "constraints": {"maxLength": 2}}, ["1,2", "3"]),
        ({"type": "list", "delimiter": ";", "constraints": {"minLength": 2}}, ["a;b"]),
        ({"type": "object"}, ["{}", '{"a": 1, "b": "c"}']),
        ({"type": "array"}, ["[]", '[1, "a", null]']),
        ({"type": "geojson"}, [""]),
        ({"type": "string", "missingValues": ["-", "NA"], "constraints": {"maxLength": 1}}, ["NA"]),
        ({"type": "integer", "missingValues": ["-"]}, ["-", "5"]),
    ],
)
def test_clean_cells_in_canonical_forms_are_proven(descriptor, texts):
    assert [text for text in texts if not proven(descriptor, text)] == []


@pytest.mark.parametrize(
    ("descriptor", "texts"),
    [
        ({"type": "string", "constraints": {"required": True}}, [""]),
        ({"type": "string", "constraints": {"maxLength": 2}}, ["示例市", "abc"]),
        ({"type": "string", "constraints": {"pattern": r"\bA"}}, ["A"]),
        ({"type": "integer"}, ["+5", " 5", "05", "-0", "1_000", "１２", "1.0", "1e3", "9" * 19]),
        ({"type": "integer", "constraints": {"minimum": 1.5}}, ["2"]),
        ({"type": "integer", "missingValues": ["-"]}, [""]),
        (
            {"type": "number"},
            ["1e5", "NaN", "sNaN", "inf", "1234567890123456", "1,000", "٣", "1_0"],
        ),
        ({"type": "number", "constraints": {"minimum": "NaN"}}, ["1"]),
        ({"type": "number", "decimalChar": ","}, ["1.5"]),
        ({"type": "boolean"}, ["t", "yes", "tRuE"]),
        ({"type": "date"}, ["2020-02-30", "2020-2-3", "0000-01-01", "2020/01/01", " 2020-01-01"]),
        (SINCE_2020, ["2021-01-01T00:00:00Z", "2019-12-31T23:59:59"]),
        ({"type": "year"}, ["0999", "+999", " 999", "99"]),
        ({"type": "list", "itemType": "integer", "delimiter": "1"}, ["0110"]),
        ({"type": "array", "arrayItem": {"type": "integer"}}, ["[1]"]),
    ],
)
def test_what_is_unclear_is_left_to_frictionless(descriptor, texts):
    assert [text for text in texts if proven(descriptor, text)] == []


FORMS = [
    *[({"type": "string", "format": name}, shape) for name, shape in STRING_FORMATS.items()],
    *[({"type": "geopoint", "format": name}, shape) for name, shape in POINTS.items()],
    *[({"type": name}, shape) for name, shape in ITEMS.items()],
]


@pytest.mark.parametrize(("descriptor", "shape"), FORMS)
def test_frictionless_reads_every_text_of_a_form(descriptor, shape):
    field = Field.from_descriptor({"name": "cell", "missingValues": [], **descriptor})

    @settings(THOROUGH, max_examples=20)
    @given(st.from_regex(shape, fullmatch=True))
    def is_read(text):
        assert read(field, text)[1] is None

    is_read()


def test_a_column_that_cannot_be_wrong_costs_nothing():
    field = Field.from_descriptor({"name": "cell", "type": "string"})

    assert column(field, 0).proven.meta.eq(pl.lit(True))


def test_a_day_is_proven_exactly_if_it_exists():
    years = (1, 4, 100, 400, 1582, 1900, 1999, 2000, 2020, 2021, 9999, 0)
    texts = [f"{y:04}-{m:02}-{d:02}" for y in years for m in range(14) for d in range(33)]
    field = Field.from_descriptor({"name": "cell", "type": "date"})

    for row in judged(field, texts):
        assert row["proven"] is (read(field, row["text"])[1] is None)


def test_missing_values_are_the_schemas_unless_the_field_has_its_own():
    schema = Schema.from_descriptor(
        {
            "fields": [
                {"name": "own", "type": "integer", "missingValues": ["x"]},
                {"name": "common", "type": "integer"},
            ],
            "missingValues": ["-"],
        }
    )
    own, common = (judged(field, ["x", "-", ""]) for field in schema.fields)

    assert [row["missing"] for row in own] == [True, False, False]
    assert [row["missing"] for row in common] == [False, True, False]


def test_a_field_of_a_class_from_elsewhere_is_not_taken_for_what_it_extends():
    known = Field.from_descriptor({"name": "cell", "type": "string"})

    class Shouting(type(known)):
        """Reads its cells in a way of its own."""

    assert not judged(Shouting(name="cell"), ["a", ""])[0]["proven"]
