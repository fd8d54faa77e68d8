"""NDJSON, JSON arrays and Parquet, by themselves and inside archives."""

import json
import re
from collections.abc import Sequence

import pyarrow as pa
from hypothesis import strategies as st

from datasets.build.formats.columns import parquet
from datasets.build.formats.packages import zipped
from opendata.tabular.readers import Declared
from tests.tabular.readers.cases.clean import contracts, titles
from tests.tabular.readers.cases.model import Clean
from tests.tabular.readers.writers import Draw, Uploaded, Writer
from tests.tabular.readers.writers.text import record

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)


def ndjson(draw: Draw, table: Clean) -> Uploaded:
    newline: str = draw(st.sampled_from(["\n", "\r\n", "\n\n \n"]))
    return Uploaded(newline.join(objects(draw, table)).encode(), cells=by_contract(table))


def array(draw: Draw, table: Clean) -> Uploaded:
    between: str = draw(st.sampled_from([",", ", ", "\n,\r\n\t"]))
    mark: str = draw(st.sampled_from(["", "\ufeff"]))
    content = f"{mark}[{between.join(objects(draw, table))}]".encode()
    return Uploaded(content, Declared("application/json"), by_contract(table))


def columns(draw: Draw, table: Clean) -> Uploaded:
    return Uploaded(as_parquet(draw, table))


def packed(draw: Draw, table: Clean) -> Uploaded:
    """Some file of a table in a ZIP, with or without a descriptor, in a folder or not."""
    text = "".join(f"{record(row, ',', False)}\n" for row in (table.names, *table.rows))
    name, content = draw(
        st.sampled_from(
            [
                ("t.csv", text.encode()),
                ("t.parquet", as_parquet(draw, table)),
            ]
        )
    )
    folder: str = draw(st.sampled_from(["", "数据/"]))
    members = {f"{folder}{name}": content}
    if draw(st.booleans()):
        said = {"resources": [{"name": "t", "path": name}]}
        members[f"{folder}datapackage.json"] = json.dumps(said).encode()
    return Uploaded(zipped(members))


WRITERS: tuple[Writer, ...] = (ndjson, array, columns, packed)


def by_contract(table: Clean) -> Clean:
    """The table with all columns of the contract in its order: members of objects have none."""
    names = [field.name for field in contracts()[table.collection].fields]
    rows = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    return Clean(
        table.collection, tuple(names), tuple(tuple(row.get(n, "") for n in names) for row in rows)
    )


def objects(draw: Draw, table: Clean) -> list[str]:
    """Write the rows as objects, their members in any order, some without those that are empty."""
    labels: Sequence[str] = draw(st.sampled_from([table.names, titles(table)]))
    ascii_only, bare, sparse = (draw(st.booleans()) for _ in range(3))
    found = []
    for row in table.rows:
        members = [
            f"{json.dumps(label)}: {literal(cell, ascii_only=ascii_only, bare=bare)}"
            for label, cell in zip(labels, row, strict=True)
            if cell or not sparse
        ]
        found.append("{" + ", ".join(draw(st.permutations(members))) + "}")
    return found


def literal(cell: str, *, ascii_only: bool, bare: bool) -> str:
    """Write a cell as a text, or as a number if it is one and numbers are to be ``bare``."""
    if bare and NUMBER.fullmatch(cell):
        return cell
    return json.dumps(cell, ensure_ascii=ascii_only)


def as_parquet(draw: Draw, table: Clean) -> bytes:
    """Write texts as Parquet of some kind, in groups of some size."""
    kind = draw(
        st.sampled_from([pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())])
    )
    nulls = draw(st.booleans())
    arrays = {
        name: pa.array(
            [row[at] or (None if nulls else "") for row in table.rows], pa.string()
        ).cast(kind)
        for at, name in enumerate(table.names)
    }
    compression = draw(st.sampled_from(["none", "snappy", "zstd"]))
    return parquet(pa.table(arrays), row_group_size=2, compression=compression)
