"""Declare: what the contracts in force say of personal data is recorded when it changes.

What was published under an earlier contract is judged by the newest declaration: a release that
shows what is personal data now may not be shown any more, whoever reads it and by whatever path.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.contracts import Contract
from opendata.domain.declarations import Declaration
from opendata.storage import audit
from opendata.storage.db import Database
from opendata.storage.tables import DeclarationRow
from opendata.storage.turns import take_turn

_TURN = "declarations"
# The declarations of one collection, first one first.
Declared = tuple[Declaration, ...]


def declare(database: Database, contracts: Iterable[Contract], now: Callable[[], datetime]) -> None:
    """Record what contracts say, where it is not what was said last of their collections."""
    known = tuple(contracts)
    with database.read() as session:
        fresh = _unsaid(session, known)
    if not fresh:
        return
    with database.begin() as session:
        take_turn(session, _TURN)
        at = now()
        for each in _unsaid(session, known):
            _insert(session, each, at)


def number_of(session: Session, contract: Contract, now: datetime) -> int:
    """Return the number of the newest declaration that says what a contract does.

    It is recorded where nobody has; a later one of another contract stays the newest all the same.
    """
    take_turn(session, _TURN)
    found = declarations(session, [contract.collection]).get(contract.collection, ())
    wanted = _said(contract, now)
    same = [each.number for each in found if each.says(wanted)]
    return same[-1] if same else _insert(session, contract, now)


def declarations(session: Session, collections: Iterable[str]) -> dict[str, Declared]:
    """Return what was declared of collections, first one first."""
    query = select(DeclarationRow).where(DeclarationRow.collection.in_(set(collections)))
    found: dict[str, Declared] = {}
    for row in session.scalars(query.order_by(DeclarationRow.number)):
        found[row.collection] = (*found.get(row.collection, ()), _as_declaration(row))
    return found


def _unsaid(session: Session, contracts: Iterable[Contract]) -> list[Contract]:
    by_collection = {each.collection: each for each in contracts}
    found = declarations(session, by_collection)
    return [
        each
        for name, each in by_collection.items()
        if name not in found or not found[name][-1].says(_said(each, found[name][-1].at))
    ]


def _said(contract: Contract, at: datetime) -> Declaration:
    columns = frozenset(each.name for each in contract.published.fields)
    return Declaration(0, contract.name, contract.digest, columns, contract.treatments, at)


def _insert(session: Session, contract: Contract, now: datetime) -> int:
    found = declarations(session, [contract.collection]).get(contract.collection, ())
    number = found[-1].number + 1 if found else 1
    said = _said(contract, now)
    row = DeclarationRow(collection=contract.collection, number=number, declared_at=now)
    row.contract, row.digest = said.contract, said.digest
    row.columns, row.treatments = sorted(said.columns), dict(said.treatments)
    session.add(row)
    session.flush()
    audit.append(session, "system", "contract-declared", f"{contract.name}/{number}", now)
    return number


def _as_declaration(row: DeclarationRow) -> Declaration:
    return Declaration(
        number=row.number,
        contract=row.contract,
        digest=row.digest,
        columns=frozenset(row.columns),
        treatments=row.treatments,
        at=row.declared_at,
    )
