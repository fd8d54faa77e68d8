"""NDJSON, JSON arrays and Parquet: every record an object, every column of one type."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from datasets.build.formats.columns import parquet, typed
from datasets.build.formats.objects import json_object
from opendata.domain.errors import Text
from tests.tabular.readers.cases.clean import contracts, titles, with_cell
from tests.tabular.readers.cases.model import Case, Clean

APPROVALS = "project-approvals"
NDJSON, JSON, PARQUET = "ndjson", "json", "parquet"


def declared_of(table: Clean, name: str) -> Mapping[str, Any]:
    """Return what the contract declares of a column."""
    fields = contracts()[table.collection].table_schema["fields"]
    return next(each for each in fields if each["name"] == name)


def record(table: Clean, row: tuple[str, ...], labels: Sequence[str] = ()) -> str:
    """Write a row as a JSON object."""
    kinds = [declared_of(table, name)["type"] for name in table.names]
    return json_object(labels or table.names, kinds, row)


def ndjson(table: Clean, newline: str = "\n") -> bytes:
    """Write a table as NDJSON."""
    return "".join(record(table, row) + newline for row in table.rows).encode()


def array(table: Clean, between: str = ",\n") -> bytes:
    """Write a table as a JSON array."""
    return ("[" + between.join(record(table, row) for row in table.rows) + "]").encode()


def with_titles(table: Clean) -> bytes:
    """Write NDJSON whose members are called by the Chinese titles."""
    return "\n".join(record(table, row, titles(table)) for row in table.rows).encode()


def edited(line: int, old: str, new: str) -> Callable[[Clean], bytes]:
    """Write NDJSON, and mend a line (from 1) of it by hand."""

    def make(table: Clean) -> bytes:
        lines = ndjson(table).decode().splitlines()
        assert old in lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new, 1)
        return "\n".join(lines).encode()

    return make


def edited_array(old: str, new: str) -> Callable[[Clean], bytes]:
    """Write an array, and mend the first place of it by hand."""

    def make(table: Clean) -> bytes:
        text = array(table).decode()
        assert old in text
        return text.replace(old, new, 1).encode()

    return make


def without_nulls(table: Clean) -> bytes:
    """Write NDJSON that says nothing where there is nothing."""
    rows = (json.loads(line, parse_float=str, parse_int=str) for line in ndjson(table).splitlines())
    return b"\n".join(
        json.dumps({name: each for name, each in row.items() if each is not None}).encode()
        for row in rows
    )


def backwards(table: Clean) -> bytes:
    """Write NDJSON whose members are in another order on every other line."""
    lines = ndjson(table).splitlines()
    turned = [
        json.dumps(dict(reversed(json.loads(line, parse_float=str, parse_int=str).items())))
        for line in lines[1::2]
    ]
    lines[1::2] = [each.encode() for each in turned]
    return b"\n".join(lines)


def column(table: Clean, name: str) -> list[str | None]:
    """Return a column's cells, ``None`` where they are empty."""
    at = table.names.index(name)
    return [row[at] or None for row in table.rows]


def arrow(table: Clean) -> pa.Table:
    """Return a table with the types of the contract: exact numbers, dates, truth values."""
    columns = zip(table.names, zip(*table.rows, strict=True), strict=True)
    return pa.table({name: typed(declared_of(table, name), cells) for name, cells in columns})


def replaced(name: str, make: Callable[[Clean], Any]) -> Callable[[Clean], bytes]:
    """Write Parquet with another array for one column."""

    def write(table: Clean) -> bytes:
        whole = arrow(table)
        at = whole.schema.get_field_index(name)
        return parquet(whole.set_column(at, name, make(table)))

    return write


def floats(name: str, kind: pa.DataType) -> Callable[[Clean], Any]:
    """Make floating-point numbers of a column's cells."""
    return lambda table: pa.array(
        [None if cell is None else float(cell) for cell in column(table, name)], kind
    )


