"""What an annual report counts of requests: tables 3 and 4, each cell with what it counts.

A request is new in the year it was received, and carried over into each year at whose start it
was open. It is answered in the year of its answer, by the day that its clock counts, so that what
is recorded late ends in no year that was over by then. What its applicant withdrew is handled
otherwise (其他处理), since it was received and no answer is owed any more; what was withdrawn
before it was received was never one. So the identities hold: what was open or came in has either
ended within the year or is carried forward.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from opendata.domain.requests.kinds import ApplicantKind, Kind, Ruling
from opendata.domain.requests.outcomes import Outcome
from opendata.domain.requests.proceedings import Proceeding
from opendata.domain.requests.request import Request

# Table, row and column, as the collection disclosure-statistics has them.
Cell = tuple[str, str, str]
REQUESTS, PROCEEDINGS = "3", "4"
NEW, CARRIED_OVER, ENDED, CARRIED_FORWARD = "1", "2", "3.7", "4"
ALL_APPLICANTS, ALL_RULINGS = "C7", "total"
REVIEWED, SUED, SUED_AFTER_REVIEW = "1", "2.1", "2.2"
# Until then everything that is handled otherwise is one row.
_LAST_OF_ONE_ROW = 2020
_OTHERWISE = "3.6"


def tally(requests: Iterable[Request], year: int) -> Mapping[Cell, tuple[str, ...]]:
    """Return for every cell of tables 3 and 4 the requests that it counts, by their ids.

    Every cell is there. A review or suit is named by the request and the event that began it:
    ``<id>#<number>``.
    """
    found: dict[Cell, list[str]] = {cell: [] for cell in _cells(year)}
    for request in requests:
        column = request.applicant_kind.column
        for row in _rows(request, year):
            for each in (column, ALL_APPLICANTS):
                found[REQUESTS, row, each].append(str(request.id))
        for row, ruling, proceeding in _rulings(request, year):
            for each in (ruling, ALL_RULINGS):
                found[PROCEEDINGS, row, each].append(f"{request.id}#{proceeding}")
    return {cell: tuple(counted) for cell, counted in found.items()}


def fees_collected(requests: Iterable[Request], year: int) -> tuple[Decimal, tuple[str, ...]]:
    """Return the fees paid within a year, in yuan, and the requests they were paid for."""
    paid = [
        (str(each.id), Decimal(each.course.fee_paid.details["amount"]))
        for each in requests
        if each.course.fee_paid is not None and each.course.fee_paid.on.year == year
    ]
    return sum((amount for _, amount in paid), Decimal(0)), tuple(name for name, _ in paid)


def row_of(outcome: Outcome, year: int) -> str:
    """Return the row that an outcome is counted in, in the template of that year.

    >>> row_of(Outcome.OTHER_OTHER, 2020), row_of(Outcome.OTHER_OTHER, 2021)
    ('3.6', '3.6.3')
    """
    if year <= _LAST_OF_ONE_ROW and outcome.row.startswith(_OTHERWISE):
        return _OTHERWISE
    return outcome.row


def _cells(year: int) -> Iterator[Cell]:
    results = dict.fromkeys(row_of(each, year) for each in Outcome)
    columns = (*(each.column for each in ApplicantKind), ALL_APPLICANTS)
    for row in (NEW, CARRIED_OVER, *results, ENDED, CARRIED_FORWARD):
        yield from ((REQUESTS, row, column) for column in columns)
    rulings = (*(each.column for each in Ruling), ALL_RULINGS)
    for row in (REVIEWED, SUED, SUED_AFTER_REVIEW):
        yield from ((PROCEEDINGS, row, column) for column in rulings)


def _rows(request: Request, year: int) -> Iterator[str]:
    """Yield the rows of table 3 that count a request."""
    received, ended = request.received_on, request.course.ended_on
    if received is None or received.year > year or (ended is not None and ended.year < year):
        return
    yield NEW if received.year == year else CARRIED_OVER
    if ended is None or ended.year > year:
        yield CARRIED_FORWARD
        return
    yield row_of(request.outcome or Outcome.OTHER_OTHER, year)
    yield ENDED


def _rulings(request: Request, year: int) -> Iterator[tuple[str, str, int]]:
    """Yield row, column and number of each review and suit that table 4 counts.

    It is counted in the year of its ruling, and as pending in every year before, from the one in
    which it began.
    """
    for each in request.course.proceedings:
        if each.begun_on.year > year:
            continue
        if each.decided_on is None or each.decided_on.year > year:
            yield _row(each), Ruling.PENDING.column, each.number
        elif each.decided_on.year == year:
            yield _row(each), each.ruling.column, each.number


def _row(proceeding: Proceeding) -> str:
    if proceeding.kind is Kind.REVIEW:
        return REVIEWED
    return SUED_AFTER_REVIEW if proceeding.after_review else SUED
