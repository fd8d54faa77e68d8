"""Finding: every case as it stood on a day, worked out once until the facts change."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from opendata.domain.compliance import (
    Case,
    Obligation,
    Terms,
    TooManyCases,
    cases,
    count,
)
from opendata.domain.editions import local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.queries import BadQuery
from opendata.stages import catalogue
from opendata.stages.comply.knowing import facts, last_fact
from opendata.stages.comply.obligations import Sources, end_of_day, obligations

# So many of one agency are worked out; of a city's tens of thousands of items no agency has more.
MOST_CASES = 200_000
_OF_ALL = "of-all"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases are asked for: of a day (today if none is named), of one agency or of all."""

    as_of: date | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Cases, without those of agencies that have more than are worked out: ``left_out``."""

    cases: Sequence[Case]
    left_out: tuple[str, ...]


def found(sources: Sources, asked: Asked, now: datetime) -> Sequence[Case]:
    """Return the cases as they stood at the end of a day, by what was recorded until then.

    Raises:
        BadQuery: the day is yet to come.
        NoSuchAgency: there is none of that id.
        TooManyCases: the agency that is asked about has more than are worked out.
    """
    return whole(sources, asked, now).cases


def whole(sources: Sources, asked: Asked, now: datetime) -> Found:
    """Return the cases as ``found`` does, and whose of them are left out for being too many.

    Raises:
        BadQuery, NoSuchAgency, TooManyCases: see ``found``.
    """
    today = local_day(now)
    on = asked.as_of or today
    if on > today:
        text = Text("as_of 不能晚于今天。", "as_of is not after today.")
        raise BadQuery(*text, (Fault("?as_of", text, "date-out-of-range"),))
    home = sources.home
    # Today's of all agencies are kept however many they are, and nothing else beside them.
    of_all = asked.agency is None and on == today
    kept = home.all_cases if of_all else home.cases
    key = (_OF_ALL,) if of_all else ("cases", on, asked.agency)
    # Looked at before anything is read: what is kept may be newer than this says, never older.
    holds_for = _state(sources, asked, today)
    known: Found | None = kept.get(key, holds_for)
    if known is None:
        known = _worked_out(sources, asked, on, now)
        kept.keep(key, holds_for, known, 1 if of_all else 1 + len(known.cases))
    if asked.agency in known.left_out:
        raise _too_many(asked.agency or "")
    return known


def one(sources: Sources, owed: Obligation, occasion: str, now: datetime) -> Case:
    """Return one case as it stands now; it is there."""
    today = local_day(now)
    with sources.home.database.read() as session:
        known = facts(session, [owed], None)
    told = cases(known, today, terms_of(sources))
    return next(each for each in told if each.occasion == occasion)


def terms_of(sources: Sources) -> Terms:
    """Return by which terms cases are counted: the law's, the operator's, the calendar's."""
    return Terms(sources.rules.calendar, sources.rules.due)


def _worked_out(sources: Sources, asked: Asked, on: date, now: datetime) -> Found:
    owed = obligations(sources, on, now)
    if asked.agency is not None:
        owed = [each for each in owed if each.agency == asked.agency]
    with sources.home.database.read() as session:
        known = facts(session, owed, None if on == local_day(now) else end_of_day(on))
    left_out = tuple(sorted(each for each, n in count(known, on).items() if n > MOST_CASES))
    if left_out:
        known = replace(known, obligations=_without(owed, left_out))
    return Found(cases(known, on, terms_of(sources)), left_out)


def _without(owed: Iterable[Obligation], left_out: tuple[str, ...]) -> list[Obligation]:
    return [each for each in owed if each.agency not in left_out]


def _state(sources: Sources, asked: Asked, today: date) -> Hashable:
    """Return all that the cases of a day depend on; it never takes on an old value again."""
    with sources.home.database.read() as session:
        if asked.agency is not None:
            catalogue.agency(session, asked.agency)
        facts_seen = last_fact(session)
    state = sources.home.database.watch.state()
    released = frozenset(state.pointers.items())
    seen = (state.serial, released, state.takedowns, state.declarations)
    return today, facts_seen, seen


def _too_many(agency: str) -> TooManyCases:
    text = Text(
        f"公开主体 {agency} 的事项和期次合计超过 {MOST_CASES:,} 件，其履行情况不予计算。",
        f"The agency {agency} has more than {MOST_CASES:,} cases; they are not worked out.",
    )
    return TooManyCases(*text, (Fault("?agency", text, TooManyCases.code),))
