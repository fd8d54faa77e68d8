"""Reports: the whole Report of a submission, for those who may see its cells."""

import json
from typing import Any

from opendata.domain.errors import Conflict
from opendata.stages.standing import Standing
from opendata.storage.home import Home


class NotReported(Conflict):
    """The submission has no report yet, or processing it failed."""

    code = "not-reported"


def report(home: Home, found: Standing) -> dict[str, Any]:
    """Return the Frictionless Report with the cautions and their answers beside it.

    Raises:
        NotReported: validation has not ended, or it failed without a report.
    """
    if found.report is None or found.report.report_sha256 is None:
        raise NotReported(
            f"尚无校验报告；状态：{found.state.label.zh}。",
            f"There is no report; the submission is {found.state.label.en}.",
        )
    body: dict[str, Any] = json.loads(home.vault.read(found.report.report_sha256))
    return {
        **body,
        "cautions": [each.as_dict() for each in found.cautions.issues],
        "provenance": dict(found.report.provenance),
    }
