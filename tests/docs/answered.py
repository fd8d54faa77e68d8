"""What a page shows of an answer: its records, counts or refusal, a line each, to the letter."""

import json

import msgspec
from werkzeug.test import TestResponse

# Members of ``meta`` that tell what was counted.
_COUNTED = ("total", "facets", "groups")


class _Envelope(msgspec.Struct):
    """The members of an answer, not decoded: ``1.50`` is not ``1.5``."""

    data: list[msgspec.Raw]
    meta: dict[str, msgspec.Raw]


def shown(answer: TestResponse) -> list[str]:
    """Return the lines that a page shows of an answer."""
    if answer.mimetype == "application/problem+json":
        told = answer.get_json()
        details = [each["detail"] for each in told["errors"]]
        return [f"{told['status']} {told['code']}", *details]
    if answer.mimetype == "application/json":
        found = msgspec.json.decode(answer.data, type=_Envelope)
        counts = [f"{name}: {bytes(found.meta[name]).decode()}" for name in _COUNTED
                  if name in found.meta]  # fmt: skip
        return [*(bytes(each).decode() for each in found.data), *counts]
    if answer.mimetype in ("text/csv", "application/x-ndjson"):
        # A byte order mark would not be seen on a page.
        return answer.text.replace("\ufeff", json.dumps("\ufeff").strip('"')).splitlines()
    return [f"Content-Type: {answer.mimetype}"]
