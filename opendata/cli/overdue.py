"""``opendata overdue``: what should have been disclosed by now, for people and for cron."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import click
import requests

from opendata.cli.answers import TIMEOUT, UNUSABLE, answer, visible
from opendata.cli.output import write_json, write_lines

_PAGE = 10_000
_MOST_PAGES = 1_000
# What is overdue, and the agencies of which nobody has looked at it.
_Found = tuple[list[dict[str, Any]], frozenset[str]]


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
    are not announced, is not listed. Exit 2 if nobody could be asked, or if an agency is left out
    because it has too many cases: whether anything of it is overdue was not looked at.
    """
    on = None if as_of is None else as_of.date()
    if server is None:
        rows, left_out = _here(environment, agency, on)
    else:
        rows, left_out = _there(server.rstrip("/"), agency, on)
    # A list of one home and a list from a server are in one order.
    rows.sort(key=lambda each: (str(each["due_rolled"]), each["agency"], each["obligation_code"]))
    if as_json:
        write_json({"overdue": len(rows), "left_out": sorted(left_out), "data": rows})
    else:
        write_lines(map(_line, rows))
    for each in sorted(left_out):
        told = f"件数过多，未计入，是否逾期不明 left out for having too many cases: {each}"
        click.echo(visible(told), err=True)
    # Neither "nothing is overdue" nor "this is all": it was not looked at.
    if left_out:
        raise SystemExit(UNUSABLE)
    raise SystemExit(1 if rows else 0)


def _here(environment: Mapping[str, str], agency: str | None, on: date | None) -> _Found:
    # It loads the engines: for those who ask a server, there is no need.
    from opendata.domain.compliance import Status
    from opendata.domain.compliance.listing import rows
    from opendata.runtime import Runtime
    from opendata.settings import Settings
    from opendata.stages import comply

    held = Runtime.of(Settings.from_environment(environment))
    sources = comply.Sources(held.home, held.contracts, held.rules)
    found = comply.whole(sources, comply.Asked(on, agency), held.now())
    late = [each for each in found.cases if each.status is Status.OVERDUE]
    return [dict(each) for each in rows(late)], frozenset(found.left_out)


def _there(server: str, agency: str | None, on: date | None) -> _Found:
    asked = {"status": "overdue", "limit": str(_PAGE)}
    narrowed = {} if on is None else {"as_of": on.isoformat()}
    if agency is not None:
        narrowed["agency"] = agency
        # A list of an agency that there is not is empty; here it is a mistake that is told.
        _get(f"{server}/api/v1/compliance", narrowed)
    return _pages(f"{server}/api/v1/compliance/cases", asked | narrowed)


def _pages(url: str, asked: dict[str, str]) -> _Found:
    rows: list[dict[str, Any]] = []
    left_out: set[str] = set()
    for _ in range(_MOST_PAGES):
        body = _get(url, asked)
        rows += body["data"]
        left_out.update(body["meta"].get("left_out", ()))
        following = parse_qs(urlsplit(body["links"].get("next", "")).query).get("cursor")
        if not following:
            break
        asked = asked | {"cursor": following[0]}
    return rows, frozenset(left_out)


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
