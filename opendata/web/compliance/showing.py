"""Compliance for everybody: numbers, each with its cases, and the cases."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import request
from werkzeug.urls import iri_to_uri

from opendata.domain.compliance import COUNTED, JUDGED, Figures, Grouping, Rate, Status
from opendata.domain.compliance.listing import CASES, rows
from opendata.domain.crosschecks import CrossCheck
from opendata.domain.errors import Text
from opendata.domain.listings import Partly, Row
from opendata.stages import catalogue, comply
from opendata.stages.comply import Asked, Narrowed
from opendata.stages.crosschecks import cross_checks, cross_checks_of_all
from opendata.web.access import opened_to, runtime
from opendata.web.compliance.bodies import ComplianceBody, ComplianceQuery
from opendata.web.compliance.room import blp, sources
from opendata.web.links import api_url
from opendata.web.listings import add_listing

Pairs = tuple[tuple[str, str], ...]

PATH = "compliance/cases"
# What of the cases' columns a group is told by; a region by the whole of its code.
_COLUMNS = {
    "agency": "agency",
    "publisher": "publisher_name",
    "field": "field",
    "region": "region_code",
    "year": "year",
    "period": "period",
}


@blp.route("/compliance", methods=["GET"])
@opened_to()
@blp.arguments(ComplianceQuery, location="query")
@blp.doc(operationId="read_compliance")
@blp.refuses(404, 422)
@blp.response(200, ComplianceBody, description="履行情况 Compliance")
def summary(asked: dict[str, Any]) -> dict[str, Any]:
    """公开义务的履行情况 Whether what must be disclosed was

    各状态的件数和比率；每个数都附有其所计各件的地址。比率只计已见分晓的：按时、迟延、逾期。
    as_of 为某日时，只计该日终了前已记录的事实。查询一个公开主体或者按公开主体分组的，另附跨类数据
    核对相符、不相符的件数。

    How many cases stand where, and rates, each number with the address of its cases. Rates are of
    those that can be judged: on time, late, overdue. With as_of, what was recorded after that day
    does not count. Of one agency, or by agency, the checks across collections are counted too.
    """
    by, region = asked["by"], _prefix(asked["region"])
    of = Narrowed(Asked(asked["as_of"], asked["agency"]), asked["field"], region, asked["period"])
    found = comply.summary(sources(), of, by, runtime().now())
    given = _pairs(of, found.on)
    return {
        "as_of": found.on,
        "known": _known(found.on),
        "left_out": found.left_out,
        "by": by,
        "whole": _figures(found.whole, given),
        "groups": [
            {
                "key": each.key,
                "label": each.label,
                **_figures(each.figures, (*given, (_COLUMNS[by], each.key))),
            }
            for each in found.groups
        ],
        "cross_checks": _cross_checks(of, by, found.on),
        "links": {
            "self": iri_to_uri(request.url),
            "cases": api_url(PATH, given),
            **_held_against_others(of.asked.agency),
        },
    }


def _cases(as_of: date | None = None) -> Iterable[Row]:
    """Return the cases of a day; where one agency's are asked for, only they are worked out."""
    held, agency = runtime(), request.args.get("agency")
    if agency is not None:
        with held.home.database.read() as session:
            if not catalogue.has_agency(session, agency):
                return []
    found = comply.whole(sources(), Asked(as_of, agency), held.now())
    return Partly(rows(found.cases), found.left_out)


add_listing(blp, f"/{PATH}", CASES, _cases)


def _known(on: date) -> Text:
    return Text(
        f"依 {on} 终了（北京时间）前已公布的目录和已记录的事实；此后记录的不计。"
        "已撤回或停止公开的版本不算公开。",
        f"By the catalogues published and the facts recorded until the end of {on} in China; what "
        "was recorded later does not count, nor does a release that was taken down.",
    )


def _cross_checks(of: Narrowed, by: Grouping | None, on: date) -> dict[str, Any] | None:
    """Return how many checks across collections hold, where all that narrows is agency and year.

    They are worked out for all agencies only where somebody asks by agency: everything that is
    published is read for them.
    """
    held, agency, period = runtime(), of.asked.agency, of.period
    is_of_one_side = of.field is not None or of.region is not None or on != held.today()
    if is_of_one_side or (period is not None and len(period) != len("2025")):
        return None
    if agency is None and by is not Grouping.AGENCY:
        return None
    year = None if period is None else int(period)
    with held.home.database.read() as session:
        stored = session, held.home, held.contracts
        if agency is None:
            found = cross_checks_of_all(*stored, year)
        else:
            found = {agency: cross_checks(*stored, agency, year)}
    given = () if year is None else (("year", str(year)),)
    counts = [
        {"agency": each, **_holding(checks, f"agencies/{each}/cross-checks", given)}
        for each, checks in sorted(found.items())
    ]
    if agency is not None:
        return {"whole": counts[0], "agencies": counts}
    # No list has the checks of all agencies: their sum leads to what it is the sum of.
    of_period = () if period is None else (("period", period),)
    lists = api_url("compliance", (("by", "agency"), *of_period))
    whole = {
        name: {"value": sum(each[name]["value"] for each in counts), "cases": lists}
        for name in ("holds", "fails")
    }
    return {"whole": whole, "agencies": counts}


def _holding(checks: Iterable[CrossCheck], path: str, given: Pairs) -> dict[str, Any]:
    found = Counter(each.holds for each in checks)
    return {
        name: {"value": found[holds], "cases": api_url(path, (*given, ("holds", told)))}
        for name, holds, told in (("holds", True, "true"), ("fails", False, "false"))
    }


def _held_against_others(agency: str | None) -> dict[str, str]:
    """Return where an agency's figures are held against its other publications."""
    return {} if agency is None else {"cross_checks": api_url(f"agencies/{agency}/cross-checks")}


def _prefix(region: str | None) -> str | None:
    """Return how the codes of all regions below one begin.

    >>> _prefix("450300"), _prefix("4503"), _prefix("450321")
    ('4503', '4503', '450321')
    """
    while region is not None and len(region) in (4, 6) and region.endswith("00"):
        region = region[:-2]
    return region


def _pairs(of: Narrowed, on: date) -> Pairs:
    wanted = (
        ("agency", of.asked.agency),
        ("field", of.field),
        ("region_code__startswith", of.region),
        ("period__startswith", of.period),
    )
    given = tuple((name, value) for name, value in wanted if value is not None)
    return (*given, ("as_of", on.isoformat()))


def _figures(found: Figures, given: Pairs) -> dict[str, Any]:
    return {
        "cases": {"value": found.cases, "cases": api_url(PATH, given)},
        "counts": {each.value: _count(found, (each,), given) for each in Status},
        "rates": {
            each.value: {
                "rate": found.rate(each),
                "numerator": _count(found, COUNTED[each], given),
                "denominator": _count(found, JUDGED, given),
            }
            for each in Rate
        },
    }


def _count(found: Figures, statuses: tuple[Status, ...], given: Pairs) -> dict[str, Any]:
    wanted = ("status__in" if len(statuses) > 1 else "status", ",".join(statuses))
    return {"value": found.of(statuses), "cases": api_url(PATH, (*given, wanted))}
