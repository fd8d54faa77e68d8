"""Parquet: each row a row, its values written as the text that says exactly the same."""

import itertools
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from opendata.domain.contracts import Contract
from opendata.domain.errors import Text
from opendata.domain.privacy import Where
from opendata.tabular.readers.arrow_text import NoText, Writer, writer_of
from opendata.tabular.readers.canonical import CanonicalWriter
from opendata.tabular.readers.documents import plain_texts
from opendata.tabular.readers.headers import Matched, match
from opendata.tabular.readers.limits import (
    LIMITS,
    MIB,
    check_cell,
    check_columns,
    check_size,
    check_unpacked,
)
from opendata.tabular.readers.model import Beside, Origin, note, pointer
from opendata.tabular.readers.objects import blank_note, listed
from opendata.tabular.readers.refused import UnreadableParquet, UnsupportedColumn
from opendata.tabular.readers.table import OpenTable, converted
from opendata.tabular.refusals import EmptyFile, NoHeader

_TAIL = struct.Struct("<I4s")
_MARK = b"PAR1"
_MOST_ROWS = 4096
_BATCH_BYTES = 64 * MIB
# The header counts as row 1.
_FIRST_ROW = 2


def open_parquet(path: Path, contract: Contract, work: Path) -> OpenTable:
    """Write the rows of a file to ``work``, a batch at a time.

    Raises:
        Unreadable: it is damaged or out of bounds, or a column has values without one text.
    """
    _check_footer(path)
    with _arrow_errors(), _opened(path) as file:
        _check_bounds(path, file.metadata)
        schema = file.schema_arrow
    matched = _matched(schema.names, contract)
    writers = _writers(schema, matched, contract)
    blank: dict[str, None] = {}
    with CanonicalWriter(work, matched.header, 1) as out:
        row = _FIRST_ROW
        for batch in _batches(path, schema):
            columns = [
                _texts(write, batch.column(at), name, row)
                for at, (write, name) in enumerate(zip(writers, schema.names, strict=True))
            ]
            blank |= {
                name: None for name, each in zip(schema.names, columns, strict=True) if "" in each
            }
            for cells in zip(*columns, strict=True):
                out.write([cell or "" for cell in cells], row)
                row += 1
    notes = [*matched.notes, *blank_note(list(blank)), *_float_note(schema)]
    found = {"format": "parquet", "mapping": matched.mapping}
    found |= {"notes": notes} if notes else {}
    beside = tuple(dict.fromkeys(_beside(schema)))
    return converted(work, Origin(matched.header, found, lines=out.lines, beside=beside))


def _beside(schema: pa.Schema) -> Iterator[Beside]:
    """Yield the names of the columns, and what the file says of them and of itself."""
    yield from (Beside(Where.HEADING, None, each) for each in schema.names)
    for said in (schema.metadata, *(each.metadata for each in schema)):
        for piece in itertools.chain.from_iterable((said or {}).items()):
            for text in plain_texts(piece):
                yield Beside(Where.DESCRIPTION, None, text)


def _opened(path: Path, dictionaries: Sequence[str] = ()) -> pq.ParquetFile:
    return pq.ParquetFile(
        path,
        read_dictionary=list(dictionaries),
        pre_buffer=False,
        page_checksum_verification=True,
        thrift_string_size_limit=LIMITS.footer_bytes,
        thrift_container_size_limit=LIMITS.footer_bytes // 16,
    )


def _batches(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Read the rows, few at a time where they are long."""
    texts = [each.name for each in schema if types.is_string(each.type)]
    with _arrow_errors(), _opened(path, texts) as file:
        for number in range(file.metadata.num_row_groups):
            group = file.metadata.row_group(number)
            longest = max(1, group.total_byte_size // max(1, group.num_rows))
            rows = max(1, min(_MOST_ROWS, _BATCH_BYTES // longest))
            for batch in file.iter_batches(rows, row_groups=[number], use_threads=False):
                batch.validate(full=True)
                yield batch


def _texts(write: Writer, column: Any, name: str, row: int) -> list[str | None]:
    try:
        return write(column)
    except NoText as error:
        where = pointer("row", str(row + error.at), name)
        raise UnsupportedColumn(error.why.zh, error.why.en, where) from error
    except (pa.ArrowInvalid, ValueError, OverflowError) as error:
        raise _unreadable(pointer("column", name)) from error


@contextmanager
def _arrow_errors() -> Iterator[None]:
    """Say of what Arrow cannot read that it cannot be read; a failing disk is something else."""
    try:
        yield
    except (pa.ArrowException, ValueError, OverflowError) as error:
        if isinstance(error, MemoryError):
            raise
        raise _unreadable() from error
    except OSError as error:
        # Arrow's own have no number.
        if error.errno is not None:
            raise
        raise _unreadable() from error


def _unreadable(where: str = "/byte/0") -> UnreadableParquet:
    return UnreadableParquet(
        "Parquet 文件已损坏，或用了不支持的写法，无法读取。请重新导出后上传。",
        "The Parquet file is damaged, or written in a way that cannot be read. Export it anew.",
        where,
    )


def _check_footer(path: Path) -> None:
    """Look at the size of the metadata before they are read."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _TAIL.size))
        tail = file.read()
    if len(tail) < _TAIL.size or not tail.endswith(_MARK):
        raise _unreadable()
    check_size(_TAIL.unpack(tail)[0], LIMITS.footer_bytes, f"/byte/{size - _TAIL.size}")


def _check_bounds(path: Path, metadata: Any) -> None:
    check_columns(metadata.num_columns)
    size = path.stat().st_size
    # A cell is a comma at least, however densely it is packed.
    check_unpacked(metadata.num_rows * metadata.num_columns, size, "/byte/0")
    for number in range(metadata.num_row_groups):
        check_size(metadata.row_group(number).total_byte_size, LIMITS.group_bytes, "/byte/0")


def _matched(labels: Sequence[str], contract: Contract) -> Matched:
    if not labels:
        raise EmptyFile("文件里没有列。", "There is no column in the file.")
    check_cell(sum(map(len, labels)), "/row/1")
    matched = match(labels, contract, lambda at: pointer("column", labels[at]))
    if not matched.count:
        raise NoHeader(
            "没有任何一列的名称属于该数据规范。列名应为数据规范的字段名或中文列名。",
            "No column is named as one of the contract, by its name or its Chinese title.",
            "/row/1",
        )
    return matched


def _writers(schema: pa.Schema, matched: Matched, contract: Contract) -> list[Writer]:
    found = [
        writer_of(column.type, contract.field(name))
        for column, (_, name) in zip(schema, matched.header, strict=True)
    ]
    faults = [
        (
            pointer("column", column.name),
            Text(f"列“{column.name}”：{why.zh}。", f'"{column.name}": {why.en}.'),
        )
        for column, why in zip(schema, found, strict=True)
        if isinstance(why, Text)
    ]
    if faults:
        raise UnsupportedColumn(
            f"有 {len(faults)} 列的类型不能读作单元格的文字。{faults[0][1].zh}",
            f"The types of {len(faults)} columns are no text of cells. {faults[0][1].en}",
            faults,
        )
    return [each for each in found if not isinstance(each, Text)]


def _float_note(schema: pa.Schema) -> list[Mapping[str, str]]:
    names = [each.name for each in schema if types.is_floating(each.type)]
    zh = f"二进制浮点数按最短的十进制数字读取：{listed(names, '、')}"
    en = f"Binary floating-point numbers are read as their shortest digits: {listed(names, ', ')}"
    return [note("binary-floats", zh, en)] if names else []
