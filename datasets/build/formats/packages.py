"""Whole packages in one file."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping

from datasets.build.formats.columns import FILES as COLUMNS
from datasets.build.formats.model import File, Table


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a ZIP with these members, all of one day: a clock would make every build another.

    A ``mimetype`` is stored as it is, so that it can be read at its place (ODF 1.3, part 2, 3.3).
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            way = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(zipfile.ZipInfo(name), content, way)
    return out.getvalue()


def _package(table: Table) -> bytes:
    """Return a Data Package in a folder: descriptor and CSV as they are published."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([table.names, *table.rows])
    descriptor = json.dumps(table.descriptor, ensure_ascii=False, indent=2).encode()
    name = table.descriptor["name"]
    return zipped(
        {f"{name}/datapackage.json": descriptor, f"{name}/data.csv": out.getvalue().encode()}
    )


def _with_parquet(table: Table) -> bytes:
    """Return a Data Package whose resource is Parquet."""
    resource = {
        **table.descriptor["resources"][0],
        "path": "data.parquet",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }
    for said in ("encoding", "dialect", "bytes", "hash"):
        resource.pop(said, None)
    descriptor = {**table.descriptor, "resources": [resource]}
    return zipped(
        {
            "datapackage.json": json.dumps(descriptor, ensure_ascii=False, indent=2).encode(),
            "data.parquet": COLUMNS[0].write(table),
        }
    )


def _inline(table: Table) -> bytes:
    """Return a descriptor with the records inside."""
    data = [dict(zip(table.names, row, strict=True)) for row in table.rows]
    resource = {**table.descriptor["resources"][0], "data": data}
    for said in ("path", "format", "mediatype", "encoding", "dialect", "bytes", "hash"):
        resource.pop(said, None)
    descriptor = {**table.descriptor, "resources": [resource]}
    return json.dumps(descriptor, ensure_ascii=False, indent=2).encode()


FILES = (
    File("budgets-2019", "package.zip", _package),
    File("budgets-2023", "parquet.zip", _with_parquet),
    File("budgets-2017", "datapackage.json", _inline),
)
