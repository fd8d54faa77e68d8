"""The demo's documents: by what the duties of its illustrative catalogue were met.

They are invented like the catalogue. What is in time, what is late and what is missing is the
same for every publisher: none is shown worse than another.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal

from opendata.domain.compliance import (
    Case,
    Facts,
    Frequency,
    Kind,
    Status,
    Term,
    Terms,
    Word,
    cases,
)
from opendata.domain.people import Actor
from opendata.domain.queries import parse
from opendata.runtime import Runtime
from opendata.settings import Settings
from opendata.stages import comply, query

DATASET = "disclosure-obligations-illustrative"
REASON = "示例，网址系虚构。 Illustrative: the address is invented."
_PERIODIC = ",".join(each for each in Frequency if each is not Frequency.AD_HOC)
# So long after the end of its period what is in time was public, and after its term what is late.
_SOON, _LATER = timedelta(days=9), timedelta(days=6)
# Of so many that have ended the first is late, and nobody has met the second.
_ROUND = 6


def record_apart(settings: Settings, approver: Actor) -> None:
    """Record the documents in a process of its own.

    Reading the catalogue takes a hundred megabytes, and the process that asks stays as long as
    the server. A Ctrl-C for all of them lets it finish: nobody asks for it again.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), signal, (SIGINT, SIG_IGN)) as apart:
        apart.submit(record, settings, approver).result()


def record(settings: Settings, approver: Actor) -> None:
    """Record by what the demo's cases were met whose terms have ended."""
    runtime = Runtime.of(settings)
    sources = comply.Sources(runtime.home, runtime.contracts, runtime.rules)
    now = runtime.now()
    for case, day in met(_cases(runtime, sources), runtime.today()):
        named = case.obligation.id, case.occasion
        comply.fulfil(sources, approver, named, _document(case, day), now)


def met(told: Sequence[Case], today: date) -> Iterator[tuple[Case, date]]:
    """Yield the cases that were met, each with the day on which its document was public."""
    ended = [each for each in told if each.status is Status.OVERDUE]
    places = {each: number for number, each in enumerate(sorted(set(map(_kind, ended))))}
    for each in ended:
        day = _public_on(each.term, places[_kind(each)] % _ROUND)
        if day is not None and day <= today:
            yield each, day


def _cases(runtime: Runtime, sources: comply.Sources) -> Sequence[Case]:
    """Return the cases of what falls due by itself."""
    contract = runtime.contracts[comply.COLLECTION]
    asked = (("_dataset", DATASET), ("frequency__in", _PERIODIC), ("fields", "_id"))
    wanted = parse((*asked, ("limit", "1000")), contract)
    found = query.page(runtime.home, contract, wanted, runtime.now())
    owed = [comply.obligation(sources, each["_id"], runtime.now()) for each in found.records]
    terms = Terms(runtime.rules.calendar, runtime.rules.due)
    return cases(Facts(owed), runtime.today(), terms)


def _public_on(term: Term, place: int) -> date | None:
    """Return when the document of a case was public, ``None`` if there is none."""
    if place == 1:
        return None
    if place == 0:
        return None if term.rolled is None else term.rolled + _LATER
    return term.trigger + _SOON


def _kind(case: Case) -> tuple[str, str]:
    return case.occasion, case.obligation.code


def _document(case: Case, day: date) -> Word:
    path = "/".join((case.obligation.region or "", *_kind(case)))
    return Word(Kind.DOCUMENT, on=day, url=f"https://example.org/{path}.html", reason=REASON)
