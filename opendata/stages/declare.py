"""Declare: what the contracts in force say of personal data is recorded when it changes.

What was published under an earlier contract is judged by the newest declaration: a release that
shows what is personal data now may not be shown any more, whoever reads it and by whatever path.
Releases from before there were declarations are judged by what their own files have.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.contracts import Contract
from opendata.domain.declarations import Declaration
from opendata.domain.queries import SYSTEM_FIELDS
from opendata.storage import audit
from opendata.storage.bound import bound
from opendata.storage.db import Database
from opendata.storage.tables import ArtefactRow, DeclarationRow, ReleaseRow
from opendata.storage.turns import take_turn
from opendata.storage.vault import Vault

_TURN = "declarations"
_OWN = frozenset(each.name for each in SYSTEM_FIELDS)
_PACKAGE, _MANIFEST = "datapackage.json", "manifest.json"
# The declarations of one collection, first one first.
Declared = tuple[Declaration, ...]


def declare(
    database: Database, vault: Vault, contracts: Iterable[Contract], now: Callable[[], datetime]
) -> None:
    """Record what contracts say, where it is not what was said last of their collections.

    What was released of a collection before anything was declared counts as made under its first
    declaration: where that was another contract's, what the releases show is recorded before.
    """
    known = tuple(contracts)
    with database.read() as session:
        fresh = _unsaid(session, known)
    if not fresh:
        return
    with database.begin() as session:
        take_turn(session, _TURN)
        at = now()
        for each in _unsaid(session, known):
            earlier = _earlier(session, vault, each, at)
            if earlier is not None:
                _append(session, each.collection, earlier)
            _append(session, each.collection, _said(each, at))


def number_of(session: Session, contract: Contract, now: datetime) -> int:
    """Return the number of the newest declaration that says what a contract does.

    It is recorded where nobody has; a later one of another contract stays the newest all the same.
    """
    take_turn(session, _TURN)
    found = declarations(session, [contract.collection]).get(contract.collection, ())
    wanted = _said(contract, now)
    same = [each.number for each in found if each.says(wanted)]
    return same[-1] if same else _append(session, contract.collection, wanted)


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


def _earlier(
    session: Session, vault: Vault, contract: Contract, at: datetime
) -> Declaration | None:
    """Return what the releases from before all declarations show, if by another contract.

    Whatever any of them has counts as published by all, and as it was: columns of personal data
    were dropped then, or nothing was done to them.
    """
    if declarations(session, [contract.collection]):
        return None
    packages = _files(session, vault, contract.collection, _PACKAGE)
    manifests = _files(session, vault, contract.collection, _MANIFEST)
    digests = {each["contract"]["digest"] for each in manifests}
    if digests <= {contract.digest}:
        return None
    fields = [
        field["name"]
        for package in packages
        for resource in package["resources"]
        for field in resource.get("schema", {}).get("fields", ())
        if field["name"] not in _OWN
    ]
    last = manifests[-1]["contract"]
    return Declaration(0, last["name"], last["digest"], frozenset(fields), {}, at)


def _files(session: Session, vault: Vault, collection: str, name: str) -> list[dict[str, Any]]:
    """Return what the files of a name say, those of a collection's releases, first one first."""
    query = (
        select(ArtefactRow.sha256)
        .join(ReleaseRow, ReleaseRow.id == ArtefactRow.release_id)
        .where(ReleaseRow.collection == collection, ArtefactRow.name == name)
        .order_by(ReleaseRow.released_at)
    )
    return [json.loads(vault.read(each)) for each in session.scalars(query)]


def _append(session: Session, collection: str, said: Declaration) -> int:
    found = declarations(session, [collection]).get(collection, ())
    number = found[-1].number + 1 if found else 1
    row = DeclarationRow(collection=collection, number=number, declared_at=said.at)
    row.contract, row.digest = said.contract, said.digest
    row.columns, row.treatments = sorted(said.columns), dict(said.treatments)
    session.add(row)
    session.flush()
    audit.append(session, "system", *bound(row), said.at)
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
