"""Pinned answers: what they say of the state that they are of, files in their headers."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from marshmallow import fields

from opendata.domain.queries import Query
from opendata.runtime import Runtime
from opendata.stages import query
from opendata.web.envelope import Pair
from opendata.web.forms import Answer
from opendata.web.links import base_url
from opendata.web.versions import links_of_view

ENDED = "Opendata-Ended"
# As of links in headers: behind it only the sum is told; the body of the release has every rule.
_MOST_CHARACTERS = 2_000
_ENCODED = re.compile("%[0-9A-F]{2}")


class EndedRuleBody(Answer):
    """How many records left under one rule."""

    rule = fields.String(allow_none=True)
    label = fields.String(allow_none=True)
    records = fields.Integer()


class EndedBody(Answer):
    """What has left since its windows ended; ``rules`` where records name theirs."""

    sometimes = frozenset({"rules"})

    records = fields.Integer()
    rules = fields.List(fields.Nested(EndedRuleBody))


def told_of_ended(held: Runtime, asked: Query, view: query.View) -> dict[str, Any] | None:
    """Return what has left a state since its windows ended; ``None`` where none is asked for."""
    if asked.as_of is None and asked.release is None:
        return None
    return query.ended(held.home, view)


def ended_header(told: Mapping[str, Any] | None) -> list[Pair]:
    """Return the header that says how many records left, and by rule: a list (RFC 9651).

    >>> ended_header({"records": 3, "rules": [{"rule": "R-1", "label": "", "records": 3}]})
    [('Opendata-Ended', '3;rule="R-1"')]
    >>> ended_header({"records": 0, "rules": []}), ended_header({"records": 2})
    ([('Opendata-Ended', '0')], [('Opendata-Ended', '2')])
    >>> ended_header({"records": 1, "rules": [{"rule": "R-甲", "label": "", "records": 1}]})
    [('Opendata-Ended', '1;rule=%"R-%e7%94%b2"')]
    """
    if told is None:
        return []
    items = [f"{each['records']}{_rule(each['rule'])}" for each in told.get("rules", ())]
    whole = ", ".join(items)
    return [(ENDED, whole if 0 < len(whole) <= _MOST_CHARACTERS else str(told["records"]))]


def headers_of_file(held: Runtime, asked: Query, view: query.View) -> list[Pair]:
    """Return what the headers of an exported file say besides, if its state is pinned."""
    return [*links_of_view(base_url(), view), *ended_header(told_of_ended(held, asked, view))]


def _rule(name: str | None) -> str:
    """Write a rule as a parameter: a string, or a display string where it is not in ASCII."""
    if name is None:
        return ""
    if name.isascii() and name.isprintable():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f';rule="{escaped}"'
    # The digits of a display string are in lower case (RFC 9651, 3.3.8), its letters as they are.
    written = _ENCODED.sub(lambda found: found[0].lower(), quote(name, safe=" "))
    return f';rule=%"{written}"'
