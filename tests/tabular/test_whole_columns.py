"""Files written whole columns at once have the bytes of files written value by value."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from opendata.domain.contracts import Category, Contract, Field
from opendata.domain.errors import Text
from opendata.tabular.export import Layout, write_csv, write_ndjson, write_xlsx
from opendata.tabular.export.layout import cell_text
from opendata.tabular.text_table import csv_line
from opendata.tabular.values import arrow_type

BARE = ("integer", "year", "number", "boolean")
CODES = (Category("fine", "罚款"), Category("a,b", '"警告"'))


def field(name: str, kind: str, **more: Any) -> Field:
    return Field(name, kind, Text(f"列{name}", name), Text("", ""), "", {}, **more)


FIELDS = (
    field("text", "string"),
    field("code", "string", categories=CODES),
    field("whole", "integer"),
    field("year", "year"),
    field("money", "number", decimal_places=2),
    field("rate", "number", decimal_places=12),
    field("count", "number"),
    field("day", "date"),
    field("at", "datetime"),
    field("flag", "boolean"),
)
NAMES = tuple(each.name for each in FIELDS)
# Whatever means something to a format, and what is next to it.
AWKWARD = st.text(
    'ab,;"\r\n\t\\ \x00\x07\x0b\x1f\x7f&<>_x004F_\u3000\ufffe\uffff=罚𠀀', max_size=12
)
WHOLE = st.integers(-(2**63), 2**63 - 1) | st.integers(-(10**16), 10**16)


def decimals(places: int) -> st.SearchStrategy[Decimal]:
    most = 10**38 - 1
    digits = st.integers(-most, most) | st.integers(-(10**16), 10**16)
    return digits.map(lambda each: Decimal(f"{each}E-{places}"))


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "text": st.none() | AWKWARD | st.sampled_from(["", "<r>a</r>", "=1+1"]),
            "code": st.none() | st.sampled_from(["fine", "a,b", "unknown"]),
            "whole": st.none() | WHOLE,
            "year": st.none() | st.integers(1, 9999),
            "money": st.none() | decimals(2),
            "rate": st.none() | decimals(12),
            "count": st.none() | decimals(0),
            "day": st.none() | st.dates(),
            "at": st.none() | st.datetimes(timezones=st.just(UTC)),
            "flag": st.none() | st.booleans(),
        }
    ),
    max_size=6,
)
often = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def exactly(rows: Sequence[dict[str, Any]]) -> list[pa.RecordBatch]:
    schema = pa.schema([(each.name, arrow_type(each)) for each in FIELDS])
    batch = pa.RecordBatch.from_pylist(list(rows), schema=schema)
    # A slice begins somewhere within its buffers.
    return [batch.slice(0, 2), batch.slice(2)]


def by_value(values: dict[str, Any], use_labels: bool) -> list[str]:
    return [cell_text(each, use_labels)(values[each.name]) for each in FIELDS]


@often
@given(ROWS, st.booleans(), st.sampled_from([",", ";", "\t", "|"]))
def test_csv_is_what_is_written_value_by_value(
    contract: Contract, rows: list[dict[str, Any]], use_labels: bool, delimiter: str
) -> None:
    layout = Layout(contract, NAMES, use_labels=use_labels, delimiter=delimiter, computed=FIELDS)
    out = io.BytesIO()
    write_csv(exactly(rows), layout, out)

    lines = [layout.header, *(by_value(each, use_labels) for each in rows)]
    assert out.getvalue() == "".join(f"{csv_line(each, delimiter)}\n" for each in lines).encode()


@often
@given(ROWS)
def test_ndjson_is_what_is_written_value_by_value(
    contract: Contract, rows: list[dict[str, Any]]
) -> None:
    out = io.BytesIO()
    write_ndjson(exactly(rows), Layout(contract, NAMES, computed=FIELDS), out)

    def member(column: Field, value: Any, text: str) -> str:
        if value is None:
            return "null"
        return text if column.type in BARE else json.dumps(text, ensure_ascii=False)

    lines = []
    for row in rows:
        texts = by_value(row, use_labels=False)
        members = (
            f'"{each.name}":{member(each, row[each.name], text)}'
            for each, text in zip(FIELDS, texts, strict=True)
        )
        lines.append("{" + ",".join(members) + "}\n")
    assert out.getvalue() == "".join(lines).encode()


NOTHING = dict.fromkeys(NAMES)
EDGES = [NOTHING | {"whole": each} for each in (-(2**63), 2**63 - 1, 10**15, -(10**15) + 1)]


@settings(often, max_examples=15)
@example(EDGES, False)
@given(ROWS, st.booleans())
def test_a_workbook_has_every_value_exactly_as_text_or_as_what_it_is(
    contract: Contract, rows: list[dict[str, Any]], use_labels: bool
) -> None:
    out = io.BytesIO()
    write_xlsx(exactly(rows), Layout(contract, NAMES, use_labels, computed=FIELDS), out)

    sheet = openpyxl.load_workbook(out)["数据"]
    found = list(sheet.iter_rows(min_row=2, max_row=len(rows) + 1, max_col=len(NAMES)))
    assert sheet.max_row == len(rows) + 1
    for cells, row in zip(found, rows, strict=True):
        texts = by_value(row, use_labels)
        for cell, column, text in zip(cells, FIELDS, texts, strict=True):
            check_cell(cell, column, (row[column.name], text), use_labels)


def check_cell(cell: Any, column: Field, given: tuple[Any, str], use_labels: bool) -> None:
    value, text = given
    if value is None:
        assert cell.value is None
    elif cell.data_type == "n" and cell.value is not None:
        digits = f"{value:f}".replace("-", "").replace(".", "").strip("0")
        assert column.type in ("integer", "year", "number")
        assert len(digits) <= 15
        assert Decimal(repr(cell.value)) == value
    elif cell.data_type == "d":
        assert column.type == "date"
        assert cell.value.date() == value >= date(1900, 3, 1)
    elif cell.data_type == "b":
        assert column.type == "boolean"
        assert cell.value is value
        assert not use_labels
    else:
        # An empty text reads back as nothing.
        assert unescape(cell.value or "") == text


def test_one_column_s_empty_cell_is_no_empty_line(contract: Contract) -> None:
    out = io.BytesIO()
    batches = [pa.RecordBatch.from_pydict({"text": ["", None, "a"]})]
    write_csv(batches, Layout(contract, ("text",), computed=FIELDS), out)

    assert out.getvalue() == b'text\n""\n""\na\n'


@pytest.mark.parametrize("moment", [datetime(2020, 1, 1, tzinfo=UTC)])
def test_an_instant_is_written_in_utc_whatever_zone_an_engine_gives_it(
    contract: Contract, moment: datetime
) -> None:
    out = io.BytesIO()
    there = pa.array([moment], pa.timestamp("us", "Asia/Shanghai"))
    batches = [pa.RecordBatch.from_arrays([there], ["at"])]
    write_csv(batches, Layout(contract, ("at",), computed=FIELDS), out)

    assert out.getvalue() == b"at\n2020-01-01T00:00:00Z\n"
