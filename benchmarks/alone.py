"""Frictionless alone: the contract's own schema and rules, cautions too, as we apply them all.

The rules' classes come with the plugin that Frictionless finds by itself. ``python -m
benchmarks.alone FILE`` is to ``opendata validate`` what a short script of somebody else is::

    python -m benchmarks.alone penalties.csv
"""

import json
import sys
from pathlib import Path

from frictionless import Checklist, Dialect, Report, Resource, Schema, system
from frictionless.formats import CsvControl

CONTRACT = Path(__file__).parents[1] / "schemas" / "administrative-penalties" / "v1"
UNLIMITED = 10**9


def validated(path: Path) -> Report:
    """Validate the file, every error included; dialect and encoding are given, not guessed."""
    # Frictionless asks itself before every file whether it may read it: only below here.
    with system.use_context(trusted=True):
        resource = _resource(path)
        rules = [*_checks("checklist.json"), *_checks("cautions.json")]
        checklist = Checklist.from_descriptor({"checks": rules})
        return resource.validate(checklist, limit_errors=UNLIMITED)


def _resource(path: Path) -> Resource:
    schema = Schema.from_descriptor(_descriptor("table-schema.json"))
    if path.suffix == ".xlsx":
        return Resource(path=str(path), format="xlsx", schema=schema)
    return Resource(
        path=str(path),
        format="csv",
        encoding="utf-8",
        dialect=Dialect(controls=[CsvControl(delimiter=",", double_quote=True)]),
        schema=schema,
    )


def _descriptor(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((CONTRACT / name).read_text(encoding="utf-8"))
    return found


def _checks(name: str) -> list[object]:
    found = _descriptor(name)["checks"]
    return list(found) if isinstance(found, list) else []


if __name__ == "__main__":
    report = validated(Path(sys.argv[1]).absolute())
    print(report.valid, report.stats["errors"])
    sys.exit(0 if report.valid else 1)
