"""What a complaint is about beside datasets: an obligation, as it is published now."""

from opendata.domain.errors import Fault, Gone, NotFound, Text
from opendata.stages import comply
from opendata.stages.complaints import Filing
from opendata.web.access import runtime


def check_obligation(told: Filing) -> None:
    """Raise ``NotAnObligation`` unless the obligation that a complaint names is its agency's."""
    named = told.subject.obligation
    if named is None or _who_owes(named) == told.agency:
        return
    text = Text(
        f"“{told.agency}”的公开事项中没有这一条；可以不写 obligation，在 statement 中说明。",
        f"The agency {told.agency} owes no such item; leave obligation out and say it in words.",
    )
    raise comply.NotAnObligation(*text, (Fault("/obligation", text, "no-such-obligation"),))


def _who_owes(named: str) -> str | None:
    held = runtime()
    sources = comply.Sources(held.home, held.contracts, held.rules)
    try:
        return comply.obligation(sources, named, held.now()).agency
    except (NotFound, Gone):
        return None
