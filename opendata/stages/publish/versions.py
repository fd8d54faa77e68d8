"""What a release follows, and the version that says how it differs from that."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import select
from sqlalchemy.orm import Session

from opendata.domain.editions import Scope, local_day
from opendata.domain.queries import SYSTEM_FIELDS, Sort, whole
from opendata.domain.versions import Change, ContractChange, contract_change, next_version
from opendata.stages.publish.artefacts import MANIFEST, PACKAGE
from opendata.stages.publish.descriptors import published_schema
from opendata.stages.publish.subject import Subject
from opendata.storage.engines import Source
from opendata.storage.home import Home
from opendata.storage.lake import Snapshot, files_added_by
from opendata.storage.tables import ArtefactRow, ReleaseRow
from opendata.storage.vault import Blob
from opendata.tabular.records import record_schema

_ID = SYSTEM_FIELDS[0].name


@dataclass(frozen=True, slots=True)
class Predecessor:
    """The release before: its version and records; the digests of its manifest and descriptor.

    The manifest is that of the edition which is public at the moment of looking.
    """

    version: str
    snapshot: Snapshot
    manifest: str
    datapackage: str


def predecessor(session: Session, dataset: str, number: int, now: datetime) -> Predecessor | None:
    """Return the release before a dataset's release ``number``, whether it is public or not."""
    before = select(ReleaseRow).filter_by(dataset_id=dataset, number=number - 1)
    row = session.scalars(before).first()
    if row is None:
        return None
    files = newest_of(session, row.id, local_day(now).isoformat())
    return Predecessor(
        # Releases without a version said their number in its place.
        version=row.version or f"{row.number}.0.0",
        snapshot=Snapshot(row.snapshot_id, row.metadata_location),
        manifest=files[MANIFEST].sha256,
        datapackage=files[PACKAGE].sha256,
    )


def newest_of(session: Session, release_id: UUID, until: str) -> dict[str, Blob]:
    """Return the newest file of each name that a release has in editions begun by a day."""
    query = (
        select(ArtefactRow)
        .where(ArtefactRow.release_id == release_id, ArtefactRow.edition <= until)
        .order_by(ArtefactRow.edition)
    )
    return {row.name: Blob(row.sha256, row.size) for row in session.scalars(query)}


def version_after(home: Home, subject: Subject, before: Predecessor | None, records: Blob) -> str:
    """Return the version of the release whose first edition has these ``records``, as Parquet.

    A record that left because its publication ended is not counted as one that was taken out.
    """
    if before is None:
        return next_version(None, Change())
    package = json.loads(home.vault.read(before.datapackage))
    contract = contract_change(_schema_in(package), published_schema(subject))
    if contract is ContractChange.INCOMPATIBLE:
        return next_version(before.version, Change(contract))
    old = _ids_before(home, subject, before)
    new = pq.read_table(home.vault.path(records.sha256), columns=[_ID]).column(_ID)
    kept = len(new.filter(pc.is_in(new, value_set=old)))
    change = Change(contract, added=len(new) - kept, removed=len(old) - kept)
    return next_version(before.version, change)


def _ids_before(home: Home, subject: Subject, before: Predecessor) -> "pa.ChunkedArray[Any]":
    """Return which records the release before has on the day of this one."""
    contract = subject.contract
    scope = Scope(contract.window_field, local_day(subject.released_at), dataset=subject.dataset.id)
    source = Source(files_added_by(before.snapshot), record_schema(contract), scope)
    asked = replace(whole(contract, fields=(_ID,)), sort=(Sort(_ID),))
    found = [each.column(0) for each in home.engine.batches(source, asked)]
    return pa.chunked_array(found, pa.string())


def _schema_in(package: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of the records, which the CSV's resource has."""
    schemas = [each["schema"] for each in package["resources"] if "schema" in each]
    found: Mapping[str, Any] = schemas[0]
    return found
