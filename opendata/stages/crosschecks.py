"""Cross-check: what an agency has published in one collection, held against another of its own.

The same rules are cautions of the contracts: they run when a file is validated and again when it
is published. Here they run over what is public now, whichever side came last.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from opendata.domain.crosschecks import CrossCheck
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.stages import catalogue
from opendata.stages.catalogue import Contracts
from opendata.stages.lineage import effects_in
from opendata.stages.published import PublishedRecords
from opendata.storage import pointers
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot
from opendata.tabular.checks.counting import CountElsewhereCheck, StatedElsewhereCheck
from opendata.tabular.checks.crossings import Crossing, CrossingCheck, NearElsewhereCheck
from opendata.tabular.crosschecks import CrossRule, cross_rules

# What of a kind of rule names the other collection's column by whose year records are compared.
YEAR_FIELDS = {
    CountElsewhereCheck.type: "date_field",
    NearElsewhereCheck.type: "other_year_field",
    StatedElsewhereCheck.type: "stated_year_field",
}
_DATASET, _RELEASE = (each.name for each in SYSTEM_FIELDS[1:3])


@dataclass(frozen=True, slots=True)
class _Side:
    """A rule, the records it begins with, and the releases whose records do not count."""

    rule: CrossRule
    snapshot: Snapshot | None
    names: tuple[str, ...]
    hidden: frozenset[tuple[str, int]]


class _Remembering(PublishedRecords):
    """What is published, and which records of the other collection a rule was given."""

    given: Sequence[Mapping[str, Any]] = ()

    def matching(
        self,
        fields: Sequence[str],
        values: Mapping[str, Sequence[Any]],
        collection: str | None = None,
    ) -> Iterator[Mapping[str, Any]] | None:
        """Yield records as it does there; those of another collection are kept."""
        found = super().matching(fields, values, collection)
        if collection is None or found is None:
            return found
        self.given = list(found)
        return iter(self.given)


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
    return _newest(_kept(session, home, contracts, ("cross-checks", agency), names), year)


def cross_checks_of_all(
    session: Session, home: Home, contracts: Contracts, year: int | None = None
) -> dict[str, list[CrossCheck]]:
    """Return what ``cross_checks`` does, of every agency of which anything can be compared.

    Everything that is published is read once for all of them, and kept as that of one is.
    """
    found = catalogue.agencies(session)
    names = tuple(sorted({each.name.zh for each in found}))
    kept = _kept(session, home, contracts, ("cross-checks-of-all",), names)
    by_name = defaultdict[str, list[CrossCheck]](list)
    for each in _newest(kept, year):
        by_name[each.publisher].append(each)
    return {each.id: by_name[each.name.zh] for each in found if each.name.zh in by_name}


def _newest(found: Iterable[CrossCheck], year: int | None) -> list[CrossCheck]:
    wanted = [each for each in found if year in (None, each.year)]
    return sorted(wanted, key=lambda each: (-each.year, each.rule))


def _kept(
    session: Session, home: Home, contracts: Contracts, key: tuple[str, ...], names: tuple[str, ...]
) -> list[CrossCheck]:
    """Return what is found under these names, worked out again once what is public has changed."""
    state = home.database.watch.state()
    released = frozenset(state.pointers.items())
    digests = tuple(sorted(each.digest for each in contracts.values()))
    # Looked at before anything is read: what is kept may be newer than this says, never older.
    holds_for = (state.serial, released, state.takedowns, state.declarations, names, digests)
    found: list[CrossCheck] | None = home.views.get(key, holds_for)
    if found is None:
        found = _found(session, home, contracts, names)
        home.views.keep(key, holds_for, found, 1 + len(found))
    return found


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
    releases = _Remembering(home, contracts, contract, side.snapshot, None)
    releases.leave_out(side.hidden)
    crossings = list(side.rule.crossings(side.names, releases))
    others = _by_year(check, releases.given)
    for each in crossings:
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
            releases=tuple(sorted(_own(each) | others[each.who, each.year])),
        )


def _own(crossing: Crossing) -> set[tuple[str, int]]:
    return {_release(each.values) for each in crossing.members}


def _by_year(
    check: CrossingCheck, records: Iterable[Mapping[str, Any]]
) -> dict[tuple[str, int], set[tuple[str, int]]]:
    """Return the releases of the other collection's records, by publisher and year."""
    year_field: str = getattr(check, YEAR_FIELDS[check.type])
    found: defaultdict[tuple[str, int], set[tuple[str, int]]] = defaultdict(set)
    for each in records:
        told = each[year_field]
        year = told.year if isinstance(told, date) else told
        found[each[check.who_field], year].add(_release(each))
    return found


def _release(record: Mapping[str, Any]) -> tuple[str, int]:
    return record[_DATASET], record[_RELEASE]
