"""``opendata push``: send a file in, and read what the judge says."""

import hashlib
import os
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import click
import requests
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from opendata.cli.findings import report_lines

CHUNK_BYTES = 256 * 1024
LOOK_SECONDS = 0.3
INVALID, UNUSABLE = 1, 2
# States of a submission from which nothing is published.
ENDED = ("invalid", "failed", "cancelled", "returned", "withheld")
TIMEOUT = (10, 600)
MEDIA_TYPES = {".csv": "text/csv"}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="Id of the dataset.")
@click.option("--server", default="http://localhost:8000", show_default=True)
@click.option("--key", envvar="OPENDATA_KEY", required=True, help="Author's key.  [OPENDATA_KEY]")
@click.option("--wait", is_flag=True, help="Wait for the report and print it.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="NAME=REASON",
    help="With --wait: why the cautions of the rule NAME are as they are; may be given again.",
)
def push(  # noqa: PLR0913 - click hands over one argument for each option.
    file: Path, dataset: str, server: str, key: str, wait: bool, answers: tuple[str, ...]
) -> None:
    """Send FILE in for a dataset; exit 1 if it is invalid, 2 if it was not taken."""
    reasons = _reasons(answers)
    if reasons and not wait:
        raise click.UsageError("--answer 须与 --wait 一起使用。 --answer needs --wait.")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {key}"
    session.headers["Accept"] = "application/json"
    found = _send(session, file, f"{server.rstrip('/')}/api/v1/datasets/{dataset}/submissions")
    click.echo(f"{found['id']}  {found['state_label']['zh']} {found['state_label']['en']}")
    if wait:
        _follow(session, f"{server.rstrip('/')}/api/v1/submissions/{found['id']}", reasons)


def _reasons(answers: tuple[str, ...]) -> dict[str, str]:
    """Read ``--answer``: reasons by the name of the rule."""
    found = {}
    for each in answers:
        name, equals, reason = each.partition("=")
        if not (name.strip() and equals and reason.strip()):
            message = f"应写作 名称=理由。 Write NAME=REASON, not {each!r}."
            raise click.UsageError(message)
        found[name.strip()] = reason.strip()
    return found


def _send(session: requests.Session, file: Path, url: str) -> Mapping[str, Any]:
    """Send the file, once: a second push of what is still under way only finds it again.

    What came of an earlier push may have ended, though: returned, cancelled, failed. Then the
    file is sent in anew, under a key derived from that end.
    """
    digest = _digest(file)
    key = hashlib.sha256(url.encode() + digest).hexdigest()
    while True:
        found = _send_under(session, file, url, (key, digest))
        if found["state"] not in ENDED:
            return found
        key = hashlib.sha256(f"{key}\n{found['id']}".encode()).hexdigest()


def _send_under(
    session: requests.Session, file: Path, url: str, named: tuple[str, bytes]
) -> Mapping[str, Any]:
    key, digest = named
    headers = {
        "Content-Type": MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream"),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "Content-Digest": f"sha-256=:{b64encode(digest).decode()}:",
        "Idempotency-Key": key,
    }
    with _bar() as bar, file.open("rb") as source:
        task = bar.add_task(file.name, total=file.stat().st_size)
        body = _Counted(source, lambda sent: bar.update(task, completed=sent))
        return _answer(lambda: session.post(url, data=body, headers=headers, timeout=TIMEOUT))


def _follow(session: requests.Session, url: str, reasons: Mapping[str, str]) -> None:
    """Wait for the verdict, answer cautions, print the report, exit with the verdict's status."""
    while True:
        found = _answer(lambda: session.get(url, timeout=TIMEOUT))
        if found["state"] != "received":
            break
        time.sleep(LOOK_SECONDS)
    if reasons:
        found = _explain(session, url, found["cautions"], reasons)
    if "report" in found["links"]:
        report = _answer(lambda: session.get(f"{url}/report", timeout=TIMEOUT))
        for line in report_lines(report, found["filename"]):
            click.echo(line)
    label = found["state_label"]
    click.echo(f"{found['id']}  {label['zh']} {label['en']}")
    waiting = [_name(each) for each in found["cautions"] if each["answer"] is None]
    if waiting and found["state"] not in ENDED:
        click.echo(f"批准之前须说明 To be answered before approval: {', '.join(waiting)}")
    sys.exit(INVALID if found["state"] in ENDED else 0)


def _explain(
    session: requests.Session,
    url: str,
    cautions: Sequence[Mapping[str, Any]],
    reasons: Mapping[str, str],
) -> dict[str, Any]:
    """Answer the cautions that ``reasons`` name; a name that none has ends the command."""
    unknown = sorted(set(reasons) - {_name(each) for each in cautions})
    if unknown:
        there = ", ".join(_name(each) for each in cautions) or "—"
        click.echo(f"没有这种提示 No such caution: {', '.join(unknown)}  ({there})", err=True)
        sys.exit(UNUSABLE)
    given = [
        {
            "code": each["code"],
            "name": each["name"],
            "field": each["field"],
            "reason": reasons[_name(each)],
        }
        for each in cautions
        if _name(each) in reasons
    ]
    body = {"answers": given}
    return _answer(lambda: session.post(f"{url}/caution-answers", json=body, timeout=TIMEOUT))


def _name(caution: Mapping[str, Any]) -> str:
    """Return what a caution is called: its rule's name, or its kind where the rule has none."""
    return str(caution["name"] or caution["code"])


def _answer(ask: Callable[[], requests.Response]) -> dict[str, Any]:
    """Return the body of an answer; a problem document is told and ends the command."""
    try:
        response = ask()
        body: dict[str, Any] = response.json()
    except requests.RequestException as error:
        click.echo(f"无法与服务器通信 The server cannot be talked to: {error}", err=True)
        sys.exit(UNUSABLE)
    if response.ok:
        return body
    click.echo(f"{response.status_code} {body.get('code', '')}  {body.get('detail', '')}", err=True)
    for each in body.get("errors", []):
        click.echo(f"  {each['pointer']}  {each['detail']}", err=True)
    sys.exit(UNUSABLE)


class _Counted:
    """A file that tells how much of it was read; ``requests`` streams what has ``read``."""

    def __init__(self, source: BinaryIO, told: Callable[[int], None]) -> None:
        self._source = source
        self._told = told
        self.len = os.fstat(source.fileno()).st_size
        self._sent = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size if 0 < size < CHUNK_BYTES else CHUNK_BYTES)
        self._sent += len(chunk)
        self._told(self._sent)
        return chunk


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    return Progress(*columns, TransferSpeedColumn(), console=Console(stderr=True))


def _digest(file: Path) -> bytes:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").digest()
