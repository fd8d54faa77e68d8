"""What of a report is public: positions and rules, never the value of a cell."""

from collections.abc import Mapping
from typing import Any

from opendata.tabular.rules import RULES, UNKNOWN_RULE

# A list of what may pass, not of what may not: what a later version of Frictionless adds to its
# report stays private until somebody has looked at it.
_REPORT = ("valid", "complete", "engine", "frictionless_version", "contract", "counts", "not_run")
_POSITIONS = (
    "rowNumber",
    "rowNumbers",
    "fieldNumber",
    "source_line",
    "source_lines",
    "same_lines",
    "source_cell",
)
_RULE = ("rule", "basis")
_STATS = ("tasks", "errors", "warnings")


def public_report(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return the public part of a report made by ``judge``.

    Cells, messages that quote them, labels (of a file without a header they are cells), the name
    of the file and every digest of it are left out.
    """
    public = {key: report[key] for key in _REPORT if key in report}
    public["stats"] = {key: report["stats"][key] for key in _STATS if key in report["stats"]}
    errors = [*report["errors"], *(each for task in report["tasks"] for each in task["errors"])]
    public["errors"] = [_public_error(each) for each in errors]
    return public


def _public_error(error: Mapping[str, Any]) -> dict[str, Any]:
    rule = RULES.get(error["type"], UNKNOWN_RULE)
    public = {"type": error["type"], "title": rule.title._asdict()}
    if rule.advice.zh:
        public["advice"] = rule.advice._asdict()
    public |= {key: error[key] for key in (*_RULE, *_POSITIONS) if key in error}
    if "fieldTitle" in error:
        # Only columns of the contract have a title; a name from the file's header has none.
        public |= {"fieldName": error["fieldName"], "fieldTitle": error["fieldTitle"]}
    return public
