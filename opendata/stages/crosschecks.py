"""Cross-check: what an agency has published in one collection, held against another of its own.

The same rules are cautions of the contracts: they run when a file is validated and again when it
is published. Here they run over what is public now, whichever side came last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from opendata.domain.crosschecks import CrossCheck
from opendata.stages import catalogue
from opendata.stages.catalogue import Contracts
from opendata.stages.lineage import effects_in
from opendata.stages.published import PublishedRecords
from opendata.storage import pointers
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot
from opendata.tabular.crosschecks import CrossRule, cross_rules


@dataclass(frozen=True, slots=True)
class _Side:
    """A rule, the records it begins with, and the releases whose records do not count."""

    rule: CrossRule
    snapshot: Snapshot | None
    names: tuple[str, ...]
    hidden: frozenset[tuple[str, int]]


def cross_checks(
    session: Session, home: Home, contracts: Contracts, agency: str, year: int | None = None
) -> list[CrossCheck]:
    """Return what can be compared of what is published under an agency's name, newest year first.

    A rule that two contracts declare, one for each side, is answered once. What only one of the
    two collections has is not judged and not listed, nor what was taken down. A record whose
    window has ended counts, as it was published. Without ``year`` it is all years. What was found
    is kept for as long as what is public stays so.

    Raises:
        NoSuchAgency: there is no such agency.
    """
    names = (catalogue.agency(session, agency).name.zh,)
    state = home.database.watch.state()
    released = frozenset(state.pointers.items())
    digests = tuple(sorted(each.digest for each in contracts.values()))
    # Looked at before anything is read: what is kept may be newer than this says, never older.
    holds_for = (state.serial, released, state.takedowns, state.declarations, names, digests)
    key = ("cross-checks", agency)
    found: list[CrossCheck] | None = home.views.get(key, holds_for)
    if found is None:
        found = _found(session, home, contracts, names)
        home.views.keep(key, holds_for, found, 1 + len(found))
    wanted = [each for each in found if year in (None, each.year)]
    return sorted(wanted, key=lambda each: (-each.year, each.rule))


def _found(
    session: Session, home: Home, contracts: Contracts, names: tuple[str, ...]
) -> list[CrossCheck]:
    answered: set[tuple[str, frozenset[str]]] = set()
    found: list[CrossCheck] = []
    for name in sorted(contracts):
        for rule in cross_rules(contracts[name]):
            about = (rule.name, frozenset((name, rule.check.collection)))
            if about not in answered and rule.check.collection in contracts:
                answered.add(about)
                hidden = _hidden(session, (name, rule.check.collection))
                side = _Side(rule, pointers.current(session, name), names, hidden)
                found += _compared(home, contracts, side)
    return found


def _hidden(session: Session, collections: Iterable[str]) -> frozenset[tuple[str, int]]:
    effects = (effects_in(session, each) for each in collections)
    return frozenset(release for each in effects for release in each.hidden)


def _compared(home: Home, contracts: Contracts, side: _Side) -> Iterator[CrossCheck]:
    contract, check = side.rule.contract, side.rule.check
    releases = PublishedRecords(home, contracts, contract, side.snapshot, None)
    releases.leave_out(side.hidden)
    for each in list(side.rule.crossings(side.names, releases)):
        yield CrossCheck(
            rule=side.rule.name,
            description=side.rule.description,
            basis=check.basis,
            collection=contract.collection,
            other=check.collection,
            publisher=each.who,
            year=each.year,
            relation=each.relation,
            expected=each.comparison.expected,
            found=each.comparison.found,
            holds=each.holds,
            releases=tuple(releases.compared_with),
        )
