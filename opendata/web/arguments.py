"""What a request says in its address and in its JSON body, read strictly."""

from collections.abc import Collection, Iterator
from typing import Any

import orjson
from flask import Request, request
from marshmallow import RAISE, Schema
from marshmallow import missing as nothing
from webargs.core import is_json
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from opendata.domain.errors import Fault, NotFound, Text, Unprocessable
from opendata.domain.queries import BadQuery, unknown_parameter

MAX_FAULTS = 50
NUL = "\x00"


class InvalidText(Unprocessable):
    """A text in the body holds a character that no database keeps."""

    code = "invalid-text"


class RequestParser(FlaskParser):
    """webargs' parser without its leniency.

    By itself it overlooks unknown query parameters and repeated ones, takes a body that is not
    said to be JSON for an empty one, and reads NaN, which is none.
    """

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - the parent's is no ClassVar either.
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
        "querystring": RAISE,
    }

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query's parameters, each of them known and given once."""
        check_query(schema.fields)
        return super().load_querystring(req, schema)

    def load_json(self, req: Request, schema: Schema) -> Any:
        """Return the body's JSON; where nothing in it is required, there has to be one still."""
        found = super().load_json(req, schema)
        if found is nothing and schema.partial:
            raise BadRequest
        return found

    def _raw_load_json(self, req: Request) -> Any:
        check_not_encoded()
        content = req.get_data(cache=True)
        if not content:
            return nothing
        if req.content_length is None and len(content) == req.max_content_length:
            # A chunked body is cut at the limit by werkzeug, without a word.
            raise RequestEntityTooLarge
        if not is_json(req.mimetype):
            raise UnsupportedMediaType
        # It refuses NaN, numbers beyond any float, lone surrogates and depths over 1,024.
        body = orjson.loads(content)
        faults = tuple(_faults_of(body))
        if faults:
            raise InvalidText(*faults[0].detail, faults)
        return body


def check_query(known: Collection[str]) -> None:
    """Raise ``BadQuery`` unless every parameter of the query is known and given once."""
    faults = []
    for name, values in list(request.args.lists())[:MAX_FAULTS]:
        if name not in known:
            faults.append(unknown_parameter(name, name, known))
        elif len(values) > 1:
            said = Text(f"参数 {name} 只能出现一次。", f"{name} may be given once only.")
            faults.append(Fault(f"?{name}", said, "invalid-parameter"))
    if faults:
        raise BadQuery(
            "；".join(each.detail.zh for each in faults),
            " ".join(each.detail.en for each in faults),
            tuple(faults),
        )


def check_characters() -> None:
    """Refuse NUL in an address: PostgreSQL cannot take it in a text, and no name has it.

    Raises:
        NotFound: it is in the path.
        BadQuery: it is in a parameter.
    """
    written = request.environ.get("QUERY_STRING", "")
    if NUL in request.path:
        raise NotFound("此地址没有内容。", "There is nothing at this address.")
    if "%00" not in written and NUL not in written:
        return
    for name, value in request.args.items(multi=True):
        if NUL in name or NUL in value:
            shown = name.replace(NUL, "�")[:80]
            said = Text("参数中不能有 NUL 字符。", "A parameter may not contain NUL.")
            raise BadQuery(*said, (Fault(f"?{shown}", said, "invalid-parameter"),))


def check_not_encoded() -> None:
    """Raise ``UnsupportedMediaType`` if the body is compressed: it is taken as it is."""
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise UnsupportedMediaType


def _faults_of(body: Any) -> Iterator[Fault]:
    """Find texts with NUL; a stack of our own, since a body may nest as deep as Python's."""
    said = Text("文本中不能有 NUL 字符。", "A text may not contain NUL.")
    waiting = [("", body)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, str) and NUL in value:
            yield Fault(pointer or "/", said, "invalid-value")
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{index}", each) for index, each in enumerate(value)]
        elif isinstance(value, dict):
            waiting += [
                (f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", each)
                for key, each in value.items()
            ]
