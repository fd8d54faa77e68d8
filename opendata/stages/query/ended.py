"""What has left a pinned state since its windows ended: how many records, and under which rule."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from opendata.domain.queries import Filter, Op, Sort, whole
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric
from opendata.stages.catalogue import Contracts
from opendata.stages.query.view import View, released
from opendata.stages.releases import Release
from opendata.storage.engines import Source
from opendata.storage.home import Home

_COUNT = Metric(Measuring.COUNT)
MOST_RULES = 100


def ended(home: Home, view: View) -> dict[str, Any] | None:
    """Return ``records`` and, where the contract names the column, ``rules`` with their counts.

    ``None`` where no window ends anything. It is counted once for a view, which is another one
    on every new day.
    """
    last = view.contract.field(view.scope.window_field or "")
    if last is None or view.scope.on is None or view.snapshot is None:
        return None
    key = ("ended", view.contract.collection)
    found: dict[str, Any] | None = home.views.get(key, view)
    if found is None:
        before = Filter(last, Op.LT, (view.scope.on,))
        found = _counted(home, view, before)
        home.views.keep(key, view, found)
    return found


def ended_of_release(
    home: Home, contracts: Contracts, found: Release, now: datetime
) -> dict[str, Any] | None:
    """Return the same of a release; ``None`` where it is not public, too.

    Raises:
        SuspendedRelease: it is not public any more.
    """
    contract = contracts.get(found.collection)
    if contract is None or contract.window_field is None or not found.public:
        return None
    return ended(home, released(home, contract, (found.dataset, found.number), now))


def _counted(home: Home, view: View, before: Filter) -> dict[str, Any]:
    rule = view.contract.field(view.contract.window_rule_field or "")
    left = whole(view.contract, filters=(before,))
    sort = (Sort(_COUNT.name, descending=True), *((Sort(rule.name),) if rule else ()))
    asked = Aggregation(left, (Key(rule),) if rule else (), (_COUNT,), sort, MOST_RULES)
    lifted = replace(view.scope, window_field=None, on=None)
    groups = home.engine.totals(Source(view.source.files, view.source.schema, lifted), asked)
    if rule is None:
        return {"records": groups.rows[0][0]}
    rules = [
        {"rule": value, "label": None if value is None else rule.label(str(value)), "records": n}
        for value, n in groups.rows
    ]
    return {
        "records": sum(row[1] for row in groups.rows if isinstance(row[1], int)),
        "rules": rules,
    }
