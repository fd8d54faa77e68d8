"""One data package: a descriptor by Data Package v2, and one CSV in the contract's column order."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = Mapping[str, str]

# The day the transcription was closed: a clock would make every build another file.
CREATED = "2026-11-22T00:00:00Z"
PUBLISHER = "演示转录社（虚构）"


@dataclass(frozen=True, slots=True)
class Package:
    """What is written to ``datasets/<name>/``; a row lacks the columns it has nothing to say in.

    ``sources`` are pairs of title and address; the address is empty where it is not known.
    """

    name: str
    contract: str
    period: str
    title: str
    title_en: str
    description: str
    publisher_field: str
    rows: Sequence[Row]
    sources: Sequence[tuple[str, str]]


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a transcription, every cell as printed."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sources_of(rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    """Return the distinct sources that the rows name, in their order."""
    return tuple(dict.fromkeys((row["source_title"], row["source_url"]) for row in rows))


def write(package: Package, schemas: Path, target: Path) -> None:
    """Write ``datapackage.json`` and ``data.csv`` below ``target``.

    Raises:
        ValueError: a row has a column that the contract lacks.
    """
    text = (schemas / package.contract / "table-schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    folder = target / package.name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "data.csv").open("w", encoding="utf-8", newline="") as file:
        names = [field["name"] for field in schema["fields"]]
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(package.rows)
    descriptor = json.dumps(_descriptor(package, schema), ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(descriptor + "\n", encoding="utf-8", newline="\n")


def _descriptor(package: Package, schema: dict[str, Any]) -> dict[str, Any]:
    collection = package.contract.partition("/")[0]
    names = dict.fromkeys(row.get(package.publisher_field, "") for row in package.rows)
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": package.name,
        "title": package.title,
        "titleEn": package.title_en,
        "description": package.description,
        "version": "1.0.0",
        "created": CREATED,
        "collection": collection,
        "contract": package.contract,
        "agency": "demo-transcriber",
        "period": package.period,
        "disclosureAttribute": "proactive",
        "transcribes": sorted(name for name in names if name),
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "知识共享 署名 4.0",
            }
        ],
        "sources": [_source(title, path) for title, path in package.sources],
        "contributors": [{"title": PUBLISHER, "roles": ["publisher"]}],
        "resources": [
            {
                "name": "data",
                "type": "table",
                "path": "data.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema,
            }
        ],
    }


def _source(title: str, path: str) -> dict[str, str]:
    return {"title": title, "path": path} if path else {"title": title}
