"""A room of the API: its views take what they document, and nothing else."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Response, g, request
from flask_smorest import Blueprint

from opendata.domain.listings import Listing
from opendata.web.arguments import RequestParser, check_query
from opendata.web.negotiation import check_accepts_json

View = TypeVar("View", bound=Callable[..., Any])
Doc = dict[str, Any]

# What a view may leave to itself; see ``itself``.
QUERY, ACCEPT = "query", "accept"
_OWN = "itself"


def itself(*what: str) -> Callable[[View], View]:
    """Say that a view reads the query (``QUERY``) or ``Accept`` (``ACCEPT``) itself.

    Of every other view, the query is checked against its documented parameters, and the answer
    is JSON.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def same(*args: Any, **kwargs: Any) -> Any:
            return view(*args, **kwargs)

        # flask-smorest hands ``_apidoc`` on through its decorators, and to the documentation.
        same.__dict__["_apidoc"] = {**view.__dict__.get("_apidoc", {}), _OWN: frozenset(what)}
        return cast(View, same)

    return decorate


class Room(Blueprint):  # type: ignore[misc]  # flask-smorest has no type information.
    """flask-smorest's Blueprint: strict about queries and ``Accept``, documenting its refusals.

    ``label`` names the room in both languages; it is the tag of its operations. ``listings`` are
    the lists in it that are queried like collections.
    """

    ARGUMENTS_PARSER = RequestParser()

    def __init__(self, name: str, import_name: str, *, label: str, **options: Any) -> None:
        """Prepare; ``options`` are those of the parent."""
        super().__init__(name, import_name, **options)
        self.label = label
        self.listings: list[Listing] = []
        self._prepare_doc_cbks.append(_document_usual)
        self.after_request(_validate)

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: Any = None, **options: Any
    ) -> None:
        """Register a view behind the checks that it does not make itself."""
        super().add_url_rule(rule, endpoint, _strict(view_func), **options)

    def arguments(self, schema: Any, *, location: str = "json", **options: Any) -> Any:
        """Read arguments; what is wrong in a query is a 400, in a body a 422."""
        options.setdefault("error_status_code", 400 if location == "query" else 422)
        return super().arguments(schema, location=location, **options)

    def refuses(self, *statuses: int) -> Callable[[View], View]:
        """Document with which statuses a view refuses, beyond the usual ones."""

        def decorate(view: View) -> View:
            for status in statuses:
                view = self.alt_response(status, problem_name(status))(view)
            return view

        return decorate

    def _prepare_arguments_doc(self, doc: Doc, doc_info: Doc, **context: Any) -> Doc:
        # The names it gives the error responses differ between versions of Python.
        doc_info.get("arguments", {}).pop("responses", None)
        found: Doc = super()._prepare_arguments_doc(doc, doc_info, **context)
        return found


def problem_name(status: int) -> str:
    """Name the component that documents a refusal with this status."""
    return f"Problem{status}"


def _strict(view: Callable[..., Any]) -> Callable[..., Any]:
    docs = view.__dict__.get("_apidoc", {})
    own: frozenset[str] = docs.get(_OWN, frozenset())
    read = docs.get("arguments", {}).get("parameters", ())
    reads_query = QUERY in own or any(each["in"] == "query" for each in read)

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not reads_query:
            check_query(())
        if ACCEPT not in own:
            check_accepts_json()
        return view(*args, **kwargs)

    return guarded


def _document_usual(doc: Doc, doc_info: Doc, *, method: str, **_: Any) -> Doc:
    """Document what holds for every operation: its refusals, its validators."""
    manual = doc_info.get("manual_doc", {})
    responses = doc.setdefault("responses", {})
    for status in _usual_refusals(doc, doc_info):
        responses.setdefault(status, problem_name(status))
    if method == "get" and "responses" not in manual:
        if "parameters" not in manual:
            doc.setdefault("parameters", []).append("If-None-Match")
        responses.setdefault(304, "NotModified")
        if 200 in responses:
            responses[200].setdefault("headers", {"ETag": "ETag", "Link": "Link"})
    return doc


def _usual_refusals(doc: Doc, doc_info: Doc) -> set[int]:
    manual = doc_info.get("manual_doc", {})
    statuses = {400, 429}
    if ACCEPT not in doc_info.get(_OWN, ()):
        statuses.add(406)
    if "security" in manual:
        statuses |= {401, 403}
    if "requestBody" in doc or "requestBody" in manual:
        statuses |= {413, 415}
    if "requestBody" in doc:
        statuses.add(422)
    return statuses


def _validate(response: Response) -> Response:
    """Give an answer that may be kept a validator over its bytes, unless its view gave a better."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return response
    if "actor" in g or "reader" in g:
        response.vary.add("Authorization")
        if "Authorization" in request.headers and not response.cache_control.no_store:
            response.headers["Cache-Control"] = "private, no-cache"
    # What nobody may keep is not asked for anew, and a digest of what is sealed gives it away.
    if response.cache_control.no_store:
        return response
    if response.direct_passthrough or response.get_etag()[0] is not None:
        return response
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.headers.setdefault("Cache-Control", "no-cache")
    response.vary.update(("Accept", "Accept-Encoding"))
    response.make_conditional(request)
    return response
