"""The candidates for proving cells clean, side by side: Polars by blocks, Polars at once, DuckDB.

The same rules, made from the same Table Schema, are written in both languages: presence, length,
codes, patterns, numbers, dates and their bounds, and the uniqueness of the key. Each candidate
counts the rows that break one. What the verdict needs beyond that (which cell, which row, what
Frictionless would say) is no part of this comparison::

    python -m benchmarks.engines duckdb small.csv penalties.csv
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

TREE = Path(__file__).parents[1]
CONTRACT = TREE / "schemas" / "administrative-penalties" / "v1"
# What a cell of a type looks like, and DuckDB's name for the type.
_FORMS: Mapping[str, tuple[str, str]] = {
    "integer": ("^[0-9]{1,9}$", "BIGINT"),
    "number": ("^[0-9]{1,12}([.][0-9]{1,6})?$", "DOUBLE"),
    "date": ("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "DATE"),
}

Found = tuple[int, int, int]  # Rows, rows that break a rule, different keys.


def by_polars_blocks(path: Path) -> Found:
    """Prove the file block by block, in blocks that were shown to hold whole records."""
    import polars as pl  # each candidate runs in a process that has only itself.

    from opendata.tabular.contract import load
    from opendata.tabular.readers import open_table

    fields, key = _schema()
    broken, keys = _polars(fields, [str(at) for at in range(len(fields))], key)
    rows = wrong = 0
    hashes = []
    with tempfile.TemporaryDirectory() as work:
        for block in open_table(path, load(CONTRACT), Path(work) / "table.csv").blocks():
            if block.frame is None:
                message = "the benchmark's file holds no stretch that must be read slowly"
                raise RuntimeError(message)
            found = block.frame.select(broken.sum().alias("wrong"))
            rows += block.rows
            wrong += found.item()
            hashes.append(block.frame.select(keys).to_series())
    return rows, wrong, pl.concat(hashes).n_unique()


def by_polars_stream(path: Path) -> Found:
    """Prove the file in one streaming query: where a row stood in the file is lost."""
    import polars as pl  # each candidate runs in a process that has only itself.

    fields, key = _schema()
    names = [each["name"] for each in fields]
    broken, keys = _polars(fields, names, key)
    found = (
        pl.scan_csv(path, infer_schema=False, empty_string_is_null=False)
        .select(pl.len().alias("rows"), broken.sum().alias("wrong"), keys.n_unique().alias("keys"))
        .collect(engine="streaming")
    )
    return found["rows"].item(), found["wrong"].item(), found["keys"].item()


def by_duckdb(path: Path) -> Found:
    """Prove the file in one query."""
    import duckdb  # each candidate runs in a process that has only itself.

    fields, key = _schema()
    columns = ", ".join(f"'{each['name']}': 'VARCHAR'" for each in fields)
    source = (
        f"read_csv($path, header = true, auto_detect = false, delim = ',', quote = '\"', "
        f"escape = '\"', columns = {{{columns}}})"
    )
    broken = " OR ".join(f"NOT ({rule})" for each in fields for rule in _sql_rules(each))
    query = (
        f"SELECT count(*), count(*) FILTER ({broken}), "  # noqa: S608 - of our own schema.
        # The values themselves: of a million different keys, 458 had another's hash in DuckDB 2.0.
        f"count(DISTINCT ({', '.join(key)})) FROM {source}"
    )
    with duckdb.connect() as connection:
        found = connection.execute(query, {"path": str(path)}).fetchone()
    rows, wrong, keys = found or (0, 0, 0)
    return rows, wrong, keys


CANDIDATES: Mapping[str, Callable[[Path], Found]] = {
    "polars-blocks": by_polars_blocks,
    "polars-stream": by_polars_stream,
    "duckdb": by_duckdb,
}


def _schema() -> tuple[list[dict[str, Any]], list[str]]:
    schema = json.loads((CONTRACT / "table-schema.json").read_text(encoding="utf-8"))
    return schema["fields"], schema["primaryKey"]


def _polars(
    fields: Sequence[Mapping[str, Any]], names: Sequence[str], key: Sequence[str]
) -> tuple[Any, Any]:
    import polars as pl  # each candidate runs in a process that has only itself.

    rules = [
        rule
        for each, name in zip(fields, names, strict=True)
        for rule in _polars_rules(each, pl.col(name))
    ]
    places = {each["name"]: name for each, name in zip(fields, names, strict=True)}
    return ~pl.all_horizontal(rules), pl.struct([places[name] for name in key]).hash()


def _polars_rules(field: Mapping[str, Any], cell: Any) -> list[Any]:
    limits = field.get("constraints", {})
    rules = []
    if "enum" in limits:
        rules.append(cell.is_in(limits["enum"]))
    if "pattern" in limits:
        rules.append(cell.str.contains(f"^(?:{limits['pattern']})$"))
    if "minLength" in limits:
        rules.append(cell.str.len_chars() >= limits["minLength"])
    if "maxLength" in limits:
        rules.append(cell.str.len_chars() <= limits["maxLength"])
    if field["type"] in _FORMS:
        rules.append(_polars_bounds(field["type"], limits, cell))
    if not limits.get("required"):
        return [(cell == "") | rule for rule in rules]
    return [cell != "", *rules]


def _polars_bounds(kind: str, limits: Mapping[str, Any], cell: Any) -> Any:
    import polars as pl  # each candidate runs in a process that has only itself.

    low, high = (pl.lit(limits[each]) for each in ("minimum", "maximum"))
    if kind == "date":
        typed = cell.str.to_date("%Y-%m-%d", strict=False)
        low, high = low.str.to_date(), high.str.to_date()
    else:
        typed = cell.cast(pl.Int64 if kind == "integer" else pl.Float64, strict=False)
    return cell.str.contains(_FORMS[kind][0]) & typed.is_between(low, high).fill_null(value=False)


def _sql_rules(field: Mapping[str, Any]) -> list[str]:
    limits, cell = field.get("constraints", {}), f"coalesce({field['name']}, '')"
    rules = []
    if "enum" in limits:
        rules.append(f"{cell} IN ({', '.join(map(_quoted, limits['enum']))})")
    if "pattern" in limits:
        rules.append(f"regexp_full_match({cell}, {_quoted(limits['pattern'])})")
    if "minLength" in limits:
        rules.append(f"length({cell}) >= {limits['minLength']}")
    if "maxLength" in limits:
        rules.append(f"length({cell}) <= {limits['maxLength']}")
    if field["type"] in _FORMS:
        form, typed = _FORMS[field["type"]]
        low, high = (_quoted(str(limits[each])) for each in ("minimum", "maximum"))
        between = f"try_cast({cell} AS {typed}) BETWEEN {low} AND {high}"
        rules.append(f"regexp_matches({cell}, '{form}') AND coalesce({between}, false)")
    if not limits.get("required"):
        return [f"{cell} = '' OR ({rule})" for rule in rules]
    return [f"{cell} <> ''", *rules]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def main() -> None:
    """Let one candidate prove a file once it has proven a small one; say how long it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines")
    parser.add_argument("candidate", choices=sorted(CANDIDATES))
    parser.add_argument("small", type=Path, help="a file to warm up with")
    parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    prove = CANDIDATES[asked.candidate]
    prove(asked.small)
    begun = time.perf_counter()
    rows, wrong, keys = prove(asked.file)
    seconds = time.perf_counter() - begun
    print(json.dumps({"rows": rows, "wrong": wrong, "keys": keys, "seconds": seconds}))


if __name__ == "__main__":
    main()
