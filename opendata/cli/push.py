"""``opendata push``: send a file in, and read what the judge says."""

import dataclasses
import hashlib
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import click
import requests

from opendata.cli.answers import TIMEOUT, UNUSABLE, answer
from opendata.cli.findings import flag_lines, report_lines
from opendata.cli.resumable import ABOVE_BYTES, send_in_parts
from opendata.cli.sending import ENDED, Errand, send_at_once

LOOK_SECONDS = 0.3
INVALID = 1


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", required=True, help="Id of the dataset.")
@click.option("--server", default="http://localhost:8000", show_default=True)
@click.option("--key", envvar="OPENDATA_KEY", required=True, help="Author's key.  [OPENDATA_KEY]")
@click.option("--charset", default="", help="What a text file is in, where its bytes do not tell.")
@click.option("--notes", default="", help="What the release is about; published with it.")
@click.option("--corrects", type=click.IntRange(min=1), help="Number of the release it corrects.")
@click.option("--wait", is_flag=True, help="Wait for the report and print it.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="NAME=REASON",
    help="With --wait: why the cautions of the rule NAME are as they are; may be given again.",
)
def push(  # noqa: PLR0913 - click hands over one argument for each option.
    file: Path,
    dataset: str,
    server: str,
    key: str,
    charset: str,
    notes: str,
    corrects: int | None,
    wait: bool,
    answers: tuple[str, ...],
) -> None:
    """Send FILE in for a dataset; exit 1 if it is invalid, 2 if it was not taken."""
    reasons = _reasons(answers)
    if reasons and not wait:
        raise click.UsageError("--answer 须与 --wait 一起使用。 --answer needs --wait.")
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {key}"
    session.headers["Accept"] = "application/json"
    remarks = {"notes": notes, "corrects": "" if corrects is None else str(corrects)}
    said = {name: value for name, value in remarks.items() if value}
    errand = Errand.of(file, dataset, server.rstrip("/"), charset, said)
    found = _send(session, errand)
    click.echo(f"{found['id']}  {found['state_label']['zh']} {found['state_label']['en']}")
    if wait:
        _follow(session, errand.url(f"submissions/{found['id']}"), reasons)


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


def _send(session: requests.Session, errand: Errand) -> Mapping[str, Any]:
    """Send the file, once: a second push of what is still under way only finds it again.

    What came of an earlier push may have ended, though: returned, cancelled, failed. Then the
    file is sent in anew, under a key derived from that end.
    """
    while True:
        send = send_in_parts if errand.size > ABOVE_BYTES else send_at_once
        found = send(session, errand)
        if found["state"] not in ENDED:
            return found
        fresh = hashlib.sha256(f"{errand.key}\n{found['id']}".encode()).hexdigest()
        errand = dataclasses.replace(errand, key=fresh)


def _follow(session: requests.Session, url: str, reasons: Mapping[str, str]) -> None:
    """Wait for the verdict, answer cautions, print the report, exit with the verdict's status."""
    while True:
        found = answer(lambda: session.get(url, timeout=TIMEOUT))
        if found["state"] != "received":
            break
        time.sleep(LOOK_SECONDS)
    if reasons:
        found = _explain(session, url, found["cautions"], reasons)
    if "report" in found["links"]:
        report = answer(lambda: session.get(f"{url}/report", timeout=TIMEOUT))
        flags = flag_lines(found["flags"] or ())
        for line in chain(report_lines(report, found["filename"]), flags):
            click.echo(line)
        if report["counts"]["errors"] or report["cautions"]:
            click.echo(f"标出问题的文件 The file with the findings marked: {url}/report.xlsx")
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
    return answer(lambda: session.post(f"{url}/caution-answers", json=body, timeout=TIMEOUT))


def _name(caution: Mapping[str, Any]) -> str:
    """Return what a caution is called: its rule's name, or its kind where the rule has none."""
    return str(caution["name"] or caution["code"])
