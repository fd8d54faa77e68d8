"""Cases: what of each obligation is owed for each period and occasion, and where it stands.

All cases that share a rule, a trigger, an agency and a region share one term; a period that
nothing is said of stands as every other of its kind.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from opendata.domain.compliance.model import (
    Frequency,
    Kind,
    Obligation,
    Occasion,
    Release,
    Status,
    Word,
)
from opendata.domain.compliance.periods import Period, period_named, periods
from opendata.domain.compliance.terms import Term, Terms
from opendata.domain.compliance.words import is_early, since, standing
from opendata.domain.contracts import PeriodKind

# The period of a dataset that has none.
ROLLING = PeriodKind.ROLLING.value


@dataclass(frozen=True, slots=True)
class Facts:
    """What was known on a day.

    ``occasions`` and ``words`` are by the obligation's id, whoever answered for it when they were
    recorded; ``words`` also by occasion, first word first. ``first`` is the earliest public release
    of an agency's dataset, by agency, collection and period, and ``later`` are those after it, in
    their order; ``public`` says since when the releases that words name are public, without those
    that are not.
    """

    obligations: Sequence[Obligation]
    occasions: Mapping[str, Sequence[Occasion]] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, Sequence[Word]]] = field(default_factory=dict)
    first: Mapping[tuple[str, str, str], Release] = field(default_factory=dict)
    public: Mapping[tuple[str, int], date] = field(default_factory=dict)
    later: Mapping[tuple[str, str, str], Sequence[Release]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One obligation on one occasion, as it stands on a day.

    ``period`` is what it is counted under: the occasion where that is a period, else the month of
    its trigger. ``is_recorded`` says that somebody recorded the trigger. ``met`` is by what it was
    met, or why it need not be; ``late_by`` are working days, up to the day where it is overdue.
    """

    obligation: Obligation
    occasion: str
    period: str
    title: str
    term: Term
    is_recorded: bool
    status: Status
    met: Word | None
    late_by: int | None

    @property
    def year(self) -> int:
        """The year it is counted under."""
        return int(self.period[:4])


# What a case is called, and its occasion if one was recorded.
_Called = tuple[str, Sequence[Occasion]]
# A case that nothing is said of: period, term, status, working days overdue.
_Slot = tuple[str, Term, Status, int | None]
_Plan = tuple[_Slot, ...]


def cases(facts: Facts, on: date, terms: Terms) -> list[Case]:
    """Return every case of the obligations on a day, in their order."""
    plans: dict[tuple[object, ...], _Plan] = {}
    found: list[Case] = []
    for each in facts.obligations:
        key = (each.frequency, each.since, each.until, each.rule, each.agency, each.place)
        plan = plans.get(key)
        if plan is None:
            plan = plans[key] = _plan(each, on, terms)
        found += _cases_of(each, plan, facts, (on, terms))
    return found


def count(facts: Facts, on: date) -> Counter[str]:
    """Return about how many cases each agency has, without working any out."""
    found: Counter[str] = Counter()
    for each in facts.obligations:
        found[each.agency] += len(periods(each.frequency, each.since, each.until, on))
        found[each.agency] += len(facts.occasions.get(each.id, ()))
    return found


def meeting(
    obligation: Obligation, called: _Called, words: Sequence[Word], facts: Facts
) -> Word | None:
    """Return by what a case is met: the agency's word, or an earlier release of its dataset.

    A word that names a release which is not public counts as none, and so does one by which the
    case would be met before it was owed: the word may be older than what was recorded of that.
    """
    word = standing(words)
    if word is not None and word.kind is Kind.EXEMPTION:
        return word
    if word is not None and word.kind is Kind.RELEASE:
        is_public = (word.dataset or "", word.release or 0) in facts.public
        word = word if is_public else None
    if word is not None and is_early(word, since(obligation, *called)):
        word = None
    own = _by_itself(obligation, called, facts)
    if own is None or word is None:
        return own or word
    return min(own, word, key=lambda each: each.on or date.max)


