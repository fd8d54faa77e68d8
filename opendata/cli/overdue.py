"""``opendata overdue``: what should have been disclosed by now, for people and for cron."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click
import requests

from opendata.cli.answers import TIMEOUT, answer, visible
from opendata.cli.output import write_json, write_lines

_PAGE = 10_000
_MOST_PAGES = 1_000


@click.command()
@click.option("--agency", help="Only what this agency answers for.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="By what was recorded until the end of this day in China.  [today]",
)
@click.option("--server", help="Ask a platform at this address.  [OPENDATA_HOME on this machine]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def overdue(
    environment: Mapping[str, str],
    agency: str | None,
    as_of: datetime | None,
    server: str | None,
    *,
    as_json: bool,
) -> None:
    """List what should have been disclosed and was not; exit 1 if there is anything, else 0.

    What was longest due comes first. What nobody can tell to be late, because a year's holidays
    are not announced, is not listed. Exit 2 if nobody could be asked.
    """
    on = None if as_of is None else as_of.date()
    if server is None:
        rows = _here(environment, agency, on)
    else:
        rows = _there(server.rstrip("/"), agency, on)
    # A list of one home and a list from a server are in one order.
    rows.sort(key=lambda each: (str(each["due_rolled"]), each["agency"], each["obligation_code"]))
    if as_json:
        write_json({"overdue": len(rows), "data": rows})
    else:
        write_lines(map(_line, rows))
    raise SystemExit(1 if rows else 0)


def _here(
    environment: Mapping[str, str], agency: str | None, on: date | None
) -> list[dict[str, Any]]:
    # It loads the engines: for those who ask a server, there is no need.
    from opendata.domain.compliance import Status
    from opendata.domain.compliance.listing import rows
    from opendata.runtime import Runtime
    from opendata.settings import Settings
    from opendata.stages import comply

    held = Runtime.of(Settings.from_environment(environment))
    sources = comply.Sources(held.home, held.contracts, held.rules)
    found = comply.whole(sources, comply.Asked(on, agency), held.now())
    for each in found.left_out:
        click.echo(f"件数过多，未计入 left out for having too many cases: {each}", err=True)
    late = [each for each in found.cases if each.status is Status.OVERDUE]
    return [dict(each) for each in rows(late)]


def _there(server: str, agency: str | None, on: date | None) -> list[dict[str, Any]]:
    asked = {"status": "overdue", "limit": str(_PAGE)}
    narrowed = {} if on is None else {"as_of": on.isoformat()}
    if agency is not None:
        narrowed["agency"] = agency
        # A list of an agency that there is not is empty; here it is a mistake that is told.
        _get(f"{server}/api/v1/compliance", narrowed)
    return list(_pages(f"{server}/api/v1/compliance/cases", asked | narrowed))


def _pages(url: str, asked: dict[str, str]) -> Iterator[dict[str, Any]]:
    for _ in range(_MOST_PAGES):
        body = _get(url, asked)
        yield from body["data"]
        following = parse_qs(urlsplit(body["links"].get("next", "")).query).get("cursor")
        if not following:
            return
        asked = asked | {"cursor": following[0]}


def _get(url: str, asked: Mapping[str, str]) -> dict[str, Any]:
    # A server's own words for people are in the language it is asked in.
    return answer(lambda: requests.get(url, params=asked, timeout=TIMEOUT))


def _line(row: Mapping[str, Any]) -> str:
    item = " / ".join(each for each in (row["level1_item"], row["level2_item"]) if each)
    late = "?" if row["late_by"] is None else row["late_by"]
    days = "day" if late == 1 else "days"
    return visible(
        f"{row['due_rolled']}  {row['agency']}  {row['obligation_code']}  {item}  "
        f"{row['occasion']}  逾期 {late} 个工作日 {late} working {days} overdue"
    )
