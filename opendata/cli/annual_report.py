"""``opendata annual-report``: an agency's annual report, read, saved or submitted."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import requests

from opendata.cli.answers import TIMEOUT, answer, give_up, refused, trouble

FORMATS = ("json", "html", "docx", "csv")
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command("annual-report")
@click.option("--agency", required=True, help="Id of the agency.")
@click.option("--year", required=True, type=click.IntRange(2008, 2100), help="What it reports on.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option("--out", type=_OUT, help="Write it to this file; docx needs one.")
@click.option("--submit", is_flag=True, help="Submit its figures; the key is an author's.")
@click.option("--notes", default="", help="With --submit: what the release is about.")
@click.option("--server", default="http://localhost:8000", show_default=True)
@click.option("--key", envvar="OPENDATA_KEY", help="Needed until it is public.  [OPENDATA_KEY]")
def annual_report(  # noqa: PLR0913 - click hands over one argument for each option.
    agency: str,
    year: int,
    form: str,
    out: Path | None,
    submit: bool,
    notes: str,
    server: str,
    key: str | None,
) -> None:
    """Fetch an agency's annual report, or submit it; exit 2 if there is none, or it does not fit.

    取得或报送政府信息公开工作年度报告：没有报告，或者报告不能报送，返回 2。
    """
    if form == "docx" and out is None and not submit:
        raise click.UsageError("docx 须用 --out 指明文件。 docx needs --out.")
    if submit and not key:
        raise click.UsageError("--submit 须有承办人的密钥。 --submit needs an author's key.")
    session = requests.Session()
    if key:
        session.headers["Authorization"] = f"Bearer {key}"
    url = f"{server.rstrip('/')}/api/v1/annual-reports/{quote(agency, safe='')}/{year}"
    if out is not None or not submit:
        _write(_fetched(session, f"{url}{'' if form == 'json' else f'.{form}'}"), out)
    if submit:
        _submit(session, url, notes)


def _fetched(session: requests.Session, url: str) -> bytes:
    try:
        response = session.get(url, timeout=TIMEOUT)
    except requests.RequestException as error:
        give_up(f"无法与服务器通信 The server cannot be talked to: {trouble(error)}")
    return response.content if response.ok else refused(response)


def _write(content: bytes, out: Path | None) -> None:
    if out is not None:
        out.write_bytes(content)
        click.echo(f"{out}  {len(content)} 字节 bytes", err=True)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _submit(session: requests.Session, url: str, notes: str) -> None:
    said = {"notes": notes} if notes else {}
    found: dict[str, Any] = answer(
        lambda: session.post(f"{url}/submission", params=said, timeout=TIMEOUT)
    )
    click.echo(f"{found['id']}  {found['state_label']['zh']} {found['state_label']['en']}")
