"""What has left a pinned state since its windows ended: how many records, and under which rule."""

from dataclasses import replace
from typing import Any

from opendata.domain.queries import Filter, Op, Sort, whole
from opendata.domain.queries.aggregates import Aggregation, Key, Measuring, Metric
from opendata.stages.query.view import View
from opendata.storage.engines import Source
from opendata.storage.home import Home

_COUNT = Metric(Measuring.COUNT)
MOST_RULES = 100


def ended(home: Home, view: View) -> dict[str, Any] | None:
    """Return ``records`` and, where the contract names the column, ``rules`` with their counts.

    ``None`` where no window ends anything. It is counted once for a view, which is another one
    on every new day.
    """
    if view.scope.window_field is None or view.snapshot is None:
        return None
    key = ("ended", view.contract.collection)
    found: dict[str, Any] | None = home.views.get(key, view)
    if found is None:
        found = _counted(home, view)
        home.views.keep(key, view, found)
    return found


def _counted(home: Home, view: View) -> dict[str, Any]:
    contract, day = view.contract, view.scope.on
    last = contract.field(str(view.scope.window_field))
    assert last is not None and day is not None  # noqa: S101 - the contract is checked as loaded.
    rule = contract.field(contract.window_rule_field or "")
    left = whole(contract, filters=(Filter(last, Op.LT, (day,)),))
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
    return {"records": sum(row[1] for row in groups.rows if isinstance(row[1], int)), "rules": rules}
