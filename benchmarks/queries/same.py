"""Before anything is timed: everybody gives the same answer to the same questions."""

import http.client
import json
import random
from collections.abc import Mapping
from typing import Any

from benchmarks.programs import HOST
from benchmarks.queries.asked import ANY_PAGE, GROUPS, OURS, Ask
from benchmarks.queries.parameters import Pools

TRIED = 4
# Peers add up floats; a sum of many is off by some millionths.
PLACES = 3
PATIENCE_SECONDS = 300


class Different(RuntimeError):
    """Somebody gives another answer; the message has the question and both."""


def check(what: str, asks: Mapping[str, Ask], ports: Mapping[str, int], pools: Pools) -> None:
    """Ask everybody the same few questions.

    Raises:
        Different: the answers differ.
    """
    for number in range(TRIED):
        seed = f"check {number}"
        said = {
            name: _essence(what, answer(ports[name], ask(pools, _draw(seed))), pools, seed)
            for name, ask in asks.items()
        }
        wanted = said[OURS]
        for name, found in said.items():
            if found != wanted or not found:
                shown = asks[name](pools, _draw(seed)).decode()[:1_000]
                message = f"{name} has another answer to {shown!r}: {found!r:.800}, {wanted!r:.800}"
                raise Different(message)


def answer(port: int, request: bytes) -> Any:
    """Send a request and return the answer's JSON."""
    head, _, body = request.partition(b"\r\n\r\n")
    method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body or None, {"Accept": "application/json"})
        response = connection.getresponse()
        said = response.read()
    finally:
        connection.close()
    if response.status != http.HTTPStatus.OK:
        message = f"{method} {path}: {response.status} {said[:500]!r}"
        raise Different(message)
    return json.loads(said)


def _essence(what: str, said: Any, pools: Pools, seed: str) -> list[Any]:
    """Return what must be equal: ids in their order, groups with their figures.

    Datasette leaves records of one value in any order: there it is the values sorted by.
    """
    rows = said["data"] if isinstance(said, dict) else said
    if isinstance(rows, dict):
        rows = [rows]
    if what == GROUPS:
        return [_figures(row) for row in rows]
    field = pools.a_span(_draw(seed)).sort if what == ANY_PAGE else "_id"
    return [row[field] for row in rows]


def _draw(seed: str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing here is secret.


def _figures(row: Mapping[str, Any]) -> list[Any]:
    return [round(each, PLACES) if isinstance(each, float) else each for each in row.values()]
