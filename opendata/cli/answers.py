"""What a server answers to the command line: a body, or the reason why the command ends."""

import sys
import unicodedata
from collections.abc import Callable
from typing import Any, NoReturn

import click
import requests

UNUSABLE = 2
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})
# Connecting takes seconds; the end of a large file is hashed before it is answered.
TIMEOUT = (10, 600)


def answer(ask: Callable[[], requests.Response]) -> dict[str, Any]:
    """Return the body of an answer; a problem document is told and ends the command."""
    try:
        response = ask()
        body: dict[str, Any] = response.json()
    except requests.RequestException as error:
        give_up(f"无法与服务器通信 The server cannot be talked to: {trouble(error)}")
    return body if response.ok else refused(response)


def trouble(error: requests.RequestException) -> str:
    """Say in a few words why no answer came; what else may be wrong is told as it is.

    >>> trouble(requests.ConnectTimeout("HTTPConnectionPool(...)"))
    '等候超时 timed out'
    >>> trouble(requests.ConnectionError("HTTPConnectionPool(...)"))
    '连不上，或连接断开 no connection, or it broke off'
    """
    if isinstance(error, requests.Timeout):
        return "等候超时 timed out"
    told = (requests.exceptions.SSLError, requests.exceptions.ProxyError)
    if isinstance(error, requests.ConnectionError) and not isinstance(error, told):
        return "连不上，或连接断开 no connection, or it broke off"
    return str(error)


def refused(response: requests.Response) -> NoReturn:
    """Tell the problem document that was answered, and end the command."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = {}
    refused_with(response.status_code, body)


def refused_with(status: int, body: Any) -> NoReturn:
    """Tell a problem document, or whatever came in its place, and end the command."""
    if not isinstance(body, dict):
        body = {}
    lines = [f"{status} {body.get('code', '')}  {body.get('detail', '')}"]
    errors = body.get("errors")
    for each in errors if isinstance(errors, list) else ():
        if isinstance(each, dict):
            lines.append(f"  {each.get('pointer', '')}  {each.get('detail', '')}")
    give_up("\n".join(map(visible, lines)))


def visible(line: str) -> str:
    r"""Write out what a terminal would obey: line breaks, escapes, and what turns text around.

    >>> print(visible("\x1b[2J\u202e"))
    \u001b[2J\u202e
    """
    return "".join(
        each if unicodedata.category(each) not in _UNSEEN else f"\\u{ord(each):04x}"
        for each in line
    )


def give_up(reason: str) -> NoReturn:
    """End the command: the file was not taken, or nobody knows."""
    click.echo(reason, err=True)
    sys.exit(UNUSABLE)
