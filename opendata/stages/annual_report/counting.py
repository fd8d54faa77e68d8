"""What a report counts: requests of the ledger, published records, what was carried forward."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from opendata.domain.annual.layout import Place
from opendata.domain.annual.model import Counted, Source
from opendata.domain.annual.naming import FEES
from opendata.domain.annual.templates import Template, template_of
from opendata.domain.catalogue import ROLLING, Agency
from opendata.domain.contracts import Contract
from opendata.domain.editions import local_day
from opendata.domain.queries import Filter, Op
from opendata.domain.requests import Request, annexed
from opendata.domain.requests.tally import (
    CARRIED_FORWARD,
    CARRIED_OVER,
    REQUESTS,
    fees_collected,
    tally,
)
from opendata.domain.values import decimal_text
from opendata.stages import query, requests
from opendata.stages.annual_report.model import Means
from opendata.stages.annual_report.published import PublicRecords
from opendata.stages.annual_words import COLLECTION
from opendata.storage.tables import DatasetRow, ReleaseRow

_ELSEWHERE = "count-elsewhere"
# So many requests weigh in memory what one dataset of a view does.
_CASES_WEIGH = 100
# Reports have them in 万元.
_YUAN_IN_UNIT = 10_000


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """A rule of the contract by which a cell is told from records of another collection."""

    place: Place
    contract: Contract
    who: str
    day: str
    distinct: tuple[str, ...]
    among: Mapping[str, tuple[str, ...]]


def of_ledger(means: Means, agency: Agency, year: int) -> Mapping[Place, Counted]:
    """Return what the ledger holds: nothing at all while no request was ever recorded.

    It is counted anew only after something was recorded.
    """
    # Looked at before the ledger is: what is read may be newer, and is then not found again.
    holds_for = means.home.database.watch.state().of_everything()
    key = ("ledger", agency.id, year)
    found: Mapping[Place, Counted] | None = means.home.views.get(key, holds_for)
    if found is None:
        with means.home.database.read() as session:
            known = requests.requests_of(session, agency.id, until=date(year, 12, 31))
        found = _counted(known, template_of(year), year) if known else {}
        means.home.views.keep(key, holds_for, found, 1 + len(known) // _CASES_WEIGH)
    return found


def _counted(known: Sequence[Request], template: Template, year: int) -> Mapping[Place, Counted]:
    """Return what the ledger says of the form's cells, and of the fees, which words are about."""
    counted = annexed(known, year) if FEES in template.units else tally(known, year)
    found = {
        place: Counted(Decimal(len(counted[place])), Source.LEDGER, counted[place])
        for place in template.units
        if place in counted
    }
    yuan, paid_for = fees_collected(known, year)
    value = Decimal(decimal_text(yuan / _YUAN_IN_UNIT))
    return {**found, FEES: Counted(value, Source.LEDGER, paid_for)}


def carried(records: PublicRecords, agency: Agency, year: int) -> Mapping[Place, Counted]:
    """Return what last year's published report carried forward, as what is carried over."""
    asked = {
        "publisher_name": agency.name.zh,
        "report_year": year - 1,
        "table_code": REQUESTS,
        "indicator_code": CARRIED_FORWARD,
    }
    wanted = {name: [value] for name, value in asked.items()}
    found = {}
    for each in records.matching(("column_code", "value"), wanted) or ():
        address = _address(COLLECTION, {**asked, "column_code": each["column_code"]})
        place = Place(REQUESTS, CARRIED_OVER, each["column_code"])
        found[place] = Counted(each["value"], Source.PREVIOUS_REPORT, (), address)
    return found


def of_releases(
    means: Means, records: PublicRecords, agency: Agency, year: int
) -> Mapping[Place, Counted]:
    """Return what the public collections hold of the agency's decisions in a year.

    Where the agency publishes nothing of the year in a collection, that is no zero.
    """
    found = {}
    for rule in _rules(means):
        counted = _decisions(records, rule, agency, year)
        of_any_kind = counted or _decisions(records, replace(rule, among={}), agency, year)
        if of_any_kind or _publishes(means, rule.contract, agency, year):
            first, last = date(year, 1, 1), date(year, 12, 31)
            among = {f"{name}__in": ",".join(values) for name, values in rule.among.items()}
            span = {f"{rule.day}__gte": first, f"{rule.day}__lte": last}
            address = _address(
                rule.contract.collection, {rule.who: agency.name.zh, **span, **among}
            )
            found[rule.place] = Counted(Decimal(counted), Source.RELEASES, (), address)
    return found


def _rules(means: Means) -> Iterator[_Elsewhere]:
    """Yield the rules of the contract that count what other collections hold."""
    for check in means.contract.cautions["checks"]:
        if check["type"] != _ELSEWHERE or check["collection"] not in means.contracts:
            continue
        named: dict[str, Any] = {each["fieldName"]: each["equals"] for each in check["where"]}
        yield _Elsewhere(
            place=Place(named["table_code"], named["indicator_code"], named["column_code"]),
            contract=means.contracts[check["collection"]],
            who=check["whoField"],
            day=check["dateField"],
            distinct=tuple(check["distinct"]),
            among={name: tuple(values) for name, values in check.get("among", {}).items()},
        )


def _decisions(records: PublicRecords, rule: _Elsewhere, agency: Agency, year: int) -> int:
    """Return how many decisions of a year were published: one may be several records.

    One whose window has ended was published all the same; what was taken down was not.
    """
    contract = rule.contract.published
    who, day = contract.field(rule.who), contract.field(rule.day)
    if who is None or day is None:
        return 0
    filters = [
        Filter(who, Op.EXACT, (agency.name.zh,)),
        Filter(day, Op.BETWEEN, (date(year, 1, 1), date(year, 12, 31))),
    ]
    for name, values in rule.among.items():
        field = contract.field(name)
        filters += [Filter(field, Op.IN, values)] if field is not None else []
    found = records.selected(rule.contract, rule.distinct, tuple(filters), ended=True)
    return len({tuple(each[name] for name in rule.distinct) for each in found})


def _publishes(means: Means, contract: Contract, agency: Agency, year: int) -> bool:
    """Whether the agency published something in a collection that covers the year.

    A dataset that rolls on covers the years in which it was released.
    """
    with means.home.database.read() as session:
        rows = session.execute(
            select(DatasetRow.id, DatasetRow.period, ReleaseRow.number, ReleaseRow.released_at)
            .join(ReleaseRow, ReleaseRow.dataset_id == DatasetRow.id)
            .where(DatasetRow.agency_id == agency.id)
            .where(DatasetRow.collection == contract.collection)
        ).all()
    view = query.shown(means.home, contract, None, means.now)
    return any(
        row.id in view.releases and (row.id, row.number) not in view.scope.hidden
        for row in rows
        if row.period[:4] == str(year)
        or (row.period == ROLLING and local_day(row.released_at).year == year)
    )


def _address(collection: str, pairs: Mapping[str, Any]) -> str:
    """Return where these records are to be read, below the root of the API."""
    return f"{collection}?{urlencode([(name, str(value)) for name, value in pairs.items()])}"
