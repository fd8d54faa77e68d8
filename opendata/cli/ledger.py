"""``opendata requests import``: an agency's own ledger of requests, sent in as a file."""

import hashlib
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import requests

from opendata.cli.answers import TIMEOUT, give_up, refused, trouble, visible
from opendata.cli.findings import report_lines
from opendata.cli.sending import MEDIA_TYPES
from opendata.tabular.ledgers import request_ledger
from opendata.tabular.text_table import csv_line

INVALID = 1
REPORTED = "report"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--agency", help="Whose ledger it is; the key has to be that agency's.")
@click.option("--server", default="http://localhost:8000", show_default=True)
@click.option("--key", envvar="OPENDATA_KEY", required=True, help="Author's key.  [OPENDATA_KEY]")
def import_ledger(file: Path, agency: str | None, server: str, key: str) -> None:
    """Send in an agency's own ledger; exit 1 if it is not valid, 2 if it was not taken.

    FILE has one request a row and no name or contact of an applicant; all of it is recorded, or
    nothing. Judge it beforehand, without a server: opendata validate --collection request-ledger.

    导入机关自有的申请台账：不合格返回 1，未能接收返回 2；有一处错误就全不记录。
    """
    content = file.read_bytes()
    headers = {
        "Authorization": f"Bearer {key}",
        "Accept": "application/json",
        "Content-Type": MEDIA_TYPES.get(file.suffix.lower(), "application/octet-stream"),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "Content-Digest": f"sha-256=:{b64encode(hashlib.sha256(content).digest()).decode()}:",
    }
    url = f"{server.rstrip('/')}/api/v1/requests/ledger"
    asked = {"agency": agency} if agency else {}
    try:
        response = requests.post(url, content, params=asked, headers=headers, timeout=TIMEOUT)
        body: dict[str, Any] = response.json()
    except requests.RequestException as error:
        give_up(f"无法与服务器通信 The server cannot be talked to: {trouble(error)}")
    if response.ok:
        click.echo(_told(body))
        return
    if REPORTED not in body:
        refused(response)
    for line in report_lines({"cautions": (), **body[REPORTED]}, file.name):
        click.echo(visible(line))
    sys.exit(INVALID)


@click.command()
@click.option("--names", is_flag=True, help="The machine names, not the Chinese titles.")
def template(*, names: bool) -> None:
    """Print the header of a ledger, to be filled in.

    输出台账的表头（CSV），逐行填写后导入。
    """
    fields = request_ledger().fields
    click.echo(csv_line([each.name if names else each.title.zh for each in fields]))


def _told(body: dict[str, Any]) -> str:
    return (
        f"{body['rows']} 件 requests：{body['new']} 件新记录 new，{body['continued']} 件续记 "
        f"continued，{body['known']} 件未变 known；{body['events']} 个事项 events"
    )
