"""JSON with exact numbers: a Decimal is written with its digits, never through a float."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

from opendata.domain.values import decimal_text

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def to_bytes(body: object, *, indent: bool = False) -> bytes:
    """Return ``body`` as UTF-8 JSON."""
    return orjson.dumps(body, _other, _OPTIONS | (orjson.OPT_INDENT_2 if indent else 0))


class ExactJSON(JSONProvider):
    """What Flask's ``jsonify`` and ``get_json`` use."""

    def dumps(self, obj: Any, **_: Any) -> str:
        """Write JSON."""
        return to_bytes(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        """Read JSON; duplicate keys keep the last, as in the library everywhere else."""
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Make a response of ``args``."""
        body = self._prepare_response_obj(args, kwargs)
        return Response(to_bytes(body) + b"\n", mimetype="application/json")


def _other(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(decimal_text(value))
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (frozenset, set, tuple)):
        return list(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)
