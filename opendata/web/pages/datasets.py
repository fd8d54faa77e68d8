"""The catalogue for people: searching it, one dataset, one release."""

from flask import render_template, request

from opendata.domain.errors import Gone
from opendata.stages import catalogue, query, releases
from opendata.stages.timeliness import timeliness_of
from opendata.web.access import opened_to, runtime
from opendata.web.links import api_url, base_url
from opendata.web.tombstones import keep_only_while_true

PER_PAGE = 50


@opened_to()
def search() -> str:
    """Search the catalogue."""
    held = runtime()
    text = request.args.get("q", "").strip()
    collection = request.args.get("collection") or None
    if collection is not None:
        catalogue.contract_of(held.contracts, collection)
    page = max(request.args.get("page", 1, type=int), 1)
    with held.home.database.read() as session:
        found = catalogue.datasets(session, None, collection=collection, text=text)
        listed = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        newest = releases.latest(session, [each.id for each in listed], held.now())
    return render_template(
        "catalogue.html",
        datasets=listed,
        total=len(found),
        newest=newest,
        contracts=held.contracts,
        asked={"q": text, "collection": collection or "", "page": page},
        pages=max(1, -(-len(found) // PER_PAGE)),
    )


@opened_to()
def one(dataset: str) -> str:
    """Show one dataset: what it is, whose, its releases, the files of the newest."""
    held = runtime()
    with held.home.database.read() as session:
        told = catalogue.readable(session, None, dataset)
        history = releases.releases(session, dataset, held.now())
        account = releases.account(session, history[0]) if history else None
        in_time = (
            timeliness_of(session, held.home, held.contracts, held.rules, history[0])
            if history
            else None
        )
    keep_only_while_true(history[:1])
    return render_template(
        "dataset.html",
        dataset=told,
        contract=held.contracts[told.collection].published,
        releases=history,
        account=account,
        timeliness=in_time,
        api=api_url(f"datasets/{dataset}"),
    )


@opened_to()
def release(dataset: str, number: int) -> tuple[str, int]:
    """Show one release; of one that is not public only why, with status 410."""
    held = runtime()
    with held.home.database.read() as session:
        told = catalogue.readable(session, None, dataset)
        found = releases.release(session, dataset, number, held.now())
        account = releases.account(session, found)
        in_time = timeliness_of(session, held.home, held.contracts, held.rules, found)
    ended = query.ended_of_release(held.home, held.contracts, found, held.now())
    page = render_template(
        "release.html",
        dataset=told,
        contract=held.contracts[told.collection].published,
        account=account,
        timeliness=in_time,
        ended=ended,
        cite=f"{base_url()}{request.path}",
        api=api_url(f"datasets/{dataset}/releases/{number}"),
    )
    return page, 200 if found.public else Gone.status