def moments(name: str, unit: str, zone: str | None = None) -> Callable[[Clean], Any]:
    """Make moments of a column's dates: midnights."""

    def make(table: Clean) -> Any:
        cells = [
            None if cell is None else datetime.fromisoformat(cell).replace(tzinfo=UTC)
            for cell in column(table, name)
        ]
        return pa.array(cells, pa.timestamp("us", "UTC")).cast(pa.timestamp(unit, zone))

    return make


def dictionaries(table: Clean) -> bytes:
    """Write Parquet as pandas writes categories."""
    whole = arrow(table)
    for name in ("counterparty_type", "status"):
        at = whole.schema.get_field_index(name)
        whole = whole.set_column(at, name, whole.column(name).dictionary_encode())
    return parquet(whole)


def several_groups(table: Clean) -> bytes:
    """Write Parquet in groups of two rows, packed, with texts in their long form."""
    whole = arrow(table)
    long = pa.schema(
        [
            pa.field(each.name, pa.large_string()) if each.type == pa.string() else each
            for each in whole.schema
        ]
    )
    return parquet(whole.cast(long), row_group_size=2, compression="zstd")


def with_blank(table: Clean) -> Any:
    """Return the remarks, those that are missing as empty strings."""
    return pa.array([cell or "" for cell in column(table, "counterparty_uscc")])


def titled_parquet(table: Clean) -> bytes:
    """Write Parquet whose columns are called by the Chinese titles."""
    return parquet(arrow(table).rename_columns(titles(table)))


def damaged_parquet(table: Clean) -> bytes:
    """Write Parquet and overwrite what its metadata begin with."""
    content = bytearray(parquet(arrow(table)))
    length = int.from_bytes(content[-8:-4], "little")
    content[-8 - length : -8] = b"\xff" * length
    return bytes(content)


def endless_footer(table: Clean) -> bytes:
    """Write Parquet that claims to have 2 GiB of metadata."""
    return parquet(arrow(table))[:-8] + (2**31).to_bytes(4, "little") + b"PAR1"


def encrypted_parquet(table: Clean) -> bytes:
    """Write what an encrypted file begins and ends with."""
    content = parquet(arrow(table))
    return b"PARE" + content[4:-4] + b"PARE"


def first_is(name: str, cell: str) -> Callable[[Clean], Clean]:
    """Return the clean table with another first cell in a column."""
    return lambda table: with_cell(table, 0, name, cell)


