"""``opendata due``: by when something is due, and which days are not counted on the way."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import click

from opendata.cli.output import write_json
from opendata.domain.deadlines import Due, Unit
from opendata.domain.working_days import Calendar
from opendata.settings import Settings
from opendata.stages.rules import load_rules

_DAY = timedelta(days=1)
_SATURDAY = 5
_EPOCH = date(1970, 1, 1)
Days = list[tuple[date, date]]


@click.command()
@click.argument("rule")
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--agency", help="The agency it is due from: rules of its own may be shorter.")
@click.option("--region", help="行政区划代码 Where it is due: holidays and rules may be regional.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def due(  # noqa: PLR0913 - click hands over one argument for each option.
    environment: Mapping[str, str],
    rule: str,
    day: datetime,
    agency: str | None,
    region: str | None,
    *,
    as_json: bool,
) -> None:
    """Say by when RULE makes something due whose term runs from DATE, and how it is counted.

    RULE is one of the deadline rules, such as REQ-2019, or a family, such as REQ, of which the
    rule of the day is taken. Exit 0 if the day is known, 1 if it is not: a year is not announced
    yet, or the rule gives no number.
    """
    rules = load_rules(Settings.from_environment(environment).rules)
    found = rules.due(rule, day.date(), agency, region)
    calendar = rules.calendar(region)
    if as_json:
        write_json(_body(found, calendar))
    else:
        click.echo("\n".join(_lines(found, calendar)))
    raise SystemExit(0 if found.rolled else 1)


def _lines(found: Due, calendar: Calendar) -> Iterator[str]:
    yield f"{found.rule.id}  {found.rule.title.zh}  {found.rule.title.en}"
    yield f"依据 basis: {found.local.basis if found.local else found.rule.basis}"
    yield f"时限 term: {found.term.zh}  {found.term.en}"
    yield f"起算 from: {found.trigger}（当日不计 not counted）"
    if found.day is None and not found.is_indeterminate:
        yield "没有届满之日 It ends on no day of its own."
        return
    yield f"届满 due: {found.day or _unknown(found, calendar)}"
    if found.day != found.rolled:
        yield f"遇休息日顺延 next working day: {found.rolled or _unknown(found, calendar)}"
    if found.rolled is None and found.earliest is not None:
        yield f"最早 at the earliest: {found.earliest}"
    off, exchanged = _counting(found, calendar)
    yield from (f"不计 not counted: {each}" for each in map(_told, off))
    yield from (f"调休上班 worked in exchange: {each}" for each in map(_told, exchanged))


def _unknown(found: Due, calendar: Calendar) -> str:
    if found.trigger < calendar.first:
        year = calendar.first.year
        return f"待定：{year} 年以前的放假安排未收录 open: holidays before {year} are not on record"
    year = calendar.last.year + 1
    return f"待定：{year} 年放假安排尚未公布 open: the holidays of {year} are not announced"


def _body(found: Due, calendar: Calendar) -> dict[str, Any]:
    off, exchanged = _counting(found, calendar)
    return {
        "rule": found.rule.id,
        "title": found.rule.title._asdict(),
        "basis": found.rule.basis,
        "term": found.term._asdict(),
        "unit": found.rule.unit,
        "count": found.count,
        "local_basis": found.local.basis if found.local else None,
        "trigger": found.trigger,
        "due": found.day,
        "due_rolled": found.rolled,
        "earliest": found.earliest,
        "indeterminate": found.is_indeterminate,
        "not_counted": [{"from": first, "to": last} for first, last in off],
        "worked_in_exchange": [{"from": first, "to": last} for first, last in exchanged],
    }


def _counting(found: Due, calendar: Calendar) -> tuple[Days, Days]:
    """Return the days on the way that are not counted, and the weekends' that are."""
    if found.rule.unit is not Unit.WORKING:
        return [], []
    last = found.day or calendar.last
    way = [found.trigger + n * _DAY for n in range(1, (last - found.trigger).days + 1)]
    off = _runs([each for each in way if calendar(each) is False])
    return off, _runs([each for each in way if calendar(each) and each.weekday() >= _SATURDAY])


def _runs(days: list[date]) -> Days:
    """Join days that follow each other."""
    found: Days = []
    for _, run in groupby(enumerate(days), key=lambda each: (each[1] - _EPOCH).days - each[0]):
        along = [day for _, day in run]
        found.append((along[0], along[-1]))
    return found


def _told(run: tuple[date, date]) -> str:
    first, last = run
    return f"{first}" if first == last else f"{first} – {last}"
