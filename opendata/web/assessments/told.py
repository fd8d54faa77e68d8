"""How an assessment is told: every point with its figure, its reason and its cases."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from opendata.domain.assessment.measures import Measure
from opendata.domain.assessment.words import Word
from opendata.domain.errors import Text
from opendata.stages.assessment import Assessment
from opendata.web.links import API, api_url, base_url


def told(found: Assessment, *, inside: bool) -> dict[str, Any]:
    """Return what is answered; persons are named ``inside`` only."""
    score, grade = found.result
    own = {"assessor": found.assessor} if inside else {}
    address = f"assessments/{found.id}"
    return own | {
        "id": found.id,
        "agency": found.agency,
        "agency_name": found.agency_name,
        "scheme": found.scheme,
        "period": found.period,
        "number": found.number,
        "state": found.state,
        "state_label": found.state.label,
        "score": score,
        "grade": next(each for each in found.scheme.grades if each.id == grade),
        "computed_score": found.first[0],
        "computed_sha256": found.digests[1],
        "day": found.day,
        "appeal_until": found.standing.appeal_until,
        "assessed_at": found.assessed_at,
        "points": [_point(found, each) for each in found.computed["points"]],
        "words": [_word(each, inside=inside) for each in found.words],
        "links": {"self": api_url(address), "scheme": api_url(f"{address}/scheme.toml")},
    }


def _point(found: Assessment, computed: Mapping[str, Any]) -> dict[str, Any]:
    indicator = found.scheme.indicator(computed["indicator"])
    assert indicator is not None  # noqa: S101 - it was computed by this very scheme.
    groups = {each.id: each.title for each in found.scheme.groups}
    figure = computed["figure"]
    cases = [
        {"label": Text(each["zh"], each["en"]), "address": base_url() + API + each["address"]}
        for each in figure["cases"]
    ]
    measure = Measure(computed["measure"])
    return {
        "indicator": indicator.id,
        "group": groups[indicator.group],
        "title": indicator.title,
        "measure": measure,
        "measure_label": measure.label,
        "weight": Decimal(computed["weight"]),
        "computed": found.standing.points[indicator.id],
        "points": found.standing.final[indicator.id],
        "figure": {**figure, "cases": cases},
        "explanation": Text(**computed["explanation"]),
    }


def _word(word: Word, *, inside: bool) -> dict[str, Any]:
    own = {"person": word.person} if inside else {}
    return own | {
        "kind": word.kind,
        "indicator": word.indicator,
        "points": word.points,
        "reason": word.reason,
        "at": word.at,
    }