JSON_CASES = (
    Case(
        "plain",
        NDJSON,
        Text(
            "每行一个对象，数字、真假值不加引号", "An object a line, numbers and truth values bare"
        ),
        ndjson,
        "a.ndjson",
        media_type="application/x-ndjson",
    ),
    Case(
        "plain",
        JSON,
        Text("由对象组成的数组", "An array of objects"),
        array,
        "a.json",
        "application/json",
    ),
    Case(
        "booleans",
        NDJSON,
        Text("真假值 true、false", "Truth values"),
        ndjson,
        "a.ndjson",
        collection=APPROVALS,
    ),
    Case(
        "titles",
        NDJSON,
        Text("成员名为中文列名", "Members called by Chinese titles"),
        with_titles,
        "a.jsonl",
    ),
    Case(
        "byte-order mark",
        NDJSON,
        Text("文件开头有 UTF-8 字节顺序标记", "A UTF-8 byte-order mark"),
        lambda table: b"\xef\xbb\xbf" + ndjson(table),
        "a.ndjson",
    ),
    Case(
        "byte-order mark",
        JSON,
        Text("文件开头有 UTF-8 字节顺序标记", "A UTF-8 byte-order mark"),
        lambda table: b"\xef\xbb\xbf" + array(table),
        "a.json",
    ),
    Case(
        "CRLF and blank lines",
        NDJSON,
        Text("CRLF 换行，行间有空行", "CRLF, and blank lines between the records"),
        lambda table: ndjson(table, "\r\n\r\n"),
        "a.ndjson",
    ),
    Case(
        "one line",
        JSON,
        Text("整个数组写在一行", "The whole array on one line"),
        lambda table: array(table, ","),
        "a.json",
    ),
    Case(
        "nulls left out",
        NDJSON,
        Text("没有值的成员不写", "Members without a value are left out"),
        without_nulls,
        "a.ndjson",
        notes=("absent-members",),
    ),
    Case(
        "order of members",
        NDJSON,
        Text("各行成员的次序不同", "Members in another order on every line"),
        backwards,
        "a.ndjson",
    ),
    Case(
        "digits are kept",
        NDJSON,
        Text("数字 1.10 保留末位的零", "1.10 keeps its last digit"),
        edited(1, '"fine_amount": 3.45', '"fine_amount": 1.10'),
        "a.ndjson",
        cells=first_is("fine_amount", "1.10"),
    ),
    Case(
        "many digits",
        NDJSON,
        Text("超出双精度的数字一位不少", "A number beyond double precision keeps every digit"),
        edited(1, '"fine_amount": 3.45', '"fine_amount": 12345678901234567890.123456'),
        "a.ndjson",
        cells=first_is("fine_amount", "12345678901234567890.123456"),
    ),
    Case(
        "escapes",
        NDJSON,
        Text("\\u 转义与换行", "Escapes, and a line break in a text"),
        edited(1, '"示例数据，全部虚构"', '"\\u793a\\u4f8b\\n\\ud83d\\ude00"'),
        "a.ndjson",
        cells=first_is("remark", "示例\n\U0001f600"),
    ),
    Case(
        "empty strings",
        NDJSON,
        Text("空字符串与 null 一样读作空白", "An empty string is read as null is"),
        edited(1, '"effective_until": null', '"effective_until": ""'),
        "a.ndjson",
        notes=("empty-strings",),
    ),
    Case(
        "declared as CSV",
        NDJSON,
        Text("声明为 CSV，内容是 NDJSON：以内容为准", "Declared as CSV: the content decides"),
        ndjson,
        "a.csv",
        media_type="text/csv",
        notes=("declared-otherwise",),
    ),
    Case(
        "broken line",
        NDJSON,
        Text("某行不是完整的 JSON", "A line is no whole JSON"),
        edited(3, "}", ""),
        "a.ndjson",
        refused=("broken-json", ("/line/3",)),
    ),
    Case(
        "two on a line",
        NDJSON,
        Text("一行有两个对象", "Two objects on one line"),
        lambda table: ndjson(table, " "),
        "a.ndjson",
        refused=("broken-json", ("/line/1",)),
    ),
    Case(
        "comma at the end",
        JSON,
        Text("最后一个对象之后多了逗号", "A comma behind the last object"),
        edited_array("}]", "},]"),
        "a.json",
        refused=("not-records", ("/row/7",)),
    ),
    Case(
        "cut off",
        JSON,
        Text("数组没有写完", "The array is cut off"),
        lambda table: array(table).decode()[:-20].encode(),
        "a.json",
        refused=("broken-json", ("/row/6",)),
    ),
    Case(
        "text behind",
        JSON,
        Text("数组之后还有内容", "Something stands behind the array"),
        lambda table: array(table) + b"[]",
        "a.json",
        refused=("broken-json", ("/row/6",)),
    ),
    Case(
        "member named twice",
        NDJSON,
        Text("同一对象中成员重名", "An object names a member twice"),
        edited(2, '"party_no": 1', '"party_no": 1, "party_no": 2'),
        "a.ndjson",
        refused=("duplicate-member", ("/line/2",)),
    ),
    Case(
        "NaN",
        NDJSON,
        Text("NaN、Infinity 不是 JSON 的数", "NaN and Infinity are no JSON"),
        edited(2, '"fine_amount": 1', '"fine_amount": NaN'),
        "a.ndjson",
        refused=("broken-json", ("/line/2",)),
    ),
    Case(
        "nested object",
        NDJSON,
        Text("值是对象", "A value is an object"),
        edited(2, '"party_no": 1', '"party_no": {"value": 1}'),
        "a.ndjson",
        refused=("nested-value", ("/line/2/party_no",)),
    ),
    Case(
        "nested array",
        JSON,
        Text("值是数组", "A value is an array"),
        edited_array('"party_no": 1', '"party_no": [1]'),
        "a.json",
        refused=("nested-value", ("/row/2/party_no",)),
    ),
    Case(
        "arrays of cells",
        JSON,
        Text("记录是数组，不是对象", "Records are arrays, no objects"),
        lambda table: json.dumps([table.names, *table.rows]).encode(),
        "a.json",
        refused=("not-records", ("/row/2",)),
    ),
    Case(
        "envelope",
        JSON,
        Text("数组包在另一个对象里", "The array is inside another object"),
        lambda table: b'{\n"data": ' + array(table) + b"}",
        "a.json",
        refused=("not-records", ("/row/1",)),
    ),
    Case(
        "other members",
        NDJSON,
        Text("没有一个成员名属于数据规范", "No member is the contract's"),
        lambda _: b'{"alpha": 1}\n{"beta": 2}\n',
        "a.ndjson",
        refused=("no-header", ("/line/1",)),
    ),
    Case(
        "no records",
        JSON,
        Text("空的数组", "An empty array"),
        lambda _: b"[]",
        "a.json",
        refused=("empty-file", ("/row/1",)),
    ),
    Case(
        "GBK",
        NDJSON,
        Text("编码不是 UTF-8", "Another encoding than UTF-8"),
        lambda table: ndjson(table).decode().encode("gb18030"),
        "a.ndjson",
        refused=("not-utf8", ("/byte/22",)),
    ),
    Case(
        "UTF-16",
        JSON,
        Text("编码是 UTF-16", "UTF-16"),
        lambda table: array(table).decode().encode("utf-16"),
        "a.json",
        refused=("not-utf8", ("/byte/0",)),
    ),
    Case(
        "half a character in a name",
        NDJSON,
        Text("成员名转义成半个字符", "A member's name holds half a character"),
        edited(2, '"party_no": 1', '"\\ud800": 0, "party_no": 1'),
        "a.ndjson",
        refused=("broken-json", ("/line/2",)),
    ),
    Case(
        "half a character",
        NDJSON,
        Text("转义成半个字符（单独的代理项）", "Half a character (a lone surrogate)"),
        edited(2, '"party_no": 1', '"party_no": "\\ud83d"'),
        "a.ndjson",
        refused=("broken-json", ("/line/2",)),
    ),
    Case(
        "unit contradicts",
        NDJSON,
        Text("成员名写的单位与数据规范不符", "A member states another unit than the contract"),
        edited(1, '"fine_amount"', '"罚款金额（元）"'),
        "a.ndjson",
        refused=("unit-contradicts", ("/line/1/罚款金额（元）",)),
    ),
)
PARQUET_CASES = (
    Case(
        "plain",
        PARQUET,
        Text("文本、精确小数、整数、日期", "Texts, exact decimals, integers, dates"),
        lambda table: parquet(arrow(table)),
        "a.parquet",
        media_type="application/vnd.apache.parquet",
    ),
    Case(
        "booleans",
        PARQUET,
        Text("真假值", "Truth values"),
        lambda table: parquet(arrow(table)),
        "a.parquet",
        collection=APPROVALS,
    ),
    Case(
        "titles",
        PARQUET,
        Text("列名为中文列名", "Columns called by Chinese titles"),
        titled_parquet,
        "a.parquet",
    ),
    Case("categories", PARQUET, Text("字典编码的文本", "Categories"), dictionaries, "a.parquet"),
    Case(
        "several groups",
        PARQUET,
        Text("多个行组、zstd 压缩、长文本类型", "Several row groups, packed, long texts"),
        several_groups,
        "a.parquet",
    ),
    Case(
        "binary floats",
        PARQUET,
        Text("双精度数按最短的十进制数字读取", "Doubles are read as their shortest digits"),
        replaced("fine_amount", floats("fine_amount", pa.float64())),
        "a.parquet",
        notes=("binary-floats",),
    ),
    Case(
        "narrow floats",
        PARQUET,
        Text("单精度数按其自身最短的数字读取", "Single precision is read as its own digits"),
        replaced("fine_amount", floats("fine_amount", pa.float32())),
        "a.parquet",
        notes=("binary-floats",),
    ),
    Case(
        "integers as floats",
        PARQUET,
        Text("整数存成了浮点数（pandas 遇空值时）", "Integers stored as floats, as pandas does"),
        replaced("party_no", floats("party_no", pa.float64())),
        "a.parquet",
    ),
    Case(
        "midnights as dates",
        PARQUET,
        Text("日期存成了零时的时刻", "Dates stored as midnights"),
        replaced("decision_date", moments("decision_date", "ns")),
        "a.parquet",
    ),
    Case(
        "empty strings",
        PARQUET,
        Text("空字符串与 null 一样读作空白", "An empty string is read as null is"),
        replaced("counterparty_uscc", with_blank),
        "a.parquet",
        notes=("empty-strings",),
    ),
    Case(
        "column of nothing",
        PARQUET,
        Text("整列没有类型也没有值", "A column without type and values"),
        replaced("effective_until", lambda table: pa.nulls(len(table.rows))),
        "a.parquet",
    ),
    Case(
        "declared as CSV",
        PARQUET,
        Text("扩展名为 .csv：以内容为准", "Called .csv: the content decides"),
        lambda table: parquet(arrow(table)),
        "a.csv",
        notes=("declared-otherwise",),
    ),
    Case(
        "instants as dates",
        PARQUET,
        Text("日期存成了带时区的时刻", "Dates stored as instants"),
        replaced("decision_date", moments("decision_date", "us", "UTC")),
        "a.parquet",
        refused=("unsupported-column", ("/column/decision_date",)),
    ),
    Case(
        "codes as floats",
        PARQUET,
        Text("文本字段存成了浮点数", "A text column stored as floats"),
        replaced("authority_uscc", lambda table: pa.array([1.1e17] * len(table.rows))),
        "a.parquet",
        refused=("unsupported-column", ("/column/authority_uscc",)),
    ),
    Case(
        "bytes and lists",
        PARQUET,
        Text("二进制、列表、结构等类型", "Bytes, lists, structures"),
        replaced("remark", lambda table: pa.array([[b"x"]] * len(table.rows))),
        "a.parquet",
        refused=("unsupported-column", ("/column/remark",)),
    ),
    Case(
        "not a number",
        PARQUET,
        Text("浮点数列中有 NaN", "A NaN among floats"),
        replaced(
            "fine_amount",
            lambda table: pa.array([1.5, float("nan"), *[None] * (len(table.rows) - 2)]),
        ),
        "a.parquet",
        refused=("unsupported-column", ("/row/3/fine_amount",)),
    ),
    Case(
        "damaged",
        PARQUET,
        Text("元数据损坏", "Damaged metadata"),
        damaged_parquet,
        "a.parquet",
        refused=("unreadable-parquet", ("/byte/0",)),
    ),
    Case(
        "cut off",
        PARQUET,
        Text("文件不完整", "The file is cut off"),
        lambda table: parquet(arrow(table))[:-9],
        "a.parquet",
        refused=("unreadable-parquet", ("/byte/0",)),
    ),
    Case(
        "encrypted",
        PARQUET,
        Text("加密的 Parquet", "An encrypted file"),
        encrypted_parquet,
        "a.parquet",
        refused=("encrypted-file", ("/byte/0",)),
    ),
    Case(
        "other columns",
        PARQUET,
        Text("没有一列属于数据规范", "No column is the contract's"),
        lambda _: parquet(pa.table({"alpha": [1]})),
        "a.parquet",
        refused=("no-header", ("/row/1",)),
    ),
)
CASES = (*JSON_CASES, *PARQUET_CASES)