def stands(term: Term, met: Word | None, on: date) -> tuple[Status, int | None]:
    """Say where a case stands on a day, and by how many working days it is late."""
    if met is not None and met.kind is Kind.EXEMPTION:
        return Status.EXEMPT, None
    if met is None:
        return _unmet(term, on)
    done = on if met.on is None else met.on
    late = term.is_late(done)
    if late is None:
        return Status.INDETERMINATE, None
    return (Status.LATE, term.late_by(done)) if late else (Status.ON_TIME, 0)


def _unmet(term: Term, on: date) -> tuple[Status, int | None]:
    """Say where a case stands that nothing meets: without a day that it is due, nobody can."""
    if on <= term.trigger:
        return Status.DUE, None
    late = None if term.day is None else term.is_late(on)
    if late is None:
        return Status.INDETERMINATE, None
    return (Status.OVERDUE, term.late_by(on)) if late else (Status.DUE, None)


def _plan(obligation: Obligation, on: date, terms: Terms) -> _Plan:
    return tuple(
        (each.name, term, *_unmet(term, on)) for each, term in _spans(obligation, on, terms)
    )


def _spans(obligation: Obligation, on: date, terms: Terms) -> Iterator[tuple[Period, Term]]:
    own = obligation
    for each in periods(own.frequency, own.since, own.until, on):
        yield each, terms.term(own.rule, each.last, own.agency, own.place)


def _cases_of(own: Obligation, plan: _Plan, facts: Facts, by: tuple[date, Terms]) -> Iterator[Case]:
    recorded = facts.occasions.get(own.id, ())
    words = facts.words.get(own.id)
    if not recorded and words is None and (own.collection is None or not own.is_own):
        for name, term, status, late in plan:
            yield Case(own, name, name, "", term, False, status, None, late)
        return
    known = {each.name: each for each in recorded}
    for name, term, status, late in plan:
        occasion = known.pop(name, None)
        if occasion is not None:
            yield _recorded(own, occasion, facts, by)
            continue
        said = () if words is None else words.get(name, ())
        met = meeting(own, (name, ()), said, facts)
        if met is not None:
            status, late = stands(term, met, by[0])
        yield Case(own, name, name, "", term, False, status, met, late)
    for occasion in known.values():
        yield _recorded(own, occasion, facts, by)


def _recorded(own: Obligation, occasion: Occasion, facts: Facts, by: tuple[date, Terms]) -> Case:
    on, terms = by
    term = terms.term(occasion.rule, occasion.trigger, own.agency, own.place)
    words = facts.words.get(own.id, {}).get(occasion.name, ())
    met = meeting(own, (occasion.name, (occasion,)), words, facts)
    status, late = stands(term, met, on)
    span = period_named(own.frequency, occasion.name)
    period = f"{occasion.trigger:%Y-%m}" if span is None else span.name
    title = "" if own.is_withheld else occasion.title
    return Case(own, occasion.name, period, title, term, True, status, met, late)


def _by_itself(obligation: Obligation, called: _Called, facts: Facts) -> Word | None:
    """Return the first release of the agency's own dataset of the period, once it is owed.

    What was public before it was owed meets nothing, whoever says so: see ``since``.
    """
    name, recorded = called
    if obligation.collection is None or not obligation.is_own or name == ROLLING:
        return None
    key = (obligation.agency, obligation.collection, name)
    found = facts.first.get(key)
    if found is None:
        return None
    is_period = period_named(obligation.frequency, name) is not None
    if obligation.frequency is not Frequency.AD_HOC and not is_period:
        return None
    earliest = since(obligation, name, recorded)
    if earliest is not None and found.on < earliest:
        later = facts.later.get(key, ())
        at = bisect_left(later, earliest, key=lambda each: each.on)
        if at == len(later):
            return None
        found = later[at]
    return Word(Kind.RELEASE, found.on, found.dataset, found.number)
