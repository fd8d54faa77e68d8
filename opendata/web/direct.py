"""The direct way: plain questions for records, answered without Flask around them.

Flask takes as long to find the view, to make its contexts and to wrap up the response as the
index takes to find a page. Only what is plain goes this way, through the same functions as the
views; whatever is refused or fails goes to the views, which say so as they always do.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from opendata.domain.contracts import Contract
from opendata.domain.errors import Refusal
from opendata.runtime import Runtime
from opendata.web import records
from opendata.web.envelope import Answer, Question
from opendata.web.links import API
from opendata.web.negotiation import FILE_CONTROLS

log = logging.getLogger(__name__)
# What most programs send; every other wish is for the views to weigh.
_JSON_IS_FINE = frozenset({"", "*/*", "application/json", "application/json, */*"})
_RECORD_ID = re.compile(r"[a-z2-7]{52}")


def direct(environ: Mapping[str, Any], held: Runtime) -> Answer | None:
    """Answer a plain question for records, ``None`` if it is anything else."""
    path: str = environ["PATH_INFO"]
    if not path.startswith(API) or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    name, slash, record_id = path[len(API) :].partition("/")
    is_json = not slash and name.endswith(".json")
    contract = held.contracts.get(name.removesuffix(".json") if is_json else name)
    if contract is None or not (is_json or environ.get("HTTP_ACCEPT", "") in _JSON_IS_FINE):
        return None
    try:
        if slash:
            return _one(environ, held, contract, record_id)
        return _page(environ, held, contract)
    except Refusal:
        return None
    except Exception:
        log.exception("A question could not be answered directly.")
        return None


def _page(environ: Mapping[str, Any], held: Runtime, contract: Contract) -> Answer | None:
    query: str = environ.get("QUERY_STRING", "")
    # What has NUL in it or is no text is refused before any view.
    if not query.isascii() or "%00" in query or "\x00" in query:
        return None
    question = Question(environ, held.settings.public_url)
    if any(name in FILE_CONTROLS for name, _ in question.pairs):
        return None
    return records.page(held, contract, question, question.pairs)


def _one(
    environ: Mapping[str, Any], held: Runtime, contract: Contract, record_id: str
) -> Answer | None:
    if environ.get("QUERY_STRING") or _RECORD_ID.fullmatch(record_id) is None:
        return None
    return records.one(held, contract, Question(environ, held.settings.public_url), record_id)
