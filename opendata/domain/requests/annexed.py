"""What annual reports on years until 2018 count of requests: the statistics that were annexed.

An answer is given as the rows of the later table 3 have it; the form of 2014 has other kinds. Some
of the later ones were no answer then: what was asked before needed none, and excess, what is issued
again and unpaid fees were no reasons yet. Those requests are closed, and not answered.

What was public already (属于已主动公开范围) is no outcome of its own later on: it is 予以公开, too,
which counts as 同意公开. Nor does the form say where what was closed late belongs (按时、延期办结).

Source: 国办发〔2014〕32号; 国办发〔2008〕36号 (同一内容反复申请的, 可以不重复答复).
"""

from collections.abc import Iterable, Iterator, Mapping

from opendata.domain.requests.kinds import Channel, Kind, Ruling
from opendata.domain.requests.outcomes import Outcome
from opendata.domain.requests.request import Request
from opendata.domain.requests.tally import Cell

_RECEIVED, _CLOSED, _ANSWERED = "requests_received", "requests_closed", "requests_answered"
_CHANNELS = {
    Channel.IN_PERSON: "requests_in_person",
    Channel.FAX: "requests_fax",
    Channel.INTERNET: "requests_online",
    Channel.MAIL: "requests_letter",
    Channel.REGISTERED_MAIL: "requests_letter",
}
_REFUSED, _ELSEWHERE = ("answers_refused",), ("answers_other_channel",)
_CLARIFIED, _MISSING = ("answers_clarification_asked",), ("answers_not_existing",)
_NO_ANSWER: tuple[str, ...] = ()
# One of several rows is one that nobody can tell: 不掌握 is either not there, or another's to give.
ROWS: Mapping[Outcome, tuple[str, ...]] = {
    Outcome.GRANTED: ("answers_granted",),
    Outcome.PARTIALLY_GRANTED: ("answers_partially_granted",),
    Outcome.REFUSED_STATE_SECRET: _REFUSED,
    Outcome.REFUSED_PROHIBITED_BY_LAW: _REFUSED,
    Outcome.REFUSED_SECURITY_STABILITY: _REFUSED,
    Outcome.REFUSED_THIRD_PARTY_RIGHTS: _REFUSED,
    Outcome.REFUSED_INTERNAL_AFFAIRS: _REFUSED,
    Outcome.REFUSED_PROCESS_INFORMATION: _REFUSED,
    Outcome.REFUSED_ENFORCEMENT_FILE: _REFUSED,
    Outcome.REFUSED_ADMINISTRATIVE_ENQUIRY: _ELSEWHERE,
    Outcome.UNABLE_NOT_HELD: (*_MISSING, "answers_not_this_authority"),
    Outcome.UNABLE_NEEDS_CREATION: _MISSING,
    Outcome.UNABLE_STILL_UNCLEAR: _CLARIFIED,
    Outcome.NOT_PROCESSED_PETITION: _ELSEWHERE,
    Outcome.NOT_PROCESSED_DUPLICATE: _NO_ANSWER,
    Outcome.NOT_PROCESSED_PUBLICATION: _ELSEWHERE,
    Outcome.NOT_PROCESSED_EXCESSIVE: _NO_ANSWER,
    Outcome.NOT_PROCESSED_REISSUE: _NO_ANSWER,
    Outcome.OTHER_NOT_CORRECTED: _CLARIFIED,
    Outcome.OTHER_FEE_UNPAID: _NO_ANSWER,
    Outcome.OTHER_OTHER: _NO_ANSWER,
}
_PROCEEDINGS = {Kind.REVIEW: "review", Kind.LITIGATION: "litigation"}


def annexed(requests: Iterable[Request], year: int) -> Mapping[Cell, tuple[str, ...]]:
    """Return for the rows of the annex that the ledger tells the requests that each counts.

    They are named as ``tally`` names them. A row that an answer may belong to, or may not, is not
    there. A review or suit counts in the year of its ruling: the form has no row for pending ones.
    """
    found: dict[str, list[str]] = {row: [] for row in _known_rows()}
    unknown: set[str] = set()
    for request in requests:
        for row in _rows(request, year):
            found[row].append(str(request.id))
        unknown |= _untold(request, year)
        for row, number in _rulings(request, year):
            found[row].append(f"{request.id}#{number}")
    return {
        ("annex", row, "none"): tuple(counted)
        for row, counted in found.items()
        if row not in unknown
    }


def _known_rows() -> Iterator[str]:
    yield from (_RECEIVED, _CLOSED, _ANSWERED, *_CHANNELS.values())
    for rows in ROWS.values():
        yield from rows
    for begun in _PROCEEDINGS.values():
        yield f"{begun}_cases"
        yield from (f"{begun}_{ruling}" for ruling in Ruling if ruling is not Ruling.PENDING)


def _rows(request: Request, year: int) -> Iterator[str]:
    received = request.received_on
    if received is None:
        return
    if received.year == year:
        yield from (_RECEIVED, _CHANNELS[request.channel])
    if not _ended_in(request, year):
        return
    yield _CLOSED
    rows = _answers(request)
    if rows:
        yield _ANSWERED
    if len(rows) == 1:
        yield from rows


def _untold(request: Request, year: int) -> frozenset[str]:
    """Return the rows of which the answer of a year is one, where it may be several."""
    rows = _answers(request) if _ended_in(request, year) else _NO_ANSWER
    return frozenset(rows) if len(rows) > 1 else frozenset()


def _ended_in(request: Request, year: int) -> bool:
    ended = request.course.ended_on
    return request.received_on is not None and ended is not None and ended.year == year


def _answers(request: Request) -> tuple[str, ...]:
    return _NO_ANSWER if request.outcome is None else ROWS[request.outcome]


def _rulings(request: Request, year: int) -> Iterator[tuple[str, int]]:
    for each in request.course.proceedings:
        if each.decided_on is not None and each.decided_on.year == year:
            begun = _PROCEEDINGS[each.kind]
            yield f"{begun}_cases", each.number
            yield f"{begun}_{each.ruling}", each.number
