"""The front page, and what every page has around it."""

from typing import Any

from flask import render_template

from opendata.stages import catalogue, query, releases
from opendata.web.access import opened_to, runtime
from opendata.web.links import api_url

NEWEST = 8


@opened_to()
def home() -> str:
    """Show what there is, and what is new."""
    held = runtime()
    now = held.now()
    numbers = query.overview(held.home, held.contracts.values(), now)
    with held.home.database.read() as session:
        newest = releases.newest(session, NEWEST, now)
        datasets = catalogue.named(session, {each.dataset for each in newest})
    return render_template(
        "front.html", numbers=numbers, newest=newest, datasets=datasets, api=api_url
    )


def surroundings() -> dict[str, Any]:
    """Return what the frame of every page shows."""
    held = runtime()
    return {
        "collections": [each.published for each in held.contracts.values()],
        "is_demo": held.settings.demo,
        "is_exercise": held.is_exercise,
    }
