"""The report on a file that is no table: an error for each place that the refusal names."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from opendata.domain.errors import Fault, Refusal
from opendata.tabular.refusals import Unreadable

_PLACE = re.compile(r"/(?P<kind>cell|line|row|byte)/(?P<place>[A-Z]*[0-9]+)")


def refused_report(refusal: Refusal) -> dict[str, Any]:
    """Return a Report in Frictionless's shape, as for a file that could not be opened."""
    faults = refusal.faults or (Fault("", refusal.detail, refusal.code),)
    errors = list(_errors(refusal, faults))
    return {
        "valid": False,
        "complete": True,
        "stats": {"tasks": 0, "errors": len(errors), "warnings": 0},
        "warnings": [],
        "errors": errors,
        "tasks": [],
        "counts": {"rows": 0, "errors": len(errors), "by_type": {refusal.code: len(errors)}},
    }


def refused_provenance(refusal: Unreadable) -> dict[str, str]:
    """Return what is known of a refused file: which sheet of a workbook was to be read."""
    if refusal.sheet is None:
        return {}
    kind, sheet = refusal.sheet
    return {"format": kind, "sheet": sheet}


def _errors(refusal: Refusal, faults: tuple[Fault, ...]) -> Iterator[dict[str, Any]]:
    for fault in faults:
        yield {
            "type": refusal.code,
            "title": refusal.title.en,
            "titles": refusal.title._asdict(),
            "message": fault.detail.en,
            "note": fault.detail.en,
            "messages": fault.detail._asdict(),
            **({"pointer": fault.pointer} if fault.pointer else {}),
            **_position(fault.pointer),
        }


def _position(pointer: str) -> Mapping[str, Any]:
    """Return where a fault is, in the words of a report's errors."""
    found = _PLACE.search(pointer)
    if found is None or found["kind"] == "byte":
        return {}
    if found["kind"] == "cell":
        digits = found["place"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return {"source_cell": found["place"], "source_line": int(digits)}
    return {"source_line": int(found["place"])} if found["place"].isdigit() else {}
