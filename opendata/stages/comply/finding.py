"""Finding: every case as it stood on a day, worked out once until the facts change."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from opendata.domain.compliance import (
    Case,
    Facts,
    Obligation,
    Terms,
    TooManyCases,
    cases,
    count,
)
from opendata.domain.editions import CHINA, local_day
from opendata.domain.errors import Fault, Text
from opendata.domain.queries import BadQuery
from opendata.stages import catalogue
from opendata.stages.comply.knowing import facts, last_fact
from opendata.stages.comply.obligations import Sources, obligations

# So many are worked out at once; an agency's own are always fewer.
MOST_CASES = 500_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases are asked for: of a day (today if none is named), of one agency or of all."""

    as_of: date | None = None
    agency: str | None = None


def found(sources: Sources, asked: Asked, now: datetime) -> Sequence[Case]:
    """Return the cases as they stood at the end of a day, by what was recorded until then.

    Raises:
        BadQuery: the day is yet to come.
        NoSuchAgency: there is none of that id.
        TooManyCases: there are more than are worked out at once; one agency's can be.
    """
    today = local_day(now)
    on = asked.as_of or today
    if on > today:
        text = Text("as_of 不能晚于今天。", "as_of is not after today.")
        raise BadQuery(*text, (Fault("?as_of", text, "date-out-of-range"),))
    home = sources.home
    key = ("cases", on, asked.agency)
    # Looked at before anything is read: what is kept may be newer than this says, never older.
    holds_for = _state(sources, asked, today)
    known: Sequence[Case] | None = home.cases.get(key, holds_for)
    if known is None:
        known = _worked_out(sources, asked, on, now)
        home.cases.keep(key, holds_for, known, 1 + len(known))
    return known


def one(sources: Sources, owed: Obligation, occasion: str, now: datetime) -> Case:
    """Return one case as it stands now; it is there."""
    today = local_day(now)
    with sources.home.database.read() as session:
        known = facts(session, [owed], None)
    return next(each for each in cases(known, today, _terms(sources)) if each.occasion == occasion)


def _worked_out(sources: Sources, asked: Asked, on: date, now: datetime) -> Sequence[Case]:
    owed = obligations(sources, on, now)
    if asked.agency is not None:
        owed = [each for each in owed if each.agency == asked.agency]
    with sources.home.database.read() as session:
        known = facts(session, owed, None if on == local_day(now) else _end_of(on))
    _check_size(known, on)
    return cases(known, on, _terms(sources))


def _terms(sources: Sources) -> Terms:
    return Terms(sources.rules.calendar, sources.rules.due)


def _end_of(day: date) -> datetime:
    """Return the last moment of a day in China."""
    after = datetime.combine(day + timedelta(days=1), time.min, CHINA)
    return after - timedelta(microseconds=1)


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


def _check_size(known: Facts, on: date) -> None:
    if count(known, on) > MOST_CASES:
        raise TooManyCases(
            f"事项和期次合计超过 {MOST_CASES:,} 件，请用 agency 限定一个公开主体。",
            f"There are more than {MOST_CASES:,} cases: ask for those of one agency.",
        )
