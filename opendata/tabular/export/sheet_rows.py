"""The rows of a worksheet as XML (ECMA-376, 18.3.1), whole columns at once.

A cell is as a spreadsheet can hold it exactly, else it is text; text is always text.
"""

from collections.abc import Iterable
from datetime import date
from typing import IO

import polars as pl
import pyarrow as pa
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped] # It has no types.

from opendata.domain.contracts import Field
from opendata.domain.errors import Text, Unprocessable
from opendata.tabular.export.layout import Layout
from opendata.tabular.export.rendered import frames, rendered, utf8

MAX_ROWS = 1_048_575
MAX_CELL = 32_767
# A part of an archive beyond this needs an extension that not every spreadsheet reads.
MAX_BYTES = 2**31 - 1
# A double holds any decimal of so many significant digits such that it reads back the same.
_EXACT_DIGITS = 15
# Excel believes that 1900 was a leap year: earlier dates would be off by a day.
_FIRST_DATE, _DAY_ZERO = date(1900, 3, 1), date(1899, 12, 30)
_ROW = "#"
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# What XML cannot hold, in the notation of ECMA-376, 22.9.2.19 (ST_Xstring).
_UNWRITABLE = [*range(9), *range(11, 32), 0xFFFE, 0xFFFF]
_ESCAPED = _MARKUP | {chr(each): f"_x{each:04X}_" for each in _UNWRITABLE}
_MUST_ESCAPE = r"[&<>_\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]"


class TooBigForWorkbook(Unprocessable):
    """A worksheet cannot hold it; nothing is truncated in silence."""

    code = "too-big-for-xlsx"
    title = Text("超出 Excel 的容量", "Too big for Excel")


def write_rows(
    batches: Iterable[pa.RecordBatch], layout: Layout, date_style: str, out: IO[bytes]
) -> None:
    """Write records as ``row`` elements; the first of them is the sheet's second row.

    Raises:
        TooBigForWorkbook: there are too many, or a text is longer than a cell holds.
    """
    cells = [
        _cell(each, at, layout.use_labels, date_style).fill_null("")
        for at, each in enumerate(layout.fields[:-1])
    ]
    # The last one is there in any case: readers take a row to end where its cells do.
    last = len(cells)
    begin = pl.lit(f'<c r="{xl_col_to_name(last)}')
    empty = pl.concat_str(begin, _ROW, pl.lit('"/>'))
    final = _cell(layout.fields[-1], last, layout.use_labels, date_style)
    cells.append(pl.coalesce(final, empty))
    row = pl.concat_str(
        pl.lit('<row r="'), pl.col(_ROW), pl.lit('">'), *cells, pl.lit("</row>")
    ).alias("row")
    done, size = 0, 0
    for frame in frames(batches, layout):
        texts = rendered(frame, layout, use_labels=layout.use_labels)
        _check_lengths(texts, done)
        numbers = pl.int_range(done + 2, done + 2 + frame.height, eager=True).cast(pl.String)
        asked = pl.concat(
            [texts, frame.rename(_typed), numbers.alias(_ROW).to_frame()], how="horizontal"
        )
        content = utf8(asked.select(row)["row"])
        done, size = done + frame.height, size + len(content)
        _check_size(done, size)
        out.write(content)


def check_text(text: str, record: int) -> None:
    """Raise ``TooBigForWorkbook`` if a cell cannot hold ``text``."""
    if len(text.encode("utf-16-le")) // 2 > MAX_CELL:
        raise TooBigForWorkbook(
            f"第 {record} 条记录有文字超过 Excel 单元格的 {MAX_CELL} 个字符，请改用 CSV。",
            f"A text of record {record} exceeds the {MAX_CELL} characters of a cell: take the CSV.",
        )


def _check_lengths(texts: pl.DataFrame, done: int) -> None:
    for column in texts.iter_columns():
        long = column.str.len_bytes() > MAX_CELL
        for at in long.fill_null(value=False).arg_true():
            check_text(column[at], done + at + 1)


def _check_size(rows: int, size: int) -> None:
    if rows > MAX_ROWS:
        raise TooBigForWorkbook(
            f"记录超过 Excel 工作表的 {MAX_ROWS} 行，请改用 CSV 下载（.csv）。",
            f"There are more records than the {MAX_ROWS} rows of a worksheet: take the CSV.",
        )
    if size > MAX_BYTES:
        raise TooBigForWorkbook(
            "内容超过 Excel 工作簿的容量，请改用 CSV 下载（.csv）。",
            "There is more text than a workbook holds: take the CSV.",
        )


def _typed(name: str) -> str:
    """Name the typed column beside the one that has its text."""
    return f"{name}{_ROW}"


def _cell(column: Field, at: int, use_labels: bool, date_style: str) -> pl.Expr:
    """Return the element for a value; null where there is none."""
    text, value = pl.col(column.name), pl.col(_typed(column.name))
    begin = f'<c r="{xl_col_to_name(at)}'
    as_text = _string(begin, text)
    if column.type in ("integer", "year"):
        as_other = _element(f"{begin}", '"><v>', text)
        fits = value.is_between(-(10**_EXACT_DIGITS), 10**_EXACT_DIGITS, closed="none")
    elif column.type == "number":
        as_other = _element(begin, '"><v>', text)
        digits = text.str.replace_all(r"[-.]", "").str.strip_chars("0")
        fits = digits.str.len_bytes() <= _EXACT_DIGITS
    elif column.type == "date":
        serial = (value - pl.lit(_DAY_ZERO)).dt.total_days().cast(pl.String)
        as_other = _element(begin, f'"{date_style}><v>', serial)
        fits = value >= _FIRST_DATE
    elif column.type == "boolean" and not use_labels:
        as_other = _element(begin, '" t="b"><v>', value.cast(pl.Int8).cast(pl.String))
        fits = pl.lit(value=True)
    else:
        return as_text
    return pl.when(fits).then(as_other).otherwise(as_text)


def _element(begin: str, attributes: str, content: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(begin), _ROW, pl.lit(attributes), content, pl.lit("</v></c>"))


def _string(begin: str, text: pl.Expr) -> pl.Expr:
    literal = text.str.replace_all(r"(_x[0-9a-fA-F]{4}_)", "_x005F$1")
    escaped = literal.str.replace_many(list(_ESCAPED), list(_ESCAPED.values()))
    safe = pl.when(text.str.contains(_MUST_ESCAPE)).then(escaped).otherwise(text)
    kept = pl.when(text.str.contains(r"^\s|\s$")).then(pl.lit(' xml:space="preserve"'))
    return pl.concat_str(
        pl.lit(begin),
        _ROW,
        pl.lit('" t="inlineStr"><is><t'),
        kept.otherwise(pl.lit("")),
        pl.lit(">"),
        safe,
        pl.lit("</t></is></c>"),
    )
